"""How the posts that fit a query spread over boards, authors and years."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from archive.search.executor import look_up
from archive.search.planner import Plan, plan
from archive.search.query import Query
from archive.search.stats import IndexStats

COUNTED_POSTS = 5_000
READ_POSTS = 200
"""Where posts must be read to know whether they fit, so many are counted."""
ENOUGH_POSTS = 20
"""So many will do where to find more is expensive."""
_SLICES = 10
_SHOWN = 12
_MAX_YEARS = 100

_POSTS = """SELECT p.thread_id, p.author, substr(p.posted_at, 1, 13), p.site_id FROM posts p
    WHERE p.id IN (SELECT value FROM json_each(?))"""
_BOARDS = """SELECT t.id, coalesce(b.name, '') FROM threads t LEFT JOIN boards b ON b.id = t.board_id
    WHERE t.id IN (SELECT value FROM json_each(?))"""

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """(name, posts), the most first; years in order. `posts`: how many were counted, a part
    of them where it `was_cut`.

    The part is the newest where single characters or filters had to be looked for in posts;
    else it is taken evenly from all of the file.
    """

    posts: int
    was_cut: bool
    boards: Counted = ()
    authors: Counted = ()
    years: Counted = ()


def count_facets(conn: sqlite3.Connection, query: Query) -> Facets:
    """Count what fits a query, of COUNTED_POSTS posts at most."""
    if query.root is None:
        return Facets(0, False)
    ids, was_cut = _found(conn, plan(query.root, IndexStats(conn)))
    posts = conn.execute(_POSTS, (str(ids),)).fetchall()
    threads = Counter(thread for thread, *_ in posts)
    board_of = dict(conn.execute(_BOARDS, (str(list(threads)),)))
    boards: Counter[str] = Counter()
    for thread, count in threads.items():
        boards[board_of[thread]] += count
    years = _years(conn, Counter((hour, site) for _, _, hour, site in posts))
    return Facets(
        len(ids),
        was_cut,
        _most(boards),
        _most(Counter(author for _, author, *_ in posts)),
        tuple(
            sorted(years.items(), key=lambda each: each[0].replace("?", ""))[
                :_MAX_YEARS
            ]
        ),
    )


def _found(conn: sqlite3.Connection, plan: Plan) -> tuple[list[int], bool]:
    """The posts to count, and whether there are more."""
    if not (plan.match and plan.is_covered_by_index and plan.where == "1"):
        found = look_up(conn, plan, "newest", READ_POSTS, 0, enough=ENOUGH_POSTS)
        return found.ids, not found.is_total_exact
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?{} LIMIT ?"
    ids = [
        row[0] for row in conn.execute(sql.format(""), (plan.match, COUNTED_POSTS + 1))
    ]
    if len(ids) <= COUNTED_POSTS:
        return ids, False
    last = conn.execute("SELECT max(id) FROM posts").fetchone()[0]
    ends = [last * part // _SLICES for part in range(_SLICES + 1)]
    sliced = sql.format(" AND rowid > ? AND rowid <= ?")
    return [
        row[0]
        for since, until in pairwise(ends)
        for row in conn.execute(
            sliced, (plan.match, since, until, COUNTED_POSTS // _SLICES)
        )
    ], True


def _years(
    conn: sqlite3.Connection, hours: Counter[tuple[str | None, int]]
) -> dict[str, int]:
    """Posts by year on the forums' own clocks."""
    offsets = dict(conn.execute("SELECT id, utc_offset_minutes FROM sites"))
    years: Counter[str] = Counter()
    for (hour, site), count in hours.items():
        years[_year(hour or "", offsets[site])] += count
    return dict(years)


def _year(hour: str, utc_offset_minutes: int) -> str:
    """`2013-12-31T23` and 480 → `2014`; only the last and the first day of a year need the
    clock."""
    if hour[5:10] not in ("12-31", "01-01") or len(hour) < 13:
        return hour[:4] or "?"
    return f"{datetime.fromisoformat(hour) + timedelta(minutes=utc_offset_minutes):%Y}"


def _most(counts: Counter[str]) -> Counted:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple((name or "?", count) for name, count in ranked[:_SHOWN])
