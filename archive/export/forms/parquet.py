"""Parquet (zstd) for DuckDB, pandas and Polars: typed columns, sorted by forum, thread and
number, with all that hangs on a post within its row."""

from __future__ import annotations

from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.export.arrow_tables import groups, schema_of
from archive.export.form import Form
from archive.export.job import Job
from archive.export.table_form import TableForm
from archive.export.tables import Table

_SORTED_BY: Final = ("site_id", "tid", "pid")


def _write(table: Table, job: Job, out: BinaryIO) -> None:
    schema = schema_of(table.columns)
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
        for rows in groups(table.rows(job)):
            group = pa.Table.from_pylist(rows, schema)
            writer.write_table(group)


_TABLES: Final = TableForm(".parquet", _write)
FORM: Final = Form(
    summary="Parquet (zstd)",
    suffixes=(".parquet",),
    write=_TABLES.write,
    parts=_TABLES.parts,
    needs_posts=False,
)
