"""Reads posts with all that hangs on them: each table is asked once for all posts of a page."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from archive.reading.rows import columns_of
from archive.store.post_columns import POST_COLUMNS

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
    picture. `size_bytes` as printed, often rounded; `price` in the forum's credits."""

    aid: int | None
    name: str
    url: str
    size_bytes: int | None
    image: int
    downloads: int | None
    price: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader gave for a post: `score` of a `credit` such as 威望. `rated_at` where a
    page printed it."""

    author: str
    uid: int | None
    score: int | None
    credit: str
    reason: str
    rated_at: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A short remark (点评) under a post."""

    author: str
    uid: int | None
    posted_at: str | None
    text: str


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
        total = 0
        for each in self.options:
            total += each.votes or 0

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

    `ratings_total`, `comments_total`: how many people rated it, and how many comments it has
    at least, by the forum's own count; None where no page told. Fewer may be here.
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
    location: str
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
    ratings_total: int | None
    comments_total: int | None
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

    @property
    def raters(self) -> int:
        """How many people the ratings are of; `ratings_total` is how many there are."""
        return len({(rating.author, rating.uid) for rating in self.ratings})


_OWN_COLUMNS: Final = (
    "id",
    "site_id",
    "thread_id",
    "opening",
    "words_since",
    "words_seen_at",
    "first_seen_at",
    "last_seen_at",
    "gone_at",
)
"""What the archive says of a post; what pages say of it is described in `post_columns`."""
_COLUMNS: Final = (
    *_OWN_COLUMNS,
    *(column.column for column in POST_COLUMNS if column.shown),
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


_TABLES: Final[tuple[tuple[str, str, Callable[..., object]], ...]] = (
    ("quotes", columns_of(Quote), Quote),
    ("attachments", columns_of(Attachment), Attachment),
    ("ratings", columns_of(Rating), Rating),
    ("comments", columns_of(Comment), Comment),
    ("images", "url", str),
    ("links", "url", str),
)
"""Tables whose rows hang on a post, named like the fields of ThreadPost: table, columns,
and what a row of them becomes."""

PostValues: TypeAlias = dict[str, Any]


def load_posts(conn: sqlite3.Connection, ids: Sequence[int]) -> list[ThreadPost]:
    """Posts by their rows, in this order; rows that are not there are left out."""
    wanted = str(list(ids))
    by_id = _read_columns(conn, wanted)
    for table, columns, make in _TABLES:
        by_post = _read_table(conn, wanted, table, columns, make)
        for post_id, extras in by_post.items():
            values = by_id[post_id]
            values[table] = tuple(extras)

    polls = _read_polls(conn, wanted)
    for post_id, poll in polls.items():
        values = by_id[post_id]
        values["poll"] = poll

    posts = []
    for post_id in ids:
        found = by_id.get(post_id)
        if found is not None:
            post = ThreadPost(**found)
            posts.append(post)
    return posts


def _read_columns(conn: sqlite3.Connection, wanted: str) -> dict[int, PostValues]:
    """Of each wanted post what stands in its own row."""
    by_id = {}
    rows = conn.execute(_POSTS, (wanted,))
    for row in rows:
        values = dict(zip(_NAMES, row, strict=True))
        for flag in _FLAGS:
            values[flag] = bool(values[flag])
        post_id = values["id"]
        by_id[post_id] = values
    return by_id


def _read_table(
    conn: sqlite3.Connection,
    wanted: str,
    table: str,
    columns: str,
    make: Callable[..., T],
) -> dict[int, list[T]]:
    """The rows of a table that belong to the wanted posts, each made a value."""
    sql = f"""
    SELECT post_id, {columns} FROM {table}
    WHERE post_id IN (SELECT value FROM json_each(?))
    ORDER BY post_id, position
    """
    found: dict[int, list[T]] = {}
    rows = conn.execute(sql, (wanted,))
    for post_id, *values in rows:
        value = make(*values)
        values_of_post = found.setdefault(post_id, [])
        values_of_post.append(value)
    return found


def _read_polls(conn: sqlite3.Connection, wanted: str) -> dict[int, Poll]:
    rows = conn.execute(_POLLS, (wanted,)).fetchall()
    if not rows:
        return {}

    columns = columns_of(PollOption)
    options = _read_table(
        conn,
        wanted,
        "poll_options",
        columns,
        PollOption,
    )
    polls = {}
    for post_id, voters, multiple, ended in rows:
        of_poll = options.get(post_id, ())
        polls[post_id] = Poll(
            voters=voters,
            multiple=multiple,
            ended=ended,
            options=tuple(of_poll),
        )
    return polls
