"""Rows that a later page adds to: insert or update, never emptying a column, newer
statements over older ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Row: TypeAlias = dict[str, object]
"""A row by its column names."""

_HOUR_CHARS: Final = len("2013-01-12T00")


def select_all(
    conn: sqlite3.Connection, query: str, values: Sequence[object]
) -> list[Row]:
    """The rows that a query finds."""
    cursor = conn.execute(query, values)
    return [_by_name(cursor, row) for row in cursor]


def select(
    conn: sqlite3.Connection, query: str, values: Sequence[object]
) -> Row | None:
    """The first row that a query finds; None where it finds none."""
    cursor = conn.execute(query, values)
    row = cursor.fetchone()
    return _by_name(cursor, row) if row else None


def insert(
    conn: sqlite3.Connection,
    table: str,
    observed: Mapping[str, object],
    at: str,
    capture_id: int | None = None,
) -> int:
    """Write a new row, seen first and last at a time, in a capture; returns its number.
    Empty values are left to the defaults."""
    values: Row = {"first_seen_at": at, "last_seen_at": at}
    if capture_id is not None:
        values["last_capture_id"] = capture_id
    for name, value in observed.items():
        if value is not None and value != "":
            values[name] = value
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    query = f"INSERT INTO {table}({columns}) VALUES ({places})"
    cursor = conn.execute(query, values)
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
    capture_id: int | None = None,
) -> bool:
    """Update a row with what a page tells, and the times it was seen; True where more than
    `ignored` columns changed.

    `capture_id`: of the page, for tables that have `last_capture_id`.

    `hourly`: being seen again within the hour is not written down, for rows that every page
    speaks of.
    """
    changes = changed_columns(stored, observed, newer=newer)
    gone_at = stored.get("gone_at")
    if gone_at and at > str(gone_at):
        changes["gone_at"] = None
    may_wait = hourly and not changes
    seen = _seen_times(stored, at, hourly=may_wait)
    if capture_id is not None:
        is_told = bool(changes) or "last_seen_at" in seen
        if is_told or _is_later_of_second(stored, at, capture_id):
            seen["last_capture_id"] = capture_id
    write(conn, table, changes | seen, stored["id"])
    return not ignored.issuperset(changes)


def write(
    conn: sqlite3.Connection,
    table: str,
    values: Mapping[str, object],
    row_id: object,
) -> None:
    """Write some columns of a row; nothing where there are none."""
    if not values:
        return
    columns = ", ".join(f"{name} = ?" for name in values)
    query = f"UPDATE {table} SET {columns} WHERE id = ?"
    conn.execute(query, (*values.values(), row_id))


def changed_columns(
    stored: Mapping[str, object], observed: Mapping[str, object], *, newer: bool
) -> Row:
    """The columns to write: what is observed and was not stored, and, from a newer page,
    what is observed otherwise. An empty value never empties a column."""
    return {
        name: value
        for name, value in observed.items()
        if value != stored[name] and is_change(stored[name], value, newer=newer)
    }


def is_change(stored: object, observed: object, *, newer: bool) -> bool:
    """Whether one observed value is to be written over the stored one."""
    if _is_empty(observed) or observed == stored:
        return False
    return newer or _is_empty(stored)


def is_newer(
    at: str, capture_id: int | None, last_at: object, last_capture_id: object
) -> bool:
    """Whether a page is as new as what was seen last, or newer. Of two captures of one
    second, the one that was kept later is: so both can be read again in any order."""
    if at != last_at:
        return at > str(last_at)
    if capture_id is None or not isinstance(last_capture_id, int):
        return True
    return capture_id >= last_capture_id


def _is_later_of_second(stored: Mapping[str, object], at: str, capture_id: int) -> bool:
    last_id = stored["last_capture_id"]
    if at != stored["last_seen_at"] or not isinstance(last_id, int):
        return False
    return capture_id > last_id


def _seen_times(stored: Mapping[str, object], at: str, *, hourly: bool) -> Row:
    first = str(stored["first_seen_at"])
    last = str(stored["last_seen_at"])
    seen: Row = {}
    if at < first:
        seen["first_seen_at"] = at
    is_same_hour = at[:_HOUR_CHARS] == last[:_HOUR_CHARS]
    if at > last and not (hourly and is_same_hour):
        seen["last_seen_at"] = at
    return seen


def _by_name(cursor: sqlite3.Cursor, row: Sequence[object]) -> Row:
    names = [column[0] for column in cursor.description]
    return dict(zip(names, row, strict=True))


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value is False
