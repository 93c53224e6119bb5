"""The posts of a JSON thread (`postlist`), and their comments (点评)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from scraper.core.records import Comment, Post
from scraper.markup.dates import Clock
from scraper.markup.location import location_of
from scraper.markup.text import Message
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages.api import files, messages
from scraper.pages.api.messages import Dialect
from scraper.pages.api.values import (
    JsonMap,
    ident,
    rows,
    words,
)
from scraper.pages.person import ANONYMOUS, Person

_LOCATION_KEYS: Final = ("ipLocation", "iplocation", "ip_location", "location")
_LOCATION_LABELS: Final = ("属地", "屬地", "来自", "來自", "IP")


def read_post(
    row: JsonMap,
    comments: JsonMap,
    comment_counts: JsonMap,
    clock: Clock,
    dialect: Dialect,
) -> Post | None:
    """One row of `postlist`; None for one without a number. `comments`: those of all posts,
    the newest few of each, by pid; `comment_counts`: how many there are.

    `number` is the floor that pages show; `position` keeps the gaps of deleted posts and
    stands in where it is alone.
    """
    pid = row.ident("pid")
    if pid is None:
        return None

    source = row.string("message")
    withheld = messages.withheld_words(source)
    message = Message()
    if not withheld:
        message = messages.read(source, clock, dialect)

    author = author_of(row)
    listed = files.read_attachments(row)
    return Post(
        pid=pid,
        floor=ident(row.first("number", "position")),
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
        posted_at=_time_of(row, clock),
        subject=row.words("subject"),
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        attachments=files.merged(message.attachments, listed),
        images=files.with_pictures(message.images, listed),
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        comments=read_comments(comments.get(str(pid)), clock),
        comments_total=comment_counts.ident(str(pid)),
        location=_location(row),
    )


def author_of(row: JsonMap) -> Person:
    """The author of a post or a thread. A guest has neither a name nor a number."""
    name = words(row.first("author", "username"))
    uid = row.ident("authorid")
    if row.flag("anonymous"):
        return ANONYMOUS
    if uid is None and is_anonymous(name):
        return ANONYMOUS
    return Person(name, uid)


def _time_of(row: JsonMap, clock: Clock) -> datetime | None:
    """By the unix time of newer versions; else as a page prints it, where a bare number is a
    unix time, too."""
    exact = row.moment("dbdateline") or row.moment("dateline")
    if exact is not None:
        return exact
    return clock.parse(row.string("dateline"))


def _location(row: JsonMap) -> str:
    """Where a post was written. Discuz! itself has no such value: plugins add one, under
    some name, as a bare place or with a label before it."""
    value = words(row.first(*_LOCATION_KEYS))
    if not value:
        return ""
    if any(label in value for label in _LOCATION_LABELS):
        return location_of(value)
    return location_of(f"IP属地: {value}")


def read_comments(value: object, clock: Clock) -> tuple[Comment, ...]:
    """The comments of one post, newest first as printed."""
    comments = []
    for row in rows(value):
        comment = Comment(
            author=row.words("author"),
            uid=row.ident("authorid"),
            posted_at=_time_of(row, clock),
            text=row.words("comment"),
        )
        comments.append(comment)
    return tuple(comments)
