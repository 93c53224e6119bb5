"""Statements that are stopped when they do too much, and say so.

Work is bounded, not waiting: the steps of one statement, and the seconds of the processor
that the whole search takes. A disk that is slow, or busy with others, changes no answer
until a reader would have gone away. A statement that is stopped keeps the rows that it gave
up to then; a count that is stopped is no number at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, thread_time
from typing import Any

MAX_STEPS = 2_000_000
"""SQLite's own steps that one statement may take: a tenth of a second or so."""
MAX_CPU_S = 2.0
"""Seconds of the processor that a search may take in all: what FTS5 does within a step is
not counted, and may be much."""
MAX_S = 20.0
"""Seconds that a search may take in all, waiting for the disk included."""
PAGE_CPU_S = 1.0
"""The same of all searches for one page: for its posts, its counts and its proposals. Marking
the words of twenty long posts takes about as long again."""
_STEPS_BETWEEN_LOOKS = 2_000
_ROWS_AT_ONCE = 1_000

Params = Sequence[str | int]
_shared_until_cpu_s: ContextVar[float] = ContextVar("until", default=float("inf"))


@contextmanager
def shared_time(cpu_s: float = PAGE_CPU_S) -> Iterator[None]:
    """All searches in the block take so many seconds of the processor at the most; those that
    come too late are stopped, and say so. The block is for one thread."""
    token = _shared_until_cpu_s.set(thread_time() + cpu_s)
    try:
        yield
    finally:
        _shared_until_cpu_s.reset(token)


@dataclass(slots=True)
class Statement:
    """A statement as it was run. `rows` are those that were read of its answer; `number` is
    that answer where it is one number."""

    sql: str
    params: Params = ()
    rows: int = 0
    number: int | None = None
    steps: int = 0
    was_stopped: bool = False


class BoundedConnection:
    """A connection for one search. Used as a context: within it, no statement runs for ever.

    `was_stopped` tells whether rows are missing from an answer because their statement was
    stopped; `is_late`, whether its time was over then. `log`, where given, receives every
    statement.
    """

    def __init__(
        self, conn: sqlite3.Connection, log: list[Statement] | None = None
    ) -> None:
        self.conn = conn
        self.was_stopped = False
        self.is_late = False
        self._log = log
        self._until_s = float("inf")
        self._until_cpu_s = float("inf")
        self._running = Statement("")

    def __enter__(self) -> BoundedConnection:
        self._until_s = monotonic() + MAX_S
        own_s = thread_time() + MAX_CPU_S
        self._until_cpu_s = min(own_s, _shared_until_cpu_s.get())
        self._watch()
        return self

    def __exit__(self, *error: object) -> None:
        self.conn.set_progress_handler(None, 0)

    @property
    def is_spent(self) -> bool:
        """Whether the search has had its time: who asks leaves the rest of the work out, and
        the answer is said to be stopped. For work that is none of SQLite's."""
        if monotonic() > self._until_s:
            self.is_late = True
        is_spent = self.is_late or thread_time() > self._until_cpu_s
        self.was_stopped = self.was_stopped or is_spent
        return is_spent

    @contextmanager
    def unbounded(self) -> Iterator[sqlite3.Connection]:
        """The bare connection, for statements of which each is known to be short."""
        self.conn.set_progress_handler(None, 0)
        try:
            yield self.conn
        finally:
            self._watch()

    def rows(self, sql: str, params: Params = ()) -> Iterator[Any]:
        """The rows of a statement one by one, up to where it was stopped.

        Others may run between two of them: each is counted by itself.
        """
        statement = self._begin(sql, params)
        try:
            for row in self.conn.execute(sql, params):
                statement.rows += 1
                yield row
                self._running = statement
        except sqlite3.OperationalError as error:
            self._raise_unless_stopped(statement, error)
            self.was_stopped = True

    def all_rows(self, sql: str, params: Params = ()) -> list[Any]:
        """The rows of a statement, up to where it was stopped."""
        statement = self._begin(sql, params)
        found: list[Any] = []
        try:
            cursor = self.conn.execute(sql, params)
            while batch := cursor.fetchmany(_ROWS_AT_ONCE):
                found += batch
        except sqlite3.OperationalError as error:
            self._raise_unless_stopped(statement, error)
            self.was_stopped = True
        statement.rows = len(found)
        return found

    def by_ids(self, sql: str, ids: list[int], params: Params = ()) -> list[Any]:
        """The rows of `sql`, which ends in IN, for these numbers."""
        in_list = f"{sql} (SELECT value FROM json_each(?))"
        return self.all_rows(in_list, (*params, str(ids)))

    def first(self, sql: str, params: Params = ()) -> Any | None:
        """The first row of a statement; None where there is none, or it was stopped before.

        This does not set `was_stopped`: whoever asks says what the missing row means.
        """
        statement = self._begin(sql, params)
        try:
            row = self.conn.execute(sql, params).fetchone()
        except sqlite3.OperationalError as error:
            self._raise_unless_stopped(statement, error)
            return None
        statement.rows = 1 if row else 0
        return row

    def number(self, sql: str, params: Params = ()) -> int | None:
        """The one number that a statement counts, 0 for NULL; None where it was stopped
        before it could, as in `first`."""
        row = self.first(sql, params)
        if row is None:
            return None
        self._running.number = int(row[0] or 0)
        return self._running.number

    def count(self, select: str, params: Params, limit: int) -> int | None:
        """How many rows a statement has, up to a limit; None where it was stopped."""
        return self.number(f"SELECT count(*) FROM ({select} LIMIT {limit})", params)

    def _begin(self, sql: str, params: Params) -> Statement:
        statement = Statement(sql, params)
        self._running = statement
        if self._log is not None:
            self._log.append(statement)
        return statement

    def _raise_unless_stopped(
        self, statement: Statement, error: sqlite3.OperationalError
    ) -> None:
        """Raise an error of SQLite's that is not our own stop of this statement."""
        is_interrupt = error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
        if not (statement.was_stopped and is_interrupt):
            raise error

    def _watch(self) -> None:
        self.conn.set_progress_handler(self._look, _STEPS_BETWEEN_LOOKS)

    def _look(self) -> bool:
        """Called by SQLite now and then; true stops the statement that is running."""
        running = self._running
        running.steps += _STEPS_BETWEEN_LOOKS
        if monotonic() > self._until_s:
            self.is_late = True
        is_too_much = running.steps > MAX_STEPS or thread_time() > self._until_cpu_s
        if is_too_much or self.is_late:
            running.was_stopped = True
        return running.was_stopped
