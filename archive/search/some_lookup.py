"""Finds the posts that have the rarest and most words of a query of which none has all.

Every choice of some of the words is a question of its own to the index, the weightiest
first, until enough posts are found: so a post with two rare words goes before one with three
common ones, and the lists of common words are never joined.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from archive.search import limits
from archive.search.budget import BoundedConnection, Statement
from archive.search.chronological import Row
from archive.search.conditions import ALWAYS
from archive.search.context import Order
from archive.search.counting import Counts
from archive.search.expressions import both, expression
from archive.search.match import Folded, holds_words, places
from archive.search.nearness import CLAUSE_SIGN
from archive.search.notices import Kind, SearchNotice
from archive.search.pages import Matches
from archive.search.post_filter import PostReader
from archive.search.some_words import Loose, Weighed
from archive.search.tree import Words

LEAST_WEIGHT: Final = 0.4
"""Posts whose words weigh less than this part of the best one's are left out."""

_MATCHES: Final = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
_FITTING: Final = """SELECT p.id FROM posts_fts f CROSS JOIN posts p ON p.id = f.rowid
  WHERE f.posts_fts MATCH ? AND"""
_TIMES: Final = "SELECT id, posted_at FROM posts WHERE id IN"
_THREADS: Final = """SELECT p.id, t.id, coalesce(t.replies, -1), coalesce(t.views, -1)
  FROM posts p JOIN threads t ON t.id = p.thread_id WHERE p.id IN"""

_Choice = tuple[Weighed, ...]


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
        threads = looker.threads(ids) if order in _BY_THREAD else {}
        found = looker.read(ids, threads)
    ordered = _ordered(_weighty(found), order)
    end = offset + limit
    shown = ordered[offset:end]
    return Matches(
        ids=[each.post_id for each in shown],
        total=len(ordered),
        is_total_exact=are_all and not bounded.was_stopped,
        scores={each.post_id: each.score for each in shown},
        notices=tuple(_notices(bounded, ordered)),
        ways=("some_words",),
        held={each.post_id: each.words for each in shown},
    )


def _notices(conn: BoundedConnection, found: list[_Found]) -> Iterator[SearchNotice]:
    if found:
        yield SearchNotice("some_words")
    if conn.was_stopped:
        kind: Kind = "late" if conn.is_late else "stopped"
        yield SearchNotice(kind)


@dataclass(frozen=True, slots=True)
class _Thread:
    """A thread, and what its forum states of it, -1 for nothing."""

    thread_id: int
    replies: int
    views: int


_NO_THREAD: Final = _Thread(0, -1, -1)
"""Where the order does not ask for it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A post, which of the words it has, what they weigh, and what those do that stand in
    one clause of it."""

    post_id: int
    thread: _Thread
    posted_at: str | None
    words: tuple[Words, ...]
    weight: float
    clause_weight: float

    @property
    def score(self) -> float:
        """How well it fits, higher is better."""
        return self.weight + self.clause_weight


class _Looker:
    """Asks the index for choices of the words, and reads what it finds."""

    def __init__(self, conn: BoundedConnection, loose: Loose) -> None:
        self._conn = conn
        self._loose = loose
        self._reader = PostReader(conn)
        is_large = Counts(conn).is_large
        self._most = limits.SOME_IN_LARGE if is_large else limits.SOME_POSTS

    def candidates(self) -> tuple[list[int], bool]:
        """Posts that have some of the words, the weightiest choices first; and whether these
        are all that weigh enough."""
        found: dict[int, None] = {}
        least = 0.0
        for choice in _choices(self._loose.words):
            weight = _weight_of(choice)
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

    def _with_all(self, choice: _Choice) -> list[int]:
        """The last posts of the file that have all of some words, one more than are read."""
        words = [expression(each.words) for each in choice]
        match = both(*words, self._loose.months)
        filters = self._loose.filters
        select = f"{_MATCHES} ORDER BY rowid DESC"
        if filters != ALWAYS:
            select = f"{_FITTING} {filters.sql} ORDER BY f.rowid DESC"
        limit = self._most + 1
        params = (match, *filters.params)
        rows = self._conn.all_rows(f"{select} LIMIT {limit}", params)
        return [row[0] for row in rows]

    def threads(self, ids: list[int]) -> dict[int, _Thread]:
        """The threads of the posts."""
        found: dict[int, _Thread] = {}
        for post_id, *about in self._conn.by_ids(_THREADS, ids):
            found[post_id] = _Thread(*about)
        return found

    def read(self, ids: list[int], threads: Mapping[int, _Thread]) -> list[_Found]:
        """The posts with what they have of the words."""
        rows: list[Row] = []
        for post_id, time in self._conn.by_ids(_TIMES, ids):
            row = (post_id, 0.0, time)
            rows.append(row)
        found: list[_Found] = []
        for row, post in self._reader.texts(rows):
            thread = threads.get(row[0], _NO_THREAD)
            each = self._found(row, post, thread)
            found.append(each)
        return found

    def _found(self, row: Row, post: Folded, thread: _Thread) -> _Found:
        post_id, _, time = row
        held = [each for each in self._loose.words if holds_words(post, each.words)]
        return _Found(
            post_id=post_id,
            thread=thread,
            posted_at=time,
            words=tuple(each.words for each in held),
            weight=_weight_of(held),
            clause_weight=_clause_weight(post, held),
        )


def _choices(words: Sequence[Weighed]) -> list[_Choice]:
    """All choices of one word or more, the weightiest first."""
    choices: list[_Choice] = []
    for size in range(1, len(words) + 1):
        choices += combinations(words, size)
    return sorted(
        choices,
        key=_weight_of,
        reverse=True,
    )


def _weight_of(choice: Sequence[Weighed]) -> float:
    return sum(each.weight for each in choice)


def _clause_weight(post: Folded, held: Sequence[Weighed]) -> float:
    """What the words of the weightiest clause of a post weigh; its title is one."""
    signs = [sign.start() for sign in CLAUSE_SIGN.finditer(post.text)]
    in_title = 0.0
    in_clauses: defaultdict[int, float] = defaultdict(float)
    for each in held:
        clauses: set[int] = set()
        for start, _ in places(post.text, each.words):
            clause = bisect(signs, start)
            clauses.add(clause)
        for clause in clauses:
            in_clauses[clause] += each.weight
        if any(places(post.subject, each.words)):
            in_title += each.weight
    heaviest = max(in_clauses.values(), default=0.0)
    return max(in_title, heaviest)


def _weighty(found: list[_Found]) -> list[_Found]:
    """The posts whose words weigh enough beside those of the best."""
    heaviest = max((each.weight for each in found), default=0.0)
    least = LEAST_WEIGHT * heaviest
    return [each for each in found if each.weight >= least]


def _ordered(found: list[_Found], order: Order) -> list[_Found]:
    """In the order asked for; of two that are equal the newer first. By time, those without
    one come last."""
    newest = sorted(
        found,
        key=_time,
        reverse=True,
    )
    if order == "oldest":
        newest.reverse()
        return sorted(
            newest,
            key=_is_undated,
        )
    key = _KEYS.get(order)
    if key is None:
        return newest
    return sorted(
        newest,
        key=key,
        reverse=True,
    )


def _time(found: _Found) -> tuple[str, int]:
    return found.posted_at or "", found.post_id


def _is_undated(found: _Found) -> bool:
    return found.posted_at is None


def _score(found: _Found) -> float:
    return found.score


def _replies(found: _Found) -> tuple[int, int]:
    return found.thread.replies, found.thread.thread_id


def _views(found: _Found) -> tuple[int, int]:
    return found.thread.views, found.thread.thread_id


_KEYS: Final[dict[Order, Callable[[_Found], float | tuple[int, int]]]] = {
    "best": _score,
    "replies": _replies,
    "views": _views,
}
_BY_THREAD: Final = ("replies", "views")
