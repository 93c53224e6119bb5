"""Counts that a search decides by, each up to a limit. A count that was stopped is None:
unknown, never a number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from archive.search import limits
from archive.search.budget import BoundedConnection
from archive.search.expressions import EACH_MATCH, LISTED_MATCHES, MATCHES
from archive.search.plan import Plan

_FIRST_WINDOW: Final = 40_000
_WIDER: Final = 6
_POSTS_OF_PAGE: Final = 24


def is_at_most(count: int | None, limit: int) -> bool:
    """Whether a count is so small; no where it is unknown."""
    if count is None:
        return False
    return count <= limit


class Counts:
    """How many posts match in the index, and how many fit the filters of a plan."""

    def __init__(self, conn: BoundedConnection) -> None:
        self._conn = conn
        self._listable: dict[str, bool] = {}

    def matching_ids(self, plan: Plan, limit: int) -> list[int]:
        """The numbers of so many posts that match in the index; of all where it is negative."""
        return self.numbers(plan.narrowed, limit)

    def numbers(self, match: str, limit: int) -> list[int]:
        """The same of an expression."""
        sql = f"{MATCHES} LIMIT {limit}"
        rows = self._conn.all_rows(sql, (match,))
        return [row[0] for row in rows]

    def last_matching_ids(
        self, match: str, limit: int, *, of_all: bool = False
    ) -> list[int]:
        """The highest numbers of posts that match an expression in the index, among the
        last of the archive, or all."""
        # downwards, FTS5 goes through all of a common word's list that a rarer one would let
        # it skip: thirty times the work
        sql = f"{MATCHES} AND rowid BETWEEN ? AND ?"
        found: list[int] = []
        most = self.posts_numbers if of_all else limits.LAST_NUMBERS
        for since, until in self._last_windows(most):
            rows = self._conn.all_rows(sql, (match, since, until))
            found += [row[0] for row in reversed(rows)]
            if len(found) >= limit:
                break
        return found[:limit]

    def _last_windows(self, most: int) -> Iterator[tuple[int, int]]:
        """Numbers from and to, backwards from the last post, ever more of them."""
        if self._ends is None:
            return
        first, last = self._ends
        first = max(first, last - most + 1)
        numbers = _FIRST_WINDOW
        until = last
        while until >= first:
            since = max(first, until - numbers + 1)
            yield since, until
            until = since - 1
            numbers *= _WIDER

    def matches(self, plan: Plan, limit: int) -> int | None:
        """How many posts match in the index, up to the limit."""
        params = (plan.narrowed,)
        return self._conn.count(MATCHES, params, limit)

    def match_at_most(self, plan: Plan, posts: int) -> bool:
        """Whether so few posts match in the index; no where it takes too long to tell."""
        return is_at_most(self.matches(plan, posts + 1), posts)

    def are_listable(self, plan: Plan) -> bool:
        """Whether the matches are so few that they are listed, to be met among the posts of a
        name; else each of those is asked for."""
        match = plan.narrowed
        if match not in self._listable:
            most = limits.LISTED_AT_ONCE if self.is_huge else limits.LISTED_MATCHES
            self._listable[match] = self.match_at_most(plan, most)
        return self._listable[match]

    def fitting_matches(self, plan: Plan, limit: int) -> int | None:
        """How many posts match in the index and fit the filters, up to the limit."""
        filters = plan.filters
        sql = f"""SELECT 1 FROM posts_fts f CROSS JOIN posts p ON p.id = f.rowid
            WHERE f.posts_fts MATCH ? AND {filters.sql}"""
        params = (plan.narrowed, *filters.params)
        return self._conn.count(sql, params, limit)

    def posts(self, plan: Plan, limit: int) -> int | None:
        """How many posts fit the filters, up to the limit."""
        filters = plan.filters
        sql = f"SELECT 1 FROM posts p WHERE {filters.sql}"
        return self._conn.count(sql, filters.params, limit)

    def filters_leave_at_most(self, plan: Plan, posts: int) -> bool:
        """Whether the filters leave so few posts; no where it takes too long to tell."""
        return is_at_most(self.posts(plan, posts + 1), posts)

    @property
    def is_large(self) -> bool:
        """Whether the posts of the archive are so many that few of them may be read."""
        return self._has_more_than(limits.LARGE_POSTS)

    @property
    def is_huge(self) -> bool:
        """Whether they are so many that the lists of common words are expensive to read."""
        return self._has_more_than(limits.HUGE_POSTS)

    @property
    def posts_numbers(self) -> int:
        """How many numbers there are from the first post to the last; 0 where that is not
        known."""
        first, last = self._ends or (1, 0)
        return last - first + 1

    def _has_more_than(self, posts: int) -> bool:
        if self._ends is None:
            return True
        first, last = self._ends
        return last - first >= posts

    @cached_property
    def _ends(self) -> tuple[int, int] | None:
        """The numbers of the first and the last post; None where they are not known."""
        first = self._conn.number("SELECT min(id) FROM posts")
        last = self._conn.number("SELECT max(id) FROM posts")
        if first is None or last is None:
            return None
        return first, last

    def near_each_other(self, order: str, *, most: int, pages: int) -> int:
        """Of the first posts in an order of time, at most so many, how many lie on so many
        pages of the file, about: what was written one after the other often does."""
        sql = f"SELECT p.id FROM posts p WHERE p.posted_at IS NOT NULL {order} LIMIT {most}"
        ids = [row[0] for row in self._conn.all_rows(sql)]
        seen: set[int] = set()
        for count, post_id in enumerate(ids):
            seen.add(post_id // _POSTS_OF_PAGE)
            if len(seen) > pages:
                return count
        return max(len(ids), pages)

    def by_name(self, plan: Plan, limit: int) -> int | None:
        """How many posts match in the index and have the name that is asked for, up to the
        limit; no post is read for it. None where the name has more posts than that."""
        if not self.filters_leave_at_most(plan, limit):
            return None
        filters = plan.filters
        words = LISTED_MATCHES if self.are_listable(plan) else EACH_MATCH
        sql = f"SELECT 1 FROM posts p WHERE {filters.sql} AND {words}"
        params = (*filters.params, plan.narrowed)
        return self._conn.count(sql, params, limit)

    def archive_has_at_most(self, posts: int) -> bool:
        """Whether the archive is so small; no where it takes too long to tell."""
        limit = posts + 1
        count = self._conn.count("SELECT 1 FROM posts", (), limit)
        return is_at_most(count, posts)

    @cached_property
    def is_small(self) -> bool:
        """Whether all posts may be gone through."""
        return not self.is_large and self.archive_has_at_most(limits.SCANNED_POSTS)
