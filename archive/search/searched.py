"""What there is to search: how many posts, of which days."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Final

_POSTS: Final = "SELECT count(*) FROM posts"
_ENDS: Final = "SELECT min(posted_at), max(posted_at) FROM posts"
_OFFSET: Final = """SELECT s.utc_offset_minutes FROM posts p JOIN sites s ON s.id = p.site_id
  WHERE p.posted_at = ? LIMIT 1"""


def searched(conn: sqlite3.Connection) -> tuple[int, str, str]:
    """The number of posts, and the days of the first and the last by their forum's own
    clock, empty for none."""
    (posts,) = conn.execute(_POSTS).fetchone()
    first, last = conn.execute(_ENDS).fetchone()
    return posts, _day(conn, first), _day(conn, last)


def _day(conn: sqlite3.Connection, posted_at: str | None) -> str:
    """The day of a time in UTC on the clock of the forum that has a post of it."""
    if not posted_at:
        return ""
    has_hour = len(posted_at) > len("2024-05-17")
    if not has_hour:
        return posted_at
    (minutes,) = conn.execute(_OFFSET, (posted_at,)).fetchone()
    offset = timedelta(minutes=minutes)
    try:
        local = datetime.fromisoformat(posted_at) + offset
    except (ValueError, OverflowError):
        return posted_at[:10]
    return local.date().isoformat()
