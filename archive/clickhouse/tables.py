"""Rows of an index as the exported tables have them: columns by their names, times as moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from archive.clickhouse.columns import exported
from archive.clickhouse.index import Index
from archive.export.tables import Column, Values

_POSTS: Final = "posts"


def read_rows(index: Index, table: str, where: str, rest: str = "") -> list[Values]:
    """The rows of a table that fulfil a condition; `rest`: their order and how many."""
    columns = exported(table)
    names = ", ".join(column.name for column in columns)
    rows = index.rows(f"SELECT {names} FROM {named(index, table)} WHERE {where} {rest}")
    return [_values(row, columns) for row in rows]


def named(index: Index, table: str) -> str:
    """A table as it stands behind FROM, of rows that were written again the last one."""
    if table == _POSTS:
        return index.posts
    return f"{index.node.all(table)} FINAL"


def _values(row: Sequence[Any], columns: Sequence[Column]) -> Values:
    pairs = zip(columns, row, strict=True)
    return {column.name: _value(value, column) for column, value in pairs}


def _value(value: Any, column: Column) -> Any:
    if column.kind == "time" and value is not None:
        return datetime.fromisoformat(value)
    if column.kind == "rows":
        return [_values(_cells(each, column), column.columns) for each in value]
    return value


def _cells(value: dict[str, Any], column: Column) -> list[Any]:
    return [value[each.name] for each in column.columns]
