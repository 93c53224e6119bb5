"""A small archive for the tests of the search: one forum, and posts that say what a test needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.index.writer import catch_up
from archive.schema import open_archive, transaction
from scraper.core.errors import QueryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A post to store; `thread` names its thread, made when first named."""

    text: str = ""
    subject: str = ""
    author: str = "张三"
    posted_at: str | None = "2024-05-01T00:00:00Z"
    thread: str = "主题"
    board: str = "数码"
    floor: int | None = None
    opening: bool = False
    location: str = ""


ROWS = (
    Row(
        text="在淘宝店鋪極速退款的問題，iPhone15手機",
        subject="淘宝极速退",
        opening=True,
        floor=1,
    ),
    Row(
        text="用C++和.NET写的，RTX4090",
        author="李四",
        posted_at="2023-02-01T00:00:00Z",
        floor=2,
    ),
    Row(
        text="一只猫😂\ufe0f，软件",
        author="王五",
        posted_at="2025-01-31T17:00:00Z",
        board="宠物",
        thread="猫",
        floor=1,
    ),
    Row(
        text="猫和狗的手机",
        author="王五",
        posted_at=None,
        board="宠物",
        thread="猫",
        floor=2,
    ),
)


def make_archive(path: Path | str, rows: Iterable[Row] = ()) -> sqlite3.Connection:
    """An archive at `path` (or `:memory:`) with these posts, numbered from 1, indexed."""
    conn: sqlite3.Connection = open_archive(path).conn
    insert(conn, "sites", name="试论坛", base_url="https://bbs.example/")
    with transaction(conn):
        for row in rows:
            add_post(conn, row)
        catch_up(conn)
    return conn


def add_post(conn: sqlite3.Connection, row: Row) -> int:
    """Store a post; not indexed yet. Returns its number."""
    thread = _thread(conn, row)
    pid = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM posts").fetchone()[0]
    return insert(
        conn,
        "posts",
        site_id=1,
        thread_id=thread,
        pid=pid,
        floor=row.floor,
        opening=int(row.opening),
        author=row.author,
        posted_at=row.posted_at,
        location=row.location,
        subject=row.subject,
        text=row.text,
    )


def insert(conn: sqlite3.Connection, table: str, **values: str | int | None) -> int:
    """A row with what matters to a test; other columns that must be filled are empty or 0.
    Returns its number."""
    for _, name, kind, is_needed, default, key in conn.execute(
        f"PRAGMA table_info({table})"
    ):
        if is_needed and default is None and not key:
            values.setdefault(name, 0 if kind == "INTEGER" else "")
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table}({names}) VALUES ({marks})"
    return conn.execute(sql, tuple(values.values())).lastrowid or 0


def _thread(conn: sqlite3.Connection, row: Row) -> int:
    board = _known(conn, "boards", "name", row.board) or insert(
        conn, "boards", site_id=1, fid=_count(conn, "boards") + 1, name=row.board
    )
    return _known(conn, "threads", "title", row.thread) or insert(
        conn,
        "threads",
        site_id=1,
        tid=_count(conn, "threads") + 1,
        board_id=board,
        title=row.thread,
    )


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _known(conn: sqlite3.Connection, table: str, column: str, value: str) -> int:
    row = conn.execute(
        f"SELECT id FROM {table} WHERE {column} = ?", (value,)
    ).fetchone()
    return row[0] if row else 0


def refusal(call: Callable[[], object]) -> str:
    """The message of the QueryError that a call raises; `:` where it raises none."""
    try:
        call()
    except QueryError as error:
        return str(error)
    return ":"
