"""Finds the posts that have the rarest and most words of a query of which none has all.

Every choice of some of the words is a question of its own to the index, the weightiest
first, until enough posts are found: so a post with two rare words goes before one with three
common ones, and the lists of common words are never joined.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from archive.search import limits
from archive.search.budget import BoundedConnection, Statement
from archive.search.chronological import Row
from archive.search.conditions import ALWAYS
from archive.search.context import Order
from archive.search.counting import Counts
from archive.search.expressions import both, expression
from archive.search.notices import Kind, SearchNotice
from archive.search.pages import Matches
from archive.search.post_filter import PostReader
from archive.search.some_found import (
    BY_THREAD,
    LEAST_WEIGHT,
    NO_THREAD,
    Choice,
    Found,
    Thread,
    choices,
    found_in,
    ordered,
    weight_of,
    weighty,
)
from archive.search.some_words import Loose

_FITTING: Final = """SELECT p.id FROM posts_fts f CROSS JOIN posts p ON p.id = f.rowid
  WHERE f.posts_fts MATCH ? AND"""
_TIMES: Final = "SELECT id, posted_at FROM posts WHERE id IN"
_THREADS: Final = """SELECT p.id, t.id, coalesce(t.replies, -1), coalesce(t.views, -1)
  FROM posts p JOIN threads t ON t.id = p.thread_id WHERE p.id IN"""


def look_up_some(
    conn: sqlite3.Connection,
    loose: Loose,
    order: Order,
    limit: int,
    offset: int,
    *,
    log: list[Statement] | None = None,
) -> Matches:
    """The posts from `offset` on, at most `limit`; `Matches.held` tells which words each has.

    The total is of the posts on all pages; it is not exact where more posts have some of
    the words. `log`, where given, receives the statements that were run.
    """
    with BoundedConnection(conn, log) as bounded:
        looker = _Looker(bounded, loose)
        ids, are_all = looker.candidates()
        threads = looker.threads(ids) if order in BY_THREAD else {}
        found = looker.read(ids, threads)
    in_order = ordered(weighty(found), order)
    end = offset + limit
    shown = in_order[offset:end]
    return Matches(
        ids=[each.post_id for each in shown],
        total=len(in_order),
        is_total_exact=are_all and not bounded.was_stopped,
        scores={each.post_id: each.score for each in shown},
        notices=tuple(_notices(bounded, in_order)),
        ways=("some_words",),
        held={each.post_id: each.words for each in shown},
    )


def _notices(conn: BoundedConnection, found: list[Found]) -> Iterator[SearchNotice]:
    if found:
        yield SearchNotice("some_words")
    if conn.was_stopped:
        kind: Kind = "late" if conn.is_late else "stopped"
        yield SearchNotice(kind)


class _Looker:
    """Asks the index for choices of the words, and reads what it finds."""

    def __init__(self, conn: BoundedConnection, loose: Loose) -> None:
        self._conn = conn
        self._loose = loose
        self._reader = PostReader(conn)
        self._counts = Counts(conn)
        is_large = self._counts.is_large
        self._most = limits.SOME_IN_LARGE if is_large else limits.SOME_POSTS

    def candidates(self) -> tuple[list[int], bool]:
        """Posts that have some of the words, the weightiest choices first; and whether these
        are all that weigh enough."""
        found: dict[int, None] = {}
        least = 0.0
        for choice in choices(self._loose.words, self._loose.asked):
            weight = weight_of(choice)
            if weight < least:
                break
            ids = self._with_all(choice)
            if self._conn.was_stopped:
                return list(found), False
            if ids and not found:
                least = LEAST_WEIGHT * weight
            found |= dict.fromkeys(ids)
            if len(found) > self._most:
                first = list(found)[: self._most]
                return first, False
        return list(found), True

    def _with_all(self, choice: Choice) -> list[int]:
        """The last posts of the file that have all of some words, one more than are read."""
        words = [expression(each.words) for each in choice]
        match = both(*words, self._loose.months)
        filters = self._loose.filters
        limit = self._most + 1
        if filters == ALWAYS:
            return self._counts.last_matching_ids(match, limit, of_all=True)
        select = f"{_FITTING} {filters.sql} ORDER BY f.rowid DESC"
        params = (match, *filters.params)
        rows = self._conn.all_rows(f"{select} LIMIT {limit}", params)
        return [row[0] for row in rows]

    def threads(self, ids: list[int]) -> dict[int, Thread]:
        """The threads of the posts."""
        found: dict[int, Thread] = {}
        for post_id, *about in self._conn.by_ids(_THREADS, ids):
            found[post_id] = Thread(*about)
        return found

    def read(self, ids: list[int], threads: Mapping[int, Thread]) -> list[Found]:
        """The posts with what they have of the words."""
        rows: list[Row] = []
        for post_id, time in self._conn.by_ids(_TIMES, ids):
            row = (post_id, 0.0, time)
            rows.append(row)
        found: list[Found] = []
        for row, post in self._reader.texts(rows):
            thread = threads.get(row[0], NO_THREAD)
            each = found_in(row, post, thread, self._loose.words)
            found.append(each)
        return found
