"""Runs a plan: post numbers in the order asked for, with every step bounded, however common
the words.

Best: bm25; of more than EXACT_MATCHES the newest RANKED_MATCHES are read and ranked. Newest
and oldest: exact by
`posted_at` in any case. Rows do not lie in the order of time, and sorting a hundred thousand matches takes as long as
it sounds; but every row of the index tells its month, so the months are asked one after the other until enough is
found. What is expensive to ask of the index is looked for in the posts themselves, unless it turns out to be rare.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice
from typing import Literal

from archive.search.budget import BoundedConnection
from archive.search.char_selectivity import RARE_SHARE, any_is_rare
from archive.search.chronological import Chronological, Row
from archive.search.notices import SearchNotice
from archive.search.planner import Plan
from archive.search.post_filter import AT_ONCE, Reader, batches
from archive.search.query import Node
from archive.search.score import Scorer, by_bm25, in_order
from archive.search.stats import IndexStats

Order = Literal["best", "newest", "oldest"]

EXACT_MATCHES = 10_000
"""So many matches are ranked all: FTS5's bm25 takes half a microsecond for each."""
ORDERED_MATCHES = 200
"""So many of the best at least are put in the order of their times where they are about as good."""
RANKED_MATCHES = 600
"""Of more matches so many are read and ranked, the newest."""
RANKED_CHECKED = 100
"""The same where more must be read to find them: with filters, single characters,
beginnings of common words."""
RANKED_IN_SMALL = 1_500
"""The same in an archive of at most SCANNED_POSTS."""
COUNTED_MATCHES = 5_000
"""So many matches are counted where they need not be ranked."""
LISTED_MATCHES = 30_000
"""So many matches are listed to look posts up among them; of more, each post is asked for
by itself."""
FEW_MATCHES = 600
"""So many matches are sorted, or read and ranked, at once."""
SMALL_POSTS = 500
"""Where there are, or filters leave, so few posts, the bounds do not matter."""
SCANNED_POSTS = 6_000
"""Posts that SQLite looks through for single characters."""
READ_POSTS = 2_000
"""Posts that are read for what is expensive to ask of the index, before that is asked for it."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Post numbers in order. `total`: how many fit, at least that many where it is not exact."""

    ids: list[int]
    total: int
    is_total_exact: bool
    scores: dict[int, float] = field(default_factory=dict)
    notices: tuple[SearchNotice, ...] = ()


def look_up(
    conn: sqlite3.Connection,
    plan: Plan,
    order: Order,
    limit: int,
    offset: int,
    *,
    enough: int = 0,
) -> Matches:
    """The posts from `offset` on, at most `limit`. `enough`: how many will do where to find
    more is expensive."""
    with BoundedConnection(conn) as bounded:
        found = _Lookup(
            bounded, plan, order, limit, offset, enough or offset + limit
        ).run()
    if bounded.was_stopped:
        return replace(
            found,
            is_total_exact=False,
            notices=(*found.notices, SearchNotice("stopped")),
        )
    return found


class _TooRareError(Exception):
    """Reading posts for what is expensive leads nowhere: ask the index."""


class _Lookup:
    def __init__(
        self,
        conn: BoundedConnection,
        plan: Plan,
        order: Order,
        limit: int,
        offset: int,
        enough: int,
    ) -> None:
        self.conn = conn
        self.plan = plan
        self.order = order
        self.offset = offset
        self.required_chars = offset + limit
        self.enough = enough
        self.counted = COUNTED_MATCHES
        self.has_asked_for_all = False
        self.ground = IndexStats(conn.conn)
        self.reader = Reader(conn)
        self.was_cut = False
        self.count = 0

    @property
    def times(self) -> Chronological:
        """The posts in the order of time, by the plan as it is now."""
        required_chars = (
            max(self._ranked_posts, self.required_chars)
            if self.order == "best"
            else self.required_chars
        )
        return Chronological(
            self.conn, self.plan, self.order == "oldest", required_chars
        )

    @cached_property
    def is_small(self) -> bool:
        """Whether all posts may be gone through."""
        return self._has_at_most(SCANNED_POSTS)

    @property
    def _ranked_posts(self) -> int:
        """Of more posts than can be ranked so many are, the newest; for every page the same."""
        plan = self.plan
        is_quick = plan.where == "1" and (
            plan.is_covered_by_index or not (plan.match or plan.check)
        )
        return (
            RANKED_IN_SMALL
            if self.is_small
            else RANKED_MATCHES
            if is_quick
            else RANKED_CHECKED
        )

    def run(self) -> Matches:
        # of what is rarer, reading would hardly find enough; to read and rank takes longer
        # than to look for the newest
        share = (
            1.3 * self.enough / READ_POSTS
            if self.order == "best" and self.plan.match
            else RARE_SHARE
        )
        is_small = self.plan.has_full_plan and self._has_at_most(SMALL_POSTS)
        if is_small or (
            self.plan.has_full_plan
            and any_is_rare(self.conn, self.plan.required_chars, share)
        ):
            self._ask_for_all()
        try:
            return self._indexed() if self.plan.match else self._unindexed()
        except _TooRareError:
            self._ask_for_all()
            return self._indexed()

    def _ask_for_all(self) -> None:
        self.has_asked_for_all = True
        self.plan = self.plan.with_expensive_words()

    def _indexed(self) -> Matches:
        self.counted = EXACT_MATCHES if self.order == "best" else COUNTED_MATCHES
        # what is expensive to look up is so each time: better once
        listed = LISTED_MATCHES if self.has_asked_for_all else FEW_MATCHES
        ids = self._matches(listed + 1)
        if len(ids) <= listed:
            return self._listed(self.times.among(ids), self.plan.check)
        count = self._count(self.counted + 1)
        if (found := self._few_posts()) is not None:
            return found
        if self.order == "best":
            return (
                self._best(count)
                if count <= EXACT_MATCHES
                else self._best_of_newest(count)
            )
        rows = self._by_time(count)
        if self.plan.check is None:
            return self._page(rows, count)
        return self._unless_cut(
            self._page(self.reader.holding(self._begun(rows), self.plan.check))
        )

    def _by_time(self, count: int) -> Iterator[Row]:
        """What matches, in the order of time."""
        if self._has_quiet_author():
            return self.times.by_author(
                self._count(LISTED_MATCHES + 1) <= LISTED_MATCHES
            )
        # characters that are left to look for make few of the many: those are found sooner at once
        at_once = self.has_asked_for_all and self.plan.required_chars
        return (
            self.times.few() if at_once else self.times.by_month(count <= self.counted)
        )

    # Best

    def _best(self, count: int) -> Matches:
        """All matches by bm25."""
        self.count = count
        are_all = not self.plan.is_covered_by_index and self.is_small
        taken = max(
            ORDERED_MATCHES if self.plan.is_covered_by_index else 0,
            2 * self.required_chars,
        )
        rows = list(
            islice(
                self._checked(by_bm25(self.conn, self.plan, taken)),
                None if are_all else taken,
            )
        )
        times = dict(
            self.conn.by_ids(
                "SELECT id, posted_at FROM posts WHERE id IN", [row[0] for row in rows]
            )
        )
        ranked = in_order(
            (row[0], row[1], times[row[0]]) for row in rows if row[0] in times
        )
        return replace(
            self._page(iter(ranked), self.count, are_all=are_all),
            scores={row[0]: row[1] for row in ranked},
        )

    def _best_of_newest(self, count: int) -> Matches:
        """Of more matches than can be ranked the newest. What is expensive is looked for in
        them."""
        plan, self.plan = self.plan, self.plan.without_characters()
        rows = self._by_time(count)
        self.plan = plan
        if plan.is_covered_by_index:
            return self._scored(rows, count)
        return self._unless_cut(
            self._scored(self.reader.fitting(self._begun(rows), plan), count)
        )

    def _unless_cut(self, found: Matches) -> Matches:
        """What was found by reading; where reading was cut, and too little was found, the
        index must be asked."""
        if not self.was_cut:
            return found
        return self._though_cut(found, self._more(READ_POSTS))

    def _though_cut(self, found: Matches, posts: int) -> Matches:
        """What was found in so many posts, if it is enough."""
        if found.total < self.enough and self.plan.has_full_plan:
            raise _TooRareError
        return replace(
            found,
            is_total_exact=False,
            notices=(*found.notices, SearchNotice("scanned", (posts,))),
        )

    def _more(self, posts: int) -> int:
        """So many posts to read for a page, and more for the pages far behind it."""
        return posts + posts * self.enough // 200

    def _scored(
        self, rows: Iterator[Row], count: int | None = None, most: int = 0
    ) -> Matches:
        """The page of rows that come newest first: the newest of them by score, all others
        behind them."""
        if not self.plan.scored:
            return self._page(rows, count)
        newest = list(islice(rows, max(most, self._ranked_posts)))
        with self.conn.unbounded():
            scorer = Scorer(self.ground, self.plan.scored)
        texts = self.reader.texts(newest)
        ranked = in_order(
            (post_id, scorer.score(post), time) for (post_id, _, time), post in texts
        )
        older = list(islice(rows, 1))
        found = replace(
            self._page(chain(ranked, older, rows), count),
            scores={row[0]: row[1] for row in ranked},
        )
        return (
            replace(
                found,
                total=max(found.total, len(newest) + 1),
                notices=(self._cut(newest),),
            )
            if older
            else found
        )

    def _cut(self, newest: list[Row]) -> SearchNotice:
        """That only these are ranked, and of how many."""
        since = min((time for _, _, time in newest if time), default="")[:7]
        if not self.plan.match or self.has_asked_for_all:
            return SearchNotice("newest", (len(newest), since))
        with self.conn.unbounded():
            about = self.ground.about(self.plan.narrowed)
        return SearchNotice("ranked", (about, len(newest), since))

    # Posts themselves

    def _unindexed(self) -> Matches:
        """Nothing that the index is asked for: read posts in the order of time; by the
        index where few of them fit."""
        if self.plan.is_covered_by_index:
            return self._page(self.times.scan(-1), None)
        posts = self._more(READ_POSTS if self.plan.check else SCANNED_POSTS)
        posts = posts if self.plan.check or self.plan.has_full_plan else -1
        rows = self.reader.holding(self.times.scan(posts), self.plan.check)
        found = self._scored(rows) if self.order == "best" else self._page(rows)
        is_cut = posts > 0 and found.is_total_exact and self._count_posts(posts) > posts
        return self._though_cut(found, posts) if is_cut else found

    def _few_posts(self) -> Matches | None:
        """Where the filters leave but few posts, and quickly: those, read one by one. None
        where there are more."""
        if not self.plan.is_selective or not self._leave_at_most(SMALL_POSTS):
            return None
        ids = self.conn.rows(
            f"SELECT p.id FROM posts p WHERE {self.plan.where}", self.plan.params
        )
        return self._listed(self.times.among([row[0] for row in ids]), self.plan.words)

    def _listed(self, rows: Iterator[Row], words: Node | None) -> Matches:
        """The page of a few posts, those of them that have the words."""
        if words is None:
            fitting = list(rows)
            ranked = self.order == "best"
            found = (
                self._scored(iter(fitting), 0, RANKED_MATCHES)
                if ranked
                else self._page(iter(fitting), 0)
            )
            return replace(found, total=len(fitting), is_total_exact=True)
        self.plan = replace(self.plan, check=words)
        holding = self.reader.holding(rows, words)
        return (
            self._scored(holding, most=RANKED_MATCHES)
            if self.order == "best"
            else self._page(holding)
        )

    # Pages and counts

    def _page(
        self, rows: Iterator[Row], count: int | None = None, *, are_all: bool = True
    ) -> Matches:
        """The page of these rows; `count`: how many match in the index, if it was asked;
        `are_all`: what fits is here.

        In a small archive all are counted.
        """
        first = [row[0] for row in islice(rows, self.required_chars + 1)]
        page = first[self.offset : self.required_chars]
        if len(first) <= self.required_chars:
            return Matches(page, len(first), True)
        total = self._total(count)
        if not total and are_all and self.is_small:
            return Matches(page, len(first) + sum(1 for _ in rows), True)
        return Matches(
            page, max(total, len(first)), len(first) <= total <= self.counted
        )

    def _total(self, matches: int | None) -> int:
        """How many posts fit, where that is quickly told: at most `self.counted` + 1; else,
        and for no `matches`, 0."""
        if not self.plan.is_covered_by_index:
            return 0
        if self.plan.where == "1":
            return matches or 0
        if matches is None:
            return (
                0 if "MATCH" in self.plan.where else self._count_posts(COUNTED_MATCHES)
            )
        return sum(1 for _ in self.times.few()) if 0 < matches <= COUNTED_MATCHES else 0

    def _checked(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that have the characters, and what else the index could not tell."""
        rest = batches(rows)
        for number, some in enumerate(rest, 1):
            if number * AT_ONCE > READ_POSTS and self.plan.has_full_plan:
                self._ask_for_all()
                right = set(self._matches(-1))
                self.count = len(right)
                yield from self._checked(
                    row for row in chain(some, *rest) if row[0] in right
                )
                return
            yield from self.reader.fitting(some, self.plan)

    def _begun(self, rows: Iterator[Row]) -> Iterator[Row]:
        """As many of the rows as are read; when they are through, `was_cut` tells whether
        there were more."""
        yield from islice(rows, self._more(READ_POSTS))
        self.was_cut = next(rows, None) is not None

    def _matches(self, limit: int) -> list[int]:
        """The numbers of so many posts that match in the index; of all where it is negative."""
        sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?"
        return [row[0] for row in self.conn.rows(sql, (self.plan.narrowed, limit))]

    def _count(self, limit: int) -> int:
        """How many posts match in the index, up to the limit."""
        sql = "SELECT count(*) FROM (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?)"
        return self.conn.number(sql, (self.plan.narrowed, limit))

    def _count_posts(self, limit: int) -> int:
        """How many posts fit the filters, up to the limit and one more."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM posts p WHERE {self.plan.where} LIMIT {limit + 1})"
        return self.conn.number(sql, self.plan.params)

    def _has_quiet_author(self) -> bool:
        """Whether the filters name an author whose posts are not too many to be gone through."""
        return self.plan.names_author and self._leave_at_most(COUNTED_MATCHES)

    def _leave_at_most(self, posts: int) -> bool:
        """Whether the filters leave so few posts; no where it takes too long to tell."""
        count = self._count_posts(posts)
        if self.conn.was_stopped:
            self.conn.was_stopped = False
            return False
        return count <= posts

    def _has_at_most(self, posts: int) -> bool:
        """Whether the archive is so small."""
        return (
            self.conn.number(
                f"SELECT count(*) FROM (SELECT 1 FROM posts LIMIT {posts + 1})"
            )
            <= posts
        )
