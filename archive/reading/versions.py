"""Reads what a post said before, and since when it says what it says."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.reading.posts import ThreadPost
from archive.reading.rows import columns_of


@dataclass(frozen=True, slots=True)
class PostVersion:
    """Words of a post, and from when to when captures showed them."""

    first_seen_at: str
    last_seen_at: str
    subject: str
    text: str
    edited_by: str
    edited_at: str | None


_OLDER: Final = f"""
SELECT {columns_of(PostVersion)} FROM post_versions
WHERE post_id = ? ORDER BY first_seen_at, id
"""


def read_versions(conn: sqlite3.Connection, post: ThreadPost) -> list[PostVersion]:
    """All versions of a post, the oldest first; today's is the last, or the only one."""
    rows = conn.execute(_OLDER, (post.id,))
    older = [PostVersion(*row) for row in rows]
    today = PostVersion(
        first_seen_at=post.words_since,
        last_seen_at=post.words_seen_at,
        subject=post.subject,
        text=post.text,
        edited_by=post.edited_by,
        edited_at=post.edited_at,
    )
    return [*older, today]
