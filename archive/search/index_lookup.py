"""Finds what a plan asks for by the words' index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.search import limits
from archive.search.chronological import Row
from archive.search.context import LookupContext, TooCommonError, TooRareError
from archive.search.counting import is_at_most
from archive.search.few_matches import few_posts, few_wanted, leave_few_posts, listed
from archive.search.names_beside_words import has_quiet_name
from archive.search.pages import Matches
from archive.search.plan import Plan
from archive.search.ranked_matches import best_of_all
from archive.search.rarest import rarest_token, thinned_match
from archive.search.titled import titled_matches


def by_index(context: LookupContext, plan: Plan) -> Matches:
    """The page of what a plan finds. Raises TooRareError where the index must be asked for
    what is expensive, too, and TooCommonError where that is found in very many posts."""
    few = context.few_matches(plan)
    wanted = few_wanted(context, plan, few)
    if wanted is not None:
        context.ways.append("few_matches")
        return listed(context, plan, wanted, plan.words)
    if found := _by_list(context, plan, few):
        return found
    # in a large archive the lists of a year's months are longer than those of the words
    is_by_month = bool(plan.months) and context.counts.is_large
    ids: list[int] = []
    if not is_by_month:
        ids = _first_matches(context, plan, few)
        if len(ids) <= few:
            context.ways.append("few_matches")
            return listed(context, plan, ids, plan.check)

    if _is_rare_in_matches(context, plan):
        raise TooRareError
    if leave_few_posts(context, plan):
        return few_posts(context, plan)
    if _are_all(context, plan, ids):
        return _by_month_of_known(context, plan, ids)
    matches = _counted(context, plan, ids)
    if thinned := _thinned(context, plan):
        found = _newest_with(context, plan, thinned, matches)
        return replace(
            found,
            total=max(found.total, matches or 0),
        )
    return _in_order(context, plan, matches)


def _in_order(context: LookupContext, plan: Plan, matches: int | None) -> Matches:
    """The page of what matches, in the order that is asked for."""
    if context.order != "best":
        return _in_order_of_time(context, plan, matches)
    are_few = is_at_most(matches, limits.EXACT_MATCHES)
    # bm25 asks for the length of each match, which lie apart like the posts themselves
    if matches is not None and are_few and not context.counts.is_large:
        return best_of_all(context, plan, matches)
    return _best_of_newest(context, plan, matches)


def _are_all(context: LookupContext, plan: Plan, ids: list[int]) -> bool:
    """Whether, in a huge archive, the first matches that were asked for are all of them."""
    if not context.counts.is_huge or not ids:
        return False
    return len(ids) <= context.counted(plan)


def _by_month_of_known(context: LookupContext, plan: Plan, ids: list[int]) -> Matches:
    """The page of some hundred matches: their months are asked for the rarest of the words
    alone, whose list is the shortest."""
    rarest = ""
    if plan.words is not None:
        with context.conn.unbounded():
            rarest = rarest_token(plan.words, context.stats)
    known = replace(
        plan,
        cheap_match=rarest or plan.match,
    )
    return _by_order_of_listed(context, known, ids)


def _thinned(context: LookupContext, plan: Plan) -> Plan | None:
    """In a huge archive, the plan that asks the index for the rarer tokens of long words
    alone, and looks for the words in the posts; None where none is long."""
    if not context.counts.is_huge or not plan.is_covered_by_index or plan.is_full:
        return None
    if plan.words is None or plan.has_filters:
        return None
    with context.conn.unbounded():
        thinned = thinned_match(plan.words, context.stats)
    if not thinned:
        return None
    return replace(
        plan,
        match=thinned,
        check=plan.words,
        is_full=True,
    )


def _newest_with(
    context: LookupContext, plan: Plan, thinned: Plan, matches: int | None
) -> Matches:
    """The page of what matches a plan, by another that matches more."""
    if context.order != "best":
        return _in_order_of_time(context, thinned, None)
    context.ways.append("newest_ranked")
    rows = _rows_by_time(context, thinned, None)
    titled = titled_matches(context, plan) if matches is not None else []
    return _page_of_fitting(context, thinned, rows, None, titled)


def _first_matches(context: LookupContext, plan: Plan, few: int) -> list[int]:
    """Of few matches all, of others some more; in a huge archive as many as are counted, for
    to begin again takes as long."""
    most = few
    if context.counts.is_huge:
        most = max(few, context.counted(plan))
    return context.counts.matching_ids(plan, most + 1)


def _counted(context: LookupContext, plan: Plan, ids: list[int]) -> int | None:
    """How many posts match, up to a limit, where filters do not leave some of them only.
    `ids`: the first of them."""
    counts = context.counts
    if plan.has_filters and counts.is_large:
        return None
    if counts.is_huge:
        return len(ids)
    limit = context.counted(plan) + 1
    return counts.matches(plan, limit)


def _by_list(context: LookupContext, plan: Plan, few: int) -> Matches | None:
    """In a large archive, the page of what matches with what is expensive, listed once: each
    further question would join its thousands of lists anew, for a good part of a second.
    None where it is too much to be listed, or the filters are quicker."""
    if not plan.is_full or not context.counts.is_large:
        return None
    is_alone = len(plan.scored) < 2 and not plan.cheap_match
    if is_alone and not context.counts.is_huge:
        # its months say what is new sooner than all of them do
        return None
    if leave_few_posts(context, plan):
        return None
    most = max(limits.LISTED_AT_ONCE, few)
    ids = context.counts.numbers(plan.match, most + 1)
    if len(ids) <= few:
        context.ways.append("few_matches")
        return listed(context, plan, ids, plan.check)
    if len(ids) > most:
        if context.counts.is_huge and plan.cheap_match:
            raise TooCommonError
        return None
    return _by_order_of_listed(context, plan, ids)


def _by_order_of_listed(context: LookupContext, plan: Plan, ids: list[int]) -> Matches:
    """The page of what was listed: all that matches in the index."""
    within = replace(
        context,
        listed=frozenset(ids),
    )
    matches = None if plan.has_filters else len(ids)
    found = _in_order(within, plan, matches)
    if plan.has_filters or not plan.is_covered_by_index:
        return found
    return replace(
        found,
        total=len(ids),
        is_total_exact=True,
    )


def _is_rare_in_matches(context: LookupContext, plan: Plan) -> bool:
    """Whether, in a large archive, few of the matches have what the index was not asked for:
    then it is better asked for that, too. In a huge one those that are read tell."""
    if not plan.has_full_plan or not context.counts.is_large or context.counts.is_huge:
        return False
    last = context.counts.last_matching_ids(plan.narrowed, limits.SAMPLED_IN_LARGE)
    rows: list[Row] = [(post_id, 0.0, None) for post_id in last]
    fitting = list(context.reader.fitting(rows, plan))
    return len(fitting) < limits.FITTING_SHARE * len(rows)


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
    return context.page_of_read(
        plan,
        rows,
        lambda read: context.reader.holding(read, check),
    )


def _page_of_fitting(
    context: LookupContext,
    plan: Plan,
    rows: Iterator[Row],
    matches: int | None,
    titled: Sequence[Row] = (),
) -> Matches:
    """The page of rows that have what the index could not tell, and of `titled`, of which
    that is known."""
    known = {row[0] for row in titled}
    return context.page_of_read(
        plan,
        (row for row in rows if row[0] not in known),
        lambda read: context.reader.fitting(read, plan),
        matches=matches,
        also_ranked=titled,
    )


def _rows_by_time(
    context: LookupContext, plan: Plan, matches: int | None
) -> Iterator[Row]:
    """What matches, in the order of time. `matches`: how many, if that is known."""
    times = context.times(plan)
    if has_quiet_name(context, plan):
        context.ways.append("by_name")
        return times.by_name(list_matches=context.counts.are_listable(plan))
    if plan.is_full and plan.required_chars and not context.counts.is_large:
        # characters that are left to look for make few of the many: those are found sooner
        # at once
        context.ways.append("sorted")
        return times.matches()
    context.ways.append("by_month")
    counted = context.counted(plan)
    if context.counts.is_large:
        counted = limits.LISTED_IN_LARGE
    are_few = is_at_most(matches, counted)
    return times.by_month(are_few=are_few)


def _best_of_newest(context: LookupContext, plan: Plan, matches: int | None) -> Matches:
    """Of more matches than can be ranked the newest. What is expensive is looked for in them."""
    context.ways.append("newest_ranked")
    rows = _rows_by_time(context, plan.without_characters(), matches)
    if plan.is_covered_by_index:
        # where all matches were counted, their lists have been read
        titled = titled_matches(context, plan) if matches is not None else []
        numbers = {row[0] for row in titled}
        others = (row for row in rows if row[0] not in numbers)
        return context.page(
            plan,
            others,
            matches=matches,
            also_ranked=titled,
        )
    return _page_of_fitting(context, plan, rows, matches)
