"""Rows of exported tables → the values that were made into them: forums, threads and posts
as `archive.reading` gives them, for what has the tables and no archive.

What no table says stays empty: rows of members are called by the forum's own number, and
when words were first seen is when the post was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, TypeVar

from archive.export.table_posts import SAME_NAMES
from archive.export.tables import DAY_CHARS, IS_DAY, Values, written_time
from archive.reading.forums import Forum
from archive.reading.posts import (
    Attachment,
    Comment,
    Poll,
    PollOption,
    Quote,
    Rating,
    ThreadPost,
)
from archive.reading.thread import Thread
from archive.reading.thread_lists import ThreadSummary

T = TypeVar("T")

_SAME_IN_POST: Final = (
    "site_id",
    "thread_id",
    *(name for name in SAME_NAMES if name != "withheld_reason"),
)
_SAME_IN_THREAD: Final = (
    "site_id",
    "tid",
    "title",
    "type",
    "special",
    "replies",
    "views",
    "digest",
    "sticky",
    "moved_to",
)


def stated(row: Mapping[str, Any], name: str) -> str | None:
    """A time that pages print, as it is stored: `2013-01-12T00:20:37Z`, or a day."""
    moment = row[name]
    if moment is None:
        return None
    written = written_time(moment)
    return written[:DAY_CHARS] if row[name + IS_DAY] else written


def seen(row: Mapping[str, Any], name: str) -> str | None:
    """A time of a capture, as it is stored."""
    moment: datetime | None = row[name]
    return None if moment is None else written_time(moment)


def post_of(row: Values) -> ThreadPost:
    """A row of the table of posts as a post."""
    values: Values = {name: row[name] for name in _SAME_IN_POST}
    first_seen_at = seen(row, "first_seen_at") or ""
    last_seen_at = seen(row, "last_seen_at") or ""
    return ThreadPost(
        **values,
        id=row["post_id"],
        user_id=row["uid"],
        posted_at=stated(row, "posted_at"),
        edited_at=stated(row, "edited_at"),
        withheld_reason=row["withheld_reason"] or None,
        words_since=first_seen_at,
        words_seen_at=last_seen_at,
        first_seen_at=first_seen_at,
        last_seen_at=last_seen_at,
        gone_at=seen(row, "gone_at"),
        quotes=_timed(Quote, row["quotes"], "posted_at"),
        attachments=_made(Attachment, row["attachments"]),
        ratings=_timed(Rating, row["ratings"], "rated_at"),
        comments=_timed(Comment, row["comments"], "posted_at"),
        poll=_poll_of(row),
        images=tuple(row["images"]),
        links=tuple(row["links"]),
    )


def thread_of(row: Values, board_id: int | None) -> Thread:
    """A row of the table of threads as a thread; `board_id`: the row of its board."""
    values: Values = {name: row[name] for name in _SAME_IN_THREAD}
    return Thread(
        **values,
        id=row["thread_id"],
        board_id=board_id,
        closed=int(row["closed"]),
        price=row["price"],
        read_level=row["read_level"],
        gone_at=seen(row, "gone_at"),
        last_seen_at=seen(row, "last_seen_at") or "",
        user_id=row["uid"],
    )


def summary_of(row: Values, board_id: int | None, key: str | int = 0) -> ThreadSummary:
    """The same as it stands in a list."""
    values: Values = {name: row[name] for name in _SAME_IN_THREAD}
    return ThreadSummary(
        **values,
        id=row["thread_id"],
        board_id=board_id,
        author=row["author"],
        uid=row["uid"],
        created_at=stated(row, "created_at"),
        last_post_at=stated(row, "last_post_at"),
        last_author=row["last_author"],
        closed=int(row["closed"]),
        is_gone=int(row["gone_at"] is not None),
        key=key,
    )


def forum_of(row: Values) -> Forum:
    """A row of the table of forums as a forum; when it was seen no table says."""
    return Forum(
        id=row["site_id"],
        name=row["site"],
        base_url=row["base_url"],
        software=row["software"],
        utc_offset_minutes=row["utc_offset_minutes"] or 0,
        first_seen_at="",
        last_seen_at="",
        gone_at=seen(row, "gone_at"),
    )


def pairs_of(rows: Iterable[Values]) -> tuple[tuple[str, str], ...]:
    """What is stated as names and values."""
    return tuple((row["name"], row["value"]) for row in rows)


def _poll_of(row: Values) -> Poll | None:
    options = _made(PollOption, row["poll"])
    if not options:
        return None
    return Poll(
        voters=row["poll_voters"],
        multiple=int(row["poll_multiple"]),
        ended=int(row["poll_ended"]),
        options=options,
    )


def _timed(kind: type[T], rows: Sequence[Values], time: str) -> tuple[T, ...]:
    """What hangs on a post, of a kind that has a time."""
    return _made(kind, [{**row, time: stated(row, time)} for row in rows])


def _made(kind: type[T], rows: Sequence[Values]) -> tuple[T, ...]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return tuple(kind(**{name: row[name] for name in names}) for row in rows)
