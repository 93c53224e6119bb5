"""How large the pages of an archive's file are best, and what is said where they are smaller."""

from __future__ import annotations

import shlex
import sqlite3
from pathlib import Path
from typing import Final

from archive.commands._talk import tell
from archive.schema import PAGE_BYTES
from archive.search import limits

_OF_HUGE_BYTES: Final = 65_536


def usual_page_bytes(conn: sqlite3.Connection) -> int:
    """The size of pages for an archive of so many posts."""
    (posts,) = conn.execute("SELECT max(id) FROM posts").fetchone()
    is_huge = (posts or 0) > limits.HUGE_POSTS
    return _OF_HUGE_BYTES if is_huge else PAGE_BYTES


def advise_larger_pages(conn: sqlite3.Connection, db: Path) -> None:
    """A line on what would help the searches of an archive of millions of posts; nothing
    for another."""
    (page_bytes,) = conn.execute("PRAGMA page_size").fetchone()
    if usual_page_bytes(conn) <= max(page_bytes, PAGE_BYTES):
        return
    command = shlex.join(["discuz-archive", "compact", str(db)])
    tell(
        f"its file is in pages of {page_bytes // 1024} KB: with larger ones searches on a "
        f"slow disk wait for half as many. Run: {command}"
    )
