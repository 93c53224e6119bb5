"""Members: one row for each uid of a forum, found again quickly while pages of the same
people come by."""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

from archive.store.upsert import is_change, is_newer
from scraper.core.records import ProfilePage

_CACHE_ROWS: Final = 50_000

_BY_UID: Final = """
  SELECT id, name, first_seen_at, name_seen_at FROM users WHERE site_id = ? AND uid = ?"""
_INSERT: Final = """
  INSERT INTO users(site_id, uid, name, first_seen_at, name_seen_at)
  VALUES (?, ?, ?, ?, ?)"""
_RENAME: Final = "UPDATE users SET name = ?, name_seen_at = ? WHERE id = ?"
_NAME_LAST_SEEN: Final = """
  SELECT ifnull(max(last_seen_at), '') FROM posts WHERE user_id = ? AND author = ?"""
_SEEN_EARLIER: Final = "UPDATE users SET first_seen_at = ? WHERE id = ?"
_SEEN_AT: Final = """
  SELECT profile_seen_at, profile_capture_id FROM users WHERE id = ?"""
_PROFILE_SEEN: Final = """
  UPDATE users SET profile_seen_at = ?, profile_capture_id = ?, gone_at = NULL
  WHERE id = ?"""
_FIELDS: Final = """
  SELECT user_id, position, name, value FROM user_fields
  WHERE user_id = ? ORDER BY position"""
_DELETE_FIELDS: Final = "DELETE FROM user_fields WHERE user_id = ?"
_INSERT_FIELD: Final = """
  INSERT INTO user_fields(user_id, position, name, value) VALUES (?, ?, ?, ?)"""


class _Member(NamedTuple):
    """A member's row: its number, the name, and when it was first seen."""

    id: int
    name: str
    first_seen_at: str


class Users:
    """The members of one archive. Forget the cache (`clear`) when a transaction was undone."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._cache: dict[tuple[int, int], _Member] = {}

    def clear(self) -> None:
        """Trust only the table again."""
        self._cache.clear()

    def save(self, site_id: int, uid: int | None, name: str, at: str) -> int | None:
        """The number of a member's row, made or renamed if need be; None without a uid."""
        if uid is None:
            return None
        key = (site_id, uid)
        cached = self._cache.get(key)
        if cached is not None:
            is_known_name = not name or name == cached.name
            if is_known_name and at >= cached.first_seen_at:
                return cached.id
        member = self._save(site_id, uid, name, at)
        if len(self._cache) >= _CACHE_ROWS:
            self._cache.clear()
        self._cache[key] = member
        return member.id

    def save_profile(
        self, site_id: int, page: ProfilePage, at: str, capture_id: int | None = None
    ) -> bool:
        """Write what a profile page says; True where that is new."""
        if page.uid is None:
            return False
        stored = self._first(_BY_UID, site_id, page.uid)
        is_new = stored is None
        user_id = self.save(
            site_id,
            page.uid,
            page.name,
            at,
        )
        if user_id is None:
            return False
        seen_at, seen_in = self._first(_SEEN_AT, user_id) or (None, None)
        if seen_at and not is_newer(at, capture_id, seen_at, seen_in):
            return False
        has_changed = self._save_fields(user_id, page)
        if seen_at != at or seen_in is not None or has_changed:
            self._conn.execute(_PROFILE_SEEN, (at, capture_id, user_id))
        return is_new or has_changed

    def _save_fields(self, user_id: int, page: ProfilePage) -> bool:
        observed = []
        for position, field in enumerate(page.fields, 1):
            row = (
                user_id,
                position,
                field.name,
                field.value,
            )
            observed.append(row)
        if not observed:
            return False
        cursor = self._conn.execute(_FIELDS, (user_id,))
        stored = cursor.fetchall()
        if observed == stored:
            return False
        self._conn.execute(_DELETE_FIELDS, (user_id,))
        self._conn.executemany(_INSERT_FIELD, observed)
        return True

    def _save(self, site_id: int, uid: int, name: str, at: str) -> _Member:
        execute = self._conn.execute
        row = self._first(_BY_UID, site_id, uid)
        if row is None:
            values = (site_id, uid, name, at, at)
            inserted = execute(_INSERT, values)
            new_id = inserted.lastrowid or 0
            return _Member(new_id, name, at)
        user_id, stored_name, first_seen_at, name_seen_at = row
        if at < first_seen_at:
            execute(_SEEN_EARLIER, (at, user_id))
        first_seen_at = min(at, first_seen_at)
        if name == stored_name:
            return _Member(user_id, stored_name, first_seen_at)
        is_newer_name = at > name_seen_at and self._is_newer_name(row, at)
        if not is_change(stored_name, name, newer=is_newer_name):
            return _Member(user_id, stored_name, first_seen_at)
        execute(_RENAME, (name, at, user_id))
        return _Member(user_id, name, first_seen_at)

    def _is_newer_name(self, row: tuple[Any, ...], at: str) -> bool:
        """Whether a page is newer than all that show a member's stored name beside a post."""
        user_id, stored_name, *_ = row
        (last_seen_at,) = self._first(_NAME_LAST_SEEN, user_id, stored_name) or ("",)
        return at > str(last_seen_at)

    def _first(self, query: str, *values: object) -> tuple[Any, ...] | None:
        cursor = self._conn.execute(query, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
