"""Which pages of one forum are due: the frontier table, written in the same transaction as
the page that led there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.crawl import frontier_sql as sql
from archive.crawl.backlog import State, in_scope
from archive.crawl.values import stamp
from archive.store.forgotten import TombstoneReader
from scraper.policy.plan import (
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

_MESSAGE_CHARS: Final = 500
_TURNS: Final[Sequence[tuple[State, int]]] = (
    *(("due", priority) for priority in range(INDEX, REVISIT)),
    ("done", REVISIT),
)
"""What goes first: pages that are due by priority, then those that were read and are to be
looked at again."""
_NEWEST_FIRST: Final = frozenset({THREAD, THREAD_PAGE, SWEEP})
"""Priorities whose pages are taken from the highest number down: newest threads first, and
the last page before the one above it, so that a reply deleted meanwhile moves posts onto
pages that are still to come."""
_UPWARDS: Final = "due_at, kind, item, page"
_DOWNWARDS: Final = "due_at DESC, kind DESC, item DESC, page DESC"


@dataclass(frozen=True, slots=True)
class QueuedPage:
    """A page to visit now. `fid`: the board it belongs to, as far as known; `tries`:
    failed visits since the last success; `tid`: the thread of a post whose window it is."""

    key: Key
    fid: int | None = None
    tries: int = 0
    tid: int | None = None


class Frontier:
    """The frontier of one forum. `began_at`: the run's start, for a page is not asked for
    twice in one run. `forgotten`: what is asked for no more."""

    def __init__(
        self, conn: sqlite3.Connection, site_id: int, began_at: datetime
    ) -> None:
        self._conn = conn
        self.site_id = site_id
        self._began = stamp(began_at)
        self.forgotten = TombstoneReader(conn)

    def add(self, pages: Iterable[DiscoveredPage], now: datetime) -> int:
        """Enqueue; returns how many pages are due that were not, or go sooner than before."""
        at = stamp(now)
        return sum(self._add(page, at) for page in pages)

    def take(
        self, count: int, now: datetime, scope: Scope, busy: Collection[Key] = ()
    ) -> list[QueuedPage]:
        """The next pages to visit, none of those that are `busy`; they stay due until they
        are `done` or `failed`."""
        found = list[QueuedPage]()
        for state, priority in _TURNS:
            left = count - len(found)
            if left <= 0:
                break
            most = left + len(busy)
            due = self._due(state, priority, most, now, scope)
            free = [queued for queued in due if queued.key not in busy]
            found += free[:left]
        return found

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
        self._execute_on(
            key,
            sql.DONE,
            at=stamp(at),
            due_at=stamp(due_at),
            changed=changed,
            outcome=outcome,
            message=message,
        )

    def failed(
        self, key: Key, due_at: datetime | None, outcome: str, message: str
    ) -> None:
        """A visit failed; try again at `due_at`, or give up where there is none."""
        state: State = "due" if due_at else "given_up"
        self._execute_on(
            key,
            sql.FAILED,
            state=state,
            due_at=stamp(due_at) if due_at else "",
            outcome=outcome,
            message=message[:_MESSAGE_CHARS],
        )

    def drop_after(self, kind: Kind, item: int, pages: int) -> None:
        """Forget pages that a thread or board no longer has."""
        thing = Key(kind, item)
        self._execute_on(thing, sql.DROP_AFTER, pages=pages)

    def note_board(self, key: Key, fid: int) -> None:
        """The board that a thread's own page names: that of all its pages."""
        self._execute_on(key, sql.SET_FID, fid=fid)

    def fingerprints(self, tids: Iterable[int]) -> Mapping[int, str]:
        """What board pages last said of those threads that are known: tid → fingerprint."""
        wanted = json.dumps(list(tids))
        return dict(self._execute(sql.MARKS, tids=wanted))

    def window_fingerprints(self, windows: Collection[Key]) -> Mapping[Key, str]:
        """What threads' pages said of those windows that are known when they were last asked
        for."""
        if not windows:
            return {}
        pids = json.dumps([key.item for key in windows])
        rows = self._execute(sql.WINDOW_MARKS, pids=pids)
        return {Key(kind, item, page): mark for kind, item, page, mark in rows}

    def mark(self, key: Key) -> str:
        """What is noted of a page; empty where nothing is."""
        row = self._execute_on(key, sql.MARK).fetchone()
        return str(row[0]) if row else ""

    def set_mark(self, key: Key, mark: str) -> None:
        """Note something of a page: of a board's first one how far back its pages were ever
        walked through."""
        self._execute_on(key, sql.SET_MARK, mark=mark)

    def was_read(self, key: Key) -> bool:
        """Whether a visit of a page ever brought something new: there is something of it here."""
        rows = self._execute_on(key, sql.WAS_READ)
        return rows.fetchone() is not None

    def boards(self) -> list[int]:
        """Boards that are known and not refused."""
        return [fid for (fid,) in self._execute(sql.BOARDS)]

    def reopen(self, key: Key, now: datetime) -> None:
        """Have a page visited as if its last visit had not been."""
        self._execute_on(key, sql.REOPEN, now=stamp(now))

    def whole_since(self, tid: int, pages: int) -> str | None:
        """The time since which every page of a thread has been visited; None where one has
        not been."""
        rows = self._execute(sql.WHOLE, tid=tid, pages=pages)
        count, oldest = rows.fetchone()
        return oldest if count == pages else None

    def sweep(self, now: datetime, scope: Scope) -> int:
        """Order every known thread page to be visited again, unless an earlier sweep is
        under way; how many. Where kept pages are lost, every known page of any kind."""
        if self._execute(sql.SWEEP_UNDER_WAY).fetchone():
            return 0

        (has_lost,) = self._execute(sql.HAS_LOST).fetchone()
        condition, items = in_scope(scope)
        query = f"{sql.SWEEP_DONE} {condition}"
        return self._execute(query, now=stamp(now), all=has_lost, **items).rowcount

    def retry(self, now: datetime, *, refused: bool = False, reason: str = "") -> int:
        """Put given-up pages (and refused ones) back, and those that wait for another try;
        how many. `reason`: only those given up for it."""
        which = "(state = 'given_up' OR (state = 'due' AND due_at > :now))"
        if refused:
            which = f"({which} OR outcome = 'refused')"
        if reason:
            which = f"{which} AND outcome = :reason"
        query = f"{sql.RETRY} AND {which}"
        return self._execute(query, now=stamp(now), reason=reason).rowcount

    def _add(self, page: DiscoveredPage, now: str) -> int:
        fingerprint = page.listing_fingerprint
        is_new = self._execute_on(
            page.key,
            sql.INSERT,
            priority=page.priority,
            now=now,
            fid=page.fid,
            tid=page.tid,
            mark=fingerprint or "",
        ).rowcount
        if is_new:
            return 1

        if fingerprint is not None:
            self._execute_on(page.key, sql.SET_MARK, mark=fingerprint)
        if not page.again:
            return 0

        moved = 0
        for key in self._known(page):
            moved += self._set_due(key, page, now)
        return moved

    def _known(self, page: DiscoveredPage) -> list[Key]:
        """The known pages that are to be visited again."""
        key = page.key
        if page.last:
            rows = self._execute_on(key, sql.LAST_PAGE)
        elif page.all:
            rows = self._execute_on(key, sql.PAGES)
        else:
            return [key]
        return [Key(key.kind, key.item, number) for (number,) in rows]

    def _set_due(self, key: Key, page: DiscoveredPage, now: str) -> int:
        """Have a known page visited again, or sooner where it is due already; 0 where
        nothing changes by it."""
        if page.named:
            self._execute_on(key, sql.NOW, now=now)
        pulled = self._execute_on(key, sql.PULL_FORWARD, priority=page.priority)
        if pulled.rowcount:
            return 1
        return self._execute_on(
            key,
            sql.SET_DUE,
            priority=page.priority,
            even_refused=page.even_refused,
            now=now,
            began=self._began,
        ).rowcount

    def _due(
        self, state: State, priority: int, most: int, now: datetime, scope: Scope
    ) -> Iterator[QueuedPage]:
        condition, items = in_scope(scope)
        order = _DOWNWARDS if priority in _NEWEST_FIRST else _UPWARDS
        rows = self._execute(
            f"{sql.TAKE} {condition} ORDER BY {order} LIMIT :most",
            state=state,
            priority=priority,
            now=stamp(now),
            most=most,
            **items,
        )
        for kind, item, page, fid, tries, tid in rows:
            key = Key(kind, item, page)
            yield QueuedPage(key, fid, tries, tid)

    def _execute(self, query: str, **values: object) -> sqlite3.Cursor:
        """Execute a statement on this forum's rows."""
        values["site_id"] = self.site_id
        return self._conn.execute(query, values)

    def _execute_on(self, key: Key, query: str, **values: object) -> sqlite3.Cursor:
        """Execute a statement on a page of this forum, or on the thing that it is a page of."""
        values["kind"] = key.kind
        values["item"] = key.item
        values["page"] = key.page
        return self._execute(query, **values)
