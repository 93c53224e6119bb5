"""Which words of the archive nearly are one that is nowhere in it.

A Chinese word with one wrong, missing or superfluous character still has its other pairs.
Posts that have those near each other are read, and what stands in them between the right
characters is proposed: words of the archive itself, never invented ones. A Latin word is
compared with the words of the index that begin like it.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from archive.index import segment
from archive.index.fold import normalise
from archive.search.expressions import both, expression
from archive.search.fetch import fetch_column
from archive.search.names import LAST_CHAR
from archive.search.stats import IndexStats
from archive.search.tree import Words

MOST_PROPOSED: Final = 3
_READ_POSTS: Final = 40
_READ_CHARS: Final = 20_000
"""Of each of them: where a post has more, its beginning tells as well how a word is written."""
_WORD_CHARS: Final = range(3, 13)
_ENDS_ALONE: Final = 3
"""A word of so many characters keeps no pair where its middle one is wrong."""
_PAIRS_TRIED: Final = 2_000
_PIECES_TRIED: Final = 40
_LONG_PIECE: Final = 3
_NEAR_CHARS: Final = 4
_TERMS_COMPARED: Final = 5_000
LATIN_LIKENESS: Final = 0.75
LATIN: Final = re.compile(r"[a-z]{4,}|[a-z]+\d+")

_MATCHES: Final = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?"
_TEXTS: Final = f"""SELECT substr(text, 1, {_READ_CHARS}), subject FROM posts
  WHERE id IN ({_MATCHES})"""
_TERMS: Final = f"""SELECT term FROM temp.posts_fts_terms
  WHERE term >= ? AND term < ? AND doc > 1 LIMIT {_TERMS_COMPARED}"""


def similar_words(stats: IndexStats, word: str) -> tuple[str, ...]:
    """Words of the archive that were perhaps meant by a folded word; empty for none."""
    speller = _Speller(stats)
    if LATIN.fullmatch(word):
        return speller.latin(word)
    run = _only_chinese_run(word)
    if run:
        near = speller.one_off(run)
        if near:
            return near
    return speller.in_pieces(word)


def _only_chinese_run(text: str) -> str:
    """The Chinese word that a text is, but for signs; empty where it is none, or too long."""
    runs = list(segment.RUN.finditer(text))
    if len(runs) != 1:
        return ""
    only, *_ = runs
    is_chinese = only.lastindex == segment.CJK_RUN
    word = only[0]
    is_of_length = len(word) in _WORD_CHARS
    return word if is_chinese and is_of_length else ""


@dataclass(frozen=True, slots=True)
class _Gap:
    """A word with a hole: what stands before and behind it, and how many characters may
    fill it, as the end of a regular expression."""

    left: str
    right: str
    filling: str

    @property
    def match(self) -> str:
        """An expression for posts that have both sides near each other; empty where they
        are too short to be looked for."""
        phrases: list[str] = []
        for side in (self.left, self.right):
            if len(side) < 2:
                continue
            pairs = map("".join, pairwise(side))
            tokens = " ".join(pairs)
            phrases.append(f'"{tokens}"')
        if len(phrases) < 2:
            return "".join(phrases)
        both_sides = " ".join(phrases)
        return f"NEAR({both_sides}, {_NEAR_CHARS})"

    @property
    def pattern(self) -> re.Pattern[str]:
        """What stands in a text in place of the word."""
        left = re.escape(self.left)
        right = re.escape(self.right)
        return re.compile(f"{left}[{segment.CJK}]{self.filling}{right}")


def _gaps(word: str) -> Iterator[_Gap]:
    """The word with each character wrong or too much, then with one missing at each place."""
    for at in range(len(word)):
        left = word[:at]
        right = word[at + 1 :]
        yield _Gap(left, right, "{0,1}")
    for at in range(1, len(word)):
        left = word[:at]
        right = word[at:]
        yield _Gap(left, right, "{1}")


class _Speller:
    """Looks for words in an archive."""

    def __init__(self, stats: IndexStats) -> None:
        self._stats = stats
        self._conn = stats.conn
        self._pieces_tried = 0

    def latin(self, word: str) -> tuple[str, ...]:
        """Words of the index that are nearly written so, and begin alike."""
        self._conn.execute(
            """CREATE VIRTUAL TABLE IF NOT EXISTS temp.posts_fts_terms
            USING fts5vocab(main, posts_fts, row)"""
        )
        since = word[0]
        until = since + LAST_CHAR
        terms = fetch_column(self._conn, _TERMS, since, until)
        near = difflib.get_close_matches(
            word,
            list(terms),
            MOST_PROPOSED,
            LATIN_LIKENESS,
        )
        return tuple(near)

    def one_off(self, word: str) -> tuple[str, ...]:
        """Words of the archive that have one character other, more or less."""
        posts: Counter[str] = Counter()
        if len(word) == _ENDS_ALONE:
            first = word[0]
            last = word[-1]
            ends = self._with_ends(first, last)
            posts.update(ends)
        for gap in _gaps(word):
            pattern = gap.pattern
            for text in self._texts_with(gap.match):
                found = pattern.findall(text)
                different = set(found)
                posts.update(different)
        posts.pop(word, None)

        def rank(near: str) -> tuple[int, int]:
            other_length = abs(len(near) - len(word))
            return other_length, -posts[near]

        best = sorted(
            posts,
            key=rank,
        )
        return tuple(best[:MOST_PROPOSED])

    def _with_ends(self, first: str, last: str) -> dict[str, int]:
        """Words of up to three characters that begin and end so, and in how many posts they
        are, up to _READ_POSTS."""
        words = [first + last]
        terms = self._stats.terms(first)
        for pair in islice(terms, _PAIRS_TRIED):
            if len(pair) != 2:
                continue
            middle = pair[1]
            if self._has_term(middle + last):
                word = pair + last
                words.append(word)
        counts: dict[str, int] = {}
        tried = words[: 1 + _PIECES_TRIED]
        for word in tried:
            match = expression(Words(word))
            count = self._posts_with(match, _READ_POSTS)
            if count:
                counts[word] = count
        return counts

    def in_pieces(self, word: str) -> tuple[str, ...]:
        """The pieces of a long word that are in posts: all of them where they meet in one
        post, else the longest."""
        found = self._pieces(word)
        pieces = list(dict.fromkeys(found))
        if self._meet(pieces):
            together = " ".join(pieces)
            return (together,)
        longest = max(
            pieces,
            key=len,
            default="",
        )
        if len(longest) < _LONG_PIECE:
            return ()
        return (longest,)

    def _meet(self, pieces: list[str]) -> bool:
        """Whether several pieces are in one post."""
        if len(pieces) < 2:
            return False
        matches = [expression(Words(piece)) for piece in pieces]
        match = both(*matches)
        return self._posts_with(match, 1) > 0

    def _pieces(self, word: str) -> Iterator[str]:
        """From the left, the longest pieces that are in any post."""
        for run in segment.RUN.finditer(word):
            if run.lastindex == segment.CJK_RUN:
                yield from self._chinese_pieces(run[0])
            elif self._is_there(run[0]):
                yield run[0]

    def _chinese_pieces(self, text: str) -> Iterator[str]:
        rest = text
        while len(rest) > 1:
            size = self._longest_piece(rest)
            if size > 1:
                yield rest[:size]
            rest = rest[size:]

    def _longest_piece(self, text: str) -> int:
        """How many of the first characters of a text are in any post together; 1 for none."""
        size = 1
        while size < len(text):
            longer = text[: size + 1]
            if not self._is_there(longer):
                break
            size += 1
        is_whole = size == len(text)
        if is_whole or size < 3:
            return size
        last_and_next = text[size - 1 : size + 1]
        if self._is_there(last_and_next):
            size -= 1  # its last character rather begins the next piece
        return size

    def _is_there(self, piece: str) -> bool:
        """Whether a piece is in any post; no where too many were asked for."""
        self._pieces_tried += 1
        if self._pieces_tried > _PIECES_TRIED:
            return False
        words = Words(piece)
        match = expression(words)
        return self._posts_with(match, 1) > 0

    def _has_term(self, term: str) -> bool:
        """Whether the index has just this term."""
        first = next(self._stats.terms(term), "")
        return first == term

    def _posts_with(self, match: str, limit: int) -> int:
        """How many posts match, up to a limit."""
        found = list(fetch_column(self._conn, _MATCHES, match, limit))
        return len(found)

    def _texts_with(self, match: str) -> Iterator[str]:
        """The folded texts of some posts that match."""
        if not match:
            return
        rows = self._conn.execute(_TEXTS, (match, _READ_POSTS))
        for text, subject in rows:
            yield normalise(f"{text}\n{subject}")
