"""Boards as index and board pages list them → rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from archive.store.upsert import Row, insert, is_newer, select, update_row
from scraper.core.records import BoardRow

_COUNTERS: Final = frozenset({"threads", "posts"})
_BY_FID: Final = "SELECT * FROM boards WHERE site_id = ? AND fid = ?"
_NUMBERLESS_BY_NAME: Final = """
  SELECT * FROM boards WHERE site_id = ? AND name = ? AND name <> '' AND fid IS NULL"""
_BY_NAME: Final = """
  SELECT * FROM boards WHERE site_id = ? AND name = ? ORDER BY fid IS NULL LIMIT 1"""


def save_board(
    conn: sqlite3.Connection,
    site_id: int,
    board: BoardRow,
    at: str,
    capture_id: int | None = None,
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
        "parent_id": _parent(conn, site_id, board.parent_fid, at, capture_id),
    }
    row = _find(conn, site_id, board)
    if row is None:
        observed["site_id"] = site_id
        return insert(conn, "boards", observed, at, capture_id), True
    newer = is_newer(at, capture_id, row["last_seen_at"], row["last_capture_id"])
    changed = update_row(
        conn,
        "boards",
        row,
        observed,
        at,
        newer=newer,
        ignored=_COUNTERS,
        hourly=True,
        capture_id=capture_id,
    )
    return int(str(row["id"])), changed


def save_boards(
    conn: sqlite3.Connection,
    site_id: int,
    boards: Iterable[BoardRow],
    at: str,
    capture_id: int | None = None,
) -> int:
    """Write boards; returns how many are new or changed."""
    count = 0
    for board in boards:
        _, changed = save_board(conn, site_id, board, at, capture_id)
        count += changed
    return count


def _parent(
    conn: sqlite3.Connection,
    site_id: int,
    fid: int | None,
    at: str,
    capture_id: int | None,
) -> int | None:
    if fid is None:
        return None
    board_id, _ = save_board(conn, site_id, BoardRow(fid=fid), at, capture_id)
    return board_id


def _find(conn: sqlite3.Connection, site_id: int, board: BoardRow) -> Row | None:
    """By number; a board without one, or one stored so far without one, by name."""
    by_name = (site_id, board.name)
    if board.fid is None:
        return select(conn, _BY_NAME, by_name)
    by_fid = (site_id, board.fid)
    row = select(conn, _BY_FID, by_fid)
    return row or select(conn, _NUMBERLESS_BY_NAME, by_name)
