"""Short statements on a bare connection: one value, or one column."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any


def fetch_value(conn: sqlite3.Connection, sql: str, *params: str | int) -> Any:
    """The first value of the first row; None where there is none."""
    row = conn.execute(sql, params).fetchone()
    return row[0] if row else None


def fetch_column(
    conn: sqlite3.Connection, sql: str, *params: str | int
) -> Iterator[Any]:
    """The first value of each row."""
    for row in conn.execute(sql, params):
        yield row[0]
