"""The posts of a JSON thread (`postlist`), their attachments and their comments (点评)."""

from __future__ import annotations

from datetime import datetime

from scraper.core.records import Attachment, Comment, Post
from scraper.markup.attachments import size_bytes
from scraper.markup.dates import Clock
from scraper.markup.text import Message
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages.api import messages
from scraper.pages.api.messages import Dialect
from scraper.pages.api.values import (
    Map,
    count,
    first_of,
    flag,
    ident,
    moment,
    number,
    rows,
    string,
    words,
)


def read_post(row: Map, comments: Map, clock: Clock, dialect: Dialect) -> Post | None:
    """One row of `postlist`; None for one without a number. `comments`: those of all posts, by pid.

    `number` is the floor that pages show; `position` keeps the gaps of deleted posts and stands in where it is alone.
    """
    pid = ident(row.get("pid"))
    if pid is None:
        return None
    source = string(row.get("message"))
    withheld = messages.withheld_words(source)
    message = Message() if withheld else messages.read(source, clock, dialect)
    author, uid, anonymous = author_of(row)
    files = attachments(row) if "attachments" in row else ()
    said = comments.get(str(pid)) if comments else None
    return Post(
        pid=pid,
        floor=ident(first_of(row, "number", "position")),
        author=author,
        uid=uid,
        anonymous=anonymous,
        posted_at=moment(row.get("dbdateline")) or _printed(row.get("dateline"), clock),
        subject=words(row.get("subject")),
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        attachments=_merged(message, files) if files else message.attachments,
        images=_pictures(message, files) if files else message.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        comments=read_comments(said, clock) if said else (),
    )


def author_of(row: Map) -> tuple[str, int | None, bool]:
    """Name, uid, anonymous. A guest has neither a name nor a number."""
    author = words(first_of(row, "author", "username"))
    if flag(row.get("anonymous")) or (
        not ident(row.get("authorid")) and is_anonymous(author)
    ):
        return "", None, True
    return author, ident(row.get("authorid")), False


def attachments(row: Map) -> tuple[Attachment, ...]:
    """The files of a post that the reader may see, in the order of the answer."""
    found = (_attachment(file) for file in rows(row.get("attachments")))
    return tuple(file for file in found if file)


def read_comments(value: object, clock: Clock) -> tuple[Comment, ...]:
    """The comments of one post, newest first as printed."""
    return tuple(
        Comment(
            author=words(row.get("author")),
            uid=ident(row.get("authorid")),
            posted_at=moment(row.get("dbdateline"))
            or _printed(row.get("dateline"), clock),
            text=words(row.get("comment")),
        )
        for row in rows(value)
    )


def _attachment(file: Map) -> Attachment | None:
    aid = ident(file.get("aid"))
    if aid is None:
        return None
    folder, path = string(file.get("url")), string(file.get("attachment"))
    size = count(file.get("filesize"))
    return Attachment(
        aid=aid,
        name=words(file.get("filename")),
        url=folder + path,
        size_bytes=size
        if size is not None
        else size_bytes(string(file.get("attachsize"))),
        image=flag(file.get("attachimg")) or number(file.get("isimage")) in (1, -1),
        downloads=count(file.get("downloads")),
        price=ident(file.get("price")),
        description=words(file.get("description")),
    )


def _merged(message: Message, files: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Those in the message and those listed, each once: the list says more."""
    listed = {file.aid for file in files}
    return (*files, *(file for file in message.attachments if file.aid not in listed))


def _pictures(message: Message, files: tuple[Attachment, ...]) -> tuple[str, ...]:
    listed = (file.url for file in files if file.image and file.url)
    return tuple(dict.fromkeys((*message.images, *listed)))


def _printed(value: object, clock: Clock) -> datetime | None:
    """A time as a page prints it; a bare number is a unix time."""
    return moment(value) or clock.parse(string(value)) if value else None
