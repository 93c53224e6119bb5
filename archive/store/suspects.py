"""Captures that end the program which reads them: tried twice without coming to an end, they
are set aside, named and passed over; `reparse` tries them again."""

from __future__ import annotations

import sqlite3
from typing import Final

_MOST_TRIES: Final = 2
"""A run may be killed from without just while it reads one."""
_TRIES: Final = "SELECT tries FROM suspects WHERE capture_id = ?"
_NOTE: Final = """
  INSERT INTO suspects(capture_id, tries) VALUES (?, 1)
  ON CONFLICT DO UPDATE SET tries = tries + 1"""
_CLEAR: Final = "DELETE FROM suspects WHERE capture_id = ?"

SET_ASIDE: Final = (
    "set aside: the program ended twice while it was being read; "
    "`reparse` tries it again"
)


def begin(conn: sqlite3.Connection, capture_id: int) -> bool:
    """Note that a capture is about to be read, outside of a transaction; False where it is
    to be set aside."""
    row = conn.execute(_TRIES, (capture_id,)).fetchone()
    if row is not None and row[0] >= _MOST_TRIES:
        clear(conn, capture_id)
        return False
    conn.execute(_NOTE, (capture_id,))
    return True


def clear(conn: sqlite3.Connection, capture_id: int) -> None:
    """It was read, whatever came of it."""
    conn.execute(_CLEAR, (capture_id,))
