"""Brings the search index up to date before a command asks it."""

from __future__ import annotations

import sqlite3

from archive.commands._search_notes import note
from archive.index.writer import catch_up


def freshen(conn: sqlite3.Connection) -> None:
    """Index what other programs changed; where the file cannot be written, say what that means."""
    try:
        catch_up(conn)
    except sqlite3.OperationalError:
        note(
            "posts were changed by another program and the archive is read-only: "
            "not searched"
        )
