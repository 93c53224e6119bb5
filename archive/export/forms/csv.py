"""CSV for spreadsheets: flat tables, in which nothing is run as a formula."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from datetime import datetime
from typing import BinaryIO, Final

from archive.export.form import Form
from archive.export.table_form import TableForm
from archive.export.tables import Chunks, Table, written_time
from archive.plain import cell


def _write(table: Table, chunks: Chunks, out: BinaryIO) -> None:
    names = [column.name for column in table.columns if not column.is_nested]
    # without it Excel reads the encoding of Windows, and Chinese as rubbish
    out.write(BOM_UTF8)
    text = io.TextIOWrapper(
        out,
        encoding="utf-8",
        errors="replace",
        newline="",
    )
    writer = csv.writer(text)
    writer.writerow(names)
    for rows in chunks:
        for row in rows:
            cells = [_cell(row[name]) for name in names]
            writer.writerow(cells)
    text.flush()
    text.detach()


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return written_time(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell(value)


TABLES: Final = TableForm(".csv", _write)
FORM: Final = Form(
    summary="CSV for spreadsheets",
    suffixes=(".csv",),
    write=TABLES.write,
    parts=TABLES.parts,
    needs_posts=False,
)
