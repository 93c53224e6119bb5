"""Reads threads out of an index: one, a board's, a member's, and those beside one."""

from __future__ import annotations

from typing import Final, TypeAlias

from archive.clickhouse import literals
from archive.clickhouse.columns import stamp
from archive.clickhouse.index import Index
from archive.clickhouse.tables import named, read_rows
from archive.export.table_records import summary_of
from archive.export.tables import Values
from archive.reading.boards import Board
from archive.reading.lookup import MissingError, split_key
from archive.reading.neighbours import Neighbours
from archive.reading.thread_lists import (
    MAX_STICKY,
    PAGE_ROWS,
    ThreadList,
    ThreadSummary,
    page_count,
)
from archive.web.source import BoardThreads

_STARTED: Final = stamp("created_at")
_REPLIED: Final = f"if(isNull(last_post_at), {_STARTED}, {stamp('last_post_at')})"
SORTS: Final = {
    "reply": _REPLIED,
    "start": _STARTED,
    "replies": "ifNull(replies, 0)",
    "views": "ifNull(views, 0)",
}
"""As `archive.reading.thread_lists` has them."""
FILTERS: Final = {
    "all": "1",
    "digest": "ifNull(digest, 0) != 0",
    "poll": "special = 'poll'",
    "reward": "special = 'reward'",
    "activity": "special = 'activity'",
    "trade": "special = 'trade'",
    "debate": "special = 'debate'",
    "gone": "isNotNull(gone_at)",
}
BoardKey: TypeAlias = tuple[int | None, str]
"""What rows say of their board: its number, or where it has none its name."""
_NO_POINTER: Final = "isNull(moved_to)"
_BY_BOARD: Final = "if(isNull(fid), board, '')"


def key_of(fid: int | None, name: str) -> BoardKey:
    """The key of a board."""
    return (None, name) if fid is None else (fid, "")


def read_thread_row(index: Index, forum_id: int, thread_id: int) -> Values:
    """A thread. Raises MissingError where there is none."""
    where = f"site_id = {forum_id} AND thread_id = {thread_id}"
    rows = read_rows(index, "threads", where)
    if not rows:
        raise MissingError("thread")
    return rows[0]


def find_thread(index: Index, forum_id: int, tid: int) -> int | None:
    """The row of the thread of a number."""
    found = index.one(
        f"""SELECT thread_id FROM {named(index, "threads")}
        WHERE site_id = {forum_id} AND ifNull(tid, -1) = {tid} LIMIT 1"""
    )
    return None if found is None else int(found)


def newest_by_board(index: Index, forum_id: int) -> dict[BoardKey, ThreadSummary]:
    """The thread with the latest post of each board, pointers to moved threads aside."""
    rows = read_rows(
        index,
        "threads",
        f"site_id = {forum_id} AND {_NO_POINTER}",
        f"ORDER BY {_REPLIED} DESC, thread_id DESC LIMIT 1 BY fid, {_BY_BOARD}",
    )
    return {key_of(row["fid"], row["board"]): summary_of(row, None) for row in rows}


def years_of_board(index: Index, board: Board) -> list[int]:
    """The years in which threads were begun, the last one first."""
    rows = index.rows(
        f"""SELECT min(substring({_STARTED}, 1, 4)), max(substring({_STARTED}, 1, 4))
        FROM {named(index, "threads")} WHERE {_of_board(board)} AND {_STARTED} != ''"""
    )
    first, last = rows[0] if rows else ("", "")
    if not first:
        return []
    return list(range(int(last), int(first) - 1, -1))


def threads_of_board(index: Index, board: Board, asked: BoardThreads) -> ThreadList:
    """A page of a board's threads, as `archive.reading.thread_lists` gives it."""
    fitting = f"{_of_board(board)} AND {FILTERS[asked.show]}"
    if asked.days is not None:
        since, until = map(literals.text, asked.days)
        fitting += f" AND {_STARTED} >= {since} AND {_STARTED} < {until}"
    order = f"ORDER BY {SORTS[asked.sort]} DESC, thread_id DESC"
    count = index.one(f"SELECT count() FROM {named(index, 'threads')} WHERE {fitting}")
    pages = page_count(count, PAGE_ROWS)
    page = min(asked.page, pages)
    offset = (page - 1) * PAGE_ROWS
    rest = f"{order} LIMIT {PAGE_ROWS} OFFSET {offset}"
    rows = read_rows(index, "threads", fitting, rest)

    is_plain = asked.sort == "reply" and asked.show == "all" and asked.days is None
    if is_plain and page == 1:
        on_top = f"{fitting} AND ifNull(sticky, 0) != 0"
        sticky = read_rows(index, "threads", on_top, f"{order} LIMIT {MAX_STICKY}")
        ids = {row["thread_id"] for row in sticky}
        rows = sticky + [row for row in rows if row["thread_id"] not in ids]
    threads = [summary_of(row, board.id) for row in rows]
    return ThreadList(tuple(threads), page=page, pages=pages)


def neighbours_of(index: Index, row: Values, board: Board | None) -> Neighbours:
    """The threads before and after one in its board, by last reply."""
    if board is None:
        return Neighbours(None, None)
    others = f"{_of_board(board)} AND {_NO_POINTER}"
    own = f"site_id = {row['site_id']} AND thread_id = {row['thread_id']}"
    key = index.one(f"SELECT {_REPLIED} FROM {named(index, 'threads')} WHERE {own}")
    place = f"({literals.text(key)}, {row['thread_id']})"
    found = []
    for comparison, direction in ((">", ""), ("<", "DESC")):
        rows = read_rows(
            index,
            "threads",
            f"{others} AND ({_REPLIED}, thread_id) {comparison} {place}",
            f"ORDER BY {_REPLIED} {direction}, thread_id {direction} LIMIT 1",
        )
        found.append(summary_of(rows[0], board.id) if rows else None)
    newer, older = found
    return Neighbours(newer, older)


def threads_from(index: Index, where: str, after: str = "") -> ThreadList:
    """The threads that fulfil a condition, newest first, behind a key `time~row`."""
    behind = split_key(after)
    if behind is not None:
        time, thread_id = behind
        where += f" AND ({_STARTED}, thread_id) < ({literals.text(time)}, {thread_id})"
    rest = f"ORDER BY {_STARTED} DESC, thread_id DESC LIMIT {PAGE_ROWS + 1}"
    rows = read_rows(index, "threads", where, rest)
    shown = [_listed(row) for row in rows[:PAGE_ROWS]]
    if len(rows) <= PAGE_ROWS:
        return ThreadList(tuple(shown))
    last = shown[-1]
    return ThreadList(tuple(shown), next_key=f"{last.key}~{last.id}")


def _listed(row: Values) -> ThreadSummary:
    summary = summary_of(row, None)
    return summary_of(row, None, key=summary.created_at or "")


def _of_board(board: Board) -> str:
    here = f"site_id = {board.site_id}"
    if board.fid is None:
        return f"{here} AND isNull(fid) AND board = {literals.text(board.name)}"
    return f"{here} AND fid = {board.fid}"
