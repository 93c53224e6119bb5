"""Members: one row for each uid of a forum, found again quickly while pages of the same
people come by."""

from __future__ import annotations

import sqlite3
from typing import Final

from scraper.core.records import ProfilePage

_CACHE_ROWS: Final = 50_000


class Users:
    """The members of one archive. Forget the cache (`clear`) when a transaction was undone."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._known: dict[tuple[int, int], tuple[int, str]] = {}

    def clear(self) -> None:
        """Trust only the table again."""
        self._known.clear()

    def save(self, site_id: int, uid: int | None, name: str, at: str) -> int | None:
        """The number of a member's row, made or renamed if need be; None without a uid."""
        if uid is None:
            return None
        known = self._known.get((site_id, uid))
        if known is None or (name and known[1] != name):
            known = self._save(site_id, uid, name, at)
            if len(self._known) >= _CACHE_ROWS:
                self._known.clear()
            self._known[site_id, uid] = known
        return known[0]

    def save_profile(self, site_id: int, page: ProfilePage, at: str) -> bool:
        """Write what a profile page says; True where that is new."""
        if page.uid is None:
            return False
        before = self._conn.execute("SELECT max(id) FROM users").fetchone()[0] or 0
        user_id = self.save(site_id, page.uid, page.name, at) or 0
        seen_at = self._conn.execute(
            "SELECT profile_seen_at FROM users WHERE id = ?", (user_id,)
        ).fetchone()[0]
        observed = [
            (user_id, place, field.name, field.value)
            for place, field in enumerate(page.fields, 1)
        ]
        query = "SELECT * FROM user_fields WHERE user_id = ? ORDER BY position"
        known = self._conn.execute(query, (user_id,)).fetchall()
        if seen_at and at < seen_at:
            return False
        self._conn.execute(
            "UPDATE users SET profile_seen_at = ?, gone_at = NULL WHERE id = ?",
            (at, user_id),
        )
        if observed and observed != known:
            self._conn.execute("DELETE FROM user_fields WHERE user_id = ?", (user_id,))
            self._conn.executemany(
                "INSERT INTO user_fields VALUES (?, ?, ?, ?)", observed
            )
        return user_id > before or bool(observed and observed != known)

    def _save(self, site_id: int, uid: int, name: str, at: str) -> tuple[int, str]:
        row = self._conn.execute(
            "SELECT id, name, first_seen_at FROM users WHERE site_id = ? AND uid = ?",
            (site_id, uid),
        ).fetchone()
        if row is None:
            cursor = self._conn.execute(
                "INSERT INTO users(site_id, uid, name, first_seen_at) VALUES (?, ?, ?, ?)",
                (site_id, uid, name, at),
            )
            return cursor.lastrowid or 0, name
        user_id, known, first = row
        if name and name != known and (at >= first or not known):
            self._conn.execute(
                "UPDATE users SET name = ? WHERE id = ?", (name, user_id)
            )
        if at < first:
            self._conn.execute(
                "UPDATE users SET first_seen_at = ? WHERE id = ?", (at, user_id)
            )
        return user_id, name or known
