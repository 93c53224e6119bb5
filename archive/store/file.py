"""Which file an open archive is."""

from __future__ import annotations

import sqlite3


def path_of(conn: sqlite3.Connection) -> str:
    """The file that a connection has open; empty for an archive in memory."""
    _, _, path = conn.execute("PRAGMA database_list").fetchone()
    return str(path)
