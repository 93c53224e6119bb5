"""One look-up as its parts share it: the connection, the order and page asked for, the posts
read so far, and what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from archive.search import limits
from archive.search.budget import BoundedConnection
from archive.search.chronological import Chronological, Row
from archive.search.counting import Counts
from archive.search.notices import SearchNotice
from archive.search.orders import ORDERS as ORDERS
from archive.search.orders import Order as Order
from archive.search.pages import Matches, Pager, Way, Window
from archive.search.plan import Plan
from archive.search.post_filter import PostReader
from archive.search.ranking import Ranker
from archive.search.stats import IndexStats

_USUAL_PAGE = 200
"""Posts of a page near the first; to fill one so far behind, twice as many are read."""


class TooRareError(Exception):
    """Reading posts for what is expensive leads nowhere: ask the index."""


class TooCommonError(Exception):
    """What was asked of the index for being rare is in very many posts: read the newest."""


@dataclass(slots=True)
class FirstRows:
    """The first of some rows, of which some are kept; when they are through, `was_cut` tells
    whether there were more.

    The first SAMPLED_IN_HUGE tell whether it is worth it: TooRareError where less than
    `least_share` of them is kept.
    """

    rows: Iterator[Row]
    limit: int
    least_share: float = 0.0
    was_cut: bool = False
    read: int = 0
    kept: int = 0

    def __iter__(self) -> Iterator[Row]:
        for row in islice(self.rows, self.limit):
            is_rare = self.kept < self.least_share * self.read
            if self.read == limits.SAMPLED_IN_HUGE and is_rare:
                raise TooRareError
            self.read += 1
            yield row
        self.was_cut = next(self.rows, None) is not None

    def counted(self, kept: Iterable[Row]) -> Iterator[Row]:
        """Those that are kept, as they are."""
        for row in kept:
            self.kept += 1
            yield row


@dataclass(frozen=True, slots=True)
class LookupContext:
    """A look-up. `stats` are asked within `conn.unbounded()`; `ways` grows with what is done;
    `listed`: all that matches in the index, where that was asked already."""

    conn: BoundedConnection
    order: Order
    window: Window
    counts: Counts
    reader: PostReader
    stats: IndexStats
    ways: list[Way] = field(default_factory=list)
    listed: frozenset[int] | None = None

    def counted(self, plan: Plan) -> int:
        """So many matches are counted."""
        if self.counts.is_huge:
            return limits.COUNTED_IN_HUGE
        if self.order == "best" and plan.match:
            return limits.EXACT_MATCHES
        return limits.COUNTED_MATCHES

    def few_matches(self, plan: Plan) -> int:
        """So few matches are read at once."""
        if self.counts.is_huge:
            return limits.LISTED_IN_HUGE
        if self.counts.is_large and plan.has_filters:
            return limits.LISTED_TO_FILTER
        if self.counts.is_large and self.order == "best":
            return limits.LISTED_TO_RANK
        if self.counts.is_large:
            return limits.LISTED_IN_LARGE
        # what is expensive to look up is so each time: better once
        return limits.LISTED_MATCHES if plan.is_full else limits.FEW_MATCHES

    @property
    def few_posts(self) -> int:
        """Where filters leave so few posts, those are read."""
        if self.counts.is_large:
            return limits.LISTED_IN_LARGE
        return limits.SMALL_POSTS

    def ranked_posts(self, plan: Plan) -> int:
        """Of more posts than can be ranked so many are, the newest; for every page the same."""
        if self.counts.is_huge:
            return limits.RANKED_IN_HUGE
        if self.counts.is_large:
            return limits.RANKED_IN_LARGE
        if self.counts.is_small:
            return limits.RANKED_IN_SMALL
        asks_for_one_thing = plan.is_covered_by_index or not (plan.match or plan.check)
        if asks_for_one_thing and not plan.has_filters:
            return limits.RANKED_MATCHES
        return limits.RANKED_CHECKED

    def times(self, plan: Plan) -> Chronological:
        """What a plan finds, in the order of time."""
        target_rows = self.window.end
        if self.order == "best":
            target_rows = max(target_rows, self.ranked_posts(plan))
        return Chronological(
            conn=self.conn,
            plan=plan,
            is_ascending=self.order == "oldest",
            target_rows=target_rows,
            listed=self.listed,
            is_dense=self._is_dense(plan),
            are_months_long=self.counts.is_huge,
        )

    def _is_dense(self, plan: Plan) -> bool:
        """Whether of what is listed one is soon met among the posts by time; not where its
        months can be asked for what is cheap."""
        if self.listed is None or plan.cheap_match:
            return False
        return len(self.listed) * limits.WALKED_FOR_ONE > self.counts.posts_numbers

    def posts_to_read(self, posts: int, in_large: int) -> int:
        """So many posts to read for a page, and more for the pages far behind it."""
        if self.counts.is_large:
            posts = in_large
        return posts + posts * self.window.enough // _USUAL_PAGE

    def pager(self, plan: Plan) -> Pager:
        """What cuts the page out of rows in their final order."""
        return Pager(self.counts, self.window, self.counted(plan))

    def page(
        self,
        plan: Plan,
        rows: Iterator[Row],
        *,
        least_ranked: int = 0,
        rows_count: int | None = None,
        matches: int | None = None,
        also_ranked: Sequence[Row] = (),
    ) -> Matches:
        """The page of rows that come in the order of time; by score, where that is asked
        for. See `Ranker.page` and `Pager.page`; at least `least_ranked` are ranked."""
        pager = self.pager(plan)
        if self.order != "best":
            return pager.page(
                plan,
                rows,
                rows_count=rows_count,
                matches=matches,
            )
        ranker = Ranker(self.conn, self.reader, pager, self.stats)
        return ranker.page(
            plan,
            rows,
            ranked_posts=max(least_ranked, self.ranked_posts(plan)),
            rows_count=rows_count,
            matches=matches,
            also_ranked=also_ranked,
        )

    def page_of_read(
        self,
        plan: Plan,
        rows: Iterator[Row],
        keep: Callable[[Iterable[Row]], Iterator[Row]],
        *,
        matches: int | None = None,
        also_ranked: Sequence[Row] = (),
    ) -> Matches:
        """The page of what is kept of rows, each of which is read; of very many the first.
        Raises TooRareError where little is kept, and the index can be asked for more."""
        self.ways.append("post_filter")
        is_huge = self.counts.is_huge
        in_large = limits.CHECKED_IN_HUGE if is_huge else limits.CHECKED_IN_LARGE
        posts = self.posts_to_read(limits.READ_POSTS, in_large)
        read = FirstRows(rows, posts)
        if is_huge and plan.has_full_plan:
            read.least_share = limits.FITTING_IN_HUGE
        kept = keep(read)
        found = self.page(
            plan,
            read.counted(kept),
            matches=matches,
            also_ranked=also_ranked,
        )
        if read.was_cut:
            return self.though_cut(found, plan, posts)
        return found

    def though_cut(self, found: Matches, plan: Plan, posts: int) -> Matches:
        """What was found in so many posts, of which there are more. Raises TooRareError
        where it is too little, and the index can be asked for more."""
        if found.total < self.window.enough and plan.has_full_plan:
            raise TooRareError
        notices = (*found.notices, SearchNotice("scanned", (posts,)))
        return replace(
            found,
            is_total_exact=False,
            notices=notices,
        )
