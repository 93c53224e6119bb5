"""Which words of a query a post may lack, where none has all of them, and what each weighs.

The words are weighed by their rarity, sentences cut into their words. What a query asks for
beside its words (filters, `-word`, brackets, quotation marks) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, TypeGuard

from archive.index.fold import normalise
from archive.search import limits
from archive.search.conditions import Condition, all_of
from archive.search.date_ranges import months_of
from archive.search.expressions import both, is_expensive
from archive.search.filters import Filter
from archive.search.pieces import ASKING, is_sentence, pieces
from archive.search.quoting import CLOSING
from archive.search.shares import Shares
from archive.search.stats import IndexStats
from archive.search.tree import Node, Words, parts_of
from archive.search.tree_sql import tree_sql

MOST_WORDS: Final = 6
"""So many words are chosen from, the rarest: each more doubles the questions."""
MOST_CHARS: Final = 120
"""So many characters are cut into words and weighed, or a few more: a pasted article has
hundreds."""
_COLON: Final = re.compile("[:：]")
ASKING_WEIGHT: Final = 0.2
"""By so much less the words of a question weigh: 怎么办 is rare in some forums, and says
nothing of the matter."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Words, and what they weigh: more the rarer they are."""

    words: Words
    weight: float


@dataclass(frozen=True, slots=True)
class Loose:
    """A query of which a post need not have all words.

    `words` are those that are in posts, the rarest first, `asked` the words of the query
    that may be left out, as it has them. `filters` and `months` are what
    a post must fulfil in any case, as SQL and as an expression.
    """

    words: tuple[Weighed, ...]
    asked: tuple[Words, ...]
    filters: Condition
    months: str


def loosened(root: Node, stats: IndexStats) -> Loose | None:
    """The query for posts with some of the words; None where none of them can be left out,
    or none is in any post."""
    words, kept = loose_words(root, stats)
    if not words:
        return None
    dates = [part for part in kept if isinstance(part, Filter)]
    conditions = [tree_sql(part, stats) for part in kept]
    return Loose(
        words=words,
        asked=may_be_left_out(root),
        filters=all_of(conditions),
        months=both(*(months_of(each) for each in dates)),
    )


def loose_words(
    root: Node, index: Shares
) -> tuple[tuple[Weighed, ...], tuple[Node, ...]]:
    """The words of which a post need not have all, the rarest first, none where none can be
    left out; and the parts of the query that it must fulfil in any case."""
    asked = may_be_left_out(root)
    kept = tuple(part for part in parts_of(root) if not _may_be_left_out(part))
    words = _first_words(asked, index)
    if tuple(words) == asked and len(asked) < 2:
        return (), kept
    weighed = sorted(
        _weighed(words, index),
        key=_weight,
        reverse=True,
    )
    return tuple(weighed[:MOST_WORDS]), kept


def may_be_left_out(root: Node) -> tuple[Words, ...]:
    """The words of a query of which a post need not have all."""
    return tuple(part for part in parts_of(root) if _may_be_left_out(part))


def _may_be_left_out(part: Node) -> TypeGuard[Words]:
    """Whether a part is words, without quotation marks and `标题:`: who sets those means
    them."""
    if not isinstance(part, Words) or part.scope == "quotes":
        return False
    if part.typed[:1] in CLOSING:
        return False
    is_placed = part.scope != "any" and _COLON.search(part.typed)
    return not is_placed


def _first_words(asked: Sequence[Words], index: Shares) -> dict[Words, None]:
    """The different words that are asked for, sentences cut up; of a pasted article the
    first."""
    words: dict[Words, None] = {}
    chars = 0
    for each in asked:
        if chars >= MOST_CHARS:
            break
        chars += len(each.text)
        found = _in_words(each, index)
        words |= dict.fromkeys(found)
    return words


def _in_words(words: Words, index: Shares) -> Iterator[Words]:
    """Words cut up where they are a sentence."""
    if words.is_prefix or not is_sentence(words.text):
        yield words
        return
    for piece in pieces(index, words.text):
        yield Words(piece, scope=words.scope)


def _weighed(words: Iterable[Words], index: Shares) -> Iterator[Weighed]:
    """Those of the words that are in posts. In a large archive, single characters and
    beginnings are left out, which the index finds slowly and which say little."""
    is_large = index.numbers > limits.LARGE_POSTS
    for each in words:
        if is_large and is_expensive(each):
            continue
        share = index.share_of(each)
        if share:
            weight = log(1 + 1 / share)
            if ASKING.fullmatch(normalise(each.text)):
                weight *= ASKING_WEIGHT
            yield Weighed(each, weight)


def _weight(weighed: Weighed) -> float:
    return weighed.weight
