"""The files of one part of a merged corpus: one a table, and one of what could not be stored."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from archive.corpus.merge_forums import MergedRows
from archive.corpus.numbers import FORUM
from archive.corpus.outputs import Output
from archive.export.arrow_tables import is_group, schema_of
from archive.export.table_others import TABLES
from archive.export.tables import Column, Values

_FORUM: Final = Column(
    FORUM,
    "text",
    "name of the forum: its host and folder",
)
_PROBLEM: Final = (
    Column("url", "text", "address of the page"),
    Column("reason", "text", "why it, or something of it, could not be stored"),
)


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a merged table: those of an export's, and the forum's name."""
    for each in TABLES:
        if each.name == table:
            return (_FORUM, *each.columns)
    return (_FORUM, *_PROBLEM)


class MergedFiles:
    """Writes tables into a folder, each file begun with its first rows. A context; `written`
    says what was, once it is left."""

    def __init__(self, out: Output, folder: str) -> None:
        self._out = out
        self._folder = folder
        self._attempt = uuid.uuid4().hex[:12]
        self._open = ExitStack()
        self._files: dict[str, _TableFile] = {}
        self.written: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._open.__exit__(
                kind,
                error,
                trace,
            )
            return
        with self._open:
            for file in self._files.values():
                file.flush()
        for table, file in self._files.items():
            self.written.append({"table": table, "file": file.name, "rows": file.rows})

    def write(self, merged: MergedRows) -> None:
        """Write rows of a table."""
        file = self._files.get(merged.table)
        if file is None:
            file = self._begin(merged.table)
        file.write(merged.rows)

    def _begin(self, table: str) -> _TableFile:
        name = f"{self._folder}/{table}-{self._attempt}.parquet"
        schema = schema_of(columns_of(table))
        stream = self._open.enter_context(self._out.file(name))
        writer = pq.ParquetWriter(
            stream,
            schema,
            compression="zstd",
        )
        self._open.enter_context(writer)
        file = _TableFile(name, schema, writer)
        self._files[table] = file
        return file


class _TableFile:
    """One file, and the rows that are not written yet."""

    def __init__(self, name: str, schema: Any, writer: Any) -> None:
        self.name = name
        self.rows = 0
        self._schema = schema
        self._writer = writer
        self._held: list[Values] = []

    def write(self, rows: list[Values]) -> None:
        self._held += rows
        if is_group(self._held):
            self.flush()

    def flush(self) -> None:
        self.rows += len(self._held)
        group = pa.Table.from_pylist(self._held, self._schema)
        self._writer.write_table(group)
        self._held = []
