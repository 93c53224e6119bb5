"""Reads members, and the posts of a member or of a name that no number is known of."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from archive.reading.lookup import LAST_ROW, MissingError, split_key
from archive.reading.rows import fetch_one, fetch_pairs

PAGE_ROWS: Final = 50
"""Posts on a page of a member's."""
_EXCERPT_CHARS: Final = 160
_NO_KEY: Final = ("~", 0)  # sorts behind every time
_PROFILE: Final = """
SELECT name, value FROM user_fields WHERE user_id = ? ORDER BY position
"""
_POSTS: Final = f"""
SELECT p.id, p.site_id, p.pid, p.posted_at, t.title,
  substr(coalesce(nullif(p.text, ''), p.withheld), 1, {_EXCERPT_CHARS}),
  p.floor, p.gone_at IS NOT NULL
FROM posts p JOIN threads t ON t.id = p.thread_id
WHERE {{where}} AND {{behind}}
ORDER BY p.posted_at DESC, p.id DESC LIMIT {PAGE_ROWS + 1}
"""
_BEHIND_TIME: Final = "(p.posted_at, p.id) < (?, ?)"
_UNTIMED: Final = "p.posted_at IS NULL AND p.id < ?"


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `fields` are the profile's names and values."""

    name: str
    uid: int | None
    gone_at: str | None
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PostSummary:
    """A post in a list of someone's. `excerpt`: the first words of it."""

    id: int
    site_id: int
    pid: int | None
    posted_at: str | None
    thread: str
    excerpt: str
    floor: int | None
    is_gone: int


@dataclass(frozen=True, slots=True)
class PostList:
    """A page of someone's posts, newest first; the next goes on from `next_key`, which is
    empty at the end."""

    posts: tuple[PostSummary, ...]
    next_key: str = ""


def get_member(conn: sqlite3.Connection, user_id: int) -> Member:
    """A member with the profile, by the row. Raises MissingError where there is none."""
    sql = "SELECT name, uid, gone_at FROM users WHERE id = ?"
    row = fetch_one(conn, sql, user_id)
    if row is None:
        raise MissingError("user")

    name, uid, gone_at = row
    return Member(
        name=name,
        uid=uid,
        gone_at=gone_at,
        fields=fetch_pairs(conn, _PROFILE, user_id),
    )


def uid_of_name(conn: sqlite3.Connection, forum_id: int, name: str) -> int | None:
    """The number of a forum's member of that name. Raises MissingError where no member is
    called so."""
    sql = "SELECT uid FROM users WHERE site_id = ? AND name = ?"
    row = fetch_one(conn, sql, forum_id, name)
    if row is None:
        raise MissingError("user")
    uid: int | None = row[0]
    return uid


def posts_of_user(conn: sqlite3.Connection, user_id: int, after: str = "") -> PostList:
    """A page of a member's posts, behind the key `after`."""
    where = "p.user_id = ?"
    return _list_from(conn, where, (user_id,), after)


def posts_by_name(
    conn: sqlite3.Connection, forum_id: int, name: str, after: str = ""
) -> PostList:
    """A page of the posts under a name that no number is known of."""
    where = "p.site_id = ? AND p.author = ? AND p.user_id IS NULL"
    return _list_from(conn, where, (forum_id, name), after)


def _list_from(
    conn: sqlite3.Connection, where: str, params: tuple[Any, ...], after: str
) -> PostList:
    time, row_id = split_key(after) or _NO_KEY
    found: list[PostSummary] = []
    if time:
        key = (*params, time, row_id)
        found = _read(conn, _POSTS.format(where=where, behind=_BEHIND_TIME), key)
        row_id = LAST_ROW
    if len(found) <= PAGE_ROWS:  # those that no page told the time of go last
        key = (*params, row_id)
        found += _read(conn, _POSTS.format(where=where, behind=_UNTIMED), key)

    shown = tuple(found[:PAGE_ROWS])
    if len(found) <= PAGE_ROWS:
        return PostList(shown)
    last = shown[-1]
    last_time = last.posted_at or ""
    return PostList(shown, next_key=f"{last_time}~{last.id}")


def _read(
    conn: sqlite3.Connection, sql: str, params: tuple[Any, ...]
) -> list[PostSummary]:
    return [PostSummary(*row) for row in conn.execute(sql, params)]
