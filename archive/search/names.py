"""Names that posts bear, authors and locations: which there are, and which are the same in
other characters (`張三` for `张三`).

An archive may have a million authors, so none of this goes through all of them: names that
fold to the same are found character by character, by steps in the column's own index.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

from archive.index.fold import fold, normalise
from archive.search.fetch import fetch_value

LAST_CHAR: Final = "\U0010ffff"
"""Behind every character that a name may have."""

Column = Literal["author", "location"]

_INDEXED: Final[dict[Column, str]] = {
    "author": "1",
    "location": "location <> ''",
}
"""Which rows the index on the column has; a statement must say so, for SQLite to use it."""
_SIMILAR_CHARS = """SELECT c, n FROM posts_fts_charmap
  WHERE n = '' OR instr(?, n)"""


class Names:
    """The different values of an indexed column of `posts`."""

    def __init__(self, conn: sqlite3.Connection, column: Column) -> None:
        self._conn = conn
        self._column = column

    def each(self, since: str = "") -> Iterator[str]:
        """All names from `since` on, in the order of their characters, a step each."""
        name = self._first(since)
        while name is not None:
            if name:
                yield name
            name = self._first(
                name,
                is_behind=True,
            )

    def beginning_with(self, start: str) -> Iterator[str]:
        """All names that begin just so."""
        for name in self.each(start):
            if not name.startswith(start):
                return
            yield name

    def has(self, name: str, *, is_prefix: bool = False) -> bool:
        """Whether there is a name that is written, or begins, just so."""
        first = self._first(name)
        if first is None:
            return False
        return first.startswith(name) if is_prefix else first == name

    def spelt_like(self, name: str, *, is_prefix: bool = False) -> tuple[str, ...]:
        """A name if it is there just so, else all that fold to the same; empty for none.

        With `is_prefix`, beginnings of names.
        """
        if self.has(name, is_prefix=is_prefix):
            return (name,)
        folded = normalise(name)
        if not folded:
            return ()
        descent = _Descent(self._conn, self._first, folded, is_prefix)
        return tuple(descent.found())

    def _first(self, since: str, *, is_behind: bool = False) -> str | None:
        """The first name that is not before `since`, or the first behind it."""
        operator = ">" if is_behind else ">="
        sql = f"""SELECT min({self._column}) FROM posts
            WHERE {self._column} {operator} ? AND {_INDEXED[self._column]}"""
        found: str | None = fetch_value(self._conn, sql, since)
        return found


class _Descent:
    """Finds the names that fold to the same text, a character at a time.

    At each step the characters that may come next are few, and those that names have there
    are few: the index is asked by turns for the next of the one and of the other.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        first: Callable[[str], str | None],
        folded: str,
        is_prefix: bool,
    ) -> None:
        self._first = first
        self._folded = folded
        self._is_prefix = is_prefix
        self._similar = conn.execute(_SIMILAR_CHARS, (folded,)).fetchall()

    def found(self, start: str = "", at: int = 0) -> Iterator[str]:
        """Names that begin with `start`, whose fold is the first `at` characters."""
        is_whole = at == len(self._folded)
        if is_whole and self._is_prefix:
            yield start
            return
        if is_whole and self._first(start) == start:
            yield start
        candidates = self._candidates(at)
        for char in self._next_chars(start, candidates):
            behind = at + len(fold(char))
            yield from self.found(start + char, behind)

    def _candidates(self, at: int) -> list[str]:
        """The characters that fold to what comes at a place, or to nothing; in order."""
        rest = self._folded[at:]
        chars: set[str] = set()
        for char, folded in self._similar:
            if rest.startswith(folded):
                chars.add(char)
        if rest:
            first = rest[0]
            chars.add(first)
            if first.isascii():
                chars.add(first.upper())
        return sorted(chars)

    def _next_chars(self, start: str, candidates: Sequence[str]) -> Iterator[str]:
        """Those of the characters that any name has behind `start`."""
        at = 0
        while at < len(candidates):
            name = self._first(start + candidates[at])
            if name is None or not name.startswith(start):
                return
            char = name[len(start)]
            at = bisect_left(candidates, char, at)
            if at < len(candidates) and candidates[at] == char:
                yield char
                at += 1
