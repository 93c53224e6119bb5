"""Captures read back from their WARC records: which are what was kept, and which are lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Final

from archive.schema import transaction
from scraper.core.errors import StorageError
from scraper.core.records import Capture

Read = Callable[[int], Capture]
"""Reads a capture by its number; raises StorageError where it is not what was kept."""

_NOTE: Final = "UPDATE captures SET damaged = ?1 WHERE id = ?2 AND damaged <> ?1"
_OF_FILE: Final = "SELECT id FROM captures WHERE file = ? ORDER BY offset"
_ALL: Final = "SELECT id FROM captures WHERE file IS NOT NULL ORDER BY file, offset"
_KNOWN_DAMAGED: Final = "SELECT id FROM captures WHERE damaged = 1"
_SPAN: Final = "SELECT ifnull(min(id), 0), ifnull(max(id), -1) FROM captures"
_NEXT: Final = "SELECT id FROM captures WHERE id >= ? ORDER BY id LIMIT 1"


def examine(conn: sqlite3.Connection, captures: Iterable[int], read: Read) -> int:
    """Read captures back and write down which cannot be; how many were read."""
    found = []
    for capture_id in captures:
        is_damaged = not _can_be_read(capture_id, read)
        found.append((is_damaged, capture_id))
    with transaction(conn):
        conn.executemany(_NOTE, found)
    return len(found)


def captures_in(conn: sqlite3.Connection, file: str) -> list[int]:
    """The captures of a file, in its order."""
    return _numbers(conn.execute(_OF_FILE, (file,)))


def all_captures(conn: sqlite3.Connection) -> list[int]:
    """All captures that have a record, file by file."""
    return _numbers(conn.execute(_ALL))


def sample(conn: sqlite3.Connection, count: int) -> list[int]:
    """About so many captures, from the first to the last, and those that were damaged when
    they were read last."""
    first, last = conn.execute(_SPAN).fetchone()
    step = max(1, (last - first) // count)
    found = set(_numbers(conn.execute(_KNOWN_DAMAGED)))
    for number in range(first, last + 1, step):
        found.update(_numbers(conn.execute(_NEXT, (number,))))
    return sorted(found)


def _can_be_read(capture_id: int, read: Read) -> bool:
    try:
        read(capture_id)
    except StorageError:
        return False
    return True


def _numbers(cursor: sqlite3.Cursor) -> list[int]:
    return [number for (number,) in cursor]
