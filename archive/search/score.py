"""Scores posts: all that match by FTS5's bm25, or chosen ones by reading them, with the
same weights and constants.

FTS5's own first goes through every post that has one of the words, so that for common words
it takes the longer the larger the archive is; to read takes as long as there are posts to
rank. Two things are near then, not exact: a word's rarity is told by how densely its posts
lie, and a post's length is in characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import log

from archive.index import segment
from archive.search.budget import BoundedConnection
from archive.search.char_selectivity import sample_ids
from archive.search.chronological import Row
from archive.search.match import Folded, pattern
from archive.search.planner import Plan, expression, is_expensive
from archive.search.query import Words
from archive.search.stats import IndexStats

TITLE_WEIGHT = 8.0
_BM25 = f"-bm25(posts_fts, 1.0, {TITLE_WEIGHT}, 0.0)"
_K1, _B = (
    1.2,
    0.75,
)  # FTS5's own constants (https://sqlite.org/fts5.html#the_bm25_function)
TIE = 0.02
"""Scores that differ by no more than this part of them are equal: the newer post goes first."""
_DEAR_WEIGHT = 0.7
"""Rarity of a single character or of a beginning, which is too expensive to ask for: as of
what half the posts have."""
_LENGTH = "SELECT avg(length(text) + length(subject)) FROM posts WHERE id IN (SELECT value FROM json_each(?))"


class Scorer:
    """Ranks posts of an archive by some words."""

    def __init__(self, ground: IndexStats, words: Sequence[Words]) -> None:
        self._words = [
            (each, _rarity(ground, each) if len(words) > 1 else 1.0) for each in words
        ]
        length = ground.conn.execute(
            _LENGTH, (str(sample_ids(BoundedConnection(ground.conn))),)
        ).fetchone()[0]
        self._mean_chars = float(length or 0) or 1.0

    def score(self, post: Folded) -> float:
        """How well a post fits, higher is better; 0 where it has none of the words."""
        chars = len(post.text) + len(post.subject)
        norm = _K1 * (1 - _B + _B * chars / self._mean_chars)
        total = 0.0
        for words, rarity in self._words:
            if often := _often(post, words):
                total += rarity * often * (_K1 + 1) / (often + norm)
        return total


def by_bm25(conn: BoundedConnection, plan: Plan, limit: int) -> Iterator[Row]:
    """What matches and passes the filters by FTS5's own score, without times; all of it
    where more is to be asked.

    Of equal scores the later row goes first: mostly it is the newer post.
    """
    if plan.where == "1":
        sql = f"SELECT rowid, {_BM25}, NULL FROM posts_fts WHERE posts_fts MATCH ? ORDER BY 2 DESC, 1 DESC"
    else:
        sql = f"""SELECT p.id, {_BM25}, NULL FROM posts_fts CROSS JOIN posts p ON p.id = posts_fts.rowid
            WHERE posts_fts MATCH ? AND {plan.where} ORDER BY 2 DESC, 1 DESC"""
    return conn.rows(
        f"{sql} LIMIT {limit}" if plan.is_covered_by_index else sql,
        (plan.narrowed, *plan.params),
    )


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The best first; of two that are about as good the newer."""
    newest = sorted(rows, key=lambda row: row[2] or "", reverse=True)
    return sorted(newest, key=lambda row: -round(log(max(row[1], 1e-9)) / TIE))


def _rarity(ground: IndexStats, words: Words) -> float:
    """The inverse document frequency, by how many of the posts have the words."""
    asked = expression(words, head=is_expensive(words))
    if not asked:
        return _DEAR_WEIGHT
    share = ground.share(asked)
    return max(log((1 - share) / share), 1e-6) if 0 < share < 1 else 1e-6


def _often(post: Folded, words: Words) -> float:
    """How often the words stand in a post, the title's weighing more."""
    in_text = _count(post.text, words) if words.scope in ("any", "text") else 0
    in_title = (
        _count(post.subject, words)
        if words.scope in ("any", "title") and post.subject
        else 0
    )
    return in_text + TITLE_WEIGHT * in_title


def _count(text: str, words: Words) -> int:
    if symbol_words := words.phrase.symbol_words:
        return sum(word in symbol_words for word in segment.signed_words(text))
    return len(pattern(words).findall(text))
