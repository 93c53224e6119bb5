"""Rows that a later page adds to: insert or update, never emptying a column, newer
statements over older ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence


def select(
    conn: sqlite3.Connection, query: str, values: Sequence[object]
) -> dict[str, object] | None:
    """The first row that a query finds, by column names; None where it finds none."""
    cursor = conn.execute(query, values)
    row = cursor.fetchone()
    return (
        dict(zip((column[0] for column in cursor.description), row, strict=True))
        if row
        else None
    )


def insert(
    conn: sqlite3.Connection, table: str, observed: Mapping[str, object], at: str
) -> int:
    """Write a new row, seen first and last at a time; returns its number. Empty values are
    left to the defaults."""
    values = {
        name: value
        for name, value in observed.items()
        if value is not None and value != ""
    }
    values |= {"first_seen_at": at, "last_seen_at": at}
    marks = ", ".join("?" * len(values))
    cursor = conn.execute(
        f"INSERT INTO {table}({', '.join(values)}) VALUES ({marks})",
        tuple(values.values()),
    )
    return cursor.lastrowid or 0


def update_row(
    conn: sqlite3.Connection,
    table: str,
    stored: Mapping[str, object],
    observed: Mapping[str, object],
    at: str,
    *,
    newer: bool,
    ignored: frozenset[str] = frozenset(),
    hourly: bool = False,
) -> bool:
    """Update a row with what a page tells, and the times it was seen; True where more than
    `ignored` columns changed.

    `hourly`: being seen again within the hour is not written down, for rows that every page speaks of.
    """
    changes = changed_columns(stored, observed, newer=newer)
    if stored.get("gone_at") and at > str(stored["gone_at"]):
        changes["gone_at"] = None
    seen = {}
    first, last = str(stored["first_seen_at"]), str(stored["last_seen_at"])
    if at < first:
        seen["first_seen_at"] = at
    if at > last and (changes or not hourly or at[:13] != last[:13]):
        seen["last_seen_at"] = at
    if changes or seen:
        columns = ", ".join(f"{name} = ?" for name in (*changes, *seen))
        conn.execute(
            f"UPDATE {table} SET {columns} WHERE id = ?",
            (*changes.values(), *seen.values(), stored["id"]),
        )
    return not ignored.issuperset(changes)


def changed_columns(
    stored: Mapping[str, object], observed: Mapping[str, object], *, newer: bool
) -> dict[str, object]:
    """The columns to write: what is observed and was not stored, and, from a newer page,
    what is observed otherwise. An empty value never empties a column."""
    changes = {}
    for name, value in observed.items():
        if _is_empty(value) or value == stored[name]:
            continue
        if newer or _is_empty(stored[name]):
            changes[name] = value
    return changes


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value is False
