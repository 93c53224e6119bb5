"""Threads → rows: from their own pages, from board pages and feeds, and from pages that
print no number.

A thread without tid is known by its forum, title, author and opening time; a numbered page
takes it over (`thread_twins`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from archive.store.boards import save_board
from archive.store.layouts import DESKTOP, TOUCH, rank_of
from archive.store.other_post import AnotherForum
from archive.store.other_thread import another_by_rows, another_by_thread
from archive.store.stamps import finer, iso
from archive.store.thread_fields import save_fields
from archive.store.thread_twins import absorb, by_opening
from archive.store.upsert import Row, insert, is_newer, select, update_row
from scraper.core.records import BoardRow, Post, ThreadPage, ThreadRow

UserId: TypeAlias = Callable[[int | None, str], int | None]
"""The number of the row of a member, by uid and name; None without a uid."""

_COUNTERS: Final = frozenset({"views", "rank", "pages"})
_ALWAYS_SAID: Final = ("created_at", "replies")
_DAY_CHARS: Final = len("2013-01-12")

_CERTAIN_ON_PAGES: Final = {"x": ("closed",)}
"""Flags that a thread's page of a theme shows for certain, by the icon beside the title; of
the others only a moderator's last deed tells."""

_CERTAIN_IN_ROWS: Final = {
    "classic6": ("closed", "sticky", "digest"),
    "classic7": ("closed", "sticky", "digest"),
}
"""The same of a board's rows. Those of X show the lock only to a reader whose cookie tells
of an earlier visit (forumdisplay, `th.lock`)."""
_CERTAIN_IN_FULL_ROWS: Final = ("sticky", "digest")

_BY_TID: Final = "SELECT * FROM threads WHERE site_id = ? AND tid = ?"
_SET_CREATED: Final = "UPDATE threads SET created_at = ? WHERE id = ?"
_INSERT_TAG: Final = """
  INSERT OR IGNORE INTO thread_tags(thread_id, tag) VALUES (?, ?)"""


@dataclass(frozen=True, slots=True)
class SavedThread:
    """A thread page's thread: numbers of its row and of its board's row; whether the thread
    is new or changed. `another_forum`: all that the page says of it is not what is stored."""

    id: int
    board_id: int | None
    changed: bool
    another_forum: AnotherForum | None = None


@dataclass(frozen=True, slots=True)
class ListContext:
    """Where rows of threads are listed: on a board's page, or in a feed (no board).
    `at`: when it was captured, in stored form; `theme`: which parser read it."""

    site_id: int
    board_id: int | None
    at: str
    theme: str
    capture_id: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether the layout says all of a thread: the archiver's lists do not say which
        threads are another board's, feeds escape names twice."""
        return rank_of(self.theme) >= TOUCH

    @property
    def certain_flags(self) -> tuple[str, ...]:
        """Flags that a row without them denies."""
        usual = _CERTAIN_IN_FULL_ROWS if self.is_full else ()
        return _CERTAIN_IN_ROWS.get(self.theme, usual)


def save_page(
    conn: sqlite3.Connection,
    site_id: int,
    page: ThreadPage,
    at: str,
    theme: str,
    opening: Post | None,
    user_id: UserId,
    capture_id: int | None = None,
) -> SavedThread:
    """Write what a thread's own page says of it. `opening`: its first post, where the page
    shows it."""
    rank = rank_of(theme)
    board_id = None
    if page.fid is not None or page.board:
        board = BoardRow(fid=page.fid, name=page.board)
        board_id, _ = save_board(conn, site_id, board, at, capture_id)
    observed = _observed_on_page(page, rank)
    observed["board_id"] = board_id
    observed |= _observed_of_opening(opening, user_id)
    observed |= _flags(page, _CERTAIN_ON_PAGES.get(theme, ()))
    row = _find(conn, site_id, page, observed)
    another = None
    if row is None:
        observed["site_id"] = site_id
        thread_id = insert(conn, "threads", observed, at, capture_id)
        changed = True
    else:
        thread_id = int(str(row["id"]))
        another = another_by_thread(row, observed, at)
        stored_rank = int(str(row["rank"]))
        newer = _is_newer(row, at, capture_id) and rank >= stored_rank - 1
        observed["rank"] = max(rank, stored_rank)
        changed = _update(
            conn,
            row,
            observed,
            at,
            newer=newer,
            capture_id=capture_id,
        )
    tags = [(thread_id, tag) for tag in page.tags]
    conn.executemany(_INSERT_TAG, tags)
    save_fields(conn, thread_id, page.fields, at, rank, capture_id)
    return SavedThread(thread_id, board_id, changed, another)


def save_rows(
    conn: sqlite3.Connection,
    context: ListContext,
    rows: Sequence[ThreadRow],
    user_id: UserId,
) -> int:
    """Write threads as a board page or a feed lists them; returns how many are new or
    changed. AnotherForum where they are not those that are stored."""
    another = another_by_rows(conn, context.site_id, rows, context.at)
    if another:
        raise another
    count = 0
    for row in rows:
        count += _save_row(conn, context, row, user_id)
    return count


def _save_row(
    conn: sqlite3.Connection, context: ListContext, row: ThreadRow, user_id: UserId
) -> bool:
    # 6.0 and 7.x: the pointer of a moved thread has no number but its target's
    if row.moved_to == row.tid:
        return False
    stored = select(conn, _BY_TID, (context.site_id, row.tid))
    observed: Row = {
        "tid": row.tid,
        "title": _one_line(row.title),
        "author": row.author,
        "created_at": iso(row.created_on),
        "replies": row.replies,
        "views": row.views,
        "last_post_at": iso(row.last_post_at),
        "type": row.type,
        "last_author": row.last_author,
        "special": row.special,
        "moved_to": row.moved_to,
        "excerpt": row.excerpt,
        "user_id": user_id(row.uid, row.author),
        # a sticky thread may belong to another board
        "board_id": None if row.sticky else context.board_id,
    }
    observed |= _flags(row, context.certain_flags)
    if stored is None:
        observed["site_id"] = context.site_id
        insert(conn, "threads", observed, context.at, context.capture_id)
        return True
    if stored["rank"]:  # its own page has told it, and lists cut long titles
        observed["title"] = ""
    if not context.is_full:
        observed = _only_additions(stored, observed)
    newer = _is_newer(stored, context.at, context.capture_id)
    return _update(
        conn,
        stored,
        observed,
        context.at,
        newer=newer,
        capture_id=context.capture_id,
    )


def _only_additions(stored: Row, observed: Row) -> Row:
    """What a poor list may say of a stored thread: what was not known, and counts."""
    return {
        name: value
        for name, value in observed.items()
        if name in _ALWAYS_SAID or not stored[name]
    }


def _observed_on_page(page: ThreadPage, rank: int) -> Row:
    is_whole = rank == DESKTOP and not page.filtered
    return {
        "tid": page.tid,
        "title": _one_line(page.title),
        "type": page.type,
        "special": page.special,
        "views": page.views,
        "replies": page.replies,
        "price": page.price,
        "read_level": page.read_level,
        "pages": page.pages if is_whole else None,
        "rank": rank,
    }


def _observed_of_opening(opening: Post | None, user_id: UserId) -> Row:
    observed: Row = {"created_at": None, "author": "", "user_id": None}
    if opening is None:
        return observed
    observed["created_at"] = iso(opening.posted_at)
    if not opening.anonymous:
        observed["author"] = opening.author
        observed["user_id"] = user_id(opening.uid, opening.author)
    return observed


def _flags(observed: ThreadPage | ThreadRow, certain: Sequence[str]) -> dict[str, int]:
    """What a page says of a thread's state: that it is so or, where the layout is certain
    to show it, that it is not."""
    flags = {
        "closed": observed.closed,
        "sticky": observed.sticky,
        "digest": observed.digest,
    }
    said = {}
    for name, is_so in flags.items():
        if is_so or name in certain:
            said[name] = int(is_so)
    return said


def _find(
    conn: sqlite3.Connection, site_id: int, page: ThreadPage, observed: Row
) -> Row | None:
    """The stored thread that a page shows; where a numberless row turns out to be it, too,
    the two become one."""
    if page.tid is None:
        return by_opening(conn, site_id, observed)
    row = select(conn, _BY_TID, (site_id, page.tid))
    if observed["created_at"] is None:
        return row
    if row and _has_exact_time(row):  # its own page was seen before
        return row
    twin = by_opening(conn, site_id, observed, numberless=True)
    if row and twin:
        thread_id = int(str(row["id"]))
        twin_id = int(str(twin["id"]))
        absorb(conn, thread_id, twin_id)
        return select(conn, _BY_TID, (site_id, page.tid))
    return row or twin


def _has_exact_time(row: Row) -> bool:
    return len(str(row["created_at"])) > _DAY_CHARS


def _update(
    conn: sqlite3.Connection,
    stored: Row,
    observed: Row,
    at: str,
    *,
    newer: bool,
    capture_id: int | None,
) -> bool:
    """As `upsert.update_row`; the opening time only ever gets more exact, and that alone is
    a change as well."""
    stored_time = _text(stored["created_at"])
    printed_time = _text(observed.pop("created_at", None))
    exact = finer(stored_time, printed_time)
    is_refined = exact is not None and exact != stored_time
    if is_refined:
        conn.execute(_SET_CREATED, (exact, stored["id"]))
    is_changed = update_row(
        conn,
        "threads",
        stored,
        observed,
        at,
        newer=newer,
        ignored=_COUNTERS,
        capture_id=capture_id,
    )
    return is_changed or is_refined


def _is_newer(row: Row, at: str, capture_id: int | None) -> bool:
    return is_newer(at, capture_id, row["last_seen_at"], row["last_capture_id"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(value: object) -> str | None:
    return str(value) if value else None
