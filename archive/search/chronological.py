"""Posts in the order of time: by the words' index month by month, by the index on authors,
or as they lie.

Rows of the words' index do not lie in the order of time, but each tells its month: so the
newest matches are found without sorting all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from archive.search.budget import BoundedConnection
from archive.search.conditions import Param
from archive.search.expressions import EACH_MATCH, LISTED_MATCHES, within_months
from archive.search.plan import Plan

MANY_MONTHS = 24
"""After so many months with too few hits, all matches are sorted after all, if they are not
too many."""

Row = tuple[int, float, str | None]
"""Post number, score (higher is better) or 0, posted_at."""

LEAST_WANTED = 20
"""So many more rows are wanted at least, as some may not fit."""
_READ_AT_ONCE = 20
PAGES_OF_MONTH = 36
"""About so many pages the index on time has for a month of a large archive."""
_IN_SPAN = "p.posted_at >= ? AND p.posted_at < ?"
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_NUMBERS = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
_WALKED = f"""posts p INDEXED BY posts_by_time
  WHERE {_IN_SPAN}
  AND p.id IN (SELECT value FROM json_each(?))"""
_MATCHING_POSTS = """posts_fts f CROSS JOIN posts p ON p.id = f.rowid
  WHERE f.posts_fts MATCH ?"""


@dataclass(frozen=True, slots=True)
class Chronological:
    """What a plan finds, by time, undated posts last. About `target_rows` will be read.
    `listed`: all that matches in the index, where that was asked already; `is_dense`: so
    much that one is soon met among the posts by time. `are_months_long`: the list of one
    takes many pages of the file."""

    conn: BoundedConnection
    plan: Plan
    is_ascending: bool
    target_rows: int
    listed: frozenset[int] | None = None
    is_dense: bool = False
    are_months_long: bool = False

    def matches(self) -> Iterator[Row]:
        """All matches, sorted."""
        if self.listed is not None:
            return self.among(list(self.listed))
        return self._matching(self.plan.narrowed)

    def among(self, ids: list[int]) -> Iterator[Row]:
        """Posts of these numbers that fit, sorted."""
        posts = "json_each(?) each CROSS JOIN posts p ON p.id = each.value WHERE 1"
        return self._sorted(posts, [str(ids)])

    def by_name(self, *, list_matches: bool) -> Iterator[Row]:
        """An author's posts by the index on them: those with the words need not be read to
        know whose they are. `list_matches`: there are few enough to be listed."""
        filters = self.plan.filters
        characters = self.plan.characters
        words = LISTED_MATCHES if list_matches else EACH_MATCH
        sql = f"""SELECT p.id, 0, p.posted_at FROM posts p
            WHERE {filters.sql} AND {characters.sql} AND {words}
            AND p.posted_at IS {{}} {self.order}"""
        params = (*filters.params, *characters.params, self.plan.match)
        with_time = sql.format("NOT NULL")
        without_time = sql.format("NULL")
        dated = self.conn.rows(with_time, params)
        undated = self.conn.rows(without_time, params)
        return chain(
            dated,
            undated,
        )

    def by_month(self, *, are_few: bool) -> Iterator[Row]:
        """Month by month; where these have few hits, several at once, about as many as fill
        a page, unless their lists are long. `are_few`: all matches may be sorted."""
        if self.listed is not None and self.is_dense:
            yield from self._by_time(self.listed)
            return
        seen: set[int] = set()
        months = chain(self.months(), self._no_month())
        looked = 0
        size = 1
        missing = self.target_rows + 1
        while batch := list(islice(months, size)):
            if looked >= MANY_MONTHS and are_few:
                every = self.matches()
                yield from self._not_in(seen, every)
                return
            for row in self._in_months(batch, missing):
                post_id = row[0]
                seen.add(post_id)
                yield row
            looked += size
            found = len(seen)
            wanted = self.target_rows + 1
            missing = max(wanted - found, 0)
            if self.are_months_long and looked < MANY_MONTHS:
                continue
            months_needed = looked * missing // max(found, 1)
            size = min(
                2 * size,
                months_needed + 1,
            )

    def _by_time(self, listed: frozenset[int]) -> Iterator[Row]:
        """What matches, known already, as the index on time has it."""
        dated = self.conn.rows(
            f"SELECT p.id FROM posts p WHERE {_IN_SPAN} {self.order}",
            self.plan.span,
        )
        undated = self.conn.rows(
            f"SELECT p.id FROM posts p WHERE p.posted_at IS NULL {self.order}"
        )
        every = chain(
            dated,
            undated,
        )
        matching = (row[0] for row in every if row[0] in listed)
        while ids := list(islice(matching, _READ_AT_ONCE)):
            yield from self.among(ids)

    def _in_months(self, months: Sequence[str], wanted: int) -> Iterator[Row]:
        """What matches in some months. Where that is much more than is wanted, the index on
        time tells the order: the others need not be read."""
        ids = self._numbers_in(months)
        wanted = max(wanted, LEAST_WANTED)
        matches = max(len(ids), 1)
        part = min(wanted / matches, 1)
        pages_of_months = len(months) * PAGES_OF_MONTH
        walked_pages = wanted + part * pages_of_months
        are_fewer = len(ids) <= walked_pages
        if are_fewer or not all(months):
            return self.among(ids)
        return self._walked(ids, months)

    def _numbers_in(self, months: Sequence[str]) -> list[int]:
        """The numbers of what matches in some months."""
        listed = self.listed
        match = self.plan.match if listed is None else self.plan.cheap_match
        within = within_months(match, months)
        rows = self.conn.all_rows(_NUMBERS, (within,))
        if listed is None:
            return [row[0] for row in rows]
        return [row[0] for row in rows if row[0] in listed]

    def _walked(self, ids: list[int], months: Sequence[str]) -> Iterator[Row]:
        """Posts of these numbers, all of some months, that fit, by the index on time. Month
        by month: each statement has its bound of steps, and few of the last are needed."""
        since, until = self.plan.span
        direction = self._direction
        for month in sorted(months, reverse=not self.is_ascending):
            first = max(month, since)
            behind = min(f"{month}~", until)
            listed, params = self._fitting(_WALKED, [first, behind, str(ids)])
            sql = f"""SELECT p.id, 0, p.posted_at FROM {listed}
                ORDER BY p.posted_at {direction}, p.id {direction}"""
            yield from self.conn.rows(sql, params)

    def _not_in(self, seen: set[int], rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            if row[0] not in seen:
                yield row

    def months(self) -> Iterator[str]:
        """The months that posts may be of, in order. One step in the index on time finds a
        year that has some, from its first on; its others are taken as they come, for each
        step reads pages of its own."""
        since, until = self.plan.span
        first_month = since[:7]
        bound = since if self.is_ascending else until
        while time := self._next_time(bound):
            for month in rest_of_year(time[:7], is_ascending=self.is_ascending):
                if not first_month <= month <= until:
                    return
                yield month
                bound = f"{month}~" if self.is_ascending else month

    def _no_month(self) -> Iterator[str]:
        """The month of posts without a time, where there are any: its list in the index is
        that of a sign which most posts have."""
        for _ in self.conn.rows("SELECT 1 FROM posts WHERE posted_at IS NULL LIMIT 1"):
            yield ""

    def _next_time(self, bound: str) -> str | None:
        """The time of the first post from a bound on, or of the last before it; None for none."""
        sql = "SELECT max(posted_at) FROM posts WHERE posted_at < ?"
        if self.is_ascending:
            sql = "SELECT min(posted_at) FROM posts WHERE posted_at >= ?"
        for (time,) in self.conn.rows(sql, (bound,)):
            return str(time) if time else None
        return None

    def scan(self, posts: int) -> Iterator[Row]:
        """Posts that fit the filters, by time; of at most so many, those with the single
        characters asked for. A negative number means all.

        Those without a time come only where none with one was left out.
        """
        filters = self.plan.filters
        characters = self.plan.characters
        sql = f"""SELECT p.id, 0, p.posted_at FROM (
              SELECT p.id, p.posted_at, p.text, p.subject FROM posts p
              WHERE {filters.sql} AND p.posted_at IS {{}} {self.order} LIMIT {posts}
            ) AS p WHERE {characters.sql}"""
        params = (*filters.params, *characters.params)
        with_time = sql.format("NOT NULL")
        yield from self.conn.rows(with_time, params)
        if posts < 0 or self._has_fewer_dated(posts):
            without_time = sql.format("NULL")
            yield from self.conn.rows(without_time, params)

    def _has_fewer_dated(self, posts: int) -> bool:
        """Whether fewer posts that fit the filters have a time; where it took too long to
        tell, the undated are left out, and the answer is said to be stopped."""
        filters = self.plan.filters
        dated = f"""SELECT 1 FROM posts p
            WHERE {filters.sql} AND p.posted_at IS NOT NULL"""
        count = self.conn.count(dated, filters.params, posts)
        if count is None:
            self.conn.was_stopped = True
            return False
        return count < posts

    @property
    def order(self) -> str:
        """How SQL sorts `posts AS p`."""
        direction = self._direction
        return f"ORDER BY p.posted_at {direction}, p.id {direction}"

    @property
    def _direction(self) -> str:
        return "ASC" if self.is_ascending else "DESC"

    def _matching(self, match: str) -> Iterator[Row]:
        return self._sorted(_MATCHING_POSTS, [match])

    def _sorted(self, posts: str, given: Sequence[Param]) -> Iterator[Row]:
        """Those of some posts that fit the filters and have the characters."""
        fitting, params = self._fitting(posts, given)
        direction = self._direction
        sql = f"""SELECT p.id, 0, p.posted_at FROM {fitting}
            ORDER BY p.posted_at IS NULL, p.posted_at {direction}, p.id {direction}"""
        return self.conn.rows(sql, params)

    def _fitting(
        self, posts: str, given: Sequence[Param]
    ) -> tuple[str, tuple[Param, ...]]:
        """What stands behind FROM for some posts narrowed by filters and characters."""
        filters = self.plan.filters
        characters = self.plan.characters
        sql = f"{posts} AND {filters.sql} AND {characters.sql}"
        return sql, (*given, *filters.params, *characters.params)


def rest_of_year(month: str, *, is_ascending: bool) -> Iterator[str]:
    """A month (`2024-05`) and those of its year behind it, or before it; what is no month
    stays alone."""
    yield month
    found = _MONTH.fullmatch(month)
    if not found:
        return
    year, number = found.groups()
    others = range(int(number) - 1, 0, -1)
    if is_ascending:
        others = range(int(number) + 1, 13)
    for other in others:
        yield f"{year}-{other:02}"
