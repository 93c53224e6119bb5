"""Threads that pages without a number show: found by title, author and opening time, and
made one with the numbered thread that they turn out to be (DESIGN.md, Identity)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from archive.store.identity import match
from archive.store.stamps import same_minute
from archive.store.stored_post import COLUMNS, StoredPost
from archive.store.upsert import Row, select_all
from scraper.core.records import Post

_BY_TITLE: Final = "SELECT * FROM threads WHERE site_id = ? AND title = ?"
_NUMBERLESS_BY_TITLE: Final = f"{_BY_TITLE} AND tid IS NULL"
_POSTS: Final = (
    f"SELECT {COLUMNS} FROM posts WHERE thread_id = ? ORDER BY posted_at, pid, id"
)
_SEEN: Final = """
  UPDATE {table} SET first_seen_at = min(first_seen_at, twin.first),
    last_capture_id = iif(twin.last > last_seen_at, twin.capture, last_capture_id),
    last_seen_at = max(last_seen_at, twin.last)
  FROM (SELECT first_seen_at AS first, last_seen_at AS last, last_capture_id AS capture
    FROM {table} WHERE id = ?2) AS twin
  WHERE id = ?1"""
_THREAD_SEEN: Final = _SEEN.format(table="threads")
_POST_SEEN: Final = _SEEN.format(table="posts")
_DELETE_POST: Final = "DELETE FROM posts WHERE id = ?"
_DELETE_THREAD: Final = "DELETE FROM threads WHERE id = ?"
_MOVE_POSTS: Final = "UPDATE posts SET thread_id = ? WHERE thread_id = ?"
_MOVE_CAPTURES: Final = "UPDATE captures SET thread_id = ? WHERE thread_id = ?"


def by_opening(
    conn: sqlite3.Connection,
    site_id: int,
    observed: Mapping[str, object],
    *,
    numberless: bool = False,
) -> Row | None:
    """The thread with this title, author and opening time, as far as each is known; None
    where several may be it. `numberless`: among those without tid only."""
    query = _NUMBERLESS_BY_TITLE if numberless else _BY_TITLE
    rows = select_all(conn, query, (site_id, observed["title"]))
    fitting = [row for row in rows if _may_be(row, observed)]
    return fitting[0] if len(fitting) == 1 else None


def absorb(conn: sqlite3.Connection, thread_id: int, twin_id: int) -> None:
    """Two rows turn out to be one thread: posts of the twin go to the other, those known
    there go away. What was left is seen when either was."""
    stored = _posts_of(conn, thread_id)
    twins = _posts_of(conn, twin_id)
    printed = [_as_printed(row) for row in twins]
    matched = match(stored, printed)
    for row, same in zip(twins, matched, strict=True):
        if same:
            conn.execute(_POST_SEEN, (same.id, row.id))
            conn.execute(_DELETE_POST, (row.id,))
    for move in (_MOVE_POSTS, _MOVE_CAPTURES):
        conn.execute(move, (thread_id, twin_id))
    conn.execute(_THREAD_SEEN, (thread_id, twin_id))
    conn.execute(_DELETE_THREAD, (twin_id,))


def _may_be(row: Row, observed: Mapping[str, object]) -> bool:
    author = row["author"]
    its_author = observed["author"]
    if author and its_author and author != its_author:
        return False
    created_at = row["created_at"]
    its_time = observed["created_at"]
    if not created_at or not its_time:
        return True
    return same_minute(str(created_at), str(its_time))


def _posts_of(conn: sqlite3.Connection, thread_id: int) -> list[StoredPost]:
    rows = conn.execute(_POSTS, (thread_id,))
    return [StoredPost(*row) for row in rows]


def _as_printed(row: StoredPost) -> Post:
    posted_at = None
    if row.posted_at:
        posted_at = datetime.fromisoformat(row.posted_at)
    return Post(
        pid=row.pid,
        author=row.author,
        anonymous=bool(row.anonymous),
        posted_at=posted_at,
        text=row.text,
    )
