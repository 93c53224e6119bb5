"""Is a single Chinese character rare enough to be looked for in the index?

The index knows a character only by the pairs it begins, thousands for a common one, and
FTS5 joins all their lists before its first answer. So common characters are looked for in
the posts, which have them every few rows, and rare ones in the index; a sample of the posts
tells which is which.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.search.budget import BoundedConnection
from archive.search.conditions import Condition, Param

SAMPLED_POSTS = 400
RARE_SHARE = 0.0075
"""Of posts by time; a character in a smaller share of them is sooner found in the index."""


def sampled(
    conn: BoundedConnection, tests: Sequence[Condition]
) -> Sequence[float] | None:
    """How many of SAMPLED_POSTS posts from all of the file fulfil each of the conditions;
    None where it took too long to tell."""
    totals = ", ".join(f"total({test.sql})" for test in tests)
    params: list[Param] = []
    for test in tests:
        params += test.params
    return conn.first(
        f"""SELECT {totals} FROM posts p
        WHERE id IN (SELECT value FROM json_each(?))""",
        (*params, str(sample_ids(conn))),
    )


def sample_ids(conn: BoundedConnection) -> list[int]:
    """SAMPLED_POSTS numbers, evenly spread over those of the posts."""
    first = conn.number("SELECT min(id) FROM posts") or 0
    last = conn.number("SELECT max(id) FROM posts") or 0
    return [
        first + (last - first) * step // SAMPLED_POSTS for step in range(SAMPLED_POSTS)
    ]


def any_is_rare(
    conn: BoundedConnection, tests: Sequence[Condition], share: float
) -> bool:
    """Whether one of the characters, as conditions, is in a smaller share of the posts; no
    where it took too long to tell."""
    if not tests:
        return False
    counts = sampled(conn, tests)
    return counts is not None and min(counts) < share * SAMPLED_POSTS
