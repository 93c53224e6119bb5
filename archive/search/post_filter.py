"""Reads posts that a search found, for what neither the index nor a filter could tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from archive.search.budget import BoundedConnection
from archive.search.chronological import Row
from archive.search.match import Folded, fold_post, holds
from archive.search.plan import Plan
from archive.search.tree import Node

BATCH_ROWS: Final = 50
FIRST_ROWS: Final = 25
MORE_ROWS: Final = 8
_TEXTS: Final = "SELECT id, text, subject FROM posts WHERE id IN"


class PostReader:
    """Posts for one search; each that was found to fit is kept, to be ranked without
    reading it again."""

    def __init__(self, conn: BoundedConnection) -> None:
        self._conn = conn
        self._kept: dict[int, Folded] = {}

    def fitting(self, rows: Iterable[Row], plan: Plan) -> Iterator[Row]:
        """The rows that have the plan's single characters, and what else the index could
        not tell."""
        characters = plan.characters
        if not characters.params:
            yield from self.holding(rows, plan.check)
            return
        sql = f"SELECT p.id FROM posts p WHERE {characters.sql} AND p.id IN"
        for batch in batches(rows):
            ids = [row[0] for row in batch]
            found = self._conn.by_ids(sql, ids, characters.params)
            with_chars = {row[0] for row in found}
            fitting = (row for row in batch if row[0] in with_chars)
            yield from self.holding(fitting, plan.check)

    def holding(self, rows: Iterable[Row], words: Node | None) -> Iterator[Row]:
        """The rows of posts that hold the words."""
        if words is None:
            yield from rows
            return
        for row, post in self.texts(rows):
            if holds(post, words):
                self._kept[row[0]] = post
                yield row

    def texts(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Folded]]:
        """The rows with their texts, folded; posts without end are left out when the search
        has had its time."""
        for batch in batches(rows):
            read = self._read(batch)
            for row in batch:
                post_id = row[0]
                if post_id in self._kept:
                    yield row, self._kept[post_id]
                elif self._conn.is_spent:
                    return
                elif post_id in read:
                    text, subject = read[post_id]
                    yield row, fold_post(text, subject)

    def _read(self, batch: list[Row]) -> dict[int, tuple[str, str]]:
        """Text and subject of the posts that are not kept."""
        ids = [row[0] for row in batch]
        unread = [post_id for post_id in ids if post_id not in self._kept]
        if not unread:
            return {}
        read: dict[int, tuple[str, str]] = {}
        for post_id, text, subject in self._conn.by_ids(_TEXTS, unread):
            read[post_id] = (text, subject)
        return read


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """As many rows as are read at once: first those of a page, as all may fit, and ever more."""
    rest = iter(rows)
    size = FIRST_ROWS
    more = MORE_ROWS
    while batch := list(islice(rest, size)):
        yield batch
        size = more
        more = min(2 * more, BATCH_ROWS)
