"""How the posts that fit a query spread over boards, authors, locations and years."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from archive.search.executor import look_up
from archive.search.notices import SearchNotice
from archive.search.plan import Plan
from archive.search.planner import plan
from archive.search.query import Query
from archive.search.stats import IndexStats

COUNTED_POSTS = 5_000
READ_POSTS = 200
"""Where posts must be read to know whether they fit, so many are counted."""
ENOUGH_POSTS = 20
"""So many will do where to find more is expensive."""
_SLICES = 10
_SHOWN = 12
_UNKNOWN = "?"

_POSTS = """SELECT p.thread_id, p.site_id, p.author, p.location, substr(p.posted_at, 1, 13)
  FROM posts p WHERE p.id IN (SELECT value FROM json_each(?))"""
_BOARDS = """SELECT t.id, coalesce(b.name, '')
  FROM threads t LEFT JOIN boards b ON b.id = t.board_id
  WHERE t.id IN (SELECT value FROM json_each(?))"""
_MATCHES = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """(name, posts), the most first; years in order. `posts`: how many were counted, a part
    of them where it `was_cut`, and `notices` say why.

    The part is the newest where single characters or filters had to be looked for in posts;
    else it is taken evenly from all of the file. Of many names the first are given:
    `boards_left_out` and so on say how many more there are. Posts without a location are
    left out of `locations`.
    """

    posts: int
    was_cut: bool
    boards: Counted = ()
    authors: Counted = ()
    locations: Counted = ()
    years: Counted = ()
    boards_left_out: int = 0
    authors_left_out: int = 0
    locations_left_out: int = 0
    notices: tuple[SearchNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """The posts to count, and whether there are more."""

    ids: list[int]
    was_cut: bool
    notices: tuple[SearchNotice, ...] = ()


def count_facets(conn: sqlite3.Connection, query: Query) -> Facets:
    """Count what fits a query, of COUNTED_POSTS posts at most."""
    if query.root is None:
        return Facets(0, was_cut=False)
    found = _found(conn, plan(query.root, IndexStats(conn)))
    posts = conn.execute(_POSTS, (str(found.ids),)).fetchall()
    boards = _boards(conn, Counter(row[0] for row in posts))
    authors = Counter(row[2] for row in posts)
    locations = Counter(row[3] for row in posts if row[3])
    years = _years(conn, posts)
    return Facets(
        posts=len(found.ids),
        was_cut=found.was_cut,
        boards=_most(boards),
        authors=_most(authors),
        locations=_most(locations),
        years=tuple(sorted(years.items(), key=_year_key)),
        boards_left_out=_left_out(boards),
        authors_left_out=_left_out(authors),
        locations_left_out=_left_out(locations),
        notices=found.notices,
    )


def _found(conn: sqlite3.Connection, plan: Plan) -> _Found:
    if plan.match and plan.is_covered_by_index and not plan.has_filters:
        return _matching(conn, plan.match)
    found = look_up(conn, plan, "newest", READ_POSTS, 0, enough=ENOUGH_POSTS)
    if found.is_total_exact and len(found.ids) < found.total <= COUNTED_POSTS:
        # all are known to be found quickly: the first look-up has counted them
        found = look_up(conn, plan, "newest", found.total, 0, enough=ENOUGH_POSTS)
    was_cut = not found.is_total_exact or len(found.ids) < found.total
    return _Found(found.ids, was_cut, found.notices)


def _matching(conn: sqlite3.Connection, match: str) -> _Found:
    """All posts that match in the index, or as many from each part of the file."""
    all_of_file = f"{_MATCHES} LIMIT {COUNTED_POSTS + 1}"
    ids = [row[0] for row in conn.execute(all_of_file, (match,))]
    if len(ids) <= COUNTED_POSTS:
        return _Found(ids, was_cut=False)

    last = conn.execute("SELECT max(id) FROM posts").fetchone()[0]
    ends = [last * part // _SLICES for part in range(_SLICES + 1)]
    slice_sql = f"""{_MATCHES} AND rowid > ? AND rowid <= ?
        LIMIT {COUNTED_POSTS // _SLICES}"""
    sample: list[int] = []
    for since, until in pairwise(ends):
        rows = conn.execute(slice_sql, (match, since, until))
        sample += [row[0] for row in rows]
    return _Found(sample, was_cut=True)


def _boards(conn: sqlite3.Connection, threads: Counter[int]) -> Counter[str]:
    """Posts by board, of posts by thread."""
    board_of = dict(conn.execute(_BOARDS, (str(list(threads)),)))
    boards: Counter[str] = Counter()
    for thread, count in threads.items():
        boards[board_of[thread]] += count
    return boards


def _years(conn: sqlite3.Connection, posts: Iterable[Any]) -> Counter[str]:
    """Posts by year on the forums' own clocks."""
    offsets = dict(conn.execute("SELECT id, utc_offset_minutes FROM sites"))
    hours = Counter((hour or "", site) for _, site, _, _, hour in posts)
    years: Counter[str] = Counter()
    for (hour, site), count in hours.items():
        years[_year(hour, offsets[site])] += count
    return years


def _year(hour: str, utc_offset_minutes: int) -> str:
    """`2013-12-31T23` and 480 → `2014`; only the last and the first day of a year need the
    clock."""
    is_at_turn = hour[5:10] in ("12-31", "01-01")
    if not is_at_turn or len(hour) < len("2013-12-31T23"):
        return hour[:4] or _UNKNOWN
    local = datetime.fromisoformat(hour) + timedelta(minutes=utc_offset_minutes)
    return f"{local:%Y}"


def _year_key(year: tuple[str, int]) -> str:
    """Sorts by year, the unknown first."""
    return year[0].replace(_UNKNOWN, "")


def _most(counts: Counter[str]) -> Counted:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple((name or _UNKNOWN, count) for name, count in ranked[:_SHOWN])


def _left_out(counts: Counter[str]) -> int:
    return max(len(counts) - _SHOWN, 0)
