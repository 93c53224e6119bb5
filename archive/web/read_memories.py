"""What a forum talked about on this day in other years: a reason for its old members to
look in again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from archive.web import paths
from archive.web.read_forum import Forum, person

MOST_YEARS: Final = 40
_THREAD: Final = """SELECT t.tid, t.id, t.title, p.author, u.uid FROM posts p JOIN threads t ON t.id = p.thread_id
  LEFT JOIN users u ON u.id = p.user_id WHERE p.posted_at >= ? AND p.posted_at < ? AND p.site_id = ? AND p.opening
  ORDER BY coalesce(t.replies, 0) DESC, p.id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Memory:
    """The thread opened on that day that had the most replies."""

    year: int
    path: str
    title: str
    author: str
    author_path: str


def on_this_day(conn: sqlite3.Connection, forum: Forum, now: datetime) -> list[Memory]:
    """One thread of each year that has one, the latest year first; days are those of the
    forum's clock."""
    offset = timedelta(minutes=forum.utc_offset_minutes)
    today = (now + offset).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    oldest = conn.execute("SELECT min(posted_at) FROM posts").fetchone()[0]
    if not oldest or not oldest[:4].isdecimal():
        return []
    found = []
    for year in range(
        today.year - 1, max(int(oldest[:4]), today.year - MOST_YEARS) - 1, -1
    ):
        try:
            begin = today.replace(year=year) - offset
        except ValueError:  # the 29th of February
            continue
        day = [
            f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in (begin, begin + timedelta(days=1))
        ]
        for tid, row, title, author, uid in conn.execute(_THREAD, (*day, forum.id)):
            address = paths.thread(forum.id, tid, row)
            found.append(
                Memory(year, address, title, author, person(forum.id, uid, author))
            )
    return found
