"""Reads forums, boards and lists of threads. Boards have numbered pages; lists of members
go on from a key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from archive.web import paths
from archive.web.ask import MissingError
from archive.web.cache import PATIENCE_S, kept

PAGE_ROWS: Final = 50

_FORUM = """SELECT s.id, s.name, s.base_url, s.software, s.utc_offset_minutes, s.first_seen_at, s.last_seen_at
  FROM sites s"""
_BOARDS = """SELECT b.id, b.site_id, b.fid, b.parent_id, b.category, b.name, b.description, b.threads, b.posts,
  b.moderators, b.gone_at IS NOT NULL FROM boards b"""
_HERE = """SELECT t.site_id, t.board_id, count(*), coalesce(sum(n), 0) FROM threads t
  LEFT JOIN (SELECT thread_id, count(*) AS n FROM posts GROUP BY 1) p ON p.thread_id = t.id GROUP BY 1, 2"""
_NEWEST = """SELECT t.id FROM threads t WHERE t.board_id = ? AND t.moved_to IS NULL
  ORDER BY coalesce(t.last_post_at, t.created_at, '') DESC LIMIT 1"""
_THREAD = """SELECT t.id, t.site_id, t.tid, t.board_id, t.title, t.type, t.special, t.author, u.uid, t.created_at,
  t.replies, t.views, t.last_post_at, t.last_author, t.sticky, t.digest, t.closed, t.moved_to,
  t.gone_at IS NOT NULL, {key} FROM threads t LEFT JOIN users u ON u.id = t.user_id"""
SORTS: Final[dict[str, str]] = {
    "reply": "coalesce(t.last_post_at, t.created_at, '')",
    "start": "coalesce(t.created_at, '')",
    "replies": "coalesce(t.replies, 0)",
    "views": "coalesce(t.views, 0)",
}  # as in the indexes of 004_web.sql, to the letter
FILTERS: Final[dict[str, str]] = {
    "all": "1",
    "digest": "t.digest",
    "poll": "t.special = 'poll'",
    "reward": "t.special = 'reward'",
    "activity": "t.special = 'activity'",
    "trade": "t.special = 'trade'",
    "debate": "t.special = 'debate'",
    "gone": "t.gone_at IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum of the file."""

    id: int
    name: str
    base_url: str
    software: str
    utc_offset_minutes: int
    first_seen_at: str
    last_seen_at: str

    @property
    def path(self) -> str:
        """Its board tree."""
        return paths.forum(self.id)

    @property
    def title(self) -> str:
        """Its name, else its address."""
        return self.name or self.base_url


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in a list. `key`: its place in the order that was asked for."""

    id: int
    site_id: int
    tid: int | None
    board_id: int | None
    title: str
    type: str
    special: str
    author: str
    uid: int | None
    created_at: str | None
    replies: int | None
    views: int | None
    last_post_at: str | None
    last_author: str
    sticky: int
    digest: int
    closed: int
    moved_to: int | None
    is_gone: int
    key: str | int

    @property
    def path(self) -> str:
        """Where it is read: for a pointer, where the thread was moved to."""
        return paths.thread(self.site_id, self.moved_to or self.tid, self.id)

    @property
    def author_path(self) -> str:
        """The author's page; empty for an anonymous one."""
        return person(self.site_id, self.uid, self.author)


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

    @property
    def path(self) -> str:
        """Its threads."""
        return paths.item("board", self.site_id, self.fid, self.id)


@dataclass(frozen=True, slots=True)
class Here:
    """How much is in the file."""

    threads: int
    posts: int


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board in the tree: what of it is here (None: nothing, or not counted yet), and its
    newest thread."""

    board: Board
    here: Here | None
    newest: ThreadLine | None
    children: tuple[BoardLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Threads:
    """A page of a list. `next_key` is that of the last row where more follow, in lists that
    have no numbered pages."""

    rows: tuple[ThreadLine, ...]
    next_key: str = ""
    page: int = 1


def person(site: int, uid: int | None, name: str) -> str:
    """The page of an author; empty where nobody is named."""
    if uid is not None:
        return paths.item("user", site, uid)
    return paths.author(site, name) if name else ""


def forums(conn: sqlite3.Connection) -> list[Forum]:
    """All forums of the file."""
    return [Forum(*row) for row in conn.execute(f"{_FORUM} ORDER BY s.id")]


def forum(conn: sqlite3.Connection, number: str | int) -> Forum:
    """One forum. MissingError where there is none of that number."""
    row = conn.execute(f"{_FORUM} WHERE s.id = ?", (int(number),)).fetchone()
    if row is None:
        raise MissingError("no_forum")
    return Forum(*row)


def row_of(
    conn: sqlite3.Connection, table: str, column: str, site: int, number: str
) -> int:
    """The row of a board, thread, post or user that an address names. MissingError where
    there is none."""
    key, value = ("id", number[1:]) if number.startswith("~") else (column, number)
    row = conn.execute(
        f"SELECT id FROM {table} WHERE site_id = ? AND {key} = ?", (site, int(value))
    ).fetchone()
    if row is None:
        raise MissingError(f"no_{table[:-1]}")
    return int(row[0])


def board(conn: sqlite3.Connection, row: int) -> Board:
    """One board, by its row."""
    return Board(*conn.execute(f"{_BOARDS} WHERE b.id = ?", (row,)).fetchone())


def ancestors(conn: sqlite3.Connection, row: int | None) -> list[Board]:
    """A board with those above it, the topmost first."""
    found: list[Board] = []
    while (
        row is not None and len(found) < 10 and row not in {each.id for each in found}
    ):
        found.insert(0, board(conn, row))
        row = found[0].parent_id
    return found


def tree(conn: sqlite3.Connection, site: int) -> dict[str, list[BoardLine]]:
    """A forum's boards by category, in the order of their numbers, sub-boards within their
    boards."""
    boards = [
        Board(*row)
        for row in conn.execute(f"{_BOARDS} WHERE b.site_id = ? ORDER BY b.id", (site,))
    ]
    known = {each.id for each in boards}
    grouped: dict[str, list[BoardLine]] = {}
    for each in boards:
        if each.parent_id not in known:
            grouped.setdefault(each.category, []).append(_line(conn, each, boards))
    return grouped


def children(conn: sqlite3.Connection, row: int) -> list[BoardLine]:
    """The sub-boards of a board."""
    boards = [
        Board(*each)
        for each in conn.execute(
            f"{_BOARDS} WHERE b.parent_id = ? ORDER BY b.id", (row,)
        )
    ]
    return [_line(conn, each, ()) for each in boards if each.id != row]


def totals(conn: sqlite3.Connection, site: int) -> Here | None:
    """What of a forum is here; None while it is being counted for the first time."""
    counted = [each for (of_site, _), each in here(conn).items() if of_site == site]
    return (
        Here(sum(each.threads for each in counted), sum(each.posts for each in counted))
        if counted
        else None
    )


def here(
    conn: sqlite3.Connection, patience_s: float = PATIENCE_S
) -> dict[tuple[int, int | None], Here]:
    """What is in the file, by forum and board; as `cache.kept` has it."""

    def count(own: sqlite3.Connection) -> dict[tuple[int, int | None], Here]:
        return {
            (site, board): Here(threads, posts)
            for site, board, threads, posts in own.execute(_HERE)
        }

    return kept(conn, "here", count, {}, patience_s)


def threads_of_board(
    conn: sqlite3.Connection, row: int, sort: str, show: str, page: int
) -> tuple[Threads, int]:
    """A page of a board's threads, and how many pages there are; on the first those that
    are kept on top go first.

    Ids are counted off in an index that holds nothing else: ten thousand are a millisecond.
    """
    key = SORTS[sort]
    order = f"ORDER BY {key} DESC, t.id DESC"
    if show == "all":
        count = conn.execute(
            "SELECT count(*) FROM threads WHERE board_id = ?", (row,)
        ).fetchone()[0]
        page = min(page, max(1, -(-count // PAGE_ROWS)))
        sql = f"SELECT t.id FROM threads t WHERE t.board_id = ? {order} LIMIT {PAGE_ROWS} OFFSET ?"
        ids = [each[0] for each in conn.execute(sql, (row, (page - 1) * PAGE_ROWS))]
    else:
        fit = f"SELECT id FROM threads t INDEXED BY threads_by_kind WHERE board_id = ? AND {FILTERS[show]}"
        sql = f"SELECT t.id FROM threads t WHERE t.id IN ({fit}) {order}"
        found = [each[0] for each in conn.execute(sql, (row,))]
        count = len(found)
        page = min(page, max(1, -(-count // PAGE_ROWS)))
        ids = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    if page == 1 and sort == "reply" and show == "all":
        on_top = "SELECT t.id FROM threads t WHERE t.board_id = ? AND t.sticky"
        sticky = [
            each[0] for each in conn.execute(f"{on_top} {order} LIMIT 20", (row,))
        ]
        ids = [*sticky, *(each for each in ids if each not in sticky)]
    sql = f"{_THREAD.format(key='0')} WHERE t.id IN (SELECT value FROM json_each(?))"
    lines = {each[0]: ThreadLine(*each) for each in conn.execute(sql, (str(ids),))}
    return Threads(tuple(lines[each] for each in ids), page=page), max(
        1, -(-count // PAGE_ROWS)
    )


def threads_of_user(conn: sqlite3.Connection, user: int, after: str) -> Threads:
    """Threads that a member opened, newest first."""
    return _listed(conn, "t.user_id = ?", (user,), SORTS["start"], after)


def threads_by_name(conn: sqlite3.Connection, site: int, name: str) -> Threads:
    """The newest threads under a name that no number is known of."""
    return _listed(
        conn,
        "t.site_id = ? AND t.author = ? AND t.user_id IS NULL",
        (site, name),
        SORTS["start"],
        "",
    )


def _listed(
    conn: sqlite3.Connection, where: str, params: tuple[Any, ...], key: str, after: str
) -> Threads:
    value, _, number = after.rpartition("~")
    condition = "1"
    more: tuple[str | int, ...] = ()
    if number.isdecimal():
        condition = f"({key}, t.id) < (?, ?)"
        more = (int(value) if value.isdecimal() else value, int(number))
    sql = f"{_THREAD.format(key=key)} WHERE {where} AND {condition} ORDER BY {key} DESC, t.id DESC LIMIT ?"
    rows = tuple(
        ThreadLine(*row) for row in conn.execute(sql, (*params, *more, PAGE_ROWS + 1))
    )
    shown = rows[:PAGE_ROWS]
    return Threads(
        shown, f"{shown[-1].key}~{shown[-1].id}" if len(rows) > PAGE_ROWS else ""
    )


def _line(conn: sqlite3.Connection, each: Board, boards: Iterable[Board]) -> BoardLine:
    newest = conn.execute(_NEWEST, (each.id,)).fetchone()
    line = (
        newest
        and conn.execute(
            f"{_THREAD.format(key='0')} WHERE t.id = ?", (newest[0],)
        ).fetchone()
    )
    below = tuple(
        _line(conn, one, boards) for one in boards if one.parent_id == each.id != one.id
    )
    return BoardLine(
        each,
        here(conn).get((each.site_id, each.id)),
        ThreadLine(*line) if line else None,
        below,
    )
