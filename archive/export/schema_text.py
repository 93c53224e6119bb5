"""The columns of exported tables as they are described in the README."""

from __future__ import annotations

from collections.abc import Iterator

from archive.export.table_others import TABLES
from archive.export.tables import Column, Table


def schema_text() -> str:
    """The tables as Markdown: every column with its kind and its meaning."""
    sections = []
    for table in TABLES:
        lines = _section(table)
        sections.append("\n".join(lines))
    return "\n\n".join(sections)


def _section(table: Table) -> Iterator[str]:
    yield f"### `{table.name}`: {table.meaning}"
    yield ""
    yield "| column | kind | meaning |"
    yield "|---|---|---|"
    for column in table.columns:
        yield f"| `{column.name}` | {column.kind} | {_meaning(column)} |"


def _meaning(column: Column) -> str:
    if not column.columns:
        return column.meaning
    within = ", ".join(f"`{each.name}`" for each in column.columns)
    return f"{column.meaning}: {within}"
