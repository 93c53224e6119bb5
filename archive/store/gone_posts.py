"""Posts that were found missing by whoever exported them: marked as gone here, too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from archive.store.stamps import iso

_GONE: Final = """
  UPDATE posts SET gone_at = :at
  WHERE thread_id = :thread_id AND pid = :pid AND gone_at IS NULL AND last_seen_at <= :at"""


def mark_gone(
    conn: sqlite3.Connection, thread_id: int, gone: Iterable[tuple[int, datetime]]
) -> None:
    """Mark posts of a thread (pid) that were not seen since they were missing."""
    for pid, at in gone:
        values = {"thread_id": thread_id, "pid": pid, "at": iso(at)}
        conn.execute(_GONE, values)
