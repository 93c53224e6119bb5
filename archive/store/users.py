"""Members: one row for each uid of a forum, found again quickly while pages of the same
people come by."""

from __future__ import annotations

import sqlite3
from typing import Final, TypeAlias

from scraper.core.records import ProfilePage

_CACHE_ROWS: Final = 50_000
_Member: TypeAlias = tuple[int, str]
"""Number of the row, and name."""

_BY_UID: Final = """
  SELECT id, name, first_seen_at FROM users WHERE site_id = ? AND uid = ?"""
_INSERT: Final = """
  INSERT INTO users(site_id, uid, name, first_seen_at) VALUES (?, ?, ?, ?)"""
_RENAME: Final = "UPDATE users SET name = ? WHERE id = ?"
_SEEN_EARLIER: Final = "UPDATE users SET first_seen_at = ? WHERE id = ?"
_PROFILE_SEEN: Final = """
  UPDATE users SET profile_seen_at = ?, gone_at = NULL WHERE id = ?"""
_FIELDS: Final = """
  SELECT user_id, position, name, value FROM user_fields
  WHERE user_id = ? ORDER BY position"""
_INSERT_FIELD: Final = """
  INSERT INTO user_fields(user_id, position, name, value) VALUES (?, ?, ?, ?)"""


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
        cached = self._cache.get((site_id, uid))
        if cached is not None and name in ("", cached[1]):
            return cached[0]
        member = self._save(site_id, uid, name, at)
        if len(self._cache) >= _CACHE_ROWS:
            self._cache.clear()
        self._cache[site_id, uid] = member
        return member[0]

    def save_profile(self, site_id: int, page: ProfilePage, at: str) -> bool:
        """Write what a profile page says; True where that is new."""
        if page.uid is None:
            return False
        last_before = self._scalar("SELECT ifnull(max(id), 0) FROM users", ())
        user_id = self.save(site_id, page.uid, page.name, at) or 0
        is_new = user_id > int(str(last_before))
        query = "SELECT profile_seen_at FROM users WHERE id = ?"
        seen_at = self._scalar(query, (user_id,))
        if seen_at and at < str(seen_at):
            return False
        self._conn.execute(_PROFILE_SEEN, (at, user_id))
        has_changed = self._save_fields(user_id, page)
        return is_new or has_changed

    def _save_fields(self, user_id: int, page: ProfilePage) -> bool:
        observed = []
        for position, field in enumerate(page.fields, 1):
            observed.append((user_id, position, field.name, field.value))
        stored = self._conn.execute(_FIELDS, (user_id,)).fetchall()
        if not observed or observed == stored:
            return False
        self._conn.execute("DELETE FROM user_fields WHERE user_id = ?", (user_id,))
        self._conn.executemany(_INSERT_FIELD, observed)
        return True

    def _save(self, site_id: int, uid: int, name: str, at: str) -> _Member:
        row = self._conn.execute(_BY_UID, (site_id, uid)).fetchone()
        if row is None:
            cursor = self._conn.execute(_INSERT, (site_id, uid, name, at))
            return cursor.lastrowid or 0, name
        user_id, stored_name, first_seen_at = row
        is_newer = at >= first_seen_at
        if name and name != stored_name and (is_newer or not stored_name):
            self._conn.execute(_RENAME, (name, user_id))
        if not is_newer:
            self._conn.execute(_SEEN_EARLIER, (at, user_id))
        return user_id, name or stored_name

    def _scalar(self, query: str, values: tuple[object, ...]) -> object:
        return self._conn.execute(query, values).fetchone()[0]
