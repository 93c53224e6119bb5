"""Posts that have the words in their title: of the best, however many newer ones there are."""

from __future__ import annotations

from itertools import islice

from archive.search import limits
from archive.search.chronological import Row
from archive.search.context import LookupContext
from archive.search.expressions import both
from archive.search.plan import Plan


def titled_matches(context: LookupContext, plan: Plan) -> list[Row]:
    """In a large archive, some posts that have the words in their title, however old, of the
    last that were saved."""
    if not context.counts.is_large:
        return []
    last = _last_titled(context, plan)
    times = context.times(plan)
    return list(times.among(last))


def _last_titled(context: LookupContext, plan: Plan) -> list[int]:
    """The last posts of the file with the words in their title, what is expensive in the
    title or elsewhere."""
    is_huge = context.counts.is_huge
    most = limits.TITLED_IN_HUGE if is_huge else limits.TITLED_IN_LARGE
    listed = context.listed
    if listed is None or not (plan.is_full and plan.cheap_match):
        in_title = f"{{title}} : ({plan.match})"
        # what is not wanted in the title may be in the text
        has_unwanted = plan.match != plan.positive_match
        match = both(plan.narrowed if has_unwanted else plan.months, in_title)
        return context.counts.last_matching_ids(match, most)
    in_title = f"{{title}} : ({plan.cheap_match})"
    titled = context.counts.last_matching_ids(in_title, limits.LISTED_MATCHES)
    both_in = (number for number in titled if number in listed)
    return list(islice(both_in, most))
