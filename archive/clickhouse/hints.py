"""What to say where nothing is found in an index: which words and names there are, and what
was perhaps meant by the others, as far as that is cheap to ask.

Not here: Chinese words with a wrong character, and words by their sound. For those posts would
have to be read, dozens for each of a hundred ways to be wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.clickhouse import literals
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import Index
from archive.clickhouse.tables import named
from archive.clickhouse.words import words_sql
from archive.index.fold import normalise
from archive.search.filters import Filter
from archive.search.hints import (
    COMPARED_NAMES,
    COUNTED_POSTS,
    WORDS_AT_ONCE,
    Hint,
    NameKind,
    key_of,
    meant_by,
    names_with,
    nearest,
)
from archive.search.names import LAST_CHAR
from archive.search.query import Query, parse
from archive.search.quoting import filter_text, quoted
from archive.search.spelling import LATIN, LATIN_LIKENESS, MOST_PROPOSED
from archive.search.tree import Words

_TERMS_COMPARED: Final = 5_000
_NAMED: Final[Mapping[str, NameKind]] = {
    "author": "author",
    "board": "board",
    "location": "location",
    "thread": "thread",
}
"""Filters by a name or number, and what it is of."""


def hints(index: Index, query: Query) -> tuple[Hint, ...]:
    """For each name and word of a query that found nothing, what there is of it."""
    hinter = _Hinter(index, query)
    return tuple(hinter.all())


class _Hinter:
    """Looks for the words and names of a query one by one."""

    def __init__(self, index: Index, query: Query) -> None:
        self._index = index
        self._query = query

    def all(self) -> Iterator[Hint]:
        """What there is to say, in the order of the query."""
        for each in self._query.filters():
            yield from self._for_filter(each)
        words = [each for each in self._query.words() if each.scope != "quotes"]
        for each_words in words[:WORDS_AT_ONCE]:
            yield self._for_words(each_words)

    def _for_filter(self, each: Filter) -> Iterator[Hint]:
        kind = _NAMED.get(each.name)
        if kind is not None and not self._count(each):
            yield self._about_name(each, kind)
        if "：" in each.typed:
            meant = self._that_find([quoted(each.typed)])
            yield Hint(each.typed, 0, meant, "filter", typed=each.typed)

    def _about_name(self, each: Filter, kind: NameKind) -> Hint:
        if kind == "thread":
            return Hint(each.value, 0, (), kind, typed=each.typed)
        key = key_of(each.typed) or kind
        near = nearest(each.value, self._names(kind, each.value))
        meant = self._that_find(filter_text(key, name) for name in near)
        star = "*" if each.is_prefix else ""
        return Hint(f"{each.value}{star}", 0, meant, kind, typed=each.typed)

    def _names(self, kind: NameKind, name: str) -> list[str]:
        """All names, or where these are too many those that begin like this one."""
        if kind == "board":
            rows = self._index.rows(
                f"""SELECT DISTINCT name FROM {named(self._index, "boards")}
                LIMIT {COMPARED_NAMES}"""
            )
            return [row[0] for row in rows]
        found = self._index.names_like(kind, "1", COMPARED_NAMES + 1)
        if len(found) <= COMPARED_NAMES:
            return found
        first = literals.text(normalise(name[:1]))
        return self._index.names_like(
            kind, f"startsWith(folded, {first})", COMPARED_NAMES
        )

    def _for_words(self, words: Words) -> Hint:
        count, is_all = self._index.count(
            words_sql(words, self._index).condition, COUNTED_POSTS
        )
        meant: tuple[str, ...] = ()
        if not count:
            meant = self._that_find(meant_by(words, self._latin, self._named))
        return Hint(words.text, count, meant, or_more=not is_all, typed=words.typed)

    def _named(self, text: str, folded: str) -> Iterator[str]:
        """Where the word is the name of an author, or part of that of a board or a location:
        the filter for their posts."""
        written = literals.text(folded)
        authors = self._index.names_like("author", f"folded = {written}")
        yield from (filter_text("author", name) for name in authors[:1])
        boards = names_with(text, self._names("board", text))
        yield from (filter_text("board", name) for name in boards)
        places = f"position(folded, {written}) > 0"
        if folded and self._index.names_like("location", places, 1):
            yield filter_text("location", text)

    def _latin(self, word: str) -> tuple[str, ...]:
        """Words of posts that are nearly written so, and begin alike."""
        if not LATIN.fullmatch(word):
            return ()
        since = literals.text(word[0])
        until = literals.text(word[0] + LAST_CHAR)
        rows = self._index.rows(
            f"""SELECT DISTINCT word FROM {self._index.node.all("vocabulary")}
            WHERE word >= {since} AND word < {until} LIMIT {_TERMS_COMPARED}"""
        )
        terms = [row[0] for row in rows]
        near = difflib.get_close_matches(word, terms, MOST_PROPOSED, LATIN_LIKENESS)
        return tuple(near)

    def _that_find(self, proposals: Iterable[str]) -> tuple[str, ...]:
        """Those of some queries that find a post."""
        found = []
        for proposal in proposals:
            root = parse(proposal, self._query.now).root
            if root is not None:
                count, _ = self._index.count(tree_sql(root, self._index), 1)
                if count:
                    found.append(proposal)
        return tuple(found)

    def _count(self, each: Filter) -> int:
        count, _ = self._index.count(tree_sql(each, self._index), 1)
        return count
