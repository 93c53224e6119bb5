"""Which pages of one forum are due: the frontier table, written in the same transaction as
the page that led there."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from scraper.policy.plan import (
    BOARD,
    INDEX,
    REVISIT,
    SWEEP,
    THREAD,
    THREAD_PAGE,
    DiscoveredPage,
    Key,
    Kind,
    Scope,
)

State: TypeAlias = Literal["due", "done", "given_up"]

_INSERT: Final = """INSERT OR IGNORE INTO frontier(site_id, kind, item, page, priority, due_at, fid, mark)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_ONE: Final = "site_id = ? AND kind = ? AND item = ? AND page = ?"
_AGAIN: Final = f"""UPDATE frontier SET state = 'due', priority = ?, due_at = ?, tries = 0
  WHERE {_ONE} AND state <> 'due' AND outcome <> 'refused' AND (visited_at IS NULL OR visited_at < ?)"""
_SOONER: Final = (
    f"UPDATE frontier SET priority = ? WHERE {_ONE} AND state = 'due' AND priority > ?"
)
_LAST: Final = (
    "SELECT max(page) FROM frontier WHERE site_id = ? AND kind = ? AND item = ?"
)
_PAGES: Final = "SELECT page FROM frontier WHERE site_id = ? AND kind = ? AND item = ?"
_DONE: Final = f"""UPDATE frontier SET state = 'done', priority = {REVISIT}, due_at = ?, tries = 0, visited_at = ?,
  changed_at = CASE WHEN ? THEN ? ELSE changed_at END, outcome = ?, message = ? WHERE {_ONE}"""
_FAILED: Final = f"""UPDATE frontier SET state = ?, due_at = ?, tries = tries + 1, outcome = ?, message = ?
  WHERE {_ONE}"""
_TAKE: Final = """SELECT kind, item, page, fid, tries, visited_at FROM frontier
  WHERE site_id = ? AND state = ? AND priority = ? AND due_at <= ?"""
_WHOLE: Final = """SELECT count(*), min(visited_at) FROM frontier
  WHERE site_id = ? AND kind = 'thread' AND item = ? AND state = 'done' AND outcome = 'page' AND page <= ?"""
_SWEEP: Final = f"""UPDATE frontier SET state = 'due', priority = {SWEEP}, due_at = ?, tries = 0
  WHERE site_id = ? AND state = 'done' AND kind IN ('thread', 'archiver')"""
_UPWARDS: Final = frozenset({THREAD, THREAD_PAGE, SWEEP})
"""Priorities whose pages are taken from the highest number down: newest threads first, and
the last page before the one above it, so that a reply deleted meanwhile moves posts onto
pages that are still to come."""


@dataclass(frozen=True, slots=True)
class QueuedPage:
    """A page to visit now."""

    key: Key
    fid: int | None = None
    tries: int = 0
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A page that was given up, or is refused, and why."""

    key: Key
    state: State
    outcome: str
    message: str
    tries: int


def stamp(time: datetime) -> str:
    """A time as it is stored."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Frontier:
    """The frontier of one forum. `began_at`: the run's start, for a page is not asked for
    twice in one run."""

    def __init__(
        self, conn: sqlite3.Connection, site_id: int, began_at: datetime
    ) -> None:
        self._conn, self.site_id, self._began = conn, site_id, stamp(began_at)

    def add(self, leads: Iterable[DiscoveredPage], now: datetime) -> int:
        """Enqueue; returns how many pages are due that were not."""
        return sum(self._add(lead, stamp(now)) for lead in leads)

    def _add(self, lead: DiscoveredPage, now: str) -> int:
        key = lead.key
        found = self._conn.execute(
            _INSERT,
            (
                self.site_id,
                key.kind,
                key.item,
                key.page,
                lead.priority,
                now,
                lead.fid,
                lead.listing_fingerprint or "",
            ),
        ).rowcount
        if lead.listing_fingerprint is not None and not found:
            self._conn.execute(
                f"UPDATE frontier SET mark = ? WHERE {_ONE}",
                (lead.listing_fingerprint, *self._one(key)),
            )
        if found or not lead.again:
            return found
        return sum(
            self._again(Key(key.kind, key.item, page), lead.priority, now)
            for page in self._pages(lead)
        )

    def _pages(self, lead: DiscoveredPage) -> Sequence[int]:
        thing = (self.site_id, lead.key.kind, lead.key.item)
        if lead.last:
            return (self._conn.execute(_LAST, thing).fetchone()[0],)
        return (
            [row[0] for row in self._conn.execute(_PAGES, thing)]
            if lead.all
            else (lead.key.page,)
        )

    def _again(self, key: Key, priority: int, now: str) -> int:
        self._conn.execute(_SOONER, (priority, *self._one(key), priority))
        return self._conn.execute(
            _AGAIN, (priority, now, *self._one(key), self._began)
        ).rowcount

    def take(
        self, count: int, now: datetime, scope: Scope, busy: Collection[Key] = ()
    ) -> list[QueuedPage]:
        """The next pages to visit, none of those that are `busy`; they stay due until they
        are `done` or `failed`."""
        found: list[QueuedPage] = []
        for state, priority in [
            *(("due", priority) for priority in range(INDEX, REVISIT)),
            ("done", REVISIT),
        ]:
            if len(found) >= count:
                break
            found += self._of(
                state, priority, count - len(found), stamp(now), scope, busy
            )
        return found

    def _of(
        self,
        state: str,
        priority: int,
        count: int,
        now: str,
        scope: Scope,
        busy: Collection[Key],
    ) -> list[QueuedPage]:
        where, values = _in_scope(scope)
        down = " DESC" if priority in _UPWARDS else ""
        order = f"ORDER BY due_at{down}, kind{down}, item{down}, page{down} LIMIT ?"
        rows = self._conn.execute(
            f"{_TAKE} {where} {order}",
            (self.site_id, state, priority, now, *values, count + len(busy)),
        )
        due = [
            QueuedPage(Key(*row[:3]), row[3], row[4], row[5] is not None)
            for row in rows
        ]
        return [one for one in due if one.key not in busy][:count]

    def done(
        self,
        key: Key,
        at: datetime,
        due_at: datetime,
        outcome: str,
        *,
        changed: bool = False,
        message: str = "",
    ) -> None:
        """A page was visited: `outcome` is page, refused, gone, elsewhere or past_end."""
        self._conn.execute(
            _DONE,
            (
                stamp(due_at),
                stamp(at),
                changed,
                stamp(at),
                outcome,
                message,
                *self._one(key),
            ),
        )

    def failed(
        self, key: Key, due_at: datetime | None, outcome: str, message: str
    ) -> None:
        """A visit failed; try again at `due_at`, or give up where there is none."""
        state: State = "due" if due_at else "given_up"
        self._conn.execute(
            _FAILED,
            (
                state,
                stamp(due_at) if due_at else "",
                outcome,
                message[:500],
                *self._one(key),
            ),
        )

    def drop_after(self, kind: Kind, item: int, pages: int) -> None:
        """Forget pages that a thread or board no longer has."""
        self._conn.execute(
            "DELETE FROM frontier WHERE site_id = ? AND kind = ? AND item = ? AND page > ?",
            (self.site_id, kind, item, pages),
        )

    def told_fid(self, key: Key, fid: int) -> None:
        """The board that a thread's own page names."""
        self._conn.execute(
            "UPDATE frontier SET fid = ? WHERE site_id = ? AND kind = ? AND item = ? AND fid IS NOT ?",
            (fid, self.site_id, key.kind, key.item, fid),
        )

    def marks(self, tids: Iterable[int]) -> Mapping[int, str]:
        """The marks of those threads that are known."""
        wanted = tuple(tids)
        query = f"""SELECT item, mark FROM frontier WHERE site_id = ? AND kind = 'thread' AND page = 1
          AND item IN ({", ".join("?" * len(wanted))})"""
        return dict(self._conn.execute(query, (self.site_id, *wanted)))

    def mark(self, key: Key) -> str:
        """What is noted of a page: see the column."""
        row = self._conn.execute(
            f"SELECT mark FROM frontier WHERE {_ONE}", self._one(key)
        ).fetchone()
        return str(row[0]) if row else ""

    def set_mark(self, key: Key, mark: str) -> None:
        """Note something of a page."""
        self._conn.execute(
            f"UPDATE frontier SET mark = ? WHERE {_ONE}", (mark, *self._one(key))
        )

    def was_read(self, key: Key) -> bool:
        """Whether a page was ever changed by what it showed: whether there is something of it."""
        query = f"SELECT 1 FROM frontier WHERE {_ONE} AND changed_at IS NOT NULL"
        return self._conn.execute(query, self._one(key)).fetchone() is not None

    def boards(self) -> list[int]:
        """Boards that are known and not refused."""
        query = """SELECT item FROM frontier WHERE site_id = ? AND kind = 'board' AND page = 1
          AND outcome NOT IN ('refused', 'gone', 'elsewhere')"""
        return [row[0] for row in self._conn.execute(query, (self.site_id,))]

    def whole_since(self, tid: int, pages: int) -> str | None:
        """The time since which every page of a thread has been visited; None where one has
        not been."""
        count, oldest = self._conn.execute(
            _WHOLE, (self.site_id, tid, pages)
        ).fetchone()
        return oldest if count == pages else None

    def sweep(self, now: datetime, scope: Scope) -> int:
        """Order every known thread page to be visited again, unless an earlier sweep is
        under way; how many."""
        if self._conn.execute(
            "SELECT 1 FROM frontier WHERE site_id = ? AND state = 'due' AND priority = ? LIMIT 1",
            (self.site_id, SWEEP),
        ).fetchone():
            return 0
        where, values = _in_scope(scope)
        return self._conn.execute(
            f"{_SWEEP} {where}", (stamp(now), self.site_id, *values)
        ).rowcount

    def count_due(self, now: datetime, scope: Scope) -> int:
        """How many pages are left to visit, those to be tried again later included."""
        where, values = _in_scope(scope)
        query = f"""SELECT (SELECT count(*) FROM frontier WHERE site_id = ? AND state = 'due' {where})
          + (SELECT count(*) FROM frontier WHERE site_id = ? AND state = 'done' AND due_at <= ? {where})"""
        found: int = self._conn.execute(
            query, (self.site_id, *values, self.site_id, stamp(now), *values)
        ).fetchone()[0]
        return found

    def has_due(self, scope: Scope) -> bool:
        """Whether something is left to visit, now or later."""
        where, values = _in_scope(scope)
        query = f"SELECT 1 FROM frontier WHERE site_id = ? AND state = 'due' {where} LIMIT 1"
        return self._conn.execute(query, (self.site_id, *values)).fetchone() is not None

    def next_due(self, scope: Scope) -> datetime | None:
        """When the next page that is to be tried again is due; None where none is."""
        where, values = _in_scope(scope)
        query = f"SELECT min(due_at) FROM frontier WHERE site_id = ? AND state = 'due' {where}"
        found = self._conn.execute(query, (self.site_id, *values)).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def next_visit(self) -> datetime | None:
        """When anything at all is due next."""
        query = (
            "SELECT min(due_at) FROM frontier WHERE site_id = ? AND state <> 'given_up'"
        )
        found = self._conn.execute(query, (self.site_id,)).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def given_up(self) -> list[GivenUp]:
        """Pages given up, and pages that the forum refuses."""
        query = """SELECT kind, item, page, state, outcome, message, tries FROM frontier
          WHERE site_id = ? AND (state = 'given_up' OR outcome = 'refused') ORDER BY state DESC, kind, item, page"""
        return [
            GivenUp(Key(*row[:3]), *row[3:])
            for row in self._conn.execute(query, (self.site_id,))
        ]

    def retry(self, now: datetime, *, refused: bool = False) -> int:
        """Put given-up pages (and refused ones) back; how many."""
        which = (
            "(state = 'given_up' OR outcome = 'refused')"
            if refused
            else "state = 'given_up'"
        )
        return self._conn.execute(
            f"""UPDATE frontier SET state = 'due', tries = 0, outcome = '', due_at = ?,
              priority = CASE kind WHEN 'index' THEN {INDEX} WHEN 'board' THEN {BOARD} ELSE {THREAD} END
              WHERE site_id = ? AND {which}""",
            (stamp(now), self.site_id),
        ).rowcount

    def _one(self, key: Key) -> tuple[int, str, int, int]:
        return self.site_id, key.kind, key.item, key.page


def _in_scope(scope: Scope) -> tuple[str, tuple[int, ...]]:
    """A condition that keeps to what a run is about."""
    if scope.whole:
        return "", ()
    parts: list[str] = []
    values: tuple[int, ...] = ()
    for column, items in (
        ("fid", scope.boards),
        ("kind <> 'board' AND item", scope.threads),
        ("kind = 'user' AND item", scope.users),
    ):
        if items:
            parts.append(f"({column} IN ({', '.join('?' * len(items))}))")
            values += tuple(sorted(items))
    return f"AND ({' OR '.join(parts)})", values
