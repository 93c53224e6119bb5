"""Runs a plan: post numbers in the order asked for, with every step bounded, however common the words.

Best: bm25, exact up to EXACT_MATCHES; beyond, the newest RANKED_MATCHES are ranked. Newest and oldest: exact by
`posted_at` in any case. Rows do not lie in the order of time, and sorting a hundred thousand matches takes as long as
it sounds; but every row of the index tells its month, so the months are asked one after the other until enough is
found. A single Chinese character is looked for in the posts themselves, unless it turns out to be rare.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from math import log
from typing import Literal

from archive.bounded import Bounded
from archive.by_time import ByTime, Row
from archive.characters import RARE_SHARE, any_is_rare
from archive.match import fold_post, holds
from archive.planner import Plan, within_months

Order = Literal["best", "newest", "oldest"]

EXACT_MATCHES = 10_000
"""So many matches are ranked all: bm25 takes two microseconds for each."""
RANKED_MATCHES = 3_000
ENOUGH_MATCHES = 500
"""Of more matches about the first number are ranked, the newest; of rarer words fewer, hardly ever under the second."""
FIRST_MONTHS = 3
USUAL_MONTHS = 24
"""So many months are looked at first, to guess how many are wanted; and no more than so many, if that is enough."""
COUNTED_MATCHES = 5_000
"""So many matches are counted where they need not be ranked."""
LISTED_MATCHES = 30_000
"""So many matches are listed to look posts up among them; of more, each post is asked for by itself."""
FEW_MATCHES = 600
"""So many matches are sorted by time at once."""
SMALL_POSTS = 500
"""Where there are, or filters leave, so few posts, the bounds do not matter."""
SCANNED_POSTS = 6_000
"""Posts read one by one for single characters."""
CHECKED_MATCHES = 700
"""Matches of the index that are read for single characters before the index is asked for those, too."""
TIE = 0.02
"""Scores that differ by no more than this part of them are equal: the newer post goes first."""
_CHECKED_AT_ONCE = 50

_BM25 = "bm25(posts_fts, 1.0, 8.0, 0.0)"


@dataclass(frozen=True, slots=True)
class Found:
    """Post numbers in order. `total`: how many fit, at least that many where it is not exact."""

    ids: list[int]
    total: int
    is_total_exact: bool
    scores: dict[int, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def look_up(conn: sqlite3.Connection, plan: Plan, order: Order, limit: int, offset: int) -> Found:
    """The posts from `offset` on, at most `limit`."""
    with Bounded(conn) as bounded:
        found = _Lookup(bounded, plan, order, limit, offset).run()
    if bounded.was_stopped:
        notes = (*found.notes, "stopped early: few posts fit the filters; name an author or a time to go on")
        return replace(found, is_total_exact=False, notes=notes)
    return found


class _TooRareError(Exception):
    """Reading posts for single characters leads nowhere: ask the index."""


class _Lookup:
    def __init__(self, conn: Bounded, plan: Plan, order: Order, limit: int, offset: int) -> None:
        self.conn = conn
        self.plan = plan
        self.order = order
        self.offset = offset
        self.wanted = offset + limit
        self.counted = EXACT_MATCHES if order == "best" else COUNTED_MATCHES
        self.has_asked_for_characters = False
        self.matches_with_characters = 0

    @property
    def times(self) -> ByTime:
        """The posts in the order of time, by the plan as it is now."""
        return ByTime(self.conn, self.plan, self.order == "oldest", self.wanted)

    def run(self) -> Found:
        # ranked posts are read one by one, in any order of time: there, the index is quicker for commoner ones, too
        share = 2 * self.wanted / CHECKED_MATCHES if self.order == "best" and self.plan.match else RARE_SHARE
        is_small = self.plan.can_do_more and self._has_at_most(SMALL_POSTS)
        if is_small or (self.plan.can_do_more and any_is_rare(self.conn, self.plan.wanted, share)):
            self._ask_for_characters()
        try:
            return self._indexed() if self.plan.match else self._unindexed()
        except _TooRareError:
            self._ask_for_characters()
            return self._indexed()

    def _ask_for_characters(self) -> None:
        self.has_asked_for_characters = True
        self.plan = self.plan.with_single_characters()

    def _indexed(self) -> Found:
        count = self._count(self.plan.match, self.counted + 1)
        if count > FEW_MATCHES and (few := self._few_posts()) is not None:
            return few
        if self.order == "best":
            return self._best(count)
        # a common character is dear to look up: better once than for each month
        at_once = count <= FEW_MATCHES or (self.has_asked_for_characters and count > self.counted)
        if count > FEW_MATCHES and self._has_quiet_author():
            rows = self.times.by_author(self._count(self.plan.match, LISTED_MATCHES + 1) <= LISTED_MATCHES)
        else:
            rows = self.times.few() if at_once else self.times.by_month(count <= self.counted)
        return self._page(self._holding(rows), count)

    # Best

    def _best(self, count: int) -> Found:
        match = self.plan.match
        months = self._newest_months(match) if count > EXACT_MATCHES else []
        if months:
            match = within_months(match, months)
        asked_before = self.has_asked_for_characters
        are_all = not self.plan.is_said and not months and self._has_at_most(SCANNED_POSTS)
        taken = None if are_all else 2 * self.wanted
        ranked = self._with_times(list(islice(self._checked(self._ranked(match), months), taken)))
        if self.has_asked_for_characters and not asked_before:
            if months and len(ranked) < self.wanted:
                return self._best(self._count(self.plan.match, self.counted + 1))
            count = self.matches_with_characters
        ranked.sort(key=lambda row: row[2] or "", reverse=True)
        ranked.sort(key=lambda row: -round(log(max(-row[1], 1e-9)) / TIE))
        found = self._page(iter(ranked), count, are_all=are_all)
        scores = {row[0]: -row[1] for row in ranked}
        if not months:
            return replace(found, scores=scores)
        note = f"of more than {EXACT_MATCHES:,} matches only those since {months[-1]} are ranked"
        return replace(found, is_total_exact=False, scores=scores, notes=(note,))

    def _ranked(self, match: str) -> Iterator[Row]:
        if self.plan.where == "1":
            sql = f"SELECT rowid, {_BM25}, NULL FROM posts_fts WHERE posts_fts MATCH ? ORDER BY 2"
        else:
            sql = f"""SELECT p.id, {_BM25}, NULL FROM posts_fts CROSS JOIN posts p ON p.id = posts_fts.rowid
                WHERE posts_fts MATCH ? AND {self.plan.where} ORDER BY 2"""
        limit = f" LIMIT {2 * self.wanted}" if self.plan.is_said else ""
        return self.conn.rows(sql + limit, (match, *self.plan.params))

    def _with_times(self, rows: list[Row]) -> list[Row]:
        times = dict(self.conn.by_ids("SELECT id, posted_at FROM posts WHERE id IN", [row[0] for row in rows]))
        return [(row[0], row[1], times[row[0]]) for row in rows if row[0] in times]

    def _newest_months(self, match: str) -> list[str]:
        """The newest months that have enough matches to rank, together.

        No more of them than needed: bm25 counts all posts of each.
        """
        rest = self.times.months()
        months = list(islice(rest, FIRST_MONTHS))
        found = self._count(within_months(match, months), RANKED_MATCHES)
        wanted = min(USUAL_MONTHS, FIRST_MONTHS * RANKED_MATCHES // max(found, 1))
        months += islice(rest, wanted - len(months))
        while self._count(within_months(match, months), ENOUGH_MATCHES) < ENOUGH_MATCHES:
            if not (more := list(islice(rest, 2 * len(months)))):
                break
            months += more
        return months

    def _has_quiet_author(self) -> bool:
        """Whether the filters name an author whose posts are not too many to be gone through."""
        return self.plan.names_author and self._leave_at_most(COUNTED_MATCHES)

    # Posts themselves

    def _unindexed(self) -> Found:
        """No word of two characters: read posts in the order of time; by the index where few of them fit."""
        if self.plan.is_said:
            return self._page(self.times.scan(-1), None)
        notes = ("ordered by time: such words are too common to rank",) if self.order == "best" else ()
        posts = SCANNED_POSTS if self.plan.check or self.plan.can_do_more else -1
        found = self._page(self._holding(self.times.scan(posts)))
        if posts > 0 and found.is_total_exact and self._count_posts(SCANNED_POSTS) > SCANNED_POSTS:
            if self.plan.can_do_more:
                raise _TooRareError
            notes = (*notes, f"looked through {SCANNED_POSTS:,} posts only")
            found = replace(found, is_total_exact=False)
        return replace(found, notes=notes)

    def _few_posts(self) -> Found | None:
        """Where the filters leave but few posts, and quickly: those, read one by one. None where there are more."""
        if not self.plan.is_selective or not self._leave_at_most(SMALL_POSTS):
            return None
        rows = list(islice(self.times.scan(-1), SMALL_POSTS + 1))
        if len(rows) > SMALL_POSTS:
            return None
        self.plan = replace(self.plan, check=self.plan.words)
        found = self._page(self._holding(rows))
        return replace(found, notes=("ordered by time: few posts fit the filters",)) if self.order == "best" else found

    # Pages and counts

    def _page(self, rows: Iterator[Row], count: int | None = None, *, are_all: bool = True) -> Found:
        """The page of these rows; `count`: how many match in the index, if it was asked; `are_all`: what fits is here.

        In a small archive all are counted.
        """
        first = [row[0] for row in islice(rows, self.wanted + 1)]
        page = first[self.offset : self.wanted]
        if len(first) <= self.wanted:
            return Found(page, len(first), True)
        total = self._total(count)
        if not total and are_all and self._has_at_most(SCANNED_POSTS):
            return Found(page, len(first) + sum(1 for _ in rows), True)
        return Found(page, max(total, len(first)), len(first) <= total <= self.counted)

    def _total(self, matches: int | None) -> int:
        """How many posts fit, where that is quickly told: at most `self.counted` + 1; else 0."""
        if not self.plan.is_said:
            return 0
        if self.plan.where == "1":
            return matches or 0
        if matches is None:
            return 0 if "MATCH" in self.plan.where else self._count_posts(COUNTED_MATCHES)
        return sum(1 for _ in self.times.few()) if matches <= COUNTED_MATCHES else 0

    def _checked(self, rows: Iterable[Row], months: Sequence[str] = ()) -> Iterator[Row]:
        """The rows that have the characters, and what else the index could not tell."""
        characters, params = self.plan.characters
        tests = f"SELECT p.id FROM posts p WHERE {characters} AND p.id IN"
        batches = _batches(rows, _CHECKED_AT_ONCE)
        for number, some in enumerate(batches, 1):
            if number * _CHECKED_AT_ONCE > CHECKED_MATCHES and self.plan.can_do_more:
                yield from self._checked(self._with_characters(chain(some, *batches), months))
                return
            if params:
                right = {row[0] for row in self.conn.by_ids(tests, [row[0] for row in some], params)}
                some = [row for row in some if row[0] in right]
            yield from self._holding(some)

    def _with_characters(self, rows: Iterable[Row], months: Sequence[str]) -> list[Row]:
        """The rows that have the characters by the index, which is asked once and ranks no row again."""
        self._ask_for_characters()
        match = within_months(self.plan.match, months) if months else self.plan.match
        right = {row[0] for row in self.conn.rows("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?", (match,))}
        self.matches_with_characters = len(right)
        return [row for row in rows if row[0] in right]

    def _holding(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows whose words have what neither index nor SQL could tell."""
        check = self.plan.check
        if check is None:
            yield from rows
            return
        for some in _batches(rows, _CHECKED_AT_ONCE):
            texts = self.conn.by_ids("SELECT id, text, subject FROM posts WHERE id IN", [row[0] for row in some])
            right = {post_id for post_id, text, subject in texts if holds(fold_post(text, subject), check)}
            yield from (row for row in some if row[0] in right)

    def _count(self, match: str, limit: int) -> int:
        sql = "SELECT count(*) FROM (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?)"
        return self.conn.number(sql, (match, limit))

    def _count_posts(self, limit: int) -> int:
        """How many posts fit the filters, up to the limit and one more."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM posts p WHERE {self.plan.where} LIMIT {limit + 1})"
        return self.conn.number(sql, self.plan.params)

    def _leave_at_most(self, posts: int) -> bool:
        """Whether the filters leave so few posts; no where it takes too long to tell."""
        count = self._count_posts(posts)
        if self.conn.was_stopped:
            self.conn.was_stopped = False
            return False
        return count <= posts

    def _has_at_most(self, posts: int) -> bool:
        """Whether the archive is so small."""
        return self.conn.number(f"SELECT count(*) FROM (SELECT 1 FROM posts LIMIT {posts + 1})") <= posts


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
