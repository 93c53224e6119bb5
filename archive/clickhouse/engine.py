"""ClickHouse in this process or on a server, as the rest of the package asks it: statements,
rows, and Arrow tables to insert."""

from __future__ import annotations

import json
import threading
from abc import abstractmethod
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from archive.clickhouse import literals
from archive.clickhouse.address import Folder, Server, read_address
from archive.clickhouse.remembered import Remembered
from scraper.core.closing import Closing
from scraper.core.errors import InputError, StorageError

_NEEDS: Final = "pip install 'discuz-archive[cluster]' brings it"
_ROWS: Final = "JSONCompactEachRow"
_SETTINGS: Final = {
    "output_format_json_quote_64bit_integers": 0,
    "max_query_size": 16_000_000,
    "distributed_foreground_insert": 1,
    "lightweight_deletes_sync": 2,
    "mutations_sync": 2,
}
"""Numbers stay numbers; lists of names may be long; what is loaded or deleted is there, on all
nodes, when the statement ends."""
_LONGEST_SEARCH_S: Final = 20
_FIRST_LINE_CHARS: Final = 300


class Engine(AbstractContextManager["Engine"], Protocol):
    """Runs statements. Errors of the engine are StorageErrors with its own words."""

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables that there were when this was first asked, and of the
        columns of posts, as `posts.text`."""

    @property
    def memory(self) -> Remembered:
        """What was counted over the whole index, for a minute."""

    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        """The rows of a SELECT; numbers, strings, lists, None. `settings` of the engine hold
        for this statement."""

    def run(self, sql: str) -> None:
        """A statement that changes something, done when this returns."""

    def insert(self, table: str, batch: Any) -> None:
        """Add an Arrow table's rows to the columns that bear its names."""


def connect(address: str, *, create: bool = False) -> Engine:
    """Open an index; `create` makes the folder of one that is not there. InputError where
    the address means nothing or leads to no folder, or a library is missing, StorageError
    where nobody answers."""
    place = read_address(address)
    if isinstance(place, Folder):
        return _InProcess(place, create=create)
    return _OnServer(place)


class _Connection(Closing):
    """What an engine keeps between statements."""

    @abstractmethod
    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        """The rows of a SELECT."""

    @cached_property
    def tables(self) -> frozenset[str]:
        found = self.rows(
            """SELECT name FROM system.tables WHERE database = currentDatabase()
            UNION ALL SELECT concat('posts.', name) FROM system.columns
            WHERE database = currentDatabase() AND table = 'posts'"""
        )
        return frozenset(name for (name,) in found)

    @cached_property
    def memory(self) -> Remembered:
        return Remembered()


class _InProcess(_Connection):
    """chdb: the engine in this process, one folder a process at a time."""

    def __init__(self, place: Folder, *, create: bool) -> None:
        try:
            from chdb import session
        except ImportError as error:
            raise InputError(f"chdb:// needs chdb; {_NEEDS}") from error
        path = Path(place.path)
        if not create and not path.is_dir():
            raise InputError(f"{path}: no such folder; `corpus index` makes an index")
        try:
            path.mkdir(
                parents=True,
                exist_ok=True,
            )
            opened: Any = session.Session
            self._session = opened(str(path))
        except Exception as error:
            raise StorageError(f"{path}: {_words_of(error)}") from error
        self._turn = threading.Lock()
        for name, value in _SETTINGS.items():
            self._ask(f"SET {name} = {value}")

    def close(self) -> None:
        """Let go of the engine."""
        self._session.close()

    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        if settings:
            listed = (f"{name} = {value}" for name, value in settings.items())
            sql = f"{sql} SETTINGS {', '.join(listed)}"
        found = str(self._ask(sql, _ROWS))
        return [json.loads(line) for line in found.split("\n") if line]

    def run(self, sql: str) -> None:
        self._ask(sql)

    def insert(self, table: str, batch: Any) -> None:
        names = _names(batch)
        # chdb finds `batch` by its name in this frame
        with self._turn:
            _said(
                self._session.query,
                f"INSERT INTO {table} ({names}) SELECT {names} FROM Python(batch)",
            )

    def _ask(self, *words: str) -> Any:
        with self._turn:
            return _said(self._session.query, *words)


class _OnServer(_Connection):
    """A server, through clickhouse-connect."""

    def __init__(self, place: Server) -> None:
        try:
            import clickhouse_connect
        except ImportError as error:
            raise InputError(
                f"clickhouse:// needs clickhouse-connect; {_NEEDS}"
            ) from error
        try:
            self._client = clickhouse_connect.get_client(
                host=place.host,
                port=place.port,
                username=place.user,
                password=place.password,
                database=place.database,
                secure=place.is_secure,
                autogenerate_session_id=False,  # several readers at once
            )
        except Exception as error:
            raise StorageError(f"{place.shown}: {_words_of(error)}") from error

    def close(self) -> None:
        """Let go of the engine."""
        self._client.close()

    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        found = _said(
            self._client.raw_query,
            sql,
            fmt=_ROWS,
            settings={
                **_SETTINGS,
                "max_execution_time": _LONGEST_SEARCH_S,
                **settings,
            },
        )
        lines = found.decode("utf-8").split("\n")
        return [json.loads(line) for line in lines if line]

    def run(self, sql: str) -> None:
        _said(
            self._client.command,
            sql,
            settings=_SETTINGS,
        )

    def insert(self, table: str, batch: Any) -> None:
        _said(
            self._client.insert_arrow,
            table,
            batch,
        )


def _names(batch: Any) -> str:
    return ", ".join(map(literals.name, batch.schema.names))


def _said(call: Any, *words: Any, **settings: Any) -> Any:
    try:
        return call(*words, **settings)
    except Exception as error:
        raise StorageError(f"ClickHouse: {_words_of(error)}") from error


def _words_of(error: Exception) -> str:
    """What went wrong, without the engine's stack."""
    said = str(error).strip() or type(error).__name__
    first_line = said.splitlines()[0]
    return first_line[:_FIRST_LINE_CHARS]
