"""An engine that only reads, for as long as one page may take."""

from __future__ import annotations

import time
from typing import Any, Final

from archive.clickhouse.engine import Engine
from archive.clickhouse.remembered import Remembered
from archive.web.source import TooSlowError
from scraper.core.closing import Closing
from scraper.core.errors import StorageError

_TIMEOUT: Final = "TIMEOUT_EXCEEDED"
_LEAST_S: Final = 0.001


class BoundedEngine(Closing):
    """Statements of one page. TooSlowError where they take longer than `limit_s` in all."""

    def __init__(self, engine: Engine, limit_s: float) -> None:
        self._engine = engine
        self._end_s = time.monotonic() + limit_s

    def close(self) -> None:
        """Leave the engine to other pages."""

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables, and of the columns of posts."""
        return self._engine.tables

    @property
    def memory(self) -> Remembered:
        """What was counted, for a minute."""
        return self._engine.memory

    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        """The rows of a SELECT."""
        left_s = self._end_s - time.monotonic()
        if left_s < _LEAST_S:
            raise TooSlowError
        try:
            return self._engine.rows(
                sql,
                **settings,
                max_execution_time=round(left_s, 3),
            )
        except StorageError as error:
            if _TIMEOUT in str(error):
                raise TooSlowError from error
            raise

    def run(self, sql: str) -> None:
        """Pages change nothing."""
        raise StorageError(f"pages only read: {sql}")

    def insert(self, table: str, batch: Any) -> None:
        """Pages change nothing."""
        raise StorageError(f"pages only read: {table}")
