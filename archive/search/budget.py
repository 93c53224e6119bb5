"""Statements that are stopped when they take too long: what they gave up to then is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

MAX_STEPS = 2_000_000
"""SQLite's own steps that one statement may take: a tenth of a second or so."""
MAX_S = 2.0
"""Seconds that a search may take in all: what FTS5 does within a step is not counted, and
may be much."""
_STEPS_BETWEEN_LOOKS = 2_000


class BoundedConnection:
    """A connection for one search. Used as a context: within it, no statement runs for ever."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._steps = 0
        self._until_s = 0.0
        self.was_stopped = False

    def __enter__(self) -> BoundedConnection:
        self._until_s = monotonic() + MAX_S
        self._watch()
        return self

    @contextmanager
    def unbounded(self) -> Iterator[sqlite3.Connection]:
        """The bare connection, for statements of which each is known to be short."""
        self.conn.set_progress_handler(None, 0)
        try:
            yield self.conn
        finally:
            self._watch()

    def __exit__(self, *error: object) -> None:
        self.conn.set_progress_handler(None, 0)

    def rows(self, sql: str, params: tuple[str | int, ...] = ()) -> Iterator[Any]:
        """The rows of a statement, up to where it was stopped."""
        try:
            yield from self.conn.execute(sql, params)
        except sqlite3.OperationalError:
            if not self.was_stopped:
                raise

    def by_ids(
        self, sql: str, ids: list[int], params: tuple[str | int, ...] = ()
    ) -> list[Any]:
        """The rows of `sql`, which ends in IN, for these numbers."""
        return list(
            self.rows(f"{sql} (SELECT value FROM json_each(?))", (*params, str(ids)))
        )

    def number(self, sql: str, params: tuple[str | int, ...] = ()) -> int:
        """The one number that a statement gives; 0 where it gives none, or was stopped."""
        return int(next(self.rows(sql, params), (0,))[0] or 0)

    def _watch(self) -> None:
        self.conn.set_progress_handler(self._look, _STEPS_BETWEEN_LOOKS)

    def _look(self) -> bool:
        """Called by SQLite now and then; true stops the statement that is running; in time,
        not those after it."""
        self._steps += _STEPS_BETWEEN_LOOKS
        if is_enough := self._steps > MAX_STEPS or monotonic() > self._until_s:
            self.was_stopped, self._steps = True, 0
        return is_enough
