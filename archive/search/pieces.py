"""Cuts a Chinese sentence into words, by the archive itself: two characters that seldom stand
together, between pairs that do more often, belong to two words.

No dictionary knows a forum's words; its posts do. A cut in the wrong place costs little: what
is looked for are posts with the most and rarest of the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from archive.index import segment
from archive.index.fold import normalise
from archive.search.shares import Shares
from archive.search.tree import Words

SHORTEST: Final = 4
"""A Chinese word of fewer characters is one word."""
LONGEST: Final = 40
"""Of a longer sentence the beginning is cut up."""
ASKING: Final = re.compile(
    "(怎么办|怎么样|怎么|怎样|如何|为什么|是什么|什么|请问|哪里|哪儿|哪个|哪些|多少|有没有|是不是"
    "|能不能|可不可以|求助|[吗呢吧啊呀嘛]+$)"
)
"""Words of questions, folded: they part the others, and say nothing of the matter."""
_LONGEST_PIECE: Final = 4
_RARER_AT_END: Final = 8
"""At the ends of a sentence, where a pair has one neighbour, so much rarer it must be: a cut
leaves a single character."""


def pieces(index: Shares, text: str) -> list[str]:
    """The words of a text, Chinese or not, in their order; single characters are left out."""
    folded = normalise(text)
    found: list[str] = []
    for run in segment.RUN.finditer(folded):
        word = run[0]
        if run.lastindex != segment.CJK_RUN:
            found.append(word)
            continue
        beginning = word[:LONGEST]
        for part in ASKING.split(beginning):
            found += _words_of(index, part)
    return found


def is_sentence(text: str) -> bool:
    """Whether a text has Chinese that may be more than one word."""
    folded = normalise(text)
    for run in segment.RUN.finditer(folded):
        is_chinese = run.lastindex == segment.CJK_RUN
        if is_chinese and len(run[0]) >= SHORTEST:
            return True
    return False


def _words_of(index: Shares, run: str) -> Iterator[str]:
    is_one = len(run) < SHORTEST or ASKING.fullmatch(run)
    if is_one:
        yield from _not_single(run)
        return
    pairs = map("".join, pairwise(run))
    shares = [_share(index, pair) for pair in pairs]
    start = 0
    ends = [*_valleys(shares), len(run)]
    for end in ends:
        piece = run[start:end]
        inside = shares[start : end - 1]
        yield from _shortened(piece, inside)
        start = end


def _share(index: Shares, pair: str) -> float:
    words = Words(pair)
    return index.first_share_of(words)


def _valleys(shares: Sequence[float]) -> Iterator[int]:
    """Behind which characters a word ends, by the shares of the pairs."""
    at_start = shares[1] / _RARER_AT_END
    at_end = shares[-2] / _RARER_AT_END
    before = [at_start, *shares]
    after = [*shares[1:], at_end]
    for at, share in enumerate(shares):
        is_absent = share == 0
        is_rarer = share < before[at] and share < after[at]
        if is_absent or is_rarer:
            yield at + 1


def _shortened(piece: str, shares: Sequence[float]) -> Iterator[str]:
    """A piece, or where it is long its parts, cut at the rarest pair; of several in the
    middle."""
    if len(piece) <= _LONGEST_PIECE:
        yield from _not_single(piece)
        return
    middle = len(shares) // 2

    def rank(at: int) -> tuple[float, int]:
        from_middle = abs(at - middle)
        return shares[at], from_middle

    places = range(len(shares))
    rarest = min(
        places,
        key=rank,
    )
    end = rarest + 1
    yield from _shortened(piece[:end], shares[:rarest])
    yield from _shortened(piece[end:], shares[end:])


def _not_single(piece: str) -> Iterator[str]:
    if len(piece) > 1:
        yield piece
