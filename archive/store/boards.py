"""Boards as index and board pages list them → rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from archive.store.upsert import insert, select, update_row
from scraper.core.records import BoardRow

_COUNTERS: Final = frozenset({"threads", "posts"})


def save_board(
    conn: sqlite3.Connection, site_id: int, board: BoardRow, at: str
) -> tuple[int, bool]:
    """The number of a board's row, and whether it is new or changed. Counters alone are no
    change."""
    observed = {
        "fid": board.fid,
        "name": board.name,
        "category": board.category,
        "category_fid": board.category_fid,
        "threads": board.threads,
        "posts": board.posts,
        "description": board.description,
        "moderators": ", ".join(board.moderators),
        "parent_id": _parent(conn, site_id, board.parent_fid, at),
    }
    row = _find(conn, site_id, board)
    if row is None:
        return insert(conn, "boards", observed | {"site_id": site_id}, at), True
    newer = at >= str(row["last_seen_at"])
    return int(str(row["id"])), update_row(
        conn, "boards", row, observed, at, newer=newer, ignored=_COUNTERS, hourly=True
    )


def save_boards(
    conn: sqlite3.Connection, site_id: int, boards: Iterable[BoardRow], at: str
) -> int:
    """Write boards; returns how many are new or changed."""
    return sum(save_board(conn, site_id, board, at)[1] for board in boards)


def _parent(
    conn: sqlite3.Connection, site_id: int, fid: int | None, at: str
) -> int | None:
    return (
        save_board(conn, site_id, BoardRow(fid=fid), at)[0] if fid is not None else None
    )


def _find(
    conn: sqlite3.Connection, site_id: int, board: BoardRow
) -> dict[str, object] | None:
    """By number; a board without one, or one known so far without one, by name."""
    if board.fid is not None:
        query = "SELECT * FROM boards WHERE site_id = ? AND fid = ?"
        if row := select(conn, query, (site_id, board.fid)):
            return row
        query = "SELECT * FROM boards WHERE site_id = ? AND name = ? AND name <> '' AND fid IS NULL"
        return select(conn, query, (site_id, board.name))
    query = "SELECT * FROM boards WHERE site_id = ? AND name = ? ORDER BY fid IS NULL LIMIT 1"
    return select(conn, query, (site_id, board.name))
