"""The page of so few posts that they are read, one by one: of few matches, or of what
filters leave."""

from __future__ import annotations

from dataclasses import replace

from archive.search import limits
from archive.search.context import LookupContext
from archive.search.pages import Matches
from archive.search.plan import Plan
from archive.search.rarest import rarest_match
from archive.search.tree import Node


def few_wanted(context: LookupContext, plan: Plan, few: int) -> list[int] | None:
    """In a large archive, the posts with what is wanted, where they are few: to read them
    takes less than the lists of what is not wanted, or in a huge one of what is common.
    None where there are more."""
    if not context.counts.is_large:
        return None
    candidates = [plan.positive_match]
    if context.counts.is_huge and plan.words is not None:
        with context.conn.unbounded():
            rarest = rarest_match(plan.words, context.stats)
        candidates.insert(0, rarest)
    for match in candidates:
        if not match or match == plan.match:
            continue
        ids = context.counts.numbers(match, few + 1)
        if len(ids) <= few:
            return ids
    return None


def listed(
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
    are_few = len(ids) <= context.few_matches(plan)
    if context.counts.is_large and are_few:
        # so few are all read, and counted: in a large archive nothing else would count them
        fitting = list(holding)
        rows_count = len(fitting)
        holding = iter(fitting)
    checked = replace(
        plan,
        check=words,
    )
    return context.page(
        checked,
        holding,
        least_ranked=limits.RANKED_MATCHES,
        rows_count=rows_count,
    )


def leave_few_posts(context: LookupContext, plan: Plan) -> bool:
    """Whether the filters leave but few posts, and quickly."""
    if not plan.is_selective:
        return False
    if plan.is_by_name and context.counts.is_large:
        return False  # the index on names is gone through without reading posts
    return context.counts.filters_leave_at_most(plan, context.few_posts)


def few_posts(context: LookupContext, plan: Plan) -> Matches:
    """Where the filters leave but few posts: those, read one by one."""
    context.ways.append("few_posts")
    filters = plan.filters
    sql = f"SELECT p.id FROM posts p WHERE {filters.sql}"
    rows = context.conn.all_rows(sql, filters.params)
    ids = [row[0] for row in rows]
    return listed(context, plan, ids, plan.words)
