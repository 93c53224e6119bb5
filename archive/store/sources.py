"""Which capture a post's words are from, where the one they were read from is lost: another
page that shows the same is its source from then on."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.store.merge import Merge
from archive.store.observation import Observation
from archive.store.stored_post import StoredPost
from archive.store.views import compare
from archive.store.wording import squeezed
from scraper.core.records import Post

_HAS_LOST: Final = """
  SELECT EXISTS (SELECT 1 FROM warc_files WHERE trouble <> '')
    OR EXISTS (SELECT 1 FROM captures WHERE damaged = 1)
    OR EXISTS (SELECT 1 FROM captures WHERE file IS NULL)"""
_TAKE_OVER: Final = """
  UPDATE posts SET capture_id = ?
  WHERE id = ? AND EXISTS (SELECT 1 FROM lost_captures l WHERE l.id = posts.capture_id)"""


def has_lost_captures(conn: sqlite3.Connection) -> bool:
    """Whether any capture of an archive is known to be lost."""
    (has_lost,) = conn.execute(_HAS_LOST).fetchone()
    return bool(has_lost)


def take_over(
    conn: sqlite3.Connection,
    stored: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> None:
    """Make a page the source of a stored post, where it shows all that is stored and the
    post's own source is lost."""
    if result.words != "keep" or seen.capture_id is None:
        return
    if seen.rank < stored.rank or compare(stored, post, seen).has_less:
        return
    if squeezed(post.text) == squeezed(stored.text):
        conn.execute(_TAKE_OVER, (seen.capture_id, stored.id))
