"""What else to search for beside a query: what other regions say for its words (軟體 beside 软件),
and Chinese words that sound like its letters (微信 beside wx)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from archive.index.fold import normalise
from archive.search.budget import BoundedConnection
from archive.search.expressions import MATCHES, expression
from archive.search.pinyin_words import is_pinyin, words_by_sound
from archive.search.query import Query
from archive.search.quoting import filter_text, quoted
from archive.search.regional import other_words
from archive.search.stats import IndexStats
from archive.search.tree import Words

MOST: Final = 4
"""So many are offered for a query."""
_MOST_A_WORD: Final = 2
_MOST_WORDS: Final = 8
_RARE_POSTS: Final = 20
"""First letters are a word of their own where more posts have them."""
_LATIN: Final = re.compile("[a-z]{2,24}")
_BLANK: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Also:
    """Another word for one of a query's, that is in posts. `query` is the query that asks for
    either."""

    word: str
    other: str
    query: str

    def as_json(self) -> dict[str, str]:
        """The same as plain data."""
        return {
            "word": self.word,
            "other": self.other,
            "query": self.query,
        }


class Posts(Protocol):
    """What is asked of the posts that are searched."""

    def posts_with(self, words: Words, limit: int) -> int:
        """How many posts have the words, up to a limit; the limit where it took too long."""

    def by_sound(self, letters: str) -> Iterable[str]:
        """Words of posts that sound like letters."""


def also_search(conn: sqlite3.Connection, query: Query) -> tuple[Also, ...]:
    """Other words for those of a query, each of which finds posts."""
    with BoundedConnection(conn) as bounded:
        return also_in(_InArchive(bounded), query)


def also_in(posts: Posts, query: Query) -> tuple[Also, ...]:
    """The same of any posts."""
    offers = _Offers(posts, query)
    first = islice(offers.all(), MOST)
    return tuple(first)


class _InArchive:
    """Asks an archive, within the bounds of one search."""

    def __init__(self, conn: BoundedConnection) -> None:
        self._conn = conn
        self._stats = IndexStats(conn.conn)

    def posts_with(self, words: Words, limit: int) -> int:
        match = expression(words)
        params = (match,)
        count = self._conn.count(MATCHES, params, limit)
        if count is None:
            return limit
        return count

    def by_sound(self, letters: str) -> Iterable[str]:
        with self._conn.unbounded():
            return words_by_sound(self._stats, letters)


class _Offers:
    """Looks for what may be offered."""

    def __init__(self, posts: Posts, query: Query) -> None:
        self._posts = posts
        self._query = query
        self._asked = {normalise(each.text) for each in query.words()}

    def all(self) -> Iterator[Also]:
        """What is offered, the words of the query in their order."""
        words = self._query.words()
        for each in words[:_MOST_WORDS]:
            if each.is_prefix or each.scope == "quotes":
                continue
            yield from islice(self._beside(each), _MOST_A_WORD)

    def _beside(self, words: Words) -> Iterator[Also]:
        for other in self._others(words):
            if not self._is_new(other):
                continue
            widened = self._widened(words, other)
            yield Also(words.text, other, widened)

    def _others(self, words: Words) -> Iterator[str]:
        yield from other_words(words.text)
        letters = normalise(words.text)
        if not _LATIN.fullmatch(letters):
            return
        limit = _RARE_POSTS + 1
        posts = self._posts.posts_with(words, limit)
        is_rare = posts <= _RARE_POSTS
        if posts and (is_rare or is_pinyin(letters)):
            # for what is in no post the hints propose it (hints.py)
            yield from self._posts.by_sound(letters)

    def _is_new(self, other: str) -> bool:
        """Whether a word is not asked for already, and in posts."""
        if other in self._asked:
            return False
        words = Words(other)
        posts = self._posts.posts_with(words, 1)
        return posts > 0

    def _widened(self, words: Words, other: str) -> str:
        """The query that asks for the other word, too."""
        typed = words.typed or words.text
        other_typed = _typed_like(words, other)
        either = f"({typed} OR {other_typed})"
        text = self._query.text
        start = _place_of(typed, text)
        end = start + len(typed)
        before = text[:start]
        after = text[end:]
        return f"{before}{either}{after}"


def _place_of(typed: str, text: str) -> int:
    """Where a piece of a query stands, between blanks if it does anywhere."""
    start = text.find(typed)
    while start >= 0:
        end = start + len(typed)
        beside = text[max(start - 1, 0) : start] + text[end : end + 1]
        if not beside.strip():
            return start
        start = text.find(typed, start + 1)
    return text.find(typed)


def _typed_like(words: Words, other: str) -> str:
    """Another word as it is typed, with the key of the first where that has one."""
    typed = words.typed.replace("：", ":")
    key, colon, _ = typed.partition(":")
    if colon and words.scope != "any":
        return filter_text(key, other)
    if _BLANK.search(other):
        return quoted(other)
    return other
