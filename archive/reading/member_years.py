"""Reads what a member did, year by year: how much, where, and from which post to which."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.reading import clock
from archive.reading.forums import Forum
from archive.reading.rows import fetch_column, fetch_number, fetch_one
from archive.reading.thread_lists import Days

MOST_YEARS: Final = 40
COUNTED_POSTS: Final = 10_000
"""So many posts of a year are counted, in an index that holds nothing else."""
COUNTED_THREADS: Final = 2_000
"""So many threads of a member are counted: each must be read."""
SAMPLED_POSTS: Final = 1_000
"""So many posts are read, of all years together, to tell in which boards they are."""
_LEAST_SAMPLED: Final = 40
_PARTS: Final = 4
"""A sample is taken from so many parts of a year."""
_SHOWN_BOARDS: Final = 3
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9_000
_END_OF_TIME: Final = ":"  # behind every digit

_LATEST: Final = """
SELECT max(posted_at) FROM posts WHERE user_id = ? AND posted_at < ?
"""
_IN_YEAR: Final = "FROM posts WHERE user_id = ? AND posted_at >= ? AND posted_at < ?"
_COUNT: Final = f"SELECT count(*) FROM (SELECT 1 {_IN_YEAR} LIMIT {COUNTED_POSTS + 1})"
_END: Final = """
SELECT p.id, p.site_id, p.pid, p.posted_at, t.title
FROM posts p JOIN threads t ON t.id = p.thread_id
WHERE p.user_id = ? AND p.posted_at >= ? AND p.posted_at < ?
ORDER BY p.posted_at {order}, p.id {order} LIMIT 1
"""
_SAMPLE: Final = f"SELECT thread_id {_IN_YEAR} ORDER BY posted_at LIMIT ?"
_BOARDS: Final = """
SELECT t.id, b.name FROM threads t JOIN boards b ON b.id = t.board_id
WHERE t.id IN (SELECT value FROM json_each(?))
"""
_THREADS: Final = f"""
SELECT coalesce(created_at, '') FROM threads WHERE user_id = ?
LIMIT {COUNTED_THREADS + 1}
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; at least so many where `is_all` is false."""

    number: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class BoardShare:
    """Posts in a board, of those that were looked at."""

    board: str
    posts: int
    percent: int


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The first or the last post of a year, with its thread's title."""

    id: int
    site_id: int
    pid: int | None
    posted_at: str
    thread: str


@dataclass(frozen=True, slots=True)
class MemberYear:
    """A year of a member's, by the forum's clock. `boards`: those with most posts, of all of
    the year's or, where `is_sampled`, of some taken evenly from it."""

    year: int
    threads: Count
    posts: Count
    boards: tuple[BoardShare, ...]
    is_sampled: bool
    first: YearEnd
    last: YearEnd


def member_years(
    conn: sqlite3.Connection, user_id: int, forum: Forum
) -> list[MemberYear]:
    """The years in which a member posted, the last one first. However many posts there are,
    the work is bounded: MOST_YEARS years, and what the other constants here say."""
    found = list(_years_with_posts(conn, user_id, forum))
    threads, are_all = _threads_by_year(conn, user_id, forum)
    sample_size = SAMPLED_POSTS // max(len(found), 1)
    sample_size = max(sample_size, _LEAST_SAMPLED)
    years = []
    for year, days in found:
        opened = Count(threads[year], are_all)
        shown = _year(
            conn,
            user_id,
            year,
            days,
            opened,
            sample_size,
        )
        years.append(shown)
    return years


def _years_with_posts(
    conn: sqlite3.Connection, user_id: int, forum: Forum
) -> Iterator[tuple[int, Days]]:
    """Each year by its last post, which one step in the index finds."""
    before = _END_OF_TIME
    for _ in range(MOST_YEARS):
        row = fetch_one(conn, _LATEST, user_id, before)
        latest = row[0] if row else None
        year = _year_of(latest or "", forum)
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return
        days = clock.year(year, forum.utc_offset_minutes)
        yield year, days
        before, _ = days


def _year_of(moment: str, forum: Forum) -> int:
    """The year of a stored time by the forum's clock; 0 where it has none."""
    digits = clock.local(moment, forum.utc_offset_minutes)[:4]
    return int(digits) if digits.isdecimal() else 0


def _threads_by_year(
    conn: sqlite3.Connection, user_id: int, forum: Forum
) -> tuple[Counter[int], bool]:
    """How many threads a member opened in each year, and whether these are all."""
    begun = fetch_column(conn, _THREADS, user_id)
    are_all = len(begun) <= COUNTED_THREADS
    years = Counter(_year_of(each, forum) for each in begun[:COUNTED_THREADS])
    return years, are_all


def _year(
    conn: sqlite3.Connection,
    user_id: int,
    year: int,
    days: Days,
    threads: Count,
    sample_size: int,
) -> MemberYear:
    posts = fetch_number(conn, _COUNT, user_id, *days)
    is_sampled = posts > sample_size
    sample = (
        _sample(conn, user_id, days, sample_size)
        if is_sampled
        else fetch_column(conn, _SAMPLE, user_id, *days, posts)
    )
    return MemberYear(
        year=year,
        threads=threads,
        posts=Count(min(posts, COUNTED_POSTS), posts <= COUNTED_POSTS),
        boards=_boards(conn, sample),
        is_sampled=is_sampled,
        first=_end(conn, user_id, days, "ASC"),
        last=_end(conn, user_id, days, "DESC"),
    )


def _sample(conn: sqlite3.Connection, user_id: int, days: Days, size: int) -> list[int]:
    """The threads of as many posts from each part of a year."""
    begins, ends = (datetime.fromisoformat(moment) for moment in days)
    length = (ends - begins) / _PARTS
    threads: list[int] = []
    for part in range(_PARTS):
        since = begins + part * length
        until = since + length
        threads += fetch_column(
            conn,
            _SAMPLE,
            user_id,
            f"{since:%Y-%m-%dT%H:%M:%SZ}",
            f"{until:%Y-%m-%dT%H:%M:%SZ}",
            size // _PARTS,
        )
    return threads


def _boards(conn: sqlite3.Connection, thread_ids: list[int]) -> tuple[BoardShare, ...]:
    """The boards that most of these posts, given by their threads, are in."""
    wanted = str(list(set(thread_ids)))
    board_of = dict(conn.execute(_BOARDS, (wanted,)))
    counts = Counter(board_of[each] for each in thread_ids if board_of.get(each))
    shares = []
    for board, posts in counts.most_common(_SHOWN_BOARDS):
        percent = round(100 * posts / len(thread_ids))
        shares.append(BoardShare(board, posts, percent))
    return tuple(shares)


def _end(conn: sqlite3.Connection, user_id: int, days: Days, order: str) -> YearEnd:
    row = fetch_one(conn, _END.format(order=order), user_id, *days)
    assert row is not None  # the year was found by a post of it
    return YearEnd(*row)
