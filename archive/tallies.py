"""How the posts that fit a query spread over boards, authors and years."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.ground import Ground
from archive.lookup import look_up
from archive.planner import plan
from archive.query import Query

COUNTED_POSTS = 20_000
_SHOWN = 12
_MAX_YEARS = 100

_BOARDS = """SELECT coalesce(b.name, ''), count(*) FROM found JOIN posts p ON p.id = found.id
    JOIN threads t ON t.id = p.thread_id LEFT JOIN boards b ON b.id = t.board_id
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"""
_AUTHORS = """SELECT p.author, count(*) FROM found JOIN posts p ON p.id = found.id
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"""
_YEARS = """SELECT substr(datetime(p.posted_at, s.utc_offset_minutes || ' minutes'), 1, 4), count(*) FROM found
    JOIN posts p ON p.id = found.id JOIN sites s ON s.id = p.site_id GROUP BY 1 ORDER BY 1 LIMIT ?"""

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Tallies:
    """(name, posts), the most first; years in order. `posts`: how many were counted, the newest where it `was_cut`."""

    posts: int
    was_cut: bool
    boards: Counted = ()
    authors: Counted = ()
    years: Counted = ()


def tally(conn: sqlite3.Connection, query: Query) -> Tallies:
    """Count what fits a query, of the newest COUNTED_POSTS posts that do."""
    if query.root is None:
        return Tallies(0, False)
    found = look_up(conn, plan(query.root, Ground(conn)), "newest", COUNTED_POSTS, 0)
    boards, authors = (_counted(conn, sql, found.ids) for sql in (_BOARDS, _AUTHORS))
    years = _counted(conn, _YEARS, found.ids, _MAX_YEARS)
    return Tallies(len(found.ids), not found.is_total_exact, boards, authors, years)


def _counted(conn: sqlite3.Connection, sql: str, ids: list[int], limit: int = _SHOWN) -> Counted:
    rows = conn.execute(f"WITH found(id) AS (SELECT value FROM json_each(?)) {sql}", (str(ids), limit))
    return tuple((name or "?", count) for name, count in rows)
