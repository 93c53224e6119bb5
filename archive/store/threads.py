"""Threads → rows: from their own pages, from board pages, and from pages that print no
number (DESIGN.md, Identity).

A thread without tid is known by its forum, title, author and opening time; a numbered page
takes it over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from archive.store.boards import save_board
from archive.store.identity import COLUMNS, StoredPost, match
from archive.store.layouts import DESKTOP, TOUCH, rank_of
from archive.store.stamps import finer, iso, same_minute
from archive.store.upsert import insert, select, update_row
from scraper.core.records import BoardRow, Post, ThreadPage, ThreadRow

_COUNTERS: Final = frozenset({"views", "rank", "pages"})
_SURE_OF_PAGES: Final = {
    "x": ("closed",)
}  # the icon beside the title; of the rest only a moderator's last deed tells
_SURE_OF_ROWS: Final = dict.fromkeys(
    ("classic6", "classic7"), ("closed", "sticky", "digest")
)
"""Rows of X show the lock only to a reader whose cookie tells of an earlier visit
(forumdisplay, `th.lock`)."""
_BY_TID: Final = "SELECT * FROM threads WHERE site_id = ? AND tid = ?"
UserId: TypeAlias = Callable[[int | None, str], int | None]
Rows: TypeAlias = Sequence[ThreadRow]


def save_page(
    conn: sqlite3.Connection,
    site_id: int,
    page: ThreadPage,
    at: str,
    theme: str,
    opening: Post | None,
    user_id: UserId,
) -> tuple[int, int | None, bool]:
    """A thread page's thread: number of its row, of its board's row, and whether the thread
    is new or changed."""
    rank = rank_of(theme)
    board_id = None
    if page.fid is not None or page.board:
        board_id, _ = save_board(
            conn, site_id, BoardRow(fid=page.fid, name=page.board), at
        )
    observed = (
        _told(page, rank, opening, user_id)
        | {"board_id": board_id}
        | _flags(page, _SURE_OF_PAGES.get(theme, ()))
    )
    row = _find(conn, site_id, page, observed)
    if row is None:
        thread_id = insert(conn, "threads", observed | {"site_id": site_id}, at)
        changed = True
    else:
        thread_id = int(str(row["id"]))
        observed["rank"] = max(rank, int(str(row["rank"])))
        observed["created_at"] = finer(
            _text(row["created_at"]), _text(observed["created_at"])
        )
        changed = _revise(
            conn,
            row,
            observed,
            at,
            newer=_newer(row, at) and rank >= int(str(row["rank"])) - 1,
        )
    _save_lists(conn, thread_id, page)
    return thread_id, board_id, changed


def save_rows(
    conn: sqlite3.Connection,
    site_id: int,
    board_id: int | None,
    rows: Sequence[ThreadRow],
    at: str,
    theme: str,
    user_id: UserId,
) -> int:
    """Threads as a board page or a feed lists them; returns how many are new or changed."""
    full = rank_of(theme) >= TOUCH
    sure = _SURE_OF_ROWS.get(theme, ("sticky", "digest") if full else ())
    return sum(
        _save_row(conn, site_id, board_id, row, at, sure, user_id, full=full)
        for row in rows
    )


def _told(
    page: ThreadPage, rank: int, opening: Post | None, user_id: UserId
) -> dict[str, object]:
    observed: dict[str, object] = {
        "tid": page.tid,
        "title": " ".join(page.title.split()),
        "type": page.type,
        "special": page.special,
        "views": page.views,
        "replies": page.replies,
        "price": page.price,
        "read_level": page.read_level,
        "pages": page.pages if rank == DESKTOP and not page.filtered else None,
        "rank": rank,
        "created_at": None,
        "author": "",
        "user_id": None,
    }
    if opening:
        observed |= {"created_at": iso(opening.posted_at)}
        if not opening.anonymous:
            observed |= {
                "author": opening.author,
                "user_id": user_id(opening.uid, opening.author),
            }
    return observed


def _flags(observed: ThreadPage | ThreadRow, sure: tuple[str, ...]) -> dict[str, int]:
    """What a page says of a thread's state: that it is so or, where the layout is `sure` to
    show it, that it is not."""
    flags = {
        "closed": observed.closed,
        "sticky": observed.sticky,
        "digest": observed.digest,
    }
    return {name: int(is_so) for name, is_so in flags.items() if is_so or name in sure}


def _find(
    conn: sqlite3.Connection,
    site_id: int,
    page: ThreadPage,
    observed: dict[str, object],
) -> dict[str, object] | None:
    if page.tid is None:
        return _by_opening(conn, site_id, observed, "TRUE")
    row = select(conn, _BY_TID, (site_id, page.tid))
    if observed["created_at"] is None or (row and len(str(row["created_at"])) > 10):
        return row
    twin = _by_opening(conn, site_id, observed, "tid IS NULL")
    if row and twin:
        _absorb(conn, int(str(row["id"])), int(str(twin["id"])))
    return row or twin


def _by_opening(
    conn: sqlite3.Connection, site_id: int, observed: dict[str, object], condition: str
) -> dict[str, object] | None:
    """The thread with this title, author and opening time, as far as each is known; None
    where several may be it."""
    query = f"SELECT * FROM threads WHERE site_id = ? AND title = ? AND {condition}"
    cursor = conn.execute(query, (site_id, observed["title"]))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    fitting = [
        row
        for row in rows
        if not (
            row["author"] and observed["author"] and row["author"] != observed["author"]
        )
        and (
            not row["created_at"]
            or not observed["created_at"]
            or same_minute(str(row["created_at"]), _text(observed["created_at"]))
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _absorb(conn: sqlite3.Connection, thread_id: int, twin_id: int) -> None:
    """Two rows turn out to be one thread: posts of the row without tid go to the other,
    those known there go away."""
    query = (
        f"SELECT {COLUMNS} FROM posts WHERE thread_id = ? ORDER BY posted_at, pid, id"
    )
    there = [StoredPost(*row) for row in conn.execute(query, (thread_id,))]
    here = [StoredPost(*row) for row in conn.execute(query, (twin_id,))]
    for row, same in zip(
        here, match(there, [_as_post(row) for row in here]), strict=True
    ):
        if same:
            conn.execute("DELETE FROM posts WHERE id = ?", (row.id,))
    conn.execute(
        "UPDATE posts SET thread_id = ? WHERE thread_id = ?", (thread_id, twin_id)
    )
    conn.execute(
        "UPDATE captures SET thread_id = ? WHERE thread_id = ?", (thread_id, twin_id)
    )
    conn.execute("DELETE FROM threads WHERE id = ?", (twin_id,))


def _as_post(row: StoredPost) -> Post:
    when = datetime.fromisoformat(row.posted_at) if row.posted_at else None
    return Post(
        pid=row.pid,
        author=row.author,
        anonymous=bool(row.anonymous),
        posted_at=when,
        text=row.text,
    )


def _save_row(
    conn: sqlite3.Connection,
    site_id: int,
    board_id: int | None,
    row: ThreadRow,
    at: str,
    sure: tuple[str, ...],
    user_id: UserId,
    *,
    full: bool,
) -> bool:
    if (
        row.moved_to == row.tid
    ):  # 6.0 and 7.x: the pointer has no number of its own, only its target's
        return False
    known = select(conn, _BY_TID, (site_id, row.tid))
    observed: dict[str, object] = {
        "tid": row.tid,
        "title": " ".join(row.title.split()),
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
        "board_id": None if row.sticky else board_id,
    } | _flags(row, sure)  # a sticky thread may belong to another board
    if known is None:
        insert(conn, "threads", observed | {"site_id": site_id}, at)
        return True
    observed["created_at"] = finer(
        _text(known["created_at"]), _text(observed["created_at"])
    )
    if known["rank"]:  # its own page has observed it, and lists cut long titles
        observed["title"] = ""
    # the archiver's lists do not say which threads are another board's, feeds escape names
    # twice
    if not full:
        observed = {
            name: value
            for name, value in observed.items()
            if name in ("created_at", "replies") or not known[name]
        }
    return _revise(conn, known, observed, at, newer=_newer(known, at))


def _revise(
    conn: sqlite3.Connection,
    known: dict[str, object],
    observed: dict[str, object],
    at: str,
    *,
    newer: bool,
) -> bool:
    """As `rows.update_row`; the opening time only ever gets more exact, and that alone is a
    change as well."""
    exact = observed.pop("created_at", None)
    refined = exact is not None and exact != known["created_at"]
    if refined:
        conn.execute(
            "UPDATE threads SET created_at = ? WHERE id = ?", (exact, known["id"])
        )
    return (
        update_row(conn, "threads", known, observed, at, newer=newer, ignored=_COUNTERS)
        or refined
    )


def _save_lists(conn: sqlite3.Connection, thread_id: int, page: ThreadPage) -> None:
    conn.executemany(
        "INSERT OR IGNORE INTO thread_tags VALUES (?, ?)",
        [(thread_id, tag) for tag in page.tags],
    )
    observed = [
        (thread_id, place, field.name, field.value)
        for place, field in enumerate(page.fields, 1)
    ]
    if not observed:
        return
    known = conn.execute(
        "SELECT * FROM thread_fields WHERE thread_id = ? ORDER BY position",
        (thread_id,),
    ).fetchall()
    if observed != known:
        conn.execute("DELETE FROM thread_fields WHERE thread_id = ?", (thread_id,))
        conn.executemany("INSERT INTO thread_fields VALUES (?, ?, ?, ?)", observed)


def _newer(row: dict[str, object], at: str) -> bool:
    return at >= str(row["last_seen_at"])


def _text(value: object) -> str | None:
    return str(value) if value else None
