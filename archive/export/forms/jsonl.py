"""JSON, an object a line, with all that hangs on a post within it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import BinaryIO, Final

from archive.export.form import Form
from archive.export.table_form import TableForm
from archive.export.tables import Chunks, Column, Table, Values, written_time

_SCHEMA_VERSION: Final = 1
"""Told in each row, so that `ingest` knows whose it is (`scraper/themes/exported.py`)."""


def _write(table: Table, chunks: Chunks, out: BinaryIO) -> None:
    schema = f"discuz-archive {table.name} {_SCHEMA_VERSION}"
    for rows in chunks:
        for row in rows:
            values = {"schema": schema, **_in_order(row, table.columns)}
            line = json.dumps(values, ensure_ascii=False)
            encoded = line.encode("utf-8", "replace")
            out.write(encoded)
            out.write(b"\n")


def _in_order(row: Values, columns: tuple[Column, ...]) -> Values:
    """A row's values as JSON has them, in the order of the columns."""
    values: Values = {}
    for column in columns:
        value = row[column.name]
        if isinstance(value, datetime):
            value = written_time(value)
        elif column.kind == "rows":
            value = [_in_order(each, column.columns) for each in value]
        values[column.name] = value
    return values


TABLES: Final = TableForm(".jsonl", _write)
FORM: Final = Form(
    summary="JSON, an object a line",
    suffixes=(".jsonl", ".ndjson"),
    write=TABLES.write,
    parts=TABLES.parts,
    needs_posts=False,
)
