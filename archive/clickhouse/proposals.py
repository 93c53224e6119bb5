"""What an index can say of a search beside its hits: what there is, and what else to search
for."""

from __future__ import annotations

from collections.abc import Iterable

from archive.clickhouse.hints import hints
from archive.clickhouse.index import Index
from archive.clickhouse.searched import searched
from archive.clickhouse.words import words_sql
from archive.search.also import Also, also_in
from archive.search.hints import Hint
from archive.search.query import Query
from archive.search.tree import Words


class SearchedIndex:
    """An index that was searched. `is_nothing_meant`: some word is in no post, and nothing
    could be proposed for it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.is_nothing_meant = False

    def searched(self) -> tuple[int, str, str]:
        """The number of posts, and the days of the first and the last."""
        return searched(self._index)

    def also(self, query: Query) -> tuple[Also, ...]:
        """Words of other regions for those of a query, each of which finds posts."""
        return also_in(_Posts(self._index), query)

    def hints(self, query: Query) -> tuple[Hint, ...]:
        """Which of its words there are, and what was perhaps meant by the others."""
        found = hints(self._index, query)
        self.is_nothing_meant = any(
            hint.kind == "words" and not hint.posts and not hint.meant for hint in found
        )
        return found


class _Posts:
    """What `also_in` asks."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def posts_with(self, words: Words, limit: int) -> int:
        """How many posts have the words, up to a limit."""
        count, _ = self._index.count(words_sql(words, self._index).condition, limit)
        return min(count, limit)

    def by_sound(self, letters: str) -> Iterable[str]:
        """Nothing: no table says how words sound."""
        return ()
