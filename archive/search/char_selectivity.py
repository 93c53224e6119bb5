"""Is a single Chinese character rare enough to be looked for in the index?

The index knows a character only by the pairs it begins, thousands for a common one, and
FTS5 joins all their lists before its first answer. So common characters are looked for in
the posts, which have them every few rows, and rare ones in the index; a sample of the posts
tells which is which.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.search.budget import BoundedConnection
from archive.search.filter_sql import Condition

SAMPLED_POSTS = 400
RARE_SHARE = 0.0075
"""Of posts by time; a character in a smaller share of them is sooner found in the index."""


def sampled(conn: BoundedConnection, tests: Sequence[Condition]) -> list[float]:
    """How many of SAMPLED_POSTS posts from all of the file fulfil each of the conditions on
    `posts AS p`."""
    totals = ", ".join(f"total({sql})" for sql, _ in tests)
    params = tuple(param for _, params in tests for param in params)
    counts = conn.by_ids(
        f"SELECT {totals} FROM posts p WHERE id IN", sample_ids(conn), params
    )
    return list(counts[0]) if counts else [0.0] * len(tests)


def sample_ids(conn: BoundedConnection) -> list[int]:
    """SAMPLED_POSTS numbers, evenly spread over those of the posts."""
    first, last = (
        conn.number(f"SELECT {end}(id) FROM posts") for end in ("min", "max")
    )
    return [
        first + (last - first) * step // SAMPLED_POSTS for step in range(SAMPLED_POSTS)
    ]


def any_is_rare(
    conn: BoundedConnection, tests: Sequence[Condition], share: float
) -> bool:
    """Whether one of the characters, as conditions, is in a smaller share of the posts."""
    return bool(tests) and min(sampled(conn, tests)) < share * SAMPLED_POSTS
