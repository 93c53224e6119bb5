"""Which version of a post has which words, and whether others stood between."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.store.observation import Observation
from archive.store.stored_post import StoredPost
from archive.store.wording import squeezed
from scraper.core.records import Post

_VERSIONS: Final = "SELECT id, text, subject FROM post_versions WHERE post_id = ?"
_OWN_FIRST: Final = """
  SELECT id, text, subject, capture_id IS ?2 FROM post_versions
  WHERE post_id = ?1 ORDER BY 4 DESC, id"""
_WORDS_BETWEEN: Final = """
  SELECT text FROM post_versions
  WHERE post_id = ?
    AND (last_seen_at, ifnull(capture_id, 0)) > (?, ?)
    AND (last_seen_at, ifnull(capture_id, 0)) < (?, ?)"""


def had_others_since(
    conn: sqlite3.Connection, stored: StoredPost, seen: Observation
) -> bool:
    """Whether the post had other words between a page and those on top."""
    return had_others_between(
        conn,
        stored,
        seen.at,
        seen.capture_id,
    )


def had_others_between(
    conn: sqlite3.Connection, stored: StoredPost, at: str, capture_id: int | None
) -> bool:
    """Whether the post had other words between a capture and those on top. Captures of one
    second stand in the order in which they were kept."""
    begin = (at, capture_id or 0)
    end = (stored.words_since, stored.capture_id or 0)
    if begin >= end:
        return False
    on_top = squeezed(stored.text)
    texts = conn.execute(_WORDS_BETWEEN, (stored.id, *begin, *end))
    return any(squeezed(text) != on_top for (text,) in texts)


def version_shown(
    conn: sqlite3.Connection,
    stored: StoredPost,
    post: Post,
    seen: Observation,
    *,
    came_back: bool = False,
) -> int | None:
    """The number of the version that has the words which a page shows: the one that came
    from it, or else one of the title that it prints, if it prints any. `came_back`: they
    are those on top, too, and their title may since have become another."""
    words = squeezed(post.text)
    title = "" if came_back else squeezed(post.subject)
    versions = conn.execute(_OWN_FIRST, (stored.id, seen.capture_id))
    for version, text, subject, is_own in versions:
        if squeezed(text) != words:
            continue
        if is_own or not title or squeezed(subject) == title:
            return int(version)
    return None


def find_version(
    conn: sqlite3.Connection, post_id: int, text: str, subject: str
) -> int | None:
    """The number of the version that has these words and this title."""
    words = squeezed(text)
    title = squeezed(subject)
    versions = conn.execute(_VERSIONS, (post_id,))
    for version, its_text, its_subject in versions:
        if squeezed(its_text) != words:
            continue
        if squeezed(its_subject) == title:
            return int(version)
    return None
