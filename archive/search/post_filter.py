"""Reads posts that a search found, for what neither the index nor a filter could tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from archive.search.budget import BoundedConnection
from archive.search.chronological import Row
from archive.search.match import Folded, fold_post, holds
from archive.search.planner import Plan
from archive.search.query import Node

AT_ONCE: Final = 50
_TEXTS = "SELECT id, text, subject FROM posts WHERE id IN"


class Reader:
    """Posts for one search; each that was found to fit is kept, to be ranked without
    reading it again."""

    def __init__(self, conn: BoundedConnection) -> None:
        self._conn = conn
        self._kept: dict[int, Folded] = {}

    def fitting(self, rows: Iterable[Row], plan: Plan) -> Iterator[Row]:
        """The rows that have the plan's single characters, and what else the index could
        not tell."""
        characters, params = plan.characters
        if not params:
            yield from self.holding(rows, plan.check)
            return
        tests = f"SELECT p.id FROM posts p WHERE {characters} AND p.id IN"
        for some in batches(rows):
            right = {
                row[0]
                for row in self._conn.by_ids(tests, [row[0] for row in some], params)
            }
            yield from self.holding(
                (row for row in some if row[0] in right), plan.check
            )

    def holding(self, rows: Iterable[Row], words: Node | None) -> Iterator[Row]:
        """The rows whose words are so."""
        if words is None:
            yield from rows
            return
        for row, post in self.texts(rows):
            if holds(post, words):
                self._kept[row[0]] = post
                yield row

    def texts(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Folded]]:
        """The rows with their texts, folded."""
        for some in batches(rows):
            unread = [row[0] for row in some if row[0] not in self._kept]
            read = (
                {
                    post_id: texts
                    for post_id, *texts in self._conn.by_ids(_TEXTS, unread)
                }
                if unread
                else {}
            )
            for row in some:
                if row[0] in self._kept:
                    yield row, self._kept[row[0]]
                elif row[0] in read:
                    yield row, fold_post(*read[row[0]])


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """As many rows as are read at once."""
    rest = iter(rows)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
