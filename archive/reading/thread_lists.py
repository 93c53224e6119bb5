"""Reads lists of threads: of a board in numbered pages, of a member from a key on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from archive.reading.lookup import split_key
from archive.reading.rows import fetch_column, fetch_number, fetch_one

PAGE_ROWS: Final = 50
"""Threads on a page of a list."""
MAX_STICKY: Final = 20
"""So many threads that a board keeps on top are shown before the others."""

SORTS: Final[dict[str, str]] = {
    "reply": "coalesce(t.last_post_at, t.created_at, '')",
    "start": "coalesce(t.created_at, '')",
    "replies": "coalesce(t.replies, 0)",
    "views": "coalesce(t.views, 0)",
}
"""What threads can be sorted by: as in the indexes of 004_web.sql, to the letter."""
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
"""What a board's threads can be narrowed to."""

Days: TypeAlias = tuple[str, str]
"""From a time (stored form) to before another."""
_YEARS: Final = f"""
SELECT substr(min(begun), 1, 4), substr(max(begun), 1, 4) FROM (
  SELECT {SORTS["start"]} AS begun FROM threads t
  WHERE t.board_id = ? AND {SORTS["start"]} > ''
)
"""

_THREAD: Final = """
SELECT t.id, t.site_id, t.tid, t.board_id, t.title, t.type, t.special, t.author, u.uid,
  t.created_at, t.replies, t.views, t.last_post_at, t.last_author, t.sticky, t.digest,
  t.closed, t.moved_to, t.gone_at IS NOT NULL, {key}
FROM threads t LEFT JOIN users u ON u.id = t.user_id
"""
_BY_ROW: Final = f"""
{_THREAD.format(key=0)} WHERE t.id IN (SELECT value FROM json_each(?))
"""
_NEWEST: Final = f"""
SELECT t.id FROM threads t WHERE t.board_id = ? AND t.moved_to IS NULL
ORDER BY {SORTS["reply"]} DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread in a list. `moved_to` is the tid that a pointer leads to; `key` the thread's
    place in the order that was asked for."""

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


@dataclass(frozen=True, slots=True)
class ThreadList:
    """A page of a list. A board's list has numbered pages, `page` of `pages`; a member's
    goes on from `next_key`, which is empty at the end."""

    threads: tuple[ThreadSummary, ...]
    page: int = 1
    pages: int = 1
    next_key: str = ""


def page_count(rows: int, rows_on_page: int) -> int:
    """How many pages hold so many rows; an empty list has one page."""
    pages = -(-rows // rows_on_page)
    return max(1, pages)


def threads_of_board(
    conn: sqlite3.Connection,
    board_id: int,
    *,
    sort: str = "reply",
    show: str = "all",
    days: Days | None = None,
    page: int = 1,
) -> ThreadList:
    """A page of a board's threads. `sort` is a key of SORTS, `show` one of FILTERS, `days`
    when they were begun; a page past the end is the last. On the first page of the plain
    list those kept on top go first.
    """
    order = f"ORDER BY {SORTS[sort]} DESC, t.id DESC"
    is_all = show == "all" and days is None
    is_plain = sort == "reply" and is_all

    if is_all:
        ids, page, pages = _page_of_all(conn, board_id, order, page)
    else:
        matching, params = _matching(board_id, show, days)
        ids, page, pages = _page_of_some(conn, matching, params, order, page)

    if is_plain and page == 1:
        sticky = _sticky(conn, board_id, order)
        others = [each for each in ids if each not in sticky]
        ids = sticky + others

    return ThreadList(
        load_threads(conn, ids),
        page=page,
        pages=pages,
    )


def threads_of_user(
    conn: sqlite3.Connection, user_id: int, after: str = ""
) -> ThreadList:
    """Threads that a member opened, newest first, behind the key `after`."""
    where = "t.user_id = ?"
    return _list_from(conn, where, (user_id,), after)


def threads_by_name(conn: sqlite3.Connection, forum_id: int, name: str) -> ThreadList:
    """The newest threads under a name that no number is known of."""
    where = "t.site_id = ? AND t.author = ? AND t.user_id IS NULL"
    return _list_from(conn, where, (forum_id, name), after="")


def years_of_board(conn: sqlite3.Connection, board_id: int) -> list[int]:
    """The years from a board's first thread to its last, the last one first."""
    row = fetch_one(conn, _YEARS, board_id)
    if row is None or not row[0]:
        return []
    first, last = map(int, row)
    return list(range(last, first - 1, -1))


def newest_thread_of_board(
    conn: sqlite3.Connection, board_id: int
) -> ThreadSummary | None:
    """The thread with the latest post, pointers to moved threads aside."""
    newest = fetch_one(conn, _NEWEST, board_id)
    if newest is None:
        return None
    (thread,) = load_threads(conn, newest)
    return thread


def _page_of_all(
    conn: sqlite3.Connection, board_id: int, order: str, page: int
) -> tuple[list[int], int, int]:
    """The rows of a page of all threads, its number, and how many pages there are.

    Rows are counted off in an index that holds nothing else: ten thousand are a
    millisecond.
    """
    count_sql = "SELECT count(*) FROM threads WHERE board_id = ?"
    count = fetch_number(conn, count_sql, board_id)
    pages = page_count(count, PAGE_ROWS)
    page = min(page, pages)

    sql = f"""
    SELECT t.id FROM threads t WHERE t.board_id = ? {order}
    LIMIT {PAGE_ROWS} OFFSET ?
    """
    offset = (page - 1) * PAGE_ROWS
    ids = fetch_column(conn, sql, board_id, offset)
    return ids, page, pages


def _matching(
    board_id: int, show: str, days: Days | None
) -> tuple[str, tuple[int | str, ...]]:
    """SQL for the rows of the threads that filters leave, by the index that leaves fewest."""
    if days is None:
        sql = f"""
        SELECT id FROM threads t INDEXED BY threads_by_kind
        WHERE board_id = ? AND {FILTERS[show]}
        """
        return sql, (board_id,)
    sql = f"""
    SELECT id FROM threads t INDEXED BY threads_by_start
    WHERE board_id = ? AND {SORTS["start"]} >= ? AND {SORTS["start"]} < ?
      AND {FILTERS[show]}
    """
    return sql, (board_id, *days)


def _page_of_some(
    conn: sqlite3.Connection,
    matching: str,
    params: tuple[int | str, ...],
    order: str,
    page: int,
) -> tuple[list[int], int, int]:
    """The same of the few threads that filters leave."""
    sql = f"SELECT t.id FROM threads t WHERE t.id IN ({matching}) {order}"
    found = fetch_column(conn, sql, *params)
    pages = page_count(len(found), PAGE_ROWS)
    page = min(page, pages)

    end = page * PAGE_ROWS
    ids = found[end - PAGE_ROWS : end]
    return ids, page, pages


def _sticky(conn: sqlite3.Connection, board_id: int, order: str) -> list[int]:
    sql = f"""
    SELECT t.id FROM threads t WHERE t.board_id = ? AND t.sticky
    {order} LIMIT {MAX_STICKY}
    """
    return fetch_column(conn, sql, board_id)


def load_threads(
    conn: sqlite3.Connection, ids: Sequence[int]
) -> tuple[ThreadSummary, ...]:
    """Threads by their rows, in this order."""
    by_id = {}
    wanted = str(list(ids))
    rows = conn.execute(_BY_ROW, (wanted,))
    for row in rows:
        thread = ThreadSummary(*row)
        by_id[thread.id] = thread
    threads = [by_id[each] for each in ids]
    return tuple(threads)


def _list_from(
    conn: sqlite3.Connection, where: str, params: tuple[Any, ...], after: str
) -> ThreadList:
    """The threads that a condition names, newest first, behind a key `time~row`."""
    key = SORTS["start"]
    behind = split_key(after)
    if behind is not None:
        where += f" AND ({key}, t.id) < (?, ?)"
        params += behind

    select = _THREAD.format(key=key)
    order = f"{key} DESC, t.id DESC"
    sql = f"{select} WHERE {where} ORDER BY {order} LIMIT {PAGE_ROWS + 1}"
    rows = conn.execute(sql, params)
    found = [ThreadSummary(*row) for row in rows]
    shown = found[:PAGE_ROWS]
    if len(found) <= PAGE_ROWS:
        return ThreadList(tuple(shown))
    last = shown[-1]
    return ThreadList(tuple(shown), next_key=f"{last.key}~{last.id}")
