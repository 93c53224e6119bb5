"""Runs a plan: post numbers in the order asked for, with every step bounded, however common
the words.

Best: bm25; of more than EXACT_MATCHES the newest RANKED_MATCHES are read and ranked. Newest
and oldest: exact by `posted_at` in any case. Rows do not lie in the order of time, and
sorting a hundred thousand matches takes as long as it sounds; but every row of the index
tells its month, so the months are asked one after the other until enough is found. What is
expensive to ask of the index is looked for in the posts themselves, unless it turns out to
be rare. The bounds are in `limits.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from archive.search import limits
from archive.search.budget import BoundedConnection, Statement
from archive.search.by_figure import Figure, by_figure
from archive.search.char_selectivity import RARE_SHARE, any_is_rare
from archive.search.chronological import Row
from archive.search.conditions import ALWAYS
from archive.search.context import LookupContext, Order, TooCommonError, TooRareError
from archive.search.counting import Counts
from archive.search.index_lookup import by_index
from archive.search.notices import SearchNotice
from archive.search.pages import Matches, Way, Window
from archive.search.plan import Plan
from archive.search.post_filter import PostReader
from archive.search.rarest import most_share
from archive.search.stats import IndexStats
from archive.search.titled import titled_matches
from archive.search.tree_sql import characters_sql

_RANKING_COST: Final = 1.3
"""By so much to read and rank posts takes longer than to look for the newest."""
_ALL_POSTS: Final = -1


def look_up(
    conn: sqlite3.Connection,
    plan: Plan,
    order: Order,
    limit: int,
    offset: int,
    *,
    enough: int = 0,
    log: list[Statement] | None = None,
) -> Matches:
    """The posts from `offset` on, at most `limit`. `enough`: how many will do where to find
    more is expensive. `log`, where given, receives the statements that were run."""
    end = offset + limit
    with BoundedConnection(conn, log) as bounded:
        context = LookupContext(
            conn=bounded,
            order=order,
            window=Window(offset, end, enough or end),
            counts=Counts(bounded),
            reader=PostReader(bounded),
            stats=IndexStats(conn),
        )
        found = _found(context, plan)
    found = replace(
        found,
        ways=tuple(dict.fromkeys(context.ways)),
    )
    if not bounded.was_stopped:
        return found
    notices = (*found.notices, SearchNotice("late" if bounded.is_late else "stopped"))
    return replace(
        found,
        is_total_exact=False,
        notices=notices,
    )


def _found(context: LookupContext, plan: Plan) -> Matches:
    if context.order == "replies" or context.order == "views":
        return _by_figure(context, plan, context.order)
    if _is_index_quicker(context, plan):
        plan = _full_plan(context, plan, "index_for_rare")
    try:
        return _by_reading_or_index(context, plan)
    except TooRareError:
        full = _full_plan(context, plan, "index_after_reading")
    try:
        return by_index(context, full)
    except TooCommonError:
        return by_index(context, plan.with_characters_read())


def _by_reading_or_index(context: LookupContext, plan: Plan) -> Matches:
    """Without what is expensive to ask of the index. Raises TooRareError where that finds
    too little."""
    if not plan.match:
        return _by_reading(context, plan.without_index())
    if _is_too_common(context, plan):
        with suppress(TooRareError):
            return _common_words(context, plan)
    return by_index(context, plan)


def _common_words(context: LookupContext, plan: Plan) -> Matches:
    """The page of words that are found by reading the newest posts; the index tells more of
    the titles, and how many posts there are at least. Raises TooRareError where few of
    those that were read have the words."""
    with context.conn.unbounded():
        told_by = characters_sql(plan.words, context.stats) if plan.words else ALWAYS
    by_reading = plan.without_index(told_by)
    if not plan.is_covered_by_index:
        return _by_reading(context, by_reading)
    titled: list[Row] = []
    if context.order == "best":
        titled = titled_matches(context, plan)
    found = _by_reading(context, by_reading, titled)
    if found.is_total_exact:
        return found
    counted = context.counts.matches(plan, context.counted(plan) + 1)
    return replace(
        found,
        total=max(found.total, counted or 0),
    )


def _by_figure(context: LookupContext, plan: Plan, figure: Figure) -> Matches:
    try:
        return by_figure(context, plan, figure)
    except TooRareError:
        plan = _full_plan(context, plan, "index_after_reading")
        return by_figure(context, plan, figure)


def _full_plan(context: LookupContext, plan: Plan, way: Way) -> Plan:
    context.ways.append(way)
    return plan.with_expensive_words()


def _is_index_quicker(context: LookupContext, plan: Plan) -> bool:
    """Whether what is expensive to ask of the index is so rare that to look for it in posts
    takes longer."""
    if not plan.has_full_plan:
        return False
    if context.counts.is_large:
        return False  # a sample costs more than to look at the newest posts
    if context.counts.archive_has_at_most(limits.SMALL_POSTS):
        return True
    share = RARE_SHARE
    if context.order == "best" and plan.match:
        # of what is rarer, reading would hardly find enough
        share = _RANKING_COST * context.window.enough / limits.READ_POSTS
    return any_is_rare(context.conn, plan.required_chars, share)


def _by_reading(
    context: LookupContext, plan: Plan, titled: Sequence[Row] = ()
) -> Matches:
    """Nothing that the index is asked for: read posts in the order of time. `titled`: some
    that are known to fit. Raises TooRareError where few fit, and the index can be asked."""
    context.ways.append("scan")
    times = context.times(plan)
    if plan.is_covered_by_index:
        every = times.scan(_ALL_POSTS)
        return context.pager(plan).page(plan, every)
    if plan.check:
        context.ways.append("post_filter")
    posts = _posts_to_scan(context, plan)
    scanned = times.scan(posts)
    holding = context.reader.holding(scanned, plan.check)
    known = {row[0] for row in titled}
    found = context.page(
        plan,
        (row for row in holding if row[0] not in known),
        also_ranked=titled,
    )
    if posts == _ALL_POSTS or not found.is_total_exact:
        return found
    count = context.counts.posts(plan, posts + 1)
    if count is None:
        context.conn.was_stopped = True  # there may be more posts, or not
        return found
    if count <= posts:
        return found
    return context.though_cut(found, plan, posts)


def _is_too_common(context: LookupContext, plan: Plan) -> bool:
    """Whether the words are in so many posts of a large archive that the newest with them
    are found by reading, sooner than by their lists in the index."""
    if plan.has_filters or plan.words is None or not context.counts.is_large:
        return False
    if context.order == "oldest":
        return False
    share = limits.COMMON_SHARE
    # beside a single character, words must be commoner to be met with it
    if context.counts.is_huge and plan.is_covered_by_index:
        share = limits.COMMON_IN_HUGE
    with context.conn.unbounded():
        if most_share(plan.words, context.stats) < share:
            return False
        return context.stats.is_commoner(plan.positive_match or plan.match, share)


def _posts_to_scan(context: LookupContext, plan: Plan) -> int:
    is_huge = context.counts.is_huge
    if plan.check and not is_huge:
        return context.posts_to_read(limits.READ_POSTS, limits.READ_IN_LARGE)
    if plan.check or plan.has_full_plan:
        in_large = limits.READ_IN_LARGE
        if context.counts.is_large and not plan.has_filters:
            in_large = context.counts.near_each_other(
                context.times(plan).order,
                most=limits.SCANNED_IN_LARGE,
                pages=limits.READ_IN_LARGE,
            )
        return context.posts_to_read(limits.SCANNED_POSTS, in_large)
    return _ALL_POSTS
