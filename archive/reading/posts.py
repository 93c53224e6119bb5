"""Reads posts with all that hangs on them: each table is asked once for all posts of a page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

from archive.reading.rows import columns_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Quote:
    """What a post quotes: of the post `pid` of that forum, where a number is printed."""

    pid: int | None
    author: str
    posted_at: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture that hangs on a post; `url` as the page has it. `image`: 1 for a
    picture. `size_bytes` as printed, often rounded."""

    aid: int | None
    name: str
    url: str
    size_bytes: int | None
    image: int
    downloads: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader gave for a post: `score` of a `credit` such as 威望."""

    author: str
    uid: int | None
    score: int | None
    credit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A short remark (点评) under a post."""

    author: str
    uid: int | None
    posted_at: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Address:
    url: str


@dataclass(frozen=True, slots=True)
class PollOption:
    """An option of a poll; `percent` as printed."""

    text: str
    votes: int | None
    percent: float | None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll. `multiple` and `ended` are 0 or 1; `voters` where the page tells."""

    voters: int | None
    multiple: int
    ended: int
    options: tuple[PollOption, ...] = ()

    def share_of(self, option: PollOption) -> int | None:
        """An option's part of all votes in hundredths, where votes are known; else as
        printed."""
        total = sum(each.votes or 0 for each in self.options)
        if total and option.votes is not None:
            return round(100 * option.votes / total)
        if option.percent is not None:
            return round(option.percent)
        return None


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """A post as the archive has it.

    `id`, `thread_id` and `user_id` are rows of the file; `pid` and `uid` the forum's own
    numbers, None where no page printed them. Times are UTC as stored:
    `2013-01-12T00:20:37Z`, or a day where no more is known.

    `text` is what the poster wrote, `html` the message as served and not made safe.
    `withheld` are the forum's words for hiding the post; `text` then is what was seen
    before. `gone_at` is when a page first showed that it was no longer there. `location` is
    where the forum says that it was written. `versions` counts older versions of its words.
    """

    id: int
    site_id: int
    thread_id: int
    pid: int | None
    floor: int | None
    opening: bool
    author: str
    user_id: int | None
    anonymous: bool
    posted_at: str | None
    subject: str
    html: str
    text: str
    withheld: str
    withheld_reason: str | None
    edited_by: str
    edited_at: str | None
    signature: str
    best_answer: bool
    side: str
    words_since: str
    words_seen_at: str
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    uid: int | None
    versions: int
    quotes: tuple[Quote, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Comment, ...] = ()
    poll: Poll | None = None
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


_COLUMNS: Final = (
    "id",
    "site_id",
    "thread_id",
    "pid",
    "floor",
    "opening",
    "author",
    "user_id",
    "anonymous",
    "posted_at",
    "subject",
    "html",
    "text",
    "withheld",
    "withheld_reason",
    "edited_by",
    "edited_at",
    "signature",
    "best_answer",
    "side",
    "words_since",
    "words_seen_at",
    "first_seen_at",
    "last_seen_at",
    "gone_at",
)
_NAMES: Final = (*_COLUMNS, "uid", "versions")
_FLAGS: Final = ("opening", "anonymous", "best_answer")
_POSTS: Final = f"""
SELECT {", ".join(f"p.{name}" for name in _COLUMNS)}, u.uid,
  (SELECT count(*) FROM post_versions v WHERE v.post_id = p.id)
FROM posts p LEFT JOIN users u ON u.id = p.user_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""
_POLLS: Final = """
SELECT post_id, voters, multiple, ended FROM polls
WHERE post_id IN (SELECT value FROM json_each(?))
"""


def load_posts(conn: sqlite3.Connection, ids: Sequence[int]) -> list[ThreadPost]:
    """Posts by their rows, in this order; rows that are not there are left out."""
    wanted = str(list(ids))
    extras = _load_extras(conn, wanted)

    by_id = {}
    for row in conn.execute(_POSTS, (wanted,)):
        post = _post(row, extras)
        by_id[post.id] = post
    return [by_id[each] for each in ids if each in by_id]


@dataclass(frozen=True, slots=True)
class _Extras:
    """What hangs on the wanted posts, by post."""

    quotes: dict[int, tuple[Quote, ...]]
    attachments: dict[int, tuple[Attachment, ...]]
    ratings: dict[int, tuple[Rating, ...]]
    comments: dict[int, tuple[Comment, ...]]
    images: dict[int, tuple[_Address, ...]]
    links: dict[int, tuple[_Address, ...]]
    polls: dict[int, Poll]


def _load_extras(conn: sqlite3.Connection, wanted: str) -> _Extras:
    return _Extras(
        quotes=_by_post(conn, wanted, "quotes", Quote),
        attachments=_by_post(conn, wanted, "attachments", Attachment),
        ratings=_by_post(conn, wanted, "ratings", Rating),
        comments=_by_post(conn, wanted, "comments", Comment),
        images=_by_post(conn, wanted, "images", _Address),
        links=_by_post(conn, wanted, "links", _Address),
        polls=_polls(conn, wanted),
    )


def _by_post(
    conn: sqlite3.Connection, wanted: str, table: str, kind: type[T]
) -> dict[int, tuple[T, ...]]:
    """The rows of a table that belong to the wanted posts, each made a value."""
    sql = f"""
    SELECT post_id, {columns_of(kind)} FROM {table}
    WHERE post_id IN (SELECT value FROM json_each(?))
    ORDER BY post_id, position
    """
    found: dict[int, tuple[T, ...]] = {}
    by_post = groupby(conn.execute(sql, (wanted,)), key=itemgetter(0))
    for post_id, rows in by_post:
        found[post_id] = tuple(kind(*row[1:]) for row in rows)
    return found


def _polls(conn: sqlite3.Connection, wanted: str) -> dict[int, Poll]:
    rows = conn.execute(_POLLS, (wanted,)).fetchall()
    if not rows:
        return {}

    options = _by_post(conn, wanted, "poll_options", PollOption)
    polls = {}
    for post_id, voters, multiple, ended in rows:
        polls[post_id] = Poll(
            voters=voters,
            multiple=multiple,
            ended=ended,
            options=options.get(post_id, ()),
        )
    return polls


def _post(row: tuple[Any, ...], extras: _Extras) -> ThreadPost:
    values = dict(zip(_NAMES, row, strict=True))
    for flag in _FLAGS:
        values[flag] = bool(values[flag])

    post_id = values["id"]
    images = extras.images.get(post_id, ())
    links = extras.links.get(post_id, ())
    return ThreadPost(
        **values,
        quotes=extras.quotes.get(post_id, ()),
        attachments=extras.attachments.get(post_id, ()),
        ratings=extras.ratings.get(post_id, ()),
        comments=extras.comments.get(post_id, ()),
        poll=extras.polls.get(post_id),
        images=tuple(image.url for image in images),
        links=tuple(link.url for link in links),
    )
