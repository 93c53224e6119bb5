"""Finds what a plan asks for by the words' index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from archive.search import limits
from archive.search.chronological import Row
from archive.search.context import FirstRows, LookupContext, TooRareError
from archive.search.expressions import both
from archive.search.nearness import boost
from archive.search.pages import Matches
from archive.search.plan import Plan
from archive.search.post_filter import BATCH_ROWS, batches
from archive.search.score import best_first, by_bm25
from archive.search.tree import Node


def by_index(context: LookupContext, plan: Plan) -> Matches:
    """The page of what a plan finds. Raises TooRareError where the index must be asked for
    what is expensive, too."""
    few = context.few_matches(plan)
    wanted = _few_wanted(context, plan, few)
    if wanted:
        context.ways.append("few_matches")
        return _listed(context, plan, wanted, plan.words)
    # in a large archive the lists of a year's months are longer than those of the words
    is_by_month = bool(plan.months) and context.counts.is_large
    ids = [] if is_by_month else context.counts.matching_ids(plan, few + 1)
    if len(ids) <= few and not is_by_month:
        context.ways.append("few_matches")
        return _listed(context, plan, ids, plan.check)

    if _is_rare_in_matches(context, plan):
        raise TooRareError
    if _leave_few_posts(context, plan):
        return _few_posts(context, plan)
    matches = None
    if not (plan.has_filters and context.counts.is_large):
        matches = context.counts.matches(plan, context.counted(plan) + 1)
    if context.order != "best":
        return _in_order_of_time(context, plan, matches)
    are_few = _is_at_most(matches, limits.EXACT_MATCHES)
    # bm25 asks for the length of each match, which lie apart like the posts themselves
    if matches is not None and are_few and not context.counts.is_large:
        return _best(context, plan, matches)
    return _best_of_newest(context, plan, matches)


def _few_wanted(context: LookupContext, plan: Plan, few: int) -> list[int]:
    """In a large archive, the posts with what is wanted, where they are few: to read them
    takes less than the lists of what is not wanted. Empty where there are more, or none."""
    is_all = plan.positive_match == plan.match
    if is_all or not plan.positive_match or not context.counts.is_large:
        return []
    ids = context.counts.numbers(plan.positive_match, few + 1)
    return ids if len(ids) <= few else []


def _is_rare_in_matches(context: LookupContext, plan: Plan) -> bool:
    """Whether, in a large archive, few of the matches have what the index was not asked for:
    then it is better asked for that, too."""
    if not plan.has_full_plan or not context.counts.is_large:
        return False
    last = context.counts.last_matching_ids(
        plan.narrowed,
        limits.SAMPLED_IN_LARGE,
    )
    rows: list[Row] = [(post_id, 0.0, None) for post_id in last]
    fitting = list(context.reader.fitting(rows, plan))
    return len(fitting) < limits.FITTING_SHARE * len(rows)


def _leave_few_posts(context: LookupContext, plan: Plan) -> bool:
    """Whether the filters leave but few posts, and quickly."""
    if not plan.is_selective:
        return False
    if plan.is_by_name and context.counts.is_large:
        return False  # the index on names is gone through without reading posts
    return context.counts.filters_leave_at_most(plan, context.few_posts)


def _few_posts(context: LookupContext, plan: Plan) -> Matches:
    """Where the filters leave but few posts: those, read one by one."""
    context.ways.append("few_posts")
    filters = plan.filters
    sql = f"SELECT p.id FROM posts p WHERE {filters.sql}"
    rows = context.conn.all_rows(sql, filters.params)
    ids = [row[0] for row in rows]
    return _listed(context, plan, ids, plan.words)


def _listed(
    context: LookupContext, plan: Plan, ids: list[int], words: Node | None
) -> Matches:
    """The page of a few posts, those of them that have the words."""
    rows = context.times(plan).among(ids)
    if words is None:
        fitting = list(rows)
        return context.page(
            plan,
            iter(fitting),
            least_ranked=limits.RANKED_MATCHES,
            rows_count=len(fitting),
        )
    context.ways.append("post_filter")
    holding = context.reader.holding(rows, words)
    rows_count = None
    if context.counts.is_large and len(ids) <= context.few_matches(plan):
        # so few are all read, and counted: in a large archive nothing else would count them
        fitting = list(holding)
        rows_count = len(fitting)
        holding = iter(fitting)
    return context.page(
        replace(plan, check=words),
        holding,
        least_ranked=limits.RANKED_MATCHES,
        rows_count=rows_count,
    )


def _in_order_of_time(
    context: LookupContext, plan: Plan, matches: int | None
) -> Matches:
    """The page of what matches, by time."""
    if context.counts.is_large and not plan.is_covered_by_index:
        rows = _rows_by_time(context, plan.without_characters(), matches)
        return _page_of_fitting(context, plan, rows, matches)
    rows = _rows_by_time(context, plan, matches)
    if plan.check is None:
        return context.page(
            plan,
            rows,
            matches=matches,
        )
    check = plan.check
    return _page_of_read(
        context,
        plan,
        rows,
        lambda read: context.reader.holding(read, check),
    )


def _page_of_fitting(
    context: LookupContext, plan: Plan, rows: Iterator[Row], matches: int | None
) -> Matches:
    """The page of rows that have what the index could not tell."""
    return _page_of_read(
        context,
        plan,
        rows,
        lambda read: context.reader.fitting(read, plan),
        matches,
    )


def _page_of_read(
    context: LookupContext,
    plan: Plan,
    rows: Iterator[Row],
    keep: Callable[[Iterable[Row]], Iterator[Row]],
    matches: int | None = None,
) -> Matches:
    """The page of what is kept of rows, each of which is read; of very many the first."""
    context.ways.append("post_filter")
    posts = context.posts_to_read(limits.READ_POSTS, limits.CHECKED_IN_LARGE)
    read = FirstRows(rows, posts)
    found = context.page(plan, keep(read), matches=matches)
    if read.was_cut:
        return context.though_cut(found, plan, posts)
    return found


def _rows_by_time(
    context: LookupContext, plan: Plan, matches: int | None
) -> Iterator[Row]:
    """What matches, in the order of time. `matches`: how many, if that is known."""
    times = context.times(plan)
    if _has_quiet_name(context, plan):
        context.ways.append("by_name")
        limit = limits.LISTED_MATCHES
        count = context.counts.matches(plan, limit + 1)
        return times.by_name(list_matches=_is_at_most(count, limit))
    if plan.is_full and plan.required_chars and not context.counts.is_large:
        # characters that are left to look for make few of the many: those are found sooner
        # at once
        context.ways.append("sorted")
        return times.matches()
    context.ways.append("by_month")
    counted = context.counted(plan)
    if context.counts.is_large:
        counted = limits.LISTED_IN_LARGE
    return times.by_month(are_few=_is_at_most(matches, counted))


def _is_at_most(count: int | None, limit: int) -> bool:
    """Whether a count is so small; no where it is unknown."""
    return count is not None and count <= limit


def _has_quiet_name(context: LookupContext, plan: Plan) -> bool:
    """Whether the filters name an author or a location whose posts are not too many to be
    gone through."""
    if not plan.is_by_name:
        return False
    return context.counts.filters_leave_at_most(plan, limits.COUNTED_MATCHES)


def _best_of_newest(context: LookupContext, plan: Plan, matches: int | None) -> Matches:
    """Of more matches than can be ranked the newest. What is expensive is looked for in them."""
    context.ways.append("newest_ranked")
    rows = _rows_by_time(context, plan.without_characters(), matches)
    if plan.is_covered_by_index:
        # where all matches were counted, their lists have been read
        titled = _titled(context, plan) if matches is not None else []
        numbers = {row[0] for row in titled}
        return context.page(
            plan,
            (row for row in rows if row[0] not in numbers),
            matches=matches,
            also_ranked=titled,
        )
    return _page_of_fitting(context, plan, rows, matches)


def _titled(context: LookupContext, plan: Plan) -> list[Row]:
    """In a large archive, some posts that have the words in their title, however old."""
    if not context.counts.is_large:
        return []
    match = both(plan.narrowed, f"{{title}} : ({plan.match})")
    last = context.counts.last_matching_ids(match, limits.TITLED_IN_LARGE)
    return list(context.times(plan).among(last))


def _best(context: LookupContext, plan: Plan, matches: int) -> Matches:
    """All matches by bm25."""
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
    best = list(fitting if are_all else islice(fitting, taken))
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
            read += BATCH_ROWS
            if read > limits.READ_POSTS and self.plan.has_full_plan:
                matching = self._ask_index()
                unread = chain(batch, chain.from_iterable(rest))
                known = (row for row in unread if row[0] in matching)
                yield from reader.fitting(known, self.plan)
                return
            yield from reader.fitting(batch, self.plan)

    def _ask_index(self) -> set[int]:
        self.context.ways.append("index_after_reading")
        self.plan = self.plan.with_expensive_words()
        counts = self.context.counts
        matching = set(counts.matching_ids(self.plan, -1))
        self.matches = len(matching)
        return matching
