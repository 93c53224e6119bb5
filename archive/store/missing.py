"""What a page shows hanging on a post and is not here yet, added to what is: nothing goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final, TypeAlias

from archive.store import extras
from archive.store.pictures import file_name_of
from scraper.core.records import Post

_Row: TypeAlias = tuple[object, ...]
_Told: TypeAlias = object
"""What tells one row from the others of its post."""

_WHOLE: Final = (("quotes",), ("polls", "poll_options"))


def add_missing(
    conn: sqlite3.Connection, post_id: int, post: Post, *, files_only: bool = False
) -> int:
    """Write what a stored post lacks of a page's attachments, pictures, quotes, links and
    poll; how many rows. `files_only`: no more than attachments and pictures."""
    rows = extras.rows_of(post_id, post)
    added = _add(conn, "attachments", rows["attachments"], _file)
    added += _add(conn, "images", rows["images"], _file_name)
    if files_only:
        return added
    added += _add(conn, "links", rows["links"], _address)
    for tables in _WHOLE:
        added += _add_whole(conn, post_id, [(table, rows[table]) for table in tables])
    return added


def _add_whole(
    conn: sqlite3.Connection, post_id: int, tables: list[tuple[str, list[_Row]]]
) -> int:
    """Write the rows of some tables where the first of them has none of the post: layouts
    print parts of one quote in many ways."""
    first, rows = tables[0]
    if not rows or extras.stored_rows(conn, first, post_id):
        return 0
    for table, its_rows in tables:
        extras.insert(conn, table, its_rows)
    return len(rows)


def _add(
    conn: sqlite3.Connection,
    table: str,
    rows: list[_Row],
    told: Callable[[_Row], _Told],
) -> int:
    """Append the rows that are not there yet, numbered on from those that are."""
    if not rows:
        return 0
    post_id = rows[0][0]
    stored = extras.stored_rows(conn, table, post_id)
    known = set(map(told, stored))
    last = max((int(str(row[1])) for row in stored), default=0)
    fresh: list[_Row] = []
    for row in rows:
        if told(row) in known:
            continue
        last += 1
        fresh.append((post_id, last, *row[2:]))
    extras.insert(conn, table, fresh)
    return len(fresh)


def _file(row: _Row) -> _Told:
    aid, name = row[2:4]
    return aid or name


def _file_name(row: _Row) -> _Told:
    """A picture's address may be another: of another host, or of a saved copy's folder."""
    return file_name_of(str(row[2]))


def _address(row: _Row) -> _Told:
    return row[2]
