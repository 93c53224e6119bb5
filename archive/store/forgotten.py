"""What was forgotten on request: it does not come back with a page that still shows it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Final

from scraper.core.records import ThreadPage

_HAS_TOMBSTONES: Final = "SELECT 1 FROM tombstones WHERE site_id = ? LIMIT 1"
_TOMBSTONE: Final = """
  SELECT 1 FROM tombstones WHERE site_id = ? AND kind = ? AND item = ?"""


def allowed(conn: sqlite3.Connection, content: ThreadPage, site_id: int) -> ThreadPage:
    """A thread's page without what was forgotten on request."""
    if conn.execute(_HAS_TOMBSTONES, (site_id,)).fetchone() is None:
        return content
    if is_forgotten(conn, site_id, "thread", content.tid):
        return replace(content, posts=())
    kept = []
    for post in content.posts:
        if is_forgotten(conn, site_id, "post", post.pid):
            continue
        if is_forgotten(conn, site_id, "user", post.uid):
            continue
        kept.append(post)
    return replace(content, posts=tuple(kept))


def is_forgotten(
    conn: sqlite3.Connection, site_id: int, kind: str, item: int | None
) -> bool:
    """Whether a thread, post or member was forgotten on request."""
    if item is None:
        return False
    row = conn.execute(_TOMBSTONE, (site_id, kind, item)).fetchone()
    return row is not None
