"""Short ways to ask SQLite for one row, one value or one column."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]


def columns_of(kind: type, table: str = "") -> str:
    """The fields of a dataclass as SQL, for one that is named like its columns: `id, tid`,
    or `t.id, t.tid` of the table `t`."""
    names = [field.name for field in dataclasses.fields(kind)]
    if table:
        names = [f"{table}.{name}" for name in names]
    return ", ".join(names)


def fetch_one(conn: sqlite3.Connection, sql: str, *params: object) -> Row | None:
    """The first row; None where there is none."""
    cursor = conn.execute(sql, params)
    row: Row | None = cursor.fetchone()
    return row


def fetch_number(conn: sqlite3.Connection, sql: str, *params: object) -> int:
    """The one number that a statement gives, such as a count."""
    cursor = conn.execute(sql, params)
    (number,) = cursor.fetchone()
    return int(number)


def fetch_column(conn: sqlite3.Connection, sql: str, *params: object) -> list[Any]:
    """The first value of each row."""
    cursor = conn.execute(sql, params)
    rows = cursor.fetchall()
    return [row[0] for row in rows]


def fetch_pairs(
    conn: sqlite3.Connection, sql: str, *params: object
) -> tuple[tuple[Any, Any], ...]:
    """Rows of two values, such as names and values."""
    cursor = conn.execute(sql, params)
    rows = cursor.fetchall()
    return tuple(rows)
