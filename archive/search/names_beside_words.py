"""Words of an author, or of a location: by the index on names, or by reading posts?"""

from __future__ import annotations

from archive.search import limits
from archive.search.context import LookupContext
from archive.search.plan import Plan


def has_quiet_name(context: LookupContext, plan: Plan) -> bool:
    """Whether the filters name an author or a location whose posts are not too many to be
    gone through."""
    if not plan.is_by_name:
        return False
    if context.counts.is_huge and not plan.months:
        # of matches that lie so densely one is soon met, whosever the posts are
        limit = context.counts.posts_numbers // limits.WALKED_FOR_ONE + 1
        if context.counts.matches(plan, limit) == limit:
            return True
    if context.counts.is_large:
        return _is_rare_name_in_matches(context, plan)
    return context.counts.filters_leave_at_most(plan, limits.COUNTED_MATCHES)


def _is_rare_name_in_matches(context: LookupContext, plan: Plan) -> bool:
    """Whether, in a large archive, too few of the matches have the name for a page of them
    to be found by reading posts: the index on names has a hundred of them on a page."""
    last = context.counts.last_matching_ids(
        plan.narrowed,
        limits.SAMPLED_IN_LARGE,
    )
    fitting = list(context.times(plan).among(last))
    return len(fitting) < limits.FREQUENT_NAME * len(last)
