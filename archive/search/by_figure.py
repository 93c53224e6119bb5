"""Posts in the order of their threads' replies or views, as the forums state them.

Few matches are listed and sorted. Of more the threads are gone through, those with the
highest figures first, until a page is full: posts of large threads are asked for the words
by the index, none is read for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archive.search import limits
from archive.search.chronological import Row
from archive.search.conditions import ALWAYS, Condition, Param, all_of
from archive.search.context import LookupContext
from archive.search.expressions import EACH_MATCH, LISTED_MATCHES
from archive.search.pages import Matches
from archive.search.plan import Plan

Figure = Literal["replies", "views"]

_LISTED: Final = """json_each(?) each CROSS JOIN posts p ON p.id = each.value
  JOIN threads t ON t.id = p.thread_id"""
_WALKED: Final = "threads t CROSS JOIN posts p ON p.thread_id = t.id"


def by_figure(context: LookupContext, plan: Plan, figure: Figure) -> Matches:
    """The page of what a plan finds, posts of the threads with most replies or views first;
    those of one thread by time, the newest first."""
    is_large = context.counts.is_large
    if plan.has_full_plan and not is_large:
        context.ways.append("index_for_rare")
        plan = plan.with_expensive_words()
    most = limits.LISTED_IN_LARGE if is_large else limits.EXACT_MATCHES
    finder = _Finder(context, plan, figure)
    ids = finder.few(most)
    if ids is not None:
        context.ways.append("few_matches")
        rows = finder.among(ids)
    else:
        context.ways.append("by_figure")
        rows = finder.walk()
    return _page(context, plan, rows)


def _page(context: LookupContext, plan: Plan, rows: Iterator[Row]) -> Matches:
    """The page of these rows, each read where the index could not tell all of it."""
    check = plan.check
    if check is None:
        return context.page(plan, rows)
    return context.page_of_read(
        plan,
        rows,
        lambda read: context.reader.holding(read, check),
    )


@dataclass(frozen=True, slots=True)
class _Finder:
    """Lists what a plan finds, in the order of a figure."""

    context: LookupContext
    plan: Plan
    figure: Figure

    def few(self, most: int) -> list[int] | None:
        """The posts that have the words, or fit the filters, where they are so few; else
        None."""
        counts = self.context.counts
        if self.plan.match:
            limit = most + 1
            ids = counts.matching_ids(self.plan, limit)
            are_few = len(ids) <= most
            return ids if are_few else None
        if not self.plan.is_selective:
            return None
        if not counts.filters_leave_at_most(self.plan, most):
            return None
        return self._fitting()

    def _fitting(self) -> list[int]:
        """The posts that fit the filters."""
        filters = self.plan.filters
        sql = f"SELECT p.id FROM posts p WHERE {filters.sql}"
        rows = self.context.conn.all_rows(sql, filters.params)
        return [row[0] for row in rows]

    def among(self, ids: list[int]) -> Iterator[Row]:
        """Posts of these numbers that fit, sorted."""
        listed = str(ids)
        return self._rows(_LISTED, [listed], ALWAYS)

    def walk(self) -> Iterator[Row]:
        """All posts that fit, thread by thread."""
        words = self._words()
        return self._rows(_WALKED, [], words)

    def _words(self) -> Condition:
        """That a post has the words: by a list of all that have, or post by post."""
        match = self.plan.match
        if not match:
            return ALWAYS
        limit = limits.LISTED_MATCHES + 1
        count = self.context.counts.matches(self.plan, limit)
        if count is None or count == limit:
            return Condition(EACH_MATCH, (match,))
        return Condition(LISTED_MATCHES, (match,))

    def _rows(
        self, posts: str, given: Sequence[Param], words: Condition
    ) -> Iterator[Row]:
        conditions = [
            self.plan.filters,
            self.plan.characters,
            words,
        ]
        fitting = all_of(conditions)
        params = (*given, *fitting.params)
        sql = f"""SELECT p.id, 0, p.posted_at FROM {posts} WHERE {fitting.sql}
            ORDER BY t.{self.figure} DESC, t.id DESC, p.posted_at DESC, p.id DESC"""
        return self.context.conn.rows(sql, params)
