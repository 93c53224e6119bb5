"""Finds the row behind a number of the forum's, and says what is missing where there is none."""

from __future__ import annotations

import re
import sqlite3
from typing import Final, Literal

from archive.reading.rows import fetch_one
from scraper.core.errors import InputError

Kind = Literal["board", "thread", "post", "user"]
"""What has a number of its own in a forum, besides the forum itself."""

NUMBERED: Final[dict[str, tuple[str, str]]] = {
    "board": ("boards", "fid"),
    "thread": ("threads", "tid"),
    "post": ("posts", "pid"),
    "user": ("users", "uid"),
}
"""Kind → its table, and the column with the forum's number."""


LAST_ROW: Final = 2**63 - 1
_KEY_ROW: Final = re.compile("[0-9]{1,19}")


class MissingError(InputError):
    """The archive has no such thing. `kind` says what is missing: `forum`, `board`,
    `thread`, `post`, `user`, `versions`."""

    def __init__(self, kind: str, message: str = "") -> None:
        message = message or f"the archive has no such {kind}"
        super().__init__(message)
        self.kind = kind


def find_row(
    conn: sqlite3.Connection,
    kind: Kind,
    site_id: int,
    number: int,
) -> int | None:
    """The row (`id`) of what has this number in the forum; None where it is not here."""
    table, column = NUMBERED[kind]
    sql = f"SELECT id FROM {table} WHERE site_id = ? AND {column} = ?"
    row = fetch_one(conn, sql, site_id, number)
    return row[0] if row else None


def has_row(conn: sqlite3.Connection, kind: Kind, site_id: int, row_id: int) -> bool:
    """Whether the forum has this row: for what was captured without a number."""
    table, _ = NUMBERED[kind]
    sql = f"SELECT 1 FROM {table} WHERE site_id = ? AND id = ?"
    return fetch_one(conn, sql, site_id, row_id) is not None


def split_key(key: str) -> tuple[str, int] | None:
    """`2024-05-01T00:00:00Z~17`, where a list goes on: behind that time and row. None for
    what is no key."""
    time, _, row = key.rpartition("~")
    if not _KEY_ROW.fullmatch(row):
        return None
    number = int(row)
    return (time, number) if number <= LAST_ROW else None
