"""Posts in the order of time: by the words' index month by month, by the index on authors,
or as they lie.

Rows of the words' index do not lie in the order of time, but each tells its month: so the
newest matches are found without sorting all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from archive.search.budget import BoundedConnection
from archive.search.planner import Plan, within_months

MANY_MONTHS = 24
"""After so many months with too few hits, all matches are sorted after all, if they are not
too many."""

Row = tuple[int, float, str | None]
"""Post number, score (higher is better) or 0, posted_at."""


@dataclass(frozen=True, slots=True)
class Chronological:
    """What a plan finds, by time, undated posts last. `required_chars`: about so many rows
    will be read."""

    conn: BoundedConnection
    plan: Plan
    is_ascending: bool
    required_chars: int

    @property
    def direction(self) -> str:
        """For SQL."""
        return "ASC" if self.is_ascending else "DESC"

    def few(self) -> Iterator[Row]:
        """All matches, sorted."""
        return self._matching(self.plan.narrowed)

    def among(self, ids: list[int]) -> Iterator[Row]:
        """Posts of these numbers that fit, sorted."""
        return self._sorted(
            "json_each(?) each CROSS JOIN posts p ON p.id = each.value WHERE 1",
            str(ids),
        )

    def by_author(self, is_listed: bool) -> Iterator[Row]:
        """An author's posts by the index on them: those with the words need not be read to
        know whose they are."""
        characters, params = self.plan.characters
        words = "+p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"
        if not is_listed:
            words = "EXISTS (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? AND rowid = p.id)"
        sql = f"""SELECT p.id, 0, p.posted_at FROM posts p WHERE {self.plan.where} AND {characters} AND {words}
            AND p.posted_at IS {{}} ORDER BY p.posted_at {self.direction}, p.id {self.direction}"""
        given = (*self.plan.params, *params, self.plan.match)
        return chain.from_iterable(
            self.conn.rows(sql.format(which), given) for which in ("NOT NULL", "NULL")
        )

    def by_month(self, are_few: bool) -> Iterator[Row]:
        """Month by month; where these have few hits several at once, about as many as fill
        a page."""
        seen: set[int] = set()
        rest = chain(self.months(), [""])
        looked, size = 0, 1
        while months := list(islice(rest, size)):
            if looked >= MANY_MONTHS and are_few:
                yield from (row for row in self.few() if row[0] not in seen)
                return
            for row in self._matching(within_months(self.plan.match, months)):
                seen.add(row[0])
                yield row
            looked += size
            missing = max(self.required_chars + 1 - len(seen), 0)
            size = min(2 * size, looked * missing // max(len(seen), 1) + 1)

    def months(self) -> Iterator[str]:
        """The months that have posts, in order, each found by one step in the index on time."""
        since, until = self.plan.span
        ascending = self.is_ascending
        end, side, bound = ("min", ">=", since) if ascending else ("max", "<", until)
        sql = f"SELECT {end}(posted_at) FROM posts WHERE posted_at {side} ?"
        while (time := next(self.conn.rows(sql, (bound,)), (None,))[0]) and since[
            :7
        ] <= time[:7] <= until:
            yield time[:7]
            bound = f"{time[:7]}~" if ascending else time[:7]

    def _matching(self, match: str) -> Iterator[Row]:
        return self._sorted(
            "posts_fts f CROSS JOIN posts p ON p.id = f.rowid WHERE f.posts_fts MATCH ?",
            match,
        )

    def _sorted(self, posts: str, given: str) -> Iterator[Row]:
        """Those of some posts that fit the filters and have the characters."""
        characters, params = self.plan.characters
        sql = f"""SELECT p.id, 0, p.posted_at FROM {posts} AND {self.plan.where} AND {characters}
            ORDER BY p.posted_at IS NULL, p.posted_at {self.direction}, p.id {self.direction}"""
        return self.conn.rows(sql, (given, *self.plan.params, *params))

    def scan(self, posts: int) -> Iterator[Row]:
        """Posts that fit the filters, by time; of at most so many, those with the single
        characters asked for.

        Those without a time come only where none with one was left out.
        """
        characters, params = self.plan.characters
        sql = f"""SELECT p.id, 0, p.posted_at FROM (SELECT p.id, p.posted_at, p.text, p.subject FROM posts p
            WHERE {self.plan.where} AND p.posted_at IS {{}} ORDER BY p.posted_at {self.direction}, p.id {self.direction}
            LIMIT {posts}) AS p WHERE {characters}"""
        given = (*self.plan.params, *params)
        yield from self.conn.rows(sql.format("NOT NULL"), given)
        dated = f"SELECT 1 FROM posts p WHERE {self.plan.where} AND p.posted_at IS NOT NULL LIMIT {posts}"
        if (
            posts < 0
            or self.conn.number(f"SELECT count(*) FROM ({dated})", self.plan.params)
            < posts
        ):
            yield from self.conn.rows(sql.format("NULL"), given)
