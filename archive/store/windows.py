"""What a window of one post lists, all its ratings or a page of its comments: added to the
stored post."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.store.remarks import add_comments, add_ratings
from scraper.core.records import PostExtras

_POST: Final = "SELECT id, thread_id FROM posts WHERE site_id = ? AND pid = ?"
_WAS_READ: Final = "SELECT 1 FROM captures WHERE id = ? AND outcome <> 'pending'"

_INCOMPLETE: Final = """SELECT count(*) FROM posts p
  WHERE site_id = ? AND (ratings_total IS NOT NULL OR comments_total IS NOT NULL)
    AND (ratings_total > (SELECT count(DISTINCT author) FROM ratings WHERE post_id = p.id)
      OR comments_total > (SELECT count(*) FROM comments WHERE post_id = p.id))"""


@dataclass(frozen=True, slots=True)
class SavedWindow:
    """What a window brought to a post of a thread: ratings and comments that are new."""

    thread_id: int
    added: int


def save_window(
    conn: sqlite3.Connection,
    site_id: int | None,
    content: PostExtras,
    capture_id: int | None,
) -> SavedWindow | None:
    """Add what a window lists to its post; None where the post is not here."""
    row = conn.execute(_POST, (site_id, content.pid)).fetchone()
    if row is None:
        return None

    post_id, thread_id = row
    is_reread = conn.execute(_WAS_READ, (capture_id,)).fetchone() is not None
    added = add_ratings(conn, post_id, content.ratings, is_reread=is_reread)
    added += add_comments(conn, post_id, content.comments, is_reread=is_reread)
    return SavedWindow(thread_id, added)


def count_incomplete(conn: sqlite3.Connection, site_id: int | None) -> int:
    """How many posts of a forum have more ratings or comments than are here."""
    (count,) = conn.execute(_INCOMPLETE, (site_id,)).fetchone()
    return int(count)
