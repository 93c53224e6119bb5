"""Reads a thread: a page of its posts with all that hangs on them, each table asked once a page.

Pages are those of the forum: as many posts as it puts on one, so that its page 3 is ours.
They are found by counting in an index that holds the order of posts alone; ten thousand
posts are a millisecond or two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from archive.web import paths
from archive.web.ask import MissingError
from archive.web.cache import kept
from archive.web.read_forum import person

POSTS_ON_PAGE: Final = 10
"""As Discuz! is shipped; used where the captures of a forum do not tell its own number."""

_ORDER = "ORDER BY posted_at, pid, position, id"
_IN_ORDER = f"SELECT id FROM posts WHERE thread_id = ? {_ORDER} LIMIT ? OFFSET ?"
_BY_AUTHOR = f"SELECT id FROM posts WHERE thread_id = ? AND user_id = ? {_ORDER} LIMIT ? OFFSET ?"
_POSTS = """SELECT p.id, p.site_id, p.thread_id, p.pid, p.floor, p.opening, p.author, u.uid, p.anonymous, p.posted_at,
  p.subject, p.html, p.text, p.withheld, coalesce(p.withheld_reason, ''), p.edited_by, p.edited_at, p.signature,
  p.best_answer, p.side, p.first_seen_at, p.last_seen_at, p.gone_at, p.user_id,
  (SELECT count(*) FROM post_versions v WHERE v.post_id = p.id)
  FROM posts p LEFT JOIN users u ON u.id = p.user_id WHERE p.id IN (SELECT value FROM json_each(?))"""
_BEFORE = """SELECT count(*) FROM posts a JOIN posts b ON b.id = ? WHERE a.thread_id = b.thread_id
  AND (coalesce(a.posted_at, ''), coalesce(a.pid, 0), a.position, a.id)
    < (coalesce(b.posted_at, ''), coalesce(b.pid, 0), b.position, b.id)"""
_PER_PAGE = """SELECT min(p.floor) - 1 FROM threads t JOIN captures c ON c.thread_id = t.id
  JOIN posts p ON p.thread_id = t.id AND p.capture_id = c.id
  WHERE t.id IN (SELECT id FROM threads WHERE site_id = ? AND pages > 1 LIMIT 30) AND c.page = 2 AND p.rank = 5
  GROUP BY c.id"""
_ABOUT = """SELECT t.id, t.site_id, t.tid, t.board_id, t.title, t.type, t.special, t.replies, t.views, t.closed,
  t.digest, t.sticky, t.moved_to, t.price, t.read_level, t.gone_at, t.last_seen_at, t.user_id
  FROM threads t WHERE t.id = ?"""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a thread besides its posts."""

    id: int
    site_id: int
    tid: int | None
    board_id: int | None
    title: str
    type: str
    special: str
    replies: int | None
    views: int | None
    closed: int
    digest: int
    sticky: int
    moved_to: int | None
    price: int | None
    read_level: int | None
    gone_at: str | None
    last_seen_at: str
    user_id: int | None

    def path(self, page: int = 1, by: int = 0) -> str:
        """A page of it; `by`: of one author's posts (the row of the author)."""
        address = paths.thread(self.site_id, self.tid, self.id)
        more = [f"by={by}"] * bool(by) + [f"page={page}"] * (page > 1)
        return address + ("?" + "&".join(more) if more else "")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted post."""

    pid: int | None
    author: str
    posted_at: str | None
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; `capture` holds its bytes where they are in the archive."""

    aid: int | None
    name: str
    url: str
    size_bytes: int | None
    image: int
    downloads: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating."""

    author: str
    uid: int | None
    score: int | None
    credit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A short comment."""

    author: str
    uid: int | None
    posted_at: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a poll; `share`: in hundredths, of all votes, where votes are known."""

    text: str
    votes: int | None
    percent: float | None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll."""

    voters: int | None
    multiple: int
    ended: int
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """A post as stored, with what hangs on it."""

    id: int
    site_id: int
    thread_id: int
    pid: int | None
    floor: int | None
    opening: int
    author: str
    uid: int | None
    anonymous: int
    posted_at: str | None
    subject: str
    html: str
    text: str
    withheld: str
    withheld_reason: str
    edited_by: str
    edited_at: str | None
    signature: str
    best_answer: int
    side: str
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    user_id: int | None
    versions: int
    quotes: tuple[Quote, ...] = ()
    files: tuple[File, ...] = ()
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Remark, ...] = ()
    poll: Poll | None = None
    images: tuple[str, ...] = field(default=())

    @property
    def path(self) -> str:
        """The address that leads to the post, whichever page it is on."""
        return paths.item("post", self.site_id, self.pid, self.id)

    @property
    def author_path(self) -> str:
        """The author's page; empty for an anonymous one."""
        return person(self.site_id, self.uid, self.author)

    @property
    def face(self) -> tuple[str, int]:
        """What stands for the author's picture: the first character of the name, and one of
        eight colours."""
        return self.author[:1].upper() or "?", (
            self.uid if self.uid is not None else sum(map(ord, self.author))
        ) % 8


def about(conn: sqlite3.Connection, row: int) -> About:
    """A thread, by its row. MissingError where there is none."""
    found = conn.execute(_ABOUT, (row,)).fetchone()
    if found is None:
        raise MissingError("no_thread")
    return About(*found)


def tags_and_fields(
    conn: sqlite3.Connection, row: int
) -> tuple[list[str], list[tuple[str, str]]]:
    """A thread's tags, and what it states as names and values."""
    tags = [
        each[0]
        for each in conn.execute(
            "SELECT tag FROM thread_tags WHERE thread_id = ?", (row,)
        )
    ]
    sql = "SELECT name, value FROM thread_fields WHERE thread_id = ? ORDER BY position"
    return tags, [(name, value) for name, value in conn.execute(sql, (row,))]


def posts_on_page(conn: sqlite3.Connection, site: int) -> int:
    """How many posts the forum puts on a page, as the second pages of its threads tell."""

    def read(own: sqlite3.Connection) -> int:
        counts = Counter(
            row[0]
            for row in own.execute(_PER_PAGE, (site,))
            if row[0] and 5 <= row[0] <= 100
        )
        return counts.most_common(1)[0][0] if counts else POSTS_ON_PAGE

    return kept(conn, f"posts on a page of {site}", read, POSTS_ON_PAGE)


def count(conn: sqlite3.Connection, thread: int, by: int = 0) -> int:
    """Posts of a thread that are here; `by`: of one author."""
    sql, params = "SELECT count(*) FROM posts WHERE thread_id = ?", (thread,)
    return int(
        conn.execute(
            *(f"{sql} AND user_id = ?", (thread, by)) if by else (sql, params)
        ).fetchone()[0]
    )


def page_of(conn: sqlite3.Connection, post: int, per_page: int) -> int:
    """The page of its thread that a post is on."""
    return int(conn.execute(_BEFORE, (post,)).fetchone()[0]) // per_page + 1


def posts(
    conn: sqlite3.Connection, thread: int, page: int, per_page: int, by: int = 0
) -> list[Stored]:
    """A page of a thread's posts, in the order of time."""
    which = (_BY_AUTHOR, (thread, by)) if by else (_IN_ORDER, (thread,))
    ids = [
        row[0]
        for row in conn.execute(which[0], (*which[1], per_page, (page - 1) * per_page))
    ]
    return load(conn, ids)


def load(conn: sqlite3.Connection, ids: list[int]) -> list[Stored]:
    """Posts by their rows, in this order."""
    wanted = str(ids)
    rows = {row[0]: row for row in conn.execute(_POSTS, (wanted,))}
    quotes = _hung(conn, wanted, "quotes", "pid, author, posted_at, text", Quote)
    files = _hung(
        conn,
        wanted,
        "attachments",
        "aid, name, url, size_bytes, image, downloads, description",
        File,
    )
    ratings = _hung(
        conn, wanted, "ratings", "author, uid, score, credit, reason", Rating
    )
    comments = _hung(conn, wanted, "comments", "author, uid, posted_at, text", Remark)
    images = _hung(conn, wanted, "images", "url", str)
    polls = _polls(conn, wanted)
    hung: tuple[dict[int, Any], ...] = (quotes, files, ratings, comments)

    def whole(each: int) -> Stored:
        values: list[Any] = [
            *rows[each],
            *(some.get(each, ()) for some in hung),
            polls.get(each),
            images.get(each, ()),
        ]
        return Stored(*values)

    return [whole(each) for each in ids if each in rows]


def _hung(
    conn: sqlite3.Connection, wanted: str, table: str, columns: str, kind: Any
) -> dict[int, tuple[Any, ...]]:
    sql = f"""SELECT post_id, {columns} FROM {table} WHERE post_id IN (SELECT value FROM json_each(?))
        ORDER BY post_id, position"""
    grouped = groupby(conn.execute(sql, (wanted,)), key=lambda row: row[0])
    return {
        post: tuple(kind(*tuple(row)[1:]) for row in rows) for post, rows in grouped
    }


def _polls(conn: sqlite3.Connection, wanted: str) -> dict[int, Poll]:
    sql = "SELECT post_id, voters, multiple, ended FROM polls WHERE post_id IN (SELECT value FROM json_each(?))"
    found = conn.execute(sql, (wanted,)).fetchall()
    if not found:
        return {}
    options = _hung(conn, wanted, "poll_options", "text, votes, percent", Option)
    return {
        post: Poll(voters, multiple, ended, _shared(options.get(post, ())))
        for post, voters, multiple, ended in found
    }


def _shared(options: tuple[Option, ...]) -> tuple[Option, ...]:
    total = sum(each.votes or 0 for each in options)
    return tuple(
        Option(
            each.text,
            each.votes,
            each.percent,
            round(100 * each.votes / total)
            if total and each.votes is not None
            else (round(each.percent) if each.percent is not None else None),
        )
        for each in options
    )
