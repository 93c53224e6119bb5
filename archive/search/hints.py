"""What to say when nothing is found: which words there are, and what was perhaps meant by
those that there are not."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, Literal

from archive.index.fold import normalise
from archive.search.executor import look_up
from archive.search.fetch import fetch_column
from archive.search.filters import Filter, meant_filter
from archive.search.names import Names
from archive.search.pages import Matches
from archive.search.pinyin_words import words_by_sound
from archive.search.planner import plan
from archive.search.query import Query, parse
from archive.search.quoting import filter_text, quoted
from archive.search.spelling import MOST_PROPOSED, similar_words
from archive.search.stats import IndexStats
from archive.search.tree import Node, Words

COUNTED_POSTS = 200
"""So many posts with a word that is expensive to ask of the index are looked for at most."""
COMPARED_NAMES = 20_000
"""Names that are compared with one that nobody has; of more, those that begin alike."""
WORDS_AT_ONCE: Final = 8
_NAME_LIKENESS: Final = 0.5
_BOARDS_PROPOSED: Final = 2
_BOARDS: Final = "SELECT DISTINCT name FROM boards"

NameKind = Literal["author", "board", "location", "thread"]


@dataclass(frozen=True, slots=True)
class Hint:
    """A word or name of a query: in how many posts it is, or `or_more`, and what was perhaps
    meant: queries that find something, to be put in the place of `typed`. 0 `or_more` means
    that looking for it was stopped: it may be in some.

    `kind`: whether it was asked for as words of a post, or as the name of an author, a board
    or a location; `filter` says that a pasted line was read as a filter.
    """

    word: str
    posts: int
    meant: tuple[str, ...] = ()
    kind: Literal["words", "filter"] | NameKind = "words"
    or_more: bool = False
    typed: str = field(default="", compare=False)


def hints(conn: sqlite3.Connection, query: Query) -> tuple[Hint, ...]:
    """For each word of a query that found nothing, the first eight: is it the word, or that
    the words do not meet in one post?

    Names that there are none of come with those that are like them.
    """
    hinter = _Hinter(conn, query.now)
    found: list[Hint] = []
    for each in query.filters():
        found += hinter.for_filter(each)
    words = [each for each in query.words() if each.scope != "quotes"]
    first_words = words[:WORDS_AT_ONCE]
    found += [hinter.for_words(each) for each in first_words]
    return tuple(found)


def with_proposal(text: str, hint: Hint, proposal: str) -> str:
    """The text of a query with a proposal in the place of what was typed."""
    return text.replace(hint.typed or hint.word, proposal)


class _Hinter:
    """Looks for the words and names of a query one by one."""

    def __init__(self, conn: sqlite3.Connection, now: datetime | None) -> None:
        self._conn = conn
        self._now = now
        self._stats = IndexStats(conn)

    def for_filter(self, each: Filter) -> Iterator[Hint]:
        """For a name that there is none of, those that are nearly written so; for what looks
        like a line of a page, `时间：2024-05-17`, that it was read as a filter."""
        about_name = self._about_name(each)
        if about_name:
            yield replace(about_name, typed=each.typed)
        if "：" in each.typed:
            literal = quoted(each.typed)
            meant = self._that_find([literal])
            yield Hint(
                each.typed,
                0,
                meant,
                "filter",
                typed=each.typed,
            )

    def _about_name(self, each: Filter) -> Hint | None:
        match each.name:
            case "author":
                return self._author(each)
            case "board":
                return self._board(each)
            case "thread" if not self._stats.threads(each.value):
                return Hint(each.value, 0, (), "thread")
            case "location":
                locations = list(self._stats.locations.each())
                return self._part_of_name(each, locations)
        return None

    def _author(self, each: Filter) -> Hint | None:
        authors = self._stats.authors
        if authors.spelt_like(each.value, is_prefix=each.is_prefix):
            return None
        near = nearest(each.value, _comparable(authors, each.value))
        return self._name_hint(each, near, "author")

    def _board(self, each: Filter) -> Hint | None:
        is_number = each.value.isdecimal()
        if is_number and self._stats.boards(each.value):
            return None
        return self._part_of_name(each, self._boards())

    def _part_of_name(self, each: Filter, names: list[str]) -> Hint | None:
        """For what is a part of none of the names of boards or locations."""
        if any(names_with(each.value, names)):
            return None
        near = nearest(each.value, names)
        kind: NameKind = "board" if each.name == "board" else "location"
        return self._name_hint(each, near, kind)

    def _name_hint(self, each: Filter, near: Iterable[str], kind: NameKind) -> Hint:
        key = key_of(each.typed) or kind
        proposals = [filter_text(key, name) for name in near]
        star = "*" if each.is_prefix else ""
        return Hint(
            f"{each.value}{star}",
            0,
            self._that_find(proposals),
            kind,
        )

    def _boards(self) -> list[str]:
        return list(fetch_column(self._conn, _BOARDS))

    def for_words(self, words: Words) -> Hint:
        """In how many posts the words are, or what was perhaps meant by them."""
        found = self._newest(words, COUNTED_POSTS)
        if not found.is_total_exact:
            return Hint(
                words.text,
                found.total,
                or_more=True,
                typed=words.typed,
            )
        meant: tuple[str, ...] = ()
        if not found.total:
            meant = self._that_find(self._meant(words))
        return Hint(
            words.text,
            found.total,
            meant,
            typed=words.typed,
        )

    def _that_find(self, proposals: Iterable[str]) -> tuple[str, ...]:
        """Those of some queries that find a post."""
        found: list[str] = []
        for proposal in proposals:
            root = parse(proposal, self._now).root
            if root and self._newest(root, 1).total:
                found.append(proposal)
        return tuple(found)

    def _newest(self, node: Node, posts: int) -> Matches:
        return look_up(
            self._conn,
            plan(node, self._stats),
            "newest",
            limit=posts,
            offset=0,
            enough=1,
        )

    def _meant(self, words: Words) -> Iterator[str]:
        return meant_by(
            words,
            lambda folded: similar_words(self._stats, folded),
            self._named_or_sounding,
        )

    def _named_or_sounding(self, text: str, folded: str) -> Iterator[str]:
        yield from self._as_names(text)
        if folded.isascii() and folded.isalpha():
            yield from words_by_sound(self._stats, folded)

    def _as_names(self, text: str) -> Iterator[str]:
        """Where the word is the name of an author, or part of that of a board or a location:
        the filter for their posts."""
        authors = self._stats.authors.spelt_like(text)
        if authors:
            yield filter_text("author", authors[0])
        boards = names_with(text, self._boards())
        for board in islice(boards, _BOARDS_PROPOSED):
            yield filter_text("board", board)
        locations = names_with(text, self._stats.locations.each())
        if any(locations):
            yield filter_text("location", text)


def meant_by(
    words: Words,
    similar: Callable[[str], Iterable[str]],
    others: Callable[[str, str], Iterable[str]],
) -> Iterator[str]:
    """What was perhaps meant by words that are in no post. `similar`: a folded word → words
    written nearly so; `others`: what else there is for words as typed, and folded."""
    folded = normalise(words.text).strip()
    key = key_of(words.typed) if words.scope != "any" else ""
    if key:
        for word in similar(folded):
            yield filter_text(key, word)
        return
    as_filter = meant_filter(words.text)
    if as_filter:
        yield as_filter
        return
    yield from others(words.text, folded)
    yield from similar(folded)


def key_of(typed: str) -> str:
    """The key of a filter as it was typed; empty where there is none."""
    key, colon, _ = typed.replace("：", ":").partition(":")
    return key if colon else ""


def names_with(text: str, names: Iterable[str]) -> Iterator[str]:
    """The names that a text is a part of, in any characters."""
    folded = normalise(text)
    for name in names:
        if folded in normalise(name):
            yield name


def nearest(value: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that are most like this one, whatever their characters."""
    folded = {normalise(name): name for name in names}
    near = difflib.get_close_matches(
        normalise(value),
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
