"""What to say when nothing is found: which words there are, and what was perhaps meant by
those that there are not."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Literal

from archive.index.segment import normalise
from archive.search.executor import look_up
from archive.search.fetch import fetch_column, fetch_value
from archive.search.filters import Filter, meant_filter
from archive.search.names import Names
from archive.search.planner import plan
from archive.search.query import Query
from archive.search.spelling import MOST_PROPOSED, similar_words
from archive.search.stats import IndexStats
from archive.search.tree import Words

COUNTED_POSTS = 200
"""So many posts with a word that is expensive to ask of the index are looked for at most."""
COMPARED_NAMES = 20_000
"""Names that are compared with one that nobody has; of more, those that begin alike."""
_WORDS_AT_ONCE: Final = 8
_NAME_LIKENESS: Final = 0.5
_BOARDS_PROPOSED: Final = 2
_BOARDS: Final = "SELECT DISTINCT name FROM boards"
_FID: Final = "SELECT 1 FROM boards WHERE fid = ?"
_NEEDS_QUOTES: Final = re.compile(r"[\s()（）]")

NameKind = Literal["author", "board", "location"]


@dataclass(frozen=True, slots=True)
class Hint:
    """A word or name of a query: in how many posts it is, or `or_more`, and what was perhaps
    meant. 0 `or_more` means that looking for it was stopped: it may be in some.

    `kind`: whether it was asked for as words of a post, or as the name of an author, a board
    or a location.
    """

    word: str
    posts: int
    meant: tuple[str, ...] = ()
    kind: Literal["words"] | NameKind = "words"
    or_more: bool = False


def hints(conn: sqlite3.Connection, query: Query) -> tuple[Hint, ...]:
    """For each word of a query that found nothing, the first eight: is it the word, or that
    the words do not meet in one post?

    Names that there are none of come with those that are like them.
    """
    hinter = _Hinter(conn)
    found: list[Hint] = []
    for each in query.filters():
        hint = hinter.for_filter(each)
        if hint:
            found.append(hint)
    words = [each for each in query.words() if each.scope != "quotes"]
    first_words = words[:_WORDS_AT_ONCE]
    found += [hinter.for_words(each) for each in first_words]
    return tuple(found)


def searched(conn: sqlite3.Connection) -> tuple[int, str, str]:
    """What there is to search: the number of posts, and the days of the first and the last,
    empty for none."""
    sql = "SELECT count(*), min(posted_at), max(posted_at) FROM posts"
    posts, first, last = conn.execute(sql).fetchone()
    first_day = (first or "")[:10]
    last_day = (last or "")[:10]
    return posts, first_day, last_day


class _Hinter:
    """Looks for the words and names of a query one by one."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._stats = IndexStats(conn)

    def for_filter(self, each: Filter) -> Hint | None:
        """For a name that there is none of: those that are nearly written so."""
        match each.name:
            case "author":
                return self._author(each.value)
            case "board":
                return self._board(each.value)
            case "location":
                locations = list(self._stats.locations.each())
                return _part_of_name(each.value, locations, "location")
        return None

    def _author(self, value: str) -> Hint | None:
        name = value.rstrip("*")
        is_prefix = name != value
        authors = self._stats.authors
        if authors.spelt_like(name, is_prefix=is_prefix):
            return None
        near = _nearest(name, _comparable(authors, name))
        return Hint(value, 0, near, "author")

    def _board(self, value: str) -> Hint | None:
        is_number = value.isdecimal()
        if is_number and fetch_value(self._conn, _FID, value):
            return None
        return _part_of_name(value, self._boards(), "board")

    def _boards(self) -> list[str]:
        return list(fetch_column(self._conn, _BOARDS))

    def for_words(self, words: Words) -> Hint:
        """In how many posts the words are, or what was perhaps meant by them."""
        found = look_up(
            self._conn,
            plan(words, self._stats),
            "newest",
            limit=COUNTED_POSTS,
            offset=0,
            enough=1,
        )
        if not found.is_total_exact:
            return Hint(
                words.text,
                found.total,
                or_more=True,
            )
        if found.total:
            return Hint(words.text, found.total)
        return Hint(words.text, 0, self._meant(words.text))

    def _meant(self, text: str) -> tuple[str, ...]:
        """What was perhaps meant by words that are in no post."""
        as_filter = meant_filter(text)
        if as_filter:
            return (as_filter,)
        folded = normalise(text).strip()
        words = similar_words(self._stats, folded)
        return (*self._as_names(text), *words)

    def _as_names(self, text: str) -> Iterator[str]:
        """Where the word is the name of an author, or part of that of a board or a location:
        the filter for their posts."""
        authors = self._stats.authors.spelt_like(text)
        if authors:
            yield _filter_text("author", authors[0])
        boards = _names_with(text, self._boards())
        for board in islice(boards, _BOARDS_PROPOSED):
            yield _filter_text("board", board)
        locations = _names_with(text, self._stats.locations.each())
        if any(locations):
            yield _filter_text("location", text)


def _filter_text(key: str, value: str) -> str:
    """A filter as it is typed."""
    return f'{key}:"{value}"' if _NEEDS_QUOTES.search(value) else f"{key}:{value}"


def _names_with(text: str, names: Iterable[str]) -> Iterator[str]:
    """The names that a text is a part of, in any characters."""
    folded = normalise(text)
    for name in names:
        if folded in normalise(name):
            yield name


def _part_of_name(value: str, names: list[str], kind: NameKind) -> Hint | None:
    """For what is a part of none of the names."""
    if any(_names_with(value.rstrip("*"), names)):
        return None
    near = _nearest(value, names)
    return Hint(value, 0, near, kind)


def _nearest(value: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that are most like this one, whatever their characters."""
    folded = {normalise(name): name for name in names}
    near = difflib.get_close_matches(
        normalise(value.rstrip("*")),
        folded,
        MOST_PROPOSED,
        _NAME_LIKENESS,
    )
    return tuple(folded[name] for name in near)


def _comparable(names: Names, name: str) -> list[str]:
    """All names, or where these are too many those that begin like this one."""
    found = list(islice(names.each(), COMPARED_NAMES + 1))
    if len(found) <= COMPARED_NAMES:
        return found
    first = name[:1]
    starts = names.spelt_like(
        first,
        is_prefix=True,
    )
    alike = (names.beginning_with(start) for start in starts)
    every = chain.from_iterable(alike)
    return list(islice(every, COMPARED_NAMES))
