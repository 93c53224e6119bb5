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
from archive.index.row_words import rows_runs

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
    texts = _runs_of(batch, "text")
    titles = _runs_of(batch, "subject")
    runs = [
        f" {text} {TITLE} {title} " for text, title in zip(texts, titles, strict=True)
    ]
    title_runs = [_apart(title) for title in titles]
    quotes = batch.column("quotes").to_pylist()
    quoted = rows_runs([_quoted_text(each) for each in quotes])
    quote_runs = [_apart(each) for each in quoted]
    made = plain(batch, columns)
    made = made.append_column("runs", pa.array(runs, pa.string()))
    made = made.append_column("title_runs", pa.array(title_runs, pa.string()))
    return made.append_column("quote_runs", pa.array(quote_runs, pa.string()))


def _runs_of(batch: Any, name: str) -> list[str]:
    texts = batch.column(name).to_pylist()
    return rows_runs([text or "" for text in texts])


def _apart(runs: str) -> str:
    """Runs between blanks, so that each can be looked for as ` run `."""
    return f" {runs} " if runs else ""


def _quoted_text(quotes: Sequence[dict[str, Any]] | None) -> str:
    return "\n".join(each["text"] or "" for each in quotes or ())


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
