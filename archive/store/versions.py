"""The words of a post over time: which are on top, which are kept as versions, when each was
seen."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.store.former_words import (
    find_version,
    had_others_between,
    had_others_since,
    version_shown,
)
from archive.store.identity import StoredPost
from archive.store.markdown import to_markdown
from archive.store.merge import Merge
from archive.store.observation import Observation
from archive.store.pictures import pictures_in
from archive.store.stamps import iso
from archive.store.wording import squeezed
from scraper.core.records import Post

_REPLACING: Final = ("replace", "retitled")
_SAME: Final = ("keep", "take", "reread")
"""What a page's words are where the old ones make way, and where they are those on top."""

_LAST_CAPTURE: Final = """
    last_capture_id = iif(:at > last_seen_at
        OR (:at = last_seen_at AND ifnull(last_capture_id, 0) < :capture_id),
      :capture_id, last_capture_id)"""
_SEEN: Final = f"""
  UPDATE posts SET first_seen_at = min(first_seen_at, :at), last_seen_at = max(last_seen_at, :at),
    {_LAST_CAPTURE}, words_since = min(words_since, :at), words_seen_at = max(words_seen_at, :at)
  WHERE id = :id"""
_SEEN_WITHOUT_WORDS: Final = f"""
  UPDATE posts SET first_seen_at = min(first_seen_at, :at), last_seen_at = max(last_seen_at, :at),
    {_LAST_CAPTURE}
  WHERE id = :id"""
_SEEN_SIMILAR: Final = f"""
  UPDATE posts SET first_seen_at = min(first_seen_at, :at), last_seen_at = max(last_seen_at, :at),
    {_LAST_CAPTURE}, words_seen_at = max(words_seen_at, :at)
  WHERE id = :id"""
_NEW_WORDS: Final = (
    "UPDATE posts SET words_since = :at, words_seen_at = :at WHERE id = :id"
)

_KEEP_STORED: Final = """
  INSERT INTO post_versions(post_id, first_seen_at, last_seen_at, subject, html, text,
    edited_by, edited_at, rank, capture_id)
  SELECT id, words_since, words_seen_at, subject, html, text, edited_by, edited_at, rank, capture_id
  FROM posts WHERE id = ?"""
_KEEP_STRAY: Final = """
  INSERT INTO post_versions(post_id, first_seen_at, last_seen_at, subject, html, text,
    edited_by, edited_at, rank, capture_id)
  VALUES (:post_id, :at, :at, :subject, :html, :text, :edited_by, :edited_at, :rank, :capture_id)"""
_SEEN_VERSION: Final = """
  UPDATE post_versions
  SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?)
  WHERE id = ?"""

_REREAD: Final = """
  UPDATE posts SET text = :text, html = :html, markdown = :markdown, signature = :signature,
    rank = :rank
  WHERE id = :post_id AND (text, html, markdown, signature, rank)
    IS NOT (:text, :html, :markdown, :signature, :rank)"""
_REREAD_VERSION: Final = """
  UPDATE post_versions SET text = :text, html = :html, rank = :rank
  WHERE post_id = :post_id AND capture_id = :capture_id
    AND (text, html, rank) IS NOT (:text, :html, :rank)"""

_OF_CAPTURE: Final = "SELECT id FROM post_versions WHERE post_id = ? AND capture_id = ?"
_POST_HTML: Final = "SELECT html FROM posts WHERE id = ?"
_VERSION_HTML: Final = "SELECT html FROM post_versions WHERE id = ?"
_LAST_SEEN: Final = "SELECT last_seen_at, capture_id FROM post_versions WHERE id = ?"
_DROP: Final = "DELETE FROM post_versions WHERE id = ?"
_PARTS: Final = """
  SELECT v.id, v.text FROM post_versions v JOIN captures c ON c.id = v.capture_id
  WHERE v.post_id = ? AND (c.url GLOB '*[?&]cp=[0-9]*' OR c.warnings LIKE '%"post-split"%')"""


def reread(
    conn: sqlite3.Connection,
    stored: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> bool:
    """Replace words that come from this very capture by what today's parser makes of it: that
    is no edit. True where something changed.

    Versions that are then the same as the post, or a view of it with less, were never
    another text.
    """
    if seen.capture_id is None:
        return False
    words: dict[str, object] = {
        "post_id": stored.id,
        "capture_id": seen.capture_id,
        "text": post.text,
        "html": post.html,
        "rank": seen.rank,
    }
    if result.words == "keep" and not had_others_since(conn, stored, seen):
        is_dropped = _drop_view(
            conn,
            stored.id,
            post,
            seen.capture_id,
        )
        if is_dropped:
            return True
    is_changed = _changes(conn, _REREAD_VERSION, words)
    if result.words != "reread":
        return is_changed
    words["markdown"] = to_markdown(post.html)
    words["signature"] = post.signature
    if not _changes(conn, _REREAD, words):
        return is_changed
    _drop_same(conn, stored, post)
    return True


def keep_versions(
    conn: sqlite3.Connection,
    stored: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> bool:
    """Keep the words that do not stay on top; False where nothing was to be kept or is kept
    already."""
    if result.words in _REPLACING:
        _keep_stored(conn, stored)
        return True
    came_back = _came_back(conn, stored, post, result, seen)
    if result.words != "stray" and not came_back:
        return False
    version = version_shown(
        conn,
        stored,
        post,
        seen,
        came_back=came_back,
    )
    if version is not None:
        times = (seen.at, seen.at)
        conn.execute(_SEEN_VERSION, (*times, version))
        return False
    _keep_stray(
        conn,
        stored,
        post,
        seen,
    )
    return True


def mark_seen(
    conn: sqlite3.Connection, stored: StoredPost, result: Merge, seen: Observation
) -> None:
    """Write the times between which the post, and its words as they are on top now, were
    seen. An older print in another layout does not say how old just these words are."""
    at = seen.at
    words = result.words
    values = {"id": stored.id, "at": at, "capture_id": seen.capture_id}
    if words in _REPLACING:
        conn.execute(_NEW_WORDS, values)
    if words in _SAME and not had_others_since(conn, stored, seen):
        of_words = stored.words_since <= at <= stored.words_seen_at
        of_post = at <= stored.last_seen_at and not _is_later_of_second(stored, seen)
        if not (of_words and of_post):
            conn.execute(_SEEN, values)
        return
    if words == "similar" and at > stored.words_seen_at:
        conn.execute(_SEEN_SIMILAR, values)
        return
    is_within = stored.first_seen_at <= at <= stored.last_seen_at
    if not is_within or _is_later_of_second(stored, seen):
        conn.execute(_SEEN_WITHOUT_WORDS, values)


def _came_back(
    conn: sqlite3.Connection,
    stored: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> bool:
    """Whether a page shows the words on top as they were before the poster changed them and
    took that back: they are a version, too. A poorer layout's print does not say so: it may
    have been one of the others."""
    if result.words not in _SAME or not post.text:
        return False
    if seen.rank < stored.rank:
        return False
    if squeezed(post.text) != squeezed(stored.text):
        return False
    return had_others_since(conn, stored, seen)


def _is_later_of_second(stored: StoredPost, seen: Observation) -> bool:
    """Whether a page is of the second in which the post was last seen, and was kept later."""
    if seen.capture_id is None or seen.at != stored.last_seen_at:
        return False
    if stored.last_capture_id is None:  # an archive of an older version
        return False
    return seen.capture_id > stored.last_capture_id


def drop_parts(conn: sqlite3.Connection, post_id: int, post: Post) -> None:
    """Drop the versions that are parts of a split post, by its page with all parts."""
    whole = squeezed(post.text)
    cursor = conn.execute(_PARTS, (post_id,))
    for version, text in cursor.fetchall():
        part = squeezed(text)
        if part in whole:
            conn.execute(_DROP, (version,))


def _changes(
    conn: sqlite3.Connection, statement: str, values: dict[str, object]
) -> bool:
    """Run a statement; whether it changed a row."""
    cursor = conn.execute(statement, values)
    return cursor.rowcount > 0


def _drop_same(conn: sqlite3.Connection, stored: StoredPost, post: Post) -> None:
    """Drop the version that has the words of the post, and no picture that it has not."""
    subject = post.subject or stored.subject
    version = find_version(
        conn,
        stored.id,
        post.text,
        subject,
    )
    if version is None:
        return
    at, capture_id = conn.execute(_LAST_SEEN, (version,)).fetchone()
    if had_others_between(conn, stored, at, capture_id):
        return
    pictures = pictures_in(post.html)
    its_pictures = _pictures_of(conn, _VERSION_HTML, version)
    if its_pictures <= pictures:
        conn.execute(_DROP, (version,))


def _drop_view(
    conn: sqlite3.Connection, post_id: int, post: Post, capture_id: int
) -> bool:
    """Drop the version from a capture that only shows less of the post than is known."""
    cursor = conn.execute(_OF_CAPTURE, (post_id, capture_id))
    version = cursor.fetchone()
    if version is None:
        return False
    pictures = pictures_in(post.html)
    known = _pictures_of(conn, _POST_HTML, post_id)
    if not pictures <= known:
        return False
    conn.execute(_DROP, version)
    return True


def _pictures_of(conn: sqlite3.Connection, query: str, row_id: int) -> frozenset[str]:
    cursor = conn.execute(query, (row_id,))
    (html,) = cursor.fetchone()
    return pictures_in(html)


def _keep_stored(conn: sqlite3.Connection, stored: StoredPost) -> None:
    """Keep the stored words, which others are about to replace."""
    version = find_version(
        conn,
        stored.id,
        stored.text,
        stored.subject,
    )
    if version is None:
        conn.execute(_KEEP_STORED, (stored.id,))
        return
    times = (
        stored.words_since,
        stored.words_seen_at,
    )
    conn.execute(_SEEN_VERSION, (*times, version))


def _keep_stray(
    conn: sqlite3.Connection, stored: StoredPost, post: Post, seen: Observation
) -> None:
    """Keep words of the page beside the stored ones."""
    values = {
        "post_id": stored.id,
        "at": seen.at,
        "subject": post.subject or stored.subject,
        "html": post.html,
        "text": post.text,
        "edited_by": post.edited_by,
        "edited_at": iso(post.edited_at),
        "rank": seen.rank,
        "capture_id": seen.capture_id,
    }
    conn.execute(_KEEP_STRAY, values)
