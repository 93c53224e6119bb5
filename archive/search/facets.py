"""How the posts that fit a query spread over boards, authors, locations and years."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from archive.search.executor import look_up
from archive.search.expressions import MATCHES
from archive.search.fetch import fetch_column, fetch_value
from archive.search.notices import STOPS, SearchNotice
from archive.search.pages import Matches
from archive.search.plan import Plan
from archive.search.planner import plan
from archive.search.query import Query
from archive.search.some_lookup import look_up_some
from archive.search.some_words import loosened
from archive.search.stats import IndexStats
from archive.search.tree import Node

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
_OFFSETS = "SELECT id, utc_offset_minutes FROM sites"

Counted = tuple[tuple[str, int], ...]
Part = Literal["all", "newest", "sample", "best"]


@dataclass(frozen=True, slots=True)
class Facets:
    """(name, posts), the most first; years in order. `posts`: how many were counted; `part`:
    whether these are all that fit, the newest of them (where single characters or filters
    had to be looked for in posts), a sample taken evenly from all of the file, or the best
    of those that have some of the words (where none has all).

    `total`: how many fit, at least so many where `is_total_exact` is false. Of many names
    the first are given: `boards_left_out` and so on say how many more there are. Posts
    without a location are left out of `locations`. `notices` say what was cut, and why.
    """

    posts: int
    part: Part = "all"
    total: int = 0
    is_total_exact: bool = True
    boards: Counted = ()
    authors: Counted = ()
    locations: Counted = ()
    years: Counted = ()
    boards_left_out: int = 0
    authors_left_out: int = 0
    locations_left_out: int = 0
    notices: tuple[SearchNotice, ...] = ()

    @property
    def was_cut(self) -> bool:
        """Whether more posts fit than were counted."""
        return self.part != "all"

    @property
    def was_stopped(self) -> bool:
        """Whether looking for them ended early: there may be posts where none were counted."""
        return any(notice.kind in STOPS for notice in self.notices)

    @property
    def is_partial(self) -> bool:
        """Whether no post has all of the words: counted are then those with some of them."""
        return any(notice.kind == "some_words" for notice in self.notices)


@dataclass(frozen=True, slots=True)
class FoundToCount:
    """The posts to count: which part of how many."""

    ids: list[int]
    part: Part
    total: int
    is_total_exact: bool
    notices: tuple[SearchNotice, ...] = ()


def count_facets(
    conn: sqlite3.Connection, query: Query, *, all_words: bool = False
) -> Facets:
    """Count what fits a query, of COUNTED_POSTS posts at most; where nothing does, the posts
    with some of the words, but not with `all_words`."""
    if query.root is None:
        return Facets(0)
    stats = IndexStats(conn)
    planned = plan(query.root, stats)
    found = _found(conn, planned)
    if not (found.ids or all_words) and found.is_total_exact:
        found = _with_some_words(stats, query.root) or found
    counts = _count(conn, found.ids)
    return facets_of(counts, found)


def facets_of(counts: Spread, found: FoundToCount) -> Facets:
    """The counts of what was found."""
    return Facets(
        posts=len(found.ids),
        part=found.part,
        total=found.total,
        is_total_exact=found.is_total_exact,
        boards=_most(counts.boards),
        authors=_most(counts.authors),
        locations=_most(counts.locations),
        years=_in_order(counts.years),
        boards_left_out=_left_out(counts.boards),
        authors_left_out=_left_out(counts.authors),
        locations_left_out=_left_out(counts.locations),
        notices=found.notices,
    )


def _found(conn: sqlite3.Connection, plan: Plan) -> FoundToCount:
    is_quick = plan.is_covered_by_index and not plan.has_filters
    if plan.match and is_quick:
        return _matching(conn, plan.match)

    found = _newest(conn, plan, READ_POSTS)
    is_cut = len(found.ids) < found.total
    if found.is_total_exact and is_cut and found.total <= COUNTED_POSTS:
        # they were counted quickly, so they are listed quickly
        found = _newest(conn, plan, found.total)
        is_cut = len(found.ids) < found.total
    are_all = found.is_total_exact and not is_cut
    return FoundToCount(
        found.ids,
        "all" if are_all else "newest",
        found.total,
        found.is_total_exact,
        found.notices,
    )


def _with_some_words(stats: IndexStats, root: Node) -> FoundToCount | None:
    """The posts that are shown where none has all words; None where there are none, either."""
    loose = loosened(root, stats)
    if loose is None:
        return None
    some = look_up_some(
        stats.conn,
        loose,
        "best",
        COUNTED_POSTS,
        0,
    )
    if not some.ids and some.is_total_exact:
        return None
    return FoundToCount(
        some.ids,
        "all" if some.is_total_exact else "best",
        some.total,
        some.is_total_exact,
        some.notices,
    )


def _newest(conn: sqlite3.Connection, plan: Plan, posts: int) -> Matches:
    return look_up(
        conn,
        plan,
        "newest",
        limit=posts,
        offset=0,
        enough=ENOUGH_POSTS,
    )


def _matching(conn: sqlite3.Connection, match: str) -> FoundToCount:
    """All posts that match in the index, or as many from each part of the file."""
    sql = f"{MATCHES} LIMIT {COUNTED_POSTS + 1}"
    ids = list(fetch_column(conn, sql, match))
    if len(ids) <= COUNTED_POSTS:
        return FoundToCount(
            ids,
            "all",
            len(ids),
            is_total_exact=True,
        )

    last = fetch_value(conn, "SELECT max(id) FROM posts")
    ends = [last * part // _SLICES for part in range(_SLICES + 1)]
    posts_a_slice = COUNTED_POSTS // _SLICES
    sql = f"{MATCHES} AND rowid > ? AND rowid <= ? LIMIT {posts_a_slice}"
    sample: list[int] = []
    for since, until in pairwise(ends):
        sample += fetch_column(conn, sql, match, since, until)
    return FoundToCount(
        sample,
        "sample",
        len(ids),
        is_total_exact=False,
    )


@dataclass(slots=True)
class Spread:
    """Posts by what they have."""

    boards: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    locations: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)


def _count(conn: sqlite3.Connection, ids: list[int]) -> Spread:
    counts = Spread()
    threads: Counter[int] = Counter()
    hours: Counter[tuple[int, str]] = Counter()
    posts = conn.execute(_POSTS, (str(ids),))
    for thread, site, author, location, hour in posts:
        threads[thread] += 1
        hours[site, hour or ""] += 1
        counts.authors[author] += 1
        if location:
            counts.locations[location] += 1

    names = conn.execute(_BOARDS, (str(list(threads)),))
    board_of = dict(names)
    for thread, number in threads.items():
        board = board_of[thread]
        counts.boards[board] += number

    offsets = dict(conn.execute(_OFFSETS))
    for (site, hour), number in hours.items():
        year = year_of(hour, offsets[site])
        counts.years[year] += number
    return counts


def year_of(hour: str, utc_offset_minutes: int) -> str:
    """`2013-12-31T23` and 480 → `2014`; only the last and the first day of a year need the
    clock."""
    is_known = len(hour) == len("2013-12-31T23")
    is_at_turn = hour[5:10] in ("12-31", "01-01")
    if not is_known or not is_at_turn:
        return hour[:4] or _UNKNOWN
    utc = datetime.fromisoformat(hour)
    local = utc + timedelta(minutes=utc_offset_minutes)
    return f"{local:%Y}"


def _in_order(years: Counter[str]) -> Counted:
    """By year, the unknown first."""

    def year(item: tuple[str, int]) -> str:
        return item[0].replace(_UNKNOWN, "")

    return tuple(sorted(years.items(), key=year))


def _most(counts: Counter[str]) -> Counted:
    """The most frequent first, of equal ones by name."""

    def rank(item: tuple[str, int]) -> tuple[int, str]:
        name, count = item
        return -count, name

    ranked = sorted(
        counts.items(),
        key=rank,
    )
    shown = ranked[:_SHOWN]
    return tuple((name or _UNKNOWN, count) for name, count in shown)


def _left_out(counts: Counter[str]) -> int:
    return max(len(counts) - _SHOWN, 0)
