"""What the search uses of Python's module `sqlite3`, over SQLite in the browser.

It stands there as `sqlite3`, so that the search's own modules run as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

SQLITE_INTERRUPT: Final = 9
_ALL: Final = 500


class Error(Exception):
    """What went wrong; `sqlite_errorcode` as SQLite has it."""

    sqlite_errorcode: int = 1


class DatabaseError(Error):
    """One that SQLite tells."""


class OperationalError(DatabaseError):
    """The same: all that can go wrong here."""


class IntegrityError(DatabaseError):
    """Not here: nothing is written."""


class Cursor:
    """The rows of a statement, each read when it is asked for: a row may be a request."""

    def __init__(self, database: Any, number: int) -> None:
        self._database = database
        self._number = number
        self._is_over = False

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self

    def __next__(self) -> tuple[Any, ...]:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def __del__(self) -> None:
        self.close()

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row; None at the end."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows."""
        found: list[tuple[Any, ...]] = []
        while not self._is_over and len(found) < size:
            answer = self._database.rows(self._number, size - len(found))
            rows, self._is_over = _checked(answer)
            found += [tuple(row) for row in rows]
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        found = []
        while not self._is_over:
            found += self.fetchmany(_ALL)
        return found

    def close(self) -> None:
        """End the statement."""
        if not self._is_over:
            self._is_over = True
            self._database.end(self._number)


class Connection:
    """The one database there is: what `database.mjs` offers."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def execute(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Cursor:
        """Begin a statement."""
        values: Any = list(params)
        if isinstance(params, Mapping):
            values = {f":{name}": value for name, value in params.items()}
        answer = self._database.begin(sql, json.dumps(values))
        (number,) = _checked(answer)
        return Cursor(self._database, number)

    def set_progress_handler(
        self, handler: Callable[[], Any] | None, steps: int
    ) -> None:
        """Have SQLite ask every so many steps whether to stop."""
        self._database.watch(handler, steps if handler else 0)


def connect(_name: str) -> Connection:
    """The database that was opened before."""
    database = import_module("browser_sqlite")
    return Connection(database)


def _checked(answer: str) -> list[Any]:
    """An answer; raises OperationalError where it is an error."""
    found: list[Any] = json.loads(answer)
    if found[0] != 0:
        return found
    _, code, message = found
    error = OperationalError(message)
    error.sqlite_errorcode = code & 0xFF
    raise error
