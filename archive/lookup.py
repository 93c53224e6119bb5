"""Runs a plan: post numbers in the order asked for, with every step bounded, however common the words.

Best: bm25, exact up to EXACT_MATCHES; beyond, the newest RANKED_MATCHES are ranked (bm25 reads every match of every
word before its first answer). Newest and oldest: exact by `posted_at` in any case. Rows do not lie in the order of
time, and sorting a hundred thousand matches takes as long as it sounds; but every row of the index has a token for its
month, so the months are asked one after the other until enough is found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import log
from typing import Any

from archive.match import fold_post, holds
from archive.planner import Plan, within_month

EXACT_MATCHES = 20_000
RANKED_MATCHES = 5_000
FEW_MATCHES = 2_000
"""So many matches are sorted by time at once."""
SCANNED_POSTS = 3_000
"""Posts read one by one, newest first, for a query that the index cannot answer well."""
TIE = 0.02
"""Scores that differ by no more than this part of them are equal: the newer post goes first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Post numbers in order. `total`: how many fit, at least that many where it is not exact."""

    ids: list[int]
    total: int
    is_total_exact: bool
    scores: dict[int, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def look_up(conn: sqlite3.Connection, plan: Plan, order: str, limit: int, offset: int) -> Found:
    """The posts from `offset` on, at most `limit`."""
    return _Lookup(conn, plan, limit, offset).by(order)


_Row = Any
"""(post id, bm25 or 0, posted_at) and, where there is something to check, (text, subject)."""


class _Lookup:
    def __init__(self, conn: sqlite3.Connection, plan: Plan, limit: int, offset: int) -> None:
        self.conn = conn
        self.plan = plan
        self.limit = limit
        self.offset = offset

    def by(self, order: str) -> Found:
        if self.plan.full_match and self.plan.check and self._is_small():
            self.plan = self.plan.with_single_characters()
        if not self.plan.match:
            return self._unindexed(order)
        count = self._count_matches()
        if order == "best":
            return self._best(count)
        ids = self._few_by_time(order) if count <= FEW_MATCHES else self._by_month(order)
        return self._found(ids, count)

    def _best(self, count: int) -> Found:
        wanted = self.offset + self.limit
        if count <= EXACT_MATCHES:
            sql = self._sql("f.rank", "ORDER BY f.rank")
            notes: tuple[str, ...] = ()
        else:
            sql = f"SELECT * FROM ({self._sql('f.rank', f'ORDER BY f.rowid DESC LIMIT {RANKED_MATCHES}')}) ORDER BY 2"
            notes = (f"ranked are the newest {RANKED_MATCHES:,} of more than {EXACT_MATCHES:,} matches",)
        rows = self._checked(self.conn.execute(sql, (self.plan.match, *self.plan.params)))
        ranked = [(row[0], -row[1], row[2] or "") for row in islice(rows, wanted + self.limit)]
        ranked.sort(key=lambda row: row[2], reverse=True)
        ranked.sort(key=lambda row: -round(log(max(row[1], 1e-9)) / TIE))
        ids = [row[0] for row in ranked]
        found = self._found(iter(ids), count)
        return Found(found.ids, found.total, found.is_total_exact, {row[0]: row[1] for row in ranked}, notes)

    def _found(self, ids: Iterator[int], count: int) -> Found:
        wanted = self.offset + self.limit
        first = list(islice(ids, wanted + 1))
        page = first[self.offset : wanted]
        if self.plan.check is None and self.plan.where == "1":
            return Found(page, min(count, EXACT_MATCHES), count <= EXACT_MATCHES)
        if len(first) <= wanted:
            return Found(page, len(first), True)
        if self.plan.check is None and count <= EXACT_MATCHES:
            return Found(page, self._count_rows(), True)
        return Found(page, len(first), False)

    def _unindexed(self, order: str) -> Found:
        """No word of two characters: posts by time, read one by one; if few fit, single characters by the index."""
        wanted = self.offset + self.limit
        scanned = self._scan(order, SCANNED_POSTS if self.plan.check else -1)
        ids = [row[0] for row in islice(self._checked(scanned), wanted + 1)]
        seen_all = self.plan.check is None or self._is_small()
        if len(ids) <= wanted and not seen_all and self.plan.full_match:
            self.plan = self.plan.with_single_characters()
            return self._found(self._few_by_time(order), EXACT_MATCHES + 1)
        is_exact = len(ids) <= wanted and seen_all
        notes: tuple[str, ...] = ()
        if order == "best" and self.plan.check:
            notes = ("ordered by time: a single character is too common to rank",)
        if len(ids) <= wanted and not seen_all:
            notes = (*notes, f"looked through {SCANNED_POSTS:,} posts only")
        return Found(ids[self.offset : wanted], len(ids), is_exact, notes=notes)

    def _scan(self, order: str, posts: int) -> sqlite3.Cursor:
        direction = "ASC" if order == "oldest" else "DESC"
        sql = f"""SELECT p.id, 0, p.posted_at, p.text, p.subject FROM posts p
            WHERE {self.plan.where} ORDER BY p.posted_at {direction} LIMIT {posts}"""
        return self.conn.execute(sql, self.plan.params)

    def _is_small(self) -> bool:
        row = self.conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM posts LIMIT {SCANNED_POSTS + 1})").fetchone()
        return bool(row[0] <= SCANNED_POSTS)

    def _few_by_time(self, order: str) -> Iterator[int]:
        direction = "ASC" if order == "oldest" else "DESC"
        sql = self._sql("0", f"ORDER BY p.posted_at IS NULL, p.posted_at {direction}, p.id {direction}")
        return (row[0] for row in self._checked(self.conn.execute(sql, (self.plan.match, *self.plan.params))))

    def _by_month(self, order: str) -> Iterator[int]:
        direction = "ASC" if order == "oldest" else "DESC"
        sql = self._sql("0", f"ORDER BY p.posted_at {direction}, p.id {direction}")
        for month in (*self._months(order), ""):
            params = (within_month(self.plan.match, month), *self.plan.params)
            yield from (row[0] for row in self._checked(self.conn.execute(sql, params)))

    def _months(self, order: str) -> Iterator[str]:
        """The months that have posts, in order, each found by one step in the index on time."""
        after = order == "oldest"
        sql = "SELECT min(posted_at) FROM posts WHERE posted_at >= ?" if after else \
            "SELECT max(posted_at) FROM posts WHERE posted_at < ?"
        bound = "" if after else "~"
        while time := self.conn.execute(sql, (bound,)).fetchone()[0]:
            yield time[:7]
            bound = f"{time[:7]}~" if after else time[:7]

    def _sql(self, score: str, tail: str) -> str:
        words = ", p.text, p.subject" if self.plan.check else ""
        return f"""SELECT p.id, {score}, p.posted_at{words} FROM posts_fts f CROSS JOIN posts p ON p.id = f.rowid
            WHERE f.posts_fts MATCH ? AND {self.plan.where} {tail}"""

    def _checked(self, rows: Iterator[_Row]) -> Iterator[_Row]:
        """The rows whose words have what the index could not tell."""
        check = self.plan.check
        for row in rows:
            if check is None or holds(fold_post(row[3], row[4]), check):
                yield row

    def _count_matches(self) -> int:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? LIMIT {EXACT_MATCHES + 1})"
        return int(self.conn.execute(sql, (self.plan.match,)).fetchone()[0])

    def _count_rows(self) -> int:
        sql = f"SELECT count(*) FROM ({self._sql('0', '')})"
        return int(self.conn.execute(sql, (self.plan.match, *self.plan.params)).fetchone()[0])
