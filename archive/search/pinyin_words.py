"""Words of the archive that sound like letters: 微信 for `weixin` and `wx`.

A whole pinyin is looked up in the index: of the characters that each syllable may be, those
that stand together in posts. First letters may be thousands of words: those are taken from
some posts and the newest titles, the words whose characters seldom stand without each other
before all that stand together by chance.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import sqrt
from typing import Final

from archive.index.fold import normalise
from archive.search.expressions import expression
from archive.search.fetch import fetch_column
from archive.search.pinyin import by_initial, is_initials, readings, syllables
from archive.search.stats import IndexStats
from archive.search.tree import Words

MOST_PROPOSED: Final = 3
_PAIRS_TRIED: Final = 2_000
_WORDS_WEIGHED: Final = 40
_SAMPLED: Final = 120
_TITLES_READ: Final = 1_500
_FEWEST: Final = 2
"""A word that stands once in a sample says nothing."""

_FIRST: Final = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT 1"
_THOSE_IN_POSTS: Final = """SELECT value FROM json_each(?)
  WHERE EXISTS (SELECT 1 FROM posts_fts WHERE posts_fts MATCH '"' || value || '"')"""
_SAMPLE: Final = """SELECT text || char(10) || subject FROM posts
  WHERE id IN (SELECT value FROM json_each(?))"""
_TITLES: Final = f"SELECT title FROM threads ORDER BY id DESC LIMIT {_TITLES_READ}"


def words_by_sound(stats: IndexStats, letters: str) -> tuple[str, ...]:
    """Words of the archive that are read so, or whose first letters these are, the commonest
    first; empty for none."""
    text = letters.lower()
    found = _by_pinyin(stats, text)
    if not found and is_initials(text):
        found = _by_initials(stats, text)
    return tuple(found[:MOST_PROPOSED])


def is_pinyin(letters: str) -> bool:
    """Whether letters are the whole pinyin of a word."""
    return any(readings(letters.lower()))


def _by_pinyin(stats: IndexStats, text: str) -> list[str]:
    """Words of common characters; where there are none, of others."""
    finder = _Finder(stats)
    for with_rare in (False, True):
        found: list[str] = []
        for split in readings(text):
            found += finder.words(
                split,
                with_rare=with_rare,
            )
        if found:
            return _commonest_first(stats, found)
    return []


def _commonest_first(stats: IndexStats, words: list[str]) -> list[str]:
    shares: dict[str, float] = {}
    for word in words[:_WORDS_WEIGHED]:
        match = expression(Words(word))
        shares[word] = stats.share(match)
    return sorted(
        shares,
        key=shares.__getitem__,
        reverse=True,
    )


class _Finder:
    """Looks pairs of characters up in the index, a bounded number of them."""

    def __init__(self, stats: IndexStats) -> None:
        self._stats = stats
        self._left = _PAIRS_TRIED

    def words(self, split: tuple[str, ...], *, with_rare: bool) -> list[str]:
        """The words of posts that are read as these syllables, of common characters or of
        all."""
        known = syllables()
        chars: list[str] = []
        for syllable in split:
            read_so = known[syllable]
            chosen = read_so.all if with_rare else read_so.common
            chars.append(chosen)
        first, *others = chars
        found = list(first)
        for following in others:
            longer: list[str] = []
            for word in found:
                longer += self._longer(word, following)
            found = longer
        if len(split) == 2:
            return found
        return [word for word in found if self._stands(word)]

    def _longer(self, word: str, following: str) -> Iterator[str]:
        """The word with each of the characters that may follow, where posts have the last two
        together; none where too many were asked for."""
        tried = following[: self._left]
        self._left -= len(tried)
        last = word[-1]
        pairs = [last + char for char in tried]
        listed = json.dumps(pairs)
        for pair in fetch_column(self._stats.conn, _THOSE_IN_POSTS, listed):
            yield word + pair[-1]

    def _stands(self, word: str) -> bool:
        match = expression(Words(word))
        found = fetch_column(self._stats.conn, _FIRST, match)
        return next(found, None) is not None


def _by_initials(stats: IndexStats, letters: str) -> list[str]:
    initials = by_initial()
    classes = [f"[{initials[letter]}]" for letter in letters]
    word_of_them = "".join(classes)
    word = re.compile(f"(?=({word_of_them}))")
    words: Counter[str] = Counter()
    chars: Counter[str] = Counter()
    for text in _sample(stats):
        found_here = word.findall(text)
        words.update(found_here)
        chars.update(text)

    def cohesion(found: str) -> float:
        """How often a word stands, and how seldom its characters do without each other."""
        count = words[found]
        commonest = max(chars[char] for char in found)
        return sqrt(count) * count / commonest

    often = [found for found, count in words.items() if count >= _FEWEST]
    return sorted(
        often,
        key=cohesion,
        reverse=True,
    )


def _sample(stats: IndexStats) -> Iterable[str]:
    """Folded texts from all of the archive, and its newest titles."""
    first, last = stats.ends
    apart = max((last - first) // _SAMPLED, 1)
    ids = list(range(first, last + 1, apart))
    texts = fetch_column(stats.conn, _SAMPLE, str(ids))
    titles = fetch_column(stats.conn, _TITLES)
    for text in (*texts, *titles):
        yield normalise(text)
