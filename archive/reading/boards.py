"""Reads boards: one, those above it, those below it, and a forum's whole tree."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.reading.forums import Holdings, HoldingsByBoard
from archive.reading.lookup import MissingError
from archive.reading.rows import fetch_one
from archive.reading.thread_lists import ThreadSummary, newest_thread_of_board

MAX_DEPTH: Final = 10
"""Boards above a board are followed so far: a forum may state a circle."""

_BOARD: Final = """
SELECT id, site_id, fid, parent_id, category, name, description, threads, posts,
  moderators, gone_at IS NOT NULL
FROM boards
"""


@dataclass(frozen=True, slots=True)
class Board:
    """A board; `threads` and `posts` are what the forum states."""

    id: int
    site_id: int
    fid: int | None
    parent_id: int | None
    category: str
    name: str
    description: str
    threads: int | None
    posts: int | None
    moderators: str
    is_gone: int


@dataclass(frozen=True, slots=True)
class BoardNode:
    """A board in the tree: what of it is here (None: nothing, or not counted yet), its
    newest thread, and its sub-boards."""

    board: Board
    here: Holdings | None
    newest: ThreadSummary | None
    children: tuple[BoardNode, ...] = ()


def get_board(conn: sqlite3.Connection, board_id: int) -> Board:
    """One board, by its row. Raises MissingError where there is none."""
    row = fetch_one(conn, f"{_BOARD} WHERE id = ?", board_id)
    if row is None:
        raise MissingError("board")
    return Board(*row)


def board_with_ancestors(conn: sqlite3.Connection, board_id: int | None) -> list[Board]:
    """A board with those above it, the topmost first; none for None."""
    found: list[Board] = []
    seen: set[int] = set()
    next_id = board_id
    while next_id is not None and len(found) < MAX_DEPTH:
        if next_id in seen:
            break
        seen.add(next_id)
        board = get_board(conn, next_id)
        found.append(board)
        next_id = board.parent_id
    found.reverse()
    return found


def boards_of_forum(conn: sqlite3.Connection, forum_id: int) -> list[Board]:
    """All boards of a forum, in the order of their rows."""
    return _list(conn, "site_id = ?", forum_id)


def board_tree(
    conn: sqlite3.Connection, forum_id: int, holdings: HoldingsByBoard
) -> dict[str, list[BoardNode]]:
    """A forum's boards by category, in the order of their rows, sub-boards within their
    boards."""
    boards = boards_of_forum(conn, forum_id)
    known = {board.id for board in boards}

    by_category: dict[str, list[BoardNode]] = {}
    for board in boards:
        if board.parent_id in known:
            continue
        node = _node(conn, board, boards, holdings)
        of_category = by_category.setdefault(board.category, [])
        of_category.append(node)
    return by_category


def sub_boards(
    conn: sqlite3.Connection, board_id: int, holdings: HoldingsByBoard
) -> list[BoardNode]:
    """The boards right below a board, without those further down."""
    nodes = []
    for board in _list(conn, "parent_id = ?", board_id):
        if board.id == board_id:
            continue
        node = _node(conn, board, (), holdings)
        nodes.append(node)
    return nodes


def _list(conn: sqlite3.Connection, where: str, value: int) -> list[Board]:
    sql = f"{_BOARD} WHERE {where} ORDER BY id"
    rows = conn.execute(sql, (value,))
    return [Board(*row) for row in rows]


def _node(
    conn: sqlite3.Connection,
    board: Board,
    boards: Sequence[Board],
    holdings: HoldingsByBoard,
) -> BoardNode:
    children = []
    for other in boards:
        is_below = other.parent_id == board.id
        if not is_below or other.id == board.id:
            continue
        child = _node(conn, other, boards, holdings)
        children.append(child)

    place = board.site_id, board.id
    return BoardNode(
        board=board,
        here=holdings.get(place),
        newest=newest_thread_of_board(conn, board.id),
        children=tuple(children),
    )
