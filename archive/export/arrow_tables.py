"""Exported tables as Arrow has them: the types of their columns, and rows in groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

from archive.export.tables import Column, Values

_GROUP_ROWS: Final = 20_000
_GROUP_CHARS: Final = 16_000_000
"""A row group, which a reader reads at once and which is in memory here, has so many rows, or
about so many characters of messages."""
_TYPES: Final = {
    "number": pa.int64(),
    "text": pa.string(),
    "flag": pa.bool_(),
    "share": pa.float64(),
    "time": pa.timestamp("us", tz="UTC"),
    "texts": pa.list_(pa.string()),
}


def schema_of(columns: Sequence[Column]) -> Any:
    """The Arrow schema of a table; each column says what it means."""
    return pa.schema([_field(column) for column in columns])


def _field(column: Column) -> Any:
    meaning = {"comment": column.meaning}
    kind = _TYPES.get(column.kind)
    if column.kind == "rows":
        fields = [_field(each) for each in column.columns]
        kind = pa.list_(pa.struct(fields))
    return pa.field(column.name, kind, metadata=meaning)


def groups(chunks: Iterator[list[Values]]) -> Iterator[list[Values]]:
    """Rows in groups; one at least, so that a table without rows has its columns."""
    group: list[Values] = []
    for rows in chunks:
        group += rows
        if is_group(group):
            yield group
            group = []
    yield group


def is_group(rows: Sequence[Values]) -> bool:
    """Whether so many rows are enough for a group."""
    if len(rows) >= _GROUP_ROWS:
        return True
    return sum(len(row.get("html", "")) for row in rows) >= _GROUP_CHARS
