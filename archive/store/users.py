"""Members: one row for each uid of a forum, found again quickly while pages of the same
people come by."""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

from archive.store.upsert import is_change
from scraper.core.records import ProfilePage

_CACHE_ROWS: Final = 50_000

_BY_UID: Final = """
  SELECT id, name, first_seen_at FROM users WHERE site_id = ? AND uid = ?"""
_INSERT: Final = """
  INSERT INTO users(site_id, uid, name, first_seen_at) VALUES (?, ?, ?, ?)"""
_RENAME: Final = "UPDATE users SET name = ? WHERE id = ?"
_SEEN_EARLIER: Final = "UPDATE users SET first_seen_at = ? WHERE id = ?"
_SEEN_AT: Final = "SELECT profile_seen_at FROM users WHERE id = ?"
_PROFILE_SEEN: Final = """
  UPDATE users SET profile_seen_at = ?, gone_at = NULL WHERE id = ?"""
_FIELDS: Final = """
  SELECT user_id, position, name, value FROM user_fields
  WHERE user_id = ? ORDER BY position"""
_DELETE_FIELDS: Final = "DELETE FROM user_fields WHERE user_id = ?"
_INSERT_FIELD: Final = """
  INSERT INTO user_fields(user_id, position, name, value) VALUES (?, ?, ?, ?)"""


class _Member(NamedTuple):
    """A member's row: its number, and the name."""

    id: int
    name: str


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
            if is_known_name:
                return cached.id
        member = self._save(site_id, uid, name, at)
        if len(self._cache) >= _CACHE_ROWS:
            self._cache.clear()
        self._cache[key] = member
        return member.id

    def save_profile(self, site_id: int, page: ProfilePage, at: str) -> bool:
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
        if user_id is None or self._has_newer_profile(user_id, at):
            return False
        self._conn.execute(_PROFILE_SEEN, (at, user_id))
        has_changed = self._save_fields(user_id, page)
        return is_new or has_changed

    def _has_newer_profile(self, user_id: int, at: str) -> bool:
        row = self._first(_SEEN_AT, user_id)
        if row is None:
            return False
        (seen_at,) = row
        if seen_at is None:
            return False
        is_newer: bool = seen_at > at
        return is_newer

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
            values = (site_id, uid, name, at)
            inserted = execute(_INSERT, values)
            new_id = inserted.lastrowid or 0
            return _Member(new_id, name)
        user_id, stored_name, first_seen_at = row
        is_newer = at >= first_seen_at
        if is_change(stored_name, name, newer=is_newer):
            execute(_RENAME, (name, user_id))
        if not is_newer:
            execute(_SEEN_EARLIER, (at, user_id))
        shown_name = name or stored_name
        return _Member(user_id, shown_name)

    def _first(self, query: str, *values: object) -> tuple[Any, ...] | None:
        cursor = self._conn.execute(query, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
