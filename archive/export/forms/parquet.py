"""Parquet (zstd) for DuckDB, pandas and Polars: typed columns, sorted by forum, thread and
number, with all that hangs on a post within its row."""

from __future__ import annotations

from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.export.arrow_tables import groups, schema_of
from archive.export.form import Form
from archive.export.table_form import TableForm
from archive.export.tables import Chunks, Table


def _write(table: Table, chunks: Chunks, out: BinaryIO) -> None:
    schema = schema_of(table.columns)
    order = [name for name in table.sorted_by if name in schema.names]
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
        for rows in groups(chunks):
            group = pa.Table.from_pylist(rows, schema)
            writer.write_table(group)


TABLES: Final = TableForm(".parquet", _write)
FORM: Final = Form(
    summary="Parquet (zstd)",
    suffixes=(".parquet",),
    write=TABLES.write,
    parts=TABLES.parts,
    needs_posts=False,
)
