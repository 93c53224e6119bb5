"""Whether a thread that a page shows is the one that is stored under its number, by title,
author and day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.store.other_post import AnotherForum, days_differ, names_differ
from scraper.core.records import ThreadRow

_LEAST_ROWS: Final = 2
"""A merged thread has another author and another day than before: one row says nothing."""
_STORED: Final = """
  SELECT tid, title, author, created_at, last_seen_at FROM threads
  WHERE site_id = ? AND tid IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a page says of a thread, or what is stored of it; times in stored form."""

    title: str
    author: str
    created_at: str
    last_seen_at: str

    def is_other_than(self, now: _Thread) -> bool:
        if self.title == now.title:
            return False
        if not names_differ(self.author, now.author):
            return False
        return days_differ(self.created_at, now.created_at)

    def is_like(self, now: _Thread) -> bool:
        if self.author and self.author == now.author:
            return True
        has_days = bool(self.created_at and now.created_at)
        return has_days and not days_differ(self.created_at, now.created_at)


def another_by_thread(
    stored: Mapping[str, object], observed: Mapping[str, object], at: str
) -> AnotherForum | None:
    """The forum that a thread's page is of, where all that it says contradicts; its posts
    may still tell that threads were merged."""
    before = _thread(stored, str(stored["last_seen_at"]))
    now = _thread(observed, at)
    if not before.is_other_than(now):
        return None
    return _another([(before, now)])


def another_by_rows(
    conn: sqlite3.Connection, site_id: int, rows: Sequence[ThreadRow], at: str
) -> AnotherForum | None:
    """The forum that a list of threads is of, where several contradict and none agrees."""
    printed = {row.tid: row for row in rows if not row.moved_to}
    tids = json.dumps(list(printed))
    other = []
    for tid, title, author, created_at, seen_at in conn.execute(
        _STORED, (site_id, tids)
    ):
        row = printed[tid]
        before = _Thread(title, author, created_at or "", seen_at)
        now = _Thread(row.title, row.author, str(row.created_on or ""), at)
        if before.is_like(now):
            return None
        if before.is_other_than(now):
            other.append((before, now))
    if len(other) < _LEAST_ROWS:
        return None
    return _another(other)


def _another(pairs: Sequence[tuple[_Thread, _Thread]]) -> AnotherForum | None:
    """Which of the two forums came first; None where both were seen at one time."""
    if all(now.last_seen_at < before.created_at for before, now in pairs):
        began_at = min(before.created_at for before, _ in pairs)
        return AnotherForum(is_older=True, began_at=began_at)
    if all(before.last_seen_at < now.created_at for before, now in pairs):
        began_at = min(now.created_at for _, now in pairs)
        return AnotherForum(is_older=False, began_at=began_at)
    return None


def _thread(values: Mapping[str, object], last_seen_at: str) -> _Thread:
    return _Thread(
        title=str(values["title"]),
        author=str(values["author"]),
        created_at=str(values["created_at"] or ""),
        last_seen_at=last_seen_at,
    )
