"""Reads what a forum talked about on this day in other years."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from archive.reading.forums import Forum
from archive.reading.rows import fetch_one

MAX_YEARS: Final = 40
"""So many years are looked back at the most."""

_OLDEST: Final = "SELECT coalesce(substr(min(posted_at), 1, 4), '') FROM posts"
_THREAD: Final = """
SELECT t.tid, t.id, t.site_id, t.title, p.author, u.uid
FROM posts p
JOIN threads t ON t.id = p.thread_id
LEFT JOIN users u ON u.id = p.user_id
WHERE p.posted_at >= ? AND p.posted_at < ? AND p.site_id = ? AND p.opening
ORDER BY coalesce(t.replies, 0) DESC, p.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """The thread opened on that day of `year` that had the most replies."""

    year: int
    tid: int | None
    id: int
    site_id: int
    title: str
    author: str
    uid: int | None


def on_this_day(conn: sqlite3.Connection, forum: Forum, now: datetime) -> list[Memory]:
    """One thread of each year that has one, the latest year first; days are those of the
    forum's clock. `now` is in UTC."""
    offset = timedelta(minutes=forum.utc_offset_minutes)
    local_now = now + offset
    today = datetime.combine(local_now, time(), tzinfo=UTC)

    found = []
    for year in _years_before(conn, today.year):
        try:
            day = today.replace(year=year)
        except ValueError:  # the 29th of February
            continue
        begin = day - offset
        end = begin + timedelta(days=1)
        row = fetch_one(
            conn,
            _THREAD,
            _stored(begin),
            _stored(end),
            forum.id,
        )
        if row is not None:
            found.append(Memory(year, *row))
    return found


def _years_before(conn: sqlite3.Connection, year: int) -> range:
    """The years to look at, the latest first."""
    row = fetch_one(conn, _OLDEST)
    oldest_year = row[0] if row else ""
    if not oldest_year.isdecimal():
        return range(0)
    first = int(oldest_year)
    first = max(first, year - MAX_YEARS)
    return range(year - 1, first - 1, -1)


def _stored(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
