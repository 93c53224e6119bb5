"""What lies beside a thread in its board, and where in a thread a floor or a day is."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.reading.chosen_posts import NEWEST_FIRST, OLDEST_FIRST
from archive.reading.rows import fetch_one
from archive.reading.thread import Thread
from archive.reading.thread_lists import SORTS, ThreadSummary, load_threads
from archive.store.stamps import iso

_KEY: Final = SORTS["reply"]
_OWN_KEY: Final = f"SELECT {_KEY} FROM threads t WHERE t.id = ?"
_OTHERS: Final = (
    "SELECT t.id FROM threads t WHERE t.board_id = ?1 AND t.moved_to IS NULL"
)
# the first comparison is one that the index can make
_NEWER: Final = f"""
{_OTHERS} AND {_KEY} >= ?2 AND ({_KEY} > ?2 OR t.id > ?3)
ORDER BY {_KEY}, t.id LIMIT 1
"""
_OLDER: Final = f"""
{_OTHERS} AND {_KEY} <= ?2 AND ({_KEY} < ?2 OR t.id < ?3)
ORDER BY {_KEY} DESC, t.id DESC LIMIT 1
"""
_AT_FLOOR: Final = """
SELECT id FROM posts WHERE thread_id = ? AND floor >= ? ORDER BY floor, id LIMIT 1
"""
_AT_TIME: Final = f"""
SELECT id FROM posts WHERE thread_id = ? AND posted_at >= ?
ORDER BY {OLDEST_FIRST} LIMIT 1
"""

_LAST: Final = f"""
SELECT id FROM posts WHERE thread_id = ? ORDER BY {NEWEST_FIRST} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The threads of the same board before and after one, by last reply; None at an end."""

    newer: ThreadSummary | None
    older: ThreadSummary | None


def find_neighbours(conn: sqlite3.Connection, thread: Thread) -> Neighbours:
    """The threads beside one, as its board lists them."""
    own_key = fetch_one(conn, _OWN_KEY, thread.id)
    if own_key is None:
        return Neighbours(None, None)
    place = (thread.board_id, *own_key, thread.id)
    newer_id = _first(conn, _NEWER, *place)
    older_id = _first(conn, _OLDER, *place)
    ids = [each for each in (newer_id, older_id) if each is not None]
    found = {each.id: each for each in load_threads(conn, ids)}
    return Neighbours(
        newer=found.get(newer_id or 0),
        older=found.get(older_id or 0),
    )


def find_floor(conn: sqlite3.Connection, thread_id: int, floor: int) -> int | None:
    """The post (its row) at a floor, or at the next one that is here."""
    return _first(conn, _AT_FLOOR, thread_id, floor)


def find_last(conn: sqlite3.Connection, thread_id: int) -> int | None:
    """The last post (its row)."""
    return _first(conn, _LAST, thread_id)


def find_time(conn: sqlite3.Connection, thread_id: int, time: datetime) -> int | None:
    """The first post (its row) from a time on."""
    return _first(conn, _AT_TIME, thread_id, iso(time))


def _first(conn: sqlite3.Connection, sql: str, *params: object) -> int | None:
    row = fetch_one(conn, sql, *params)
    return int(row[0]) if row else None
