"""Scores posts: all that match by FTS5's bm25, or chosen ones by reading them, with the
same weights and constants.

FTS5's own first goes through every post that has one of the words, so that for common words
it takes the longer the larger the archive is; to read takes as long as there are posts to
rank. Two things are near then, not exact: a word's rarity is told by how densely its posts
lie, and a post's length is in characters, beside the mean of those that are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import log
from typing import Final

from archive.index.whole_words import signed_words_in_posts
from archive.search.budget import BoundedConnection
from archive.search.chronological import Row
from archive.search.match import Folded, places
from archive.search.plan import Plan
from archive.search.shares import Shares
from archive.search.tree import Words

TITLE_WEIGHT: Final = 8.0
TIE: Final = 0.02
"""Scores that differ by no more than this part of them are equal: the newer post goes first."""
_BM25: Final = f"-bm25(posts_fts, 1.0, {TITLE_WEIGHT}, 0.0)"
_K1: Final = 1.2  # FTS5's own: https://sqlite.org/fts5.html#the_bm25_function
_B: Final = 0.75
_EXPENSIVE_RARITY: Final = 0.7
"""Rarity of a single character or of a beginning, which is too expensive to ask for: as of
what half the posts have."""
_LEAST_RARITY: Final = 1e-6
_MOST_COUNTED: Final = 1_000
"""Of a word that a post repeats without end: more would weigh next to nothing."""
_LEAST_SCORE: Final = 1e-9


class Scorer:
    """Ranks posts of an archive by some words."""

    def __init__(
        self, shares: Shares, words: Sequence[Words], mean_chars: float
    ) -> None:
        self._words: list[tuple[Words, float]] = []
        for each in words:
            rarity = _rarity(shares, each) if len(words) > 1 else 1.0
            self._words.append((each, rarity))
        self._mean_chars = mean_chars or 1.0

    def score(self, post: Folded) -> float:
        """How well a post fits, higher is better; 0 where it has none of the words."""
        chars = chars_of(post)
        norm = _K1 * (1 - _B + _B * chars / self._mean_chars)
        total = 0.0
        for words, rarity in self._words:
            count = _count_in_post(post, words)
            if count:
                total += rarity * count * (_K1 + 1) / (count + norm)
        return total


def chars_of(post: Folded) -> int:
    """How long a post is."""
    return len(post.text) + len(post.subject)


def by_bm25(conn: BoundedConnection, plan: Plan, limit: int) -> Iterator[Row]:
    """What matches and passes the filters by FTS5's own score, without times; all of it
    where more is to be asked.

    Of equal scores the later row goes first: mostly it is the newer post.
    """
    filters = plan.filters
    sql = f"SELECT rowid, {_BM25}, NULL FROM posts_fts WHERE posts_fts MATCH ?"
    if plan.has_filters:
        sql = f"""SELECT p.id, {_BM25}, NULL
            FROM posts_fts CROSS JOIN posts p ON p.id = posts_fts.rowid
            WHERE posts_fts MATCH ? AND {filters.sql}"""
    sql += " ORDER BY 2 DESC, 1 DESC"
    if plan.is_covered_by_index:
        sql += f" LIMIT {limit}"
    params = (plan.narrowed, *filters.params)
    return conn.rows(sql, params)


def best_first(rows: Iterable[Row]) -> list[Row]:
    """The best first; of two that are about as good the newer."""
    newest = sorted(
        rows,
        key=_time,
        reverse=True,
    )
    return sorted(
        newest,
        key=_grade,
        reverse=True,
    )


def _time(row: Row) -> str:
    _, _, time = row
    return time or ""


def _grade(row: Row) -> int:
    """A score so coarse that those within TIE of each other are the same."""
    _, score, _ = row
    return round(log(max(score, _LEAST_SCORE)) / TIE)


def _rarity(shares: Shares, words: Words) -> float:
    """The inverse document frequency, by how many of the posts have the words."""
    share = shares.head_share_of(words)
    if share is None:
        return _EXPENSIVE_RARITY
    if not 0 < share < 1:
        return _LEAST_RARITY
    rarity = log((1 - share) / share)
    return max(rarity, _LEAST_RARITY)


def _count_in_post(post: Folded, words: Words) -> float:
    """How often the words stand in a post, the title's weighing more."""
    total = 0.0
    if words.scope in ("any", "text"):
        total += _count(post.text, words)
    if words.scope in ("any", "title") and post.subject:
        total += TITLE_WEIGHT * _count(post.subject, words)
    return total


def _count(text: str, words: Words) -> int:
    symbol_words = words.phrase.symbol_words
    if symbol_words:
        found = signed_words_in_posts(text)
        return sum(word in symbol_words for word in found)
    return sum(1 for _ in islice(places(text, words), _MOST_COUNTED))
