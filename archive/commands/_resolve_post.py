"""Which post a person means: by its address, its number on the forum, or its number in the
archive."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.store.sites import Sites
from scraper.addresses.urls import parse_url
from scraper.core.errors import InputError

_ID: Final = "SELECT p.id FROM posts p WHERE p.id = ?"
_BY_PID: Final = """SELECT p.id, s.base_url FROM posts p JOIN sites s ON s.id = p.site_id
  WHERE p.pid = ?"""
_OPENING: Final = """SELECT p.id FROM posts p JOIN threads t ON t.id = p.thread_id
  WHERE t.tid = ? AND t.site_id = ?
  ORDER BY p.opening DESC, p.posted_at, p.id LIMIT 1"""
_ID_PREFIX: Final = "id:"
_MAX_NUMBER: Final = (1 << 63) - 1


def resolve_post(conn: sqlite3.Connection, typed: str) -> int:
    """The archive's number of a post: of `id:7` (that number itself), `1010` (a pid), or an
    address.

    The address of a thread means its opening post. InputError where there is no such post,
    or more than one forum has one of that number.
    """
    typed = typed.strip()
    number = typed.removeprefix(_ID_PREFIX)
    if number.isdecimal():
        sql = _BY_PID if number == typed else _ID
        return _only(_rows(conn, sql, int(number)), typed)

    target = parse_url(typed)
    if target is None or not isinstance(target.id, int):
        raise _no_address(typed)
    if target.kind not in ("post", "thread"):
        raise _no_address(typed)
    site_id = Sites(conn).find(typed)
    if site_id is None:
        raise InputError(f"{typed}: no forum of that address is in the archive")
    sql = _OPENING if target.kind == "thread" else f"{_BY_PID} AND p.site_id = ?"
    return _only(_rows(conn, sql, target.id, site_id), typed)


def _no_address(typed: str) -> InputError:
    return InputError(
        f"{typed}: neither a post's number nor the address of a post or thread"
    )


def _rows(
    conn: sqlite3.Connection, sql: str, *numbers: int
) -> list[tuple[int, ...]] | list[tuple[int, str]]:
    if max(numbers) > _MAX_NUMBER:
        return []
    return conn.execute(sql, numbers).fetchall()


def _only(rows: list[tuple[int, ...]] | list[tuple[int, str]], typed: str) -> int:
    """The post of the one row that there is."""
    if not rows:
        raise InputError(f"{typed}: no such post in the archive")
    if len(rows) > 1:
        forums = ", ".join(str(row[1]) for row in rows)
        raise InputError(
            f"{typed}: several forums have a post of that number ({forums}); "
            "give its address instead"
        )
    return rows[0][0]
