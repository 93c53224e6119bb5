"""All posts that match in the index, ranked by FTS5's bm25 and by how near the words stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from archive.search import limits
from archive.search.chronological import Row
from archive.search.context import LookupContext
from archive.search.nearness import boost
from archive.search.pages import Matches
from archive.search.plan import Plan
from archive.search.post_filter import batches
from archive.search.score import best_first, by_bm25


def best_of_all(context: LookupContext, plan: Plan, matches: int) -> Matches:
    """The page of all matches by bm25. `matches`: how many they are."""
    context.ways.append("bm25")
    taken = 2 * context.window.end
    are_all = False
    if plan.is_covered_by_index:
        taken = max(taken, limits.ORDERED_MATCHES)
    else:
        are_all = context.counts.is_small

    rows = by_bm25(context.conn, plan, taken)
    checked = _Checked(context, plan, matches)
    fitting = checked.fitting(rows)
    if not are_all:
        fitting = islice(fitting, taken)
    best = list(fitting)
    timed = list(_timed(context, best))
    boosted = _boosted(context, plan, timed)
    ranked = best_first(boosted)
    found = context.pager(plan).page(
        checked.plan,
        iter(ranked),
        matches=checked.matches,
        are_all=are_all,
    )
    scores = {row[0]: row[1] for row in ranked}
    return replace(
        found,
        scores=scores,
    )


def _boosted(context: LookupContext, plan: Plan, rows: list[Row]) -> list[Row]:
    """The rows with the scores of the first raised by how near the words stand in them."""
    if len(plan.near) < 2:
        return rows
    first = rows[: limits.ORDERED_MATCHES]
    others = rows[limits.ORDERED_MATCHES :]
    boosted: list[Row] = []
    for row, post in context.reader.texts(first):
        post_id, score, time = row
        score *= boost(post, plan.near)
        boosted.append((post_id, score, time))
    return [*boosted, *others]


def _timed(context: LookupContext, rows: list[Row]) -> Iterator[Row]:
    """The rows with the times of their posts."""
    ids = [row[0] for row in rows]
    sql = "SELECT id, posted_at FROM posts WHERE id IN"
    times = dict(context.conn.by_ids(sql, ids))
    for post_id, score, _ in rows:
        if post_id not in times:
            continue
        time = times[post_id]
        yield post_id, score, time


@dataclass(slots=True)
class _Checked:
    """Rows that have the characters, and what else the index could not tell.

    Where too many are read for that, the index is asked for what is expensive after all:
    `plan` and `matches` are then those of the full plan.
    """

    context: LookupContext
    plan: Plan
    matches: int

    def fitting(self, rows: Iterator[Row]) -> Iterator[Row]:
        reader = self.context.reader
        rest = batches(rows)
        read = 0
        for batch in rest:
            read += len(batch)
            is_too_much = read > limits.READ_POSTS
            if is_too_much and self.plan.has_full_plan:
                matching = self._ask_index()
                batches_left = chain.from_iterable(rest)
                unread = chain(batch, batches_left)
                known = (row for row in unread if row[0] in matching)
                yield from reader.fitting(known, self.plan)
                return
            yield from reader.fitting(batch, self.plan)

    def _ask_index(self) -> set[int]:
        self.context.ways.append("index_after_reading")
        self.plan = self.plan.with_expensive_words()
        counts = self.context.counts
        ids = counts.matching_ids(self.plan, -1)
        matching = set(ids)
        self.matches = len(matching)
        return matching
