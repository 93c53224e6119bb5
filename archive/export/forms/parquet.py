"""Parquet (zstd) for DuckDB, pandas and Polars: typed columns, sorted by forum, thread and
number, with all that hangs on a post within its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.export.form import Form
from archive.export.job import Job
from archive.export.table_form import TableForm
from archive.export.tables import Column, Table, Values

_GROUP_ROWS: Final = 20_000
_GROUP_CHARS: Final = 16_000_000
"""A row group, which a reader reads at once and which is in memory here, has so many rows, or
about so many characters of messages."""
_SORTED_BY: Final = ("site_id", "tid", "pid")
_TYPES: Final = {
    "number": pa.int64(),
    "text": pa.string(),
    "flag": pa.bool_(),
    "share": pa.float64(),
    "time": pa.timestamp("us", tz="UTC"),
    "texts": pa.list_(pa.string()),
}


def _write(table: Table, job: Job, out: BinaryIO) -> None:
    schema = pa.schema([_field(column) for column in table.columns])
    order = [name for name in _SORTED_BY if name in schema.names]
    sorted_by = pq.SortingColumn.from_ordering(
        schema,
        [(name, "ascending") for name in order],
        null_placement="at_end",
    )
    writer = pq.ParquetWriter(
        out,
        schema,
        compression="zstd",
        sorting_columns=sorted_by,
    )
    with writer:
        for rows in _groups(table.rows(job)):
            group = pa.Table.from_pylist(rows, schema)
            writer.write_table(group)


def _field(column: Column) -> Any:
    meaning = {"comment": column.meaning}
    kind = _TYPES.get(column.kind)
    if column.kind == "rows":
        fields = [_field(each) for each in column.columns]
        kind = pa.list_(pa.struct(fields))
    return pa.field(column.name, kind, metadata=meaning)


def _groups(chunks: Iterator[list[Values]]) -> Iterator[list[Values]]:
    """Rows in groups; one at least, so that a table without rows has its columns."""
    group: list[Values] = []
    chars = 0
    for rows in chunks:
        group += rows
        chars += sum(len(row.get("html", "")) for row in rows)
        if len(group) >= _GROUP_ROWS or chars >= _GROUP_CHARS:
            yield group
            group = []
            chars = 0
    yield group


_TABLES: Final = TableForm(".parquet", _write)
FORM: Final = Form(
    summary="Parquet (zstd)",
    suffixes=(".parquet",),
    write=_TABLES.write,
    parts=_TABLES.parts,
    needs_posts=False,
)
