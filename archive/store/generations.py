"""Forums that were at one address one after the other: a row each, so that one number means
one thing in each of them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection
from typing import Final

from archive.store.other_post import AnotherForum
from archive.store.upsert import Row, insert, select

_log = logging.getLogger(__name__)

BY_ID: Final = "SELECT *, 0 AS printed FROM sites WHERE id = ?"
_REPLACED_BY: Final = "SELECT *, 0 AS printed FROM sites WHERE replaces_id = ?"
_COPIED: Final = ("name", "base_url", "software", "utc_offset_minutes")
_FOLLOW: Final = "UPDATE sites SET replaces_id = ?, began_at = ? WHERE id = ?"
_BEGAN: Final = """
  UPDATE sites SET began_at = ?1 WHERE id = ?2 AND (began_at IS NULL OR began_at > ?1)"""
_LEAVE: Final = "UPDATE sites SET gone_at = ? WHERE id = ?"
_TAKE_PLACE: Final = (
    "UPDATE site_addresses SET site_id = ? WHERE site_id = ?",
    # it is crawled as before, and all of it is still to be found
    "UPDATE crawls SET site_id = ?, begun_at = '' WHERE site_id = ?",
)
_FORGET_VISITS: Final = "DELETE FROM frontier WHERE site_id = ?"
_ALL_GONE: Final = (
    "UPDATE posts SET gone_at = ?1 WHERE site_id = ?2 AND gone_at IS NULL",
    "UPDATE threads SET gone_at = ?1 WHERE site_id = ?2 AND gone_at IS NULL",
    "UPDATE boards SET gone_at = ?1 WHERE site_id = ?2 AND gone_at IS NULL",
)
_GONE_OF_THREAD: Final = (
    """UPDATE posts SET gone_at = (SELECT gone_at FROM sites WHERE id = ?2)
       WHERE thread_id = ?1 AND gone_at IS NULL AND site_id = ?2""",
    """UPDATE threads SET gone_at = (SELECT gone_at FROM sites WHERE id = ?2)
       WHERE id = ?1 AND gone_at IS NULL AND site_id = ?2""",
)


def forum_at(conn: sqlite3.Connection, row: Row, at: str) -> Row:
    """Of the forums that followed one another at an address, of which `row` is the last, the
    one that was there at a time (stored form)."""
    while row["replaces_id"] is not None and at < str(row["began_at"]):
        before = select(conn, BY_ID, (row["replaces_id"],))
        assert before
        row = before
    return row


def other_forum(
    conn: sqlite3.Connection,
    site_id: int,
    at: str,
    another: AnotherForum,
    seen: Collection[int],
) -> int:
    """The forum that was at the address before the one of a row, or came after it: its
    number. It gets a row where there is none, or where that was `seen` to be another one, too.
    `at`: when a page of it was captured."""
    row = select(conn, BY_ID, (site_id,))
    assert row
    if another.is_older:
        conn.execute(_BEGAN, (another.began_at, site_id))
        before_id = row["replaces_id"]
        if isinstance(before_id, int) and before_id not in seen:
            return before_id
        return _insert_before(conn, row, at, another)

    following = select(conn, _REPLACED_BY, (site_id,))
    if following is not None:
        following_id = int(str(following["id"]))
        if following_id in seen:
            return _insert_before(conn, following, at, another)
        conn.execute(_BEGAN, (another.began_at, following_id))
        return following_id
    return _insert_after(conn, row, at, another)


def note_gone(conn: sqlite3.Connection, site_id: int, thread_id: int) -> None:
    """A thread of a forum that another took the place of is gone, with its posts."""
    for statement in _GONE_OF_THREAD:
        conn.execute(statement, (thread_id, site_id))


def _insert_before(
    conn: sqlite3.Connection, row: Row, at: str, another: AnotherForum
) -> int:
    columns = {name: row[name] for name in _COPIED}
    columns["replaces_id"] = row["replaces_id"]
    columns["began_at"] = row["replaces_id"] and at
    site_id = insert(conn, "sites", columns, at)
    conn.execute(_FOLLOW, (site_id, row["began_at"] or another.began_at, row["id"]))
    conn.execute(_LEAVE, (row["first_seen_at"], site_id))
    _say(row, another)
    return site_id


def _insert_after(
    conn: sqlite3.Connection, row: Row, at: str, another: AnotherForum
) -> int:
    columns = {name: row[name] for name in _COPIED}
    site_id = insert(conn, "sites", columns, at)
    conn.execute(_FOLLOW, (row["id"], another.began_at, site_id))
    conn.execute(_LEAVE, (at, row["id"]))
    for statement in _TAKE_PLACE:
        conn.execute(statement, (site_id, row["id"]))
    conn.execute(_FORGET_VISITS, (row["id"],))
    for statement in _ALL_GONE:
        conn.execute(statement, (at, row["id"]))
    _say(row, another)
    return site_id


def _say(row: Row, another: AnotherForum) -> None:
    _log.warning(
        "%s: another forum was set up at this address (its posts begin in %s): its numbers mean "
        "other posts; both are kept, the older one as gone",
        row["base_url"],
        another.began_at[:7],
    )
