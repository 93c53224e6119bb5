"""An index as queries see it: rows, and the few things that must be known to plan one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, TypeVar

from archive.clickhouse import literals
from archive.clickhouse.conditions import ALWAYS, Condition, without_exclusion
from archive.clickhouse.engine import Engine
from archive.clickhouse.node import Node
from archive.clickhouse.words import words_sql
from archive.index.fold import normalise
from archive.search import limits
from archive.search.expressions import is_expensive
from archive.search.names import LAST_CHAR
from archive.search.tree import Words

T = TypeVar("T")

MOST_BEGINNINGS: Final = 1_000
"""A word with * that so many words begin with is asked for as these words; of more, posts
are read."""
_IN_ORDER: Final = {
    "max_threads": 1,
    "max_block_size": 512,
}
COUNTED: Final = limits.RANKED_MATCHES
"""Where posts must be read to know whether they fit, so many are counted, for they lie apart:
as many as are read to be ranked."""


class Index:
    """An index, for one question or more: what it says of words and names is kept. As
    `Shares` it tells how common words are."""

    def __init__(self, engine: Engine) -> None:
        self.node = Node(engine)
        self.posts = self.node.all("posts")
        self._counts: dict[str, int] = {}
        self._beginnings: dict[str, tuple[str, ...] | None] = {}

    def rows(self, sql: str, **settings: float) -> list[list[Any]]:
        """The rows of a SELECT, by these settings of the engine."""
        return self.node.engine.rows(sql, **settings)

    def first_rows(self, sql: str, where: Condition) -> list[list[Any]]:
        """The same of a SELECT that ends after a few posts which fulfil a condition.

        Blocks of the usual size, and more than one thread, read far beyond them. What the
        text index does not narrow is looked for by all threads.
        """
        settings = _IN_ORDER if where.is_narrowed else {}
        return self.rows(sql, **settings)

    def one(self, sql: str) -> Any:
        """The first value of the first row; None where there is none."""
        rows = self.rows(sql)
        return rows[0][0] if rows else None

    @cached_property
    def numbers(self) -> int:
        """How many posts there are."""
        sql = f"SELECT count() FROM {self.posts}"
        return int(self._remembered("posts", lambda: self.one(sql)))

    def keys_at(self, parts: Sequence[float]) -> list[int]:
        """The sorting keys at which some parts of the posts end, about, by the first of
        each granule; of this node's posts, and none where it has none."""
        levels = ", ".join(map(str, parts))
        sql = f"""SELECT quantiles({levels})(newest), count()
            FROM mergeTreeIndex(currentDatabase(), posts)"""
        ((keys, granules),) = self._remembered(f"keys {levels}", lambda: self.rows(sql))
        return [int(key) for key in keys] if granules else []

    @cached_property
    def zones(self) -> tuple[int, ...]:
        """The clocks of the forums, minutes ahead of UTC, each once."""
        sites = self.node.all("sites")
        rows = self.rows(
            f"SELECT DISTINCT ifNull(utc_offset_minutes, 0) FROM {sites} ORDER BY 1"
        )
        return tuple(row[0] for row in rows)

    def clocks(self, site_ids: Collection[int]) -> dict[int, int]:
        """The clocks of some forums, minutes ahead of UTC. Asked apart from their posts: a
        join would read the clocks of all."""
        listed = literals.numbers(site_ids)
        sql = f"""SELECT site_id, any(ifNull(utc_offset_minutes, 0))
            FROM {self.node.all("sites")} WHERE site_id IN {listed} GROUP BY site_id"""
        rows = self._remembered(f"clocks {listed}", lambda: self.rows(sql))
        return dict(rows)

    def _remembered(self, name: str, make: Callable[[], T]) -> T:
        """What is asked for again and again, and seldom changes."""
        return self.node.engine.memory.get(name, make)

    def count(self, condition: Condition, most: int = COUNTED) -> tuple[int, bool]:
        """How many posts fulfil a condition, and whether these are all: by the text index
        all are counted, else up to a limit."""
        if condition.is_indexed:
            return self._count_all(condition), True
        sql = f"""SELECT count() FROM
            (SELECT 1 FROM {self.posts} WHERE {condition.sql} LIMIT {most + 1})"""
        count = self._counted(sql, condition)
        return count, count <= most

    def _count_all(self, condition: Condition) -> int:
        """What the text index counts. To tell of each post that it lacks something takes
        twice as long as to count with it and without."""
        if condition.excluded:
            wider, excluded = without_exclusion(condition)
            return self._count_all(wider) - self._count_all(excluded)
        sql = f"SELECT count() FROM {self.posts} WHERE {condition.sql}"
        return self._counted(sql)

    def _counted(self, sql: str, where: Condition = ALWAYS) -> int:
        known = self._counts.get(sql)
        if known is None:
            ((known,),) = self.first_rows(sql, where)
            self._counts[sql] = known
        return known

    def share_of(self, words: Words) -> float:
        """Which part of the posts has the words; of phrases in more than COUNTED posts,
        which part may have them."""
        asked = words_sql(words, self)
        count, is_all = self.count(asked.condition)
        if not is_all and asked.candidates.is_indexed:
            count, _ = self.count(asked.candidates)
        return count / max(self.numbers, 1)

    def first_share_of(self, words: Words) -> float:
        """The same: no less work is needed."""
        return self.share_of(words)

    def head_share_of(self, words: Words) -> float | None:
        """The same without a single character or a beginning at the end, which one machine
        does not ask for; None where nothing is left: such words weigh the same here."""
        if not is_expensive(words):
            return self.share_of(words)
        *runs, _ = words.phrase.runs
        if not runs:
            return None
        head = replace(
            words,
            text=" ".join(runs),
            is_prefix=False,
        )
        return self.share_of(head)

    def words_beginning(self, beginning: str) -> tuple[str, ...] | None:
        """The words of posts that begin so; None where these are too many to be asked for."""
        if beginning not in self._beginnings:
            self._beginnings[beginning] = self._read_beginnings(beginning)
        return self._beginnings[beginning]

    def _read_beginnings(self, beginning: str) -> tuple[str, ...] | None:
        since = literals.text(beginning)
        until = literals.text(beginning + LAST_CHAR)
        vocabulary = self.node.all("vocabulary")
        rows = self.rows(
            f"""SELECT DISTINCT word FROM {vocabulary}
            WHERE word >= {since} AND word < {until} LIMIT {MOST_BEGINNINGS + 1}"""
        )
        if len(rows) > MOST_BEGINNINGS:
            return None
        return tuple(row[0] for row in rows)

    def has_name(self, kind: str, name: str, *, is_prefix: bool = False) -> bool:
        """Whether an author or a location is written, or begins, just so."""
        column = f"startsWith(name, {literals.text(name)})"
        if not is_prefix:
            column = f"name = {literals.text(name)}"
        folded = literals.text(normalise(name))
        narrowed = f"folded = {folded}"
        if is_prefix:
            narrowed = f"startsWith(folded, {folded})"
        names = self.node.all("names")
        sql = f"""SELECT 1 FROM {names}
            WHERE kind = {literals.text(kind)} AND {narrowed} AND {column} LIMIT 1"""
        return bool(self.rows(sql))

    def names_like(self, kind: str, where: str, most: int = 0) -> list[str]:
        """The authors or locations whose folded name fulfils a condition; at most so many,
        where a number is given."""
        names = self.node.all("names")
        limit = f"LIMIT {most}" if most else ""
        rows = self.rows(
            f"""SELECT DISTINCT name FROM {names}
            WHERE kind = {literals.text(kind)} AND {where} ORDER BY name {limit}"""
        )
        return [row[0] for row in rows]
