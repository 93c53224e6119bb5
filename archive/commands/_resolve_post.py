"""Which post a person means: by its address, its number on the forum, or its number in the
archive."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.store.sites import Sites
from scraper.addresses.urls import parse_url
from scraper.core.errors import InputError

_BY_PID: Final = """SELECT p.id, s.base_url FROM posts p JOIN sites s ON s.id = p.site_id
  WHERE p.pid = ?1 AND (?2 IS NULL OR p.site_id = ?2)"""
_OPENING: Final = """SELECT p.id FROM posts p JOIN threads t ON t.id = p.thread_id
  WHERE t.tid = ? AND t.site_id = ? ORDER BY p.opening DESC, p.posted_at, p.id LIMIT 1"""


def resolve_post(conn: sqlite3.Connection, said: str) -> int:
    """The archive's number of a post: of `id:7` (that number itself), `1010` (a pid), or an
    address.

    The address of a thread means its opening post. InputError where there is no such post,
    or more than one forum has one of that number.
    """
    said = said.strip()
    if said.startswith("id:") and said[3:].isdecimal():
        row = conn.execute(
            "SELECT id FROM posts WHERE id = ?", (int(said[3:]),)
        ).fetchone()
        return _found([row] if row else [], said)
    if said.isdecimal():
        return _found(_pids(conn, int(said)), said)
    target, site_id = parse_url(said), Sites(conn).find(said)
    if (
        target is None
        or not isinstance(target.id, int)
        or target.kind not in ("post", "thread")
    ):
        raise InputError(
            f"{said}: neither a post's number nor the address of a post or thread"
        )
    if site_id is None:
        raise InputError(f"{said}: no forum of that address is in the archive")
    if target.kind == "post":
        return _found(_pids(conn, target.id, site_id), said)
    return _found(conn.execute(_OPENING, (target.id, site_id)).fetchall(), said)


def _pids(
    conn: sqlite3.Connection, pid: int, site_id: int | None = None
) -> list[tuple[int, str]]:
    return conn.execute(_BY_PID, (pid, site_id)).fetchall() if pid < 1 << 63 else []


def _found(rows: list[tuple[int, ...]] | list[tuple[int, str]], said: str) -> int:
    if not rows:
        raise InputError(f"{said}: no such post in the archive")
    if len(rows) > 1:
        forums = ", ".join(str(row[1]) for row in rows)
        raise InputError(
            f"{said}: several forums have a post of that number ({forums}); give its address instead"
        )
    return rows[0][0]
