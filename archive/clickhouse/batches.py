"""Rows of exported tables as Arrow tables that an index takes: with the runs of their words,
and names folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from archive.clickhouse.columns import TITLE
from archive.export.tables import Column
from archive.index.fold import normalise
from archive.index.segment import row_runs

_FOLDED_OF: Final = {
    "threads": ("title",),
    "boards": ("name",),
    "users": ("name",),
    "sites": ("site", "base_url"),
}
"""Which texts are looked for in any characters, by table."""
NAMED: Final = ("author", "location")
"""Columns of posts whose names may be written in other characters."""


def with_runs(batch: Any, columns: Sequence[Column]) -> Any:
    """Posts with the runs of their words."""
    texts = batch.column("text").to_pylist()
    subjects = batch.column("subject").to_pylist()
    quotes = batch.column("quotes").to_pylist()
    runs = []
    title_runs = []
    for text, subject in zip(texts, subjects, strict=True):
        title = row_runs(subject or "")
        runs.append(f" {row_runs(text or '')} {TITLE} {title} ")
        title_runs.append(f" {title} " if title else "")
    quote_runs = [_quote_runs(each) for each in quotes]
    made = plain(batch, columns)
    made = made.append_column("runs", pa.array(runs, pa.string()))
    made = made.append_column("title_runs", pa.array(title_runs, pa.string()))
    return made.append_column("quote_runs", pa.array(quote_runs, pa.string()))


def _quote_runs(quotes: Sequence[dict[str, Any]] | None) -> str:
    if not quotes:
        return ""
    text = "\n".join(each["text"] or "" for each in quotes)
    return f" {row_runs(text)} "


def with_folded(batch: Any, table: str, columns: Sequence[Column]) -> Any:
    """Rows of another table with what their names fold to."""
    folded = []
    texts = [batch.column(name).to_pylist() for name in _FOLDED_OF[table]]
    for row in zip(*texts, strict=True):
        name = "\n".join(each or "" for each in row)
        folded.append(normalise(name))
    made = plain(batch, columns)
    return made.append_column("folded", pa.array(folded, pa.string()))


def plain(batch: Any, columns: Iterable[Column]) -> Any:
    """The same with nothing missing where an index has no place for that."""
    for column in columns:
        at = batch.schema.get_field_index(column.name)
        values = batch.column(at)
        if column.kind == "text" and values.null_count:
            batch = batch.set_column(
                at,
                column.name,
                pc.fill_null(values, ""),
            )
        elif column.kind == "flag" and values.null_count:
            batch = batch.set_column(
                at,
                column.name,
                pc.fill_null(values, False),
            )
    return batch


def names_of(batch: Any) -> Any:
    """The different authors and locations of posts, and what they fold to."""
    kinds = []
    folded = []
    names = []
    for kind in NAMED:
        for name in pc.unique(batch.column(kind)).to_pylist():
            if not name:
                continue
            kinds.append(kind)
            names.append(name)
            folded.append(normalise(name))
    return pa.table(
        {
            "kind": pa.array(kinds, pa.string()),
            "folded": pa.array(folded, pa.string()),
            "name": pa.array(names, pa.string()),
        }
    )
