"""A page of the posts that were found, and how many there are in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from archive.search import limits
from archive.search.chronological import Row
from archive.search.counting import Counts
from archive.search.notices import SearchNotice
from archive.search.plan import Plan
from archive.search.tree import Words

Way = Literal[
    "few_matches",
    "few_posts",
    "bm25",
    "newest_ranked",
    "by_month",
    "by_name",
    "sorted",
    "scan",
    "post_filter",
    "index_for_rare",
    "index_after_reading",
    "some_words",
    "by_figure",
]
"""How posts were found; `explain.py` says what each means."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Post numbers in order. `total`: how many fit, at least that many where it is not exact.

    `held`: where no post has all words, those that each has.
    """

    ids: list[int]
    total: int
    is_total_exact: bool
    scores: dict[int, float] = field(default_factory=dict)
    notices: tuple[SearchNotice, ...] = ()
    ways: tuple[Way, ...] = ()
    held: dict[int, tuple[Words, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the posts in order are asked for: those from `offset` up to `end`. `enough`:
    how many will do where to find more is expensive."""

    offset: int
    end: int
    enough: int


class Pager:
    """Cuts pages out of rows. Matches are counted up to `counted`."""

    def __init__(self, counts: Counts, window: Window, counted: int) -> None:
        self._counts = counts
        self._window = window
        self._counted = counted

    def page(
        self,
        plan: Plan,
        rows: Iterator[Row],
        *,
        rows_count: int | None = None,
        matches: int | None = None,
        are_all: bool = True,
    ) -> Matches:
        """The page of these rows. `rows_count`: how many they are, and `matches`: how many
        match in the index, if that is known; `are_all`: all that fits is among the rows.

        In a small archive all are counted.
        """
        end = self._window.end
        first = [row[0] for row in islice(rows, end + 1)]
        ids = first[self._window.offset : end]
        if rows_count is not None:
            return Matches(
                ids,
                rows_count,
                is_total_exact=True,
            )
        if len(first) <= end:
            return Matches(
                ids,
                len(first),
                is_total_exact=True,
            )

        total = self._total(plan, matches)
        if total is not None:
            is_exact = len(first) <= total <= self._counted
            return Matches(ids, max(total, len(first)), is_exact)
        if are_all and self._counts.is_small:
            rest = sum(1 for _ in rows)
            return Matches(
                ids,
                len(first) + rest,
                is_total_exact=True,
            )
        return Matches(
            ids,
            len(first),
            is_total_exact=False,
        )

    def _total(self, plan: Plan, matches: int | None) -> int | None:
        """How many posts fit, where that is quickly told: up to `counted` + 1; else None."""
        if not plan.is_covered_by_index:
            return None
        if not plan.has_filters:
            return matches
        if plan.match and plan.is_by_name and self._counts.is_large:
            return self._counts.by_name(plan, limits.COUNTED_MATCHES + 1)
        if matches is not None:
            countable = limits.COUNTED_MATCHES
            if self._counts.is_large:
                countable = limits.LISTED_IN_LARGE
            if matches > countable:
                return None
            return self._counts.fitting_matches(plan, matches)
        if plan.match or plan.filters.asks_index:
            return None
        return self._counts.posts(plan, self._counted + 1)
