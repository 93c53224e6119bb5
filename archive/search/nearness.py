"""How near a query's words stand to each other in a post: what a reader asks for by two
words mostly stands in one clause, and a long post has both by chance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from heapq import merge
from itertools import islice, pairwise
from typing import Final

from archive.search.match import Folded, places
from archive.search.tree import Words

NEAR_CHARS: Final = 12
SENTENCE_CHARS: Final = 40
"""Between two words that may belong to each other."""
_PLACES: Final = 50
"""Of a word that stands in a post so often, the first."""
CLAUSE_SIGN: Final = re.compile(r"[,.!?;:\s()\"，。！？；、：（）“”…]")

TOGETHER: Final = 4
IN_A_CLAUSE: Final = 3
NEAR: Final = 2
IN_A_SENTENCE: Final = 1
APART: Final = 0
_BOOSTS: Final = {
    TOGETHER: 12.0,
    IN_A_CLAUSE: 10.0,
    NEAR: 4.0,
    IN_A_SENTENCE: 1.5,
    APART: 1.0,
}
"""A word in the title weighs as much as eight in the text: two in one clause outweigh it."""

_Place = tuple[int, int, int]
"""Start, end, and the number of the word."""


def boost(post: Folded, words: Sequence[Words]) -> float:
    """By how much a post's score is raised, from 1 on; 1 for a single word."""
    if len(words) < 2:
        return _BOOSTS[APART]
    return _BOOSTS[grade(post, words)]


def grade(post: Folded, words: Sequence[Words]) -> int:
    """How near the words stand: TOGETHER in a clause in the order asked for, IN_A_CLAUSE in
    any, NEAR across a sign, IN_A_SENTENCE of some length, or APART.

    Two words at least; the better of text and title counts.
    """
    in_title = _grade_of(post.subject, words)
    in_text = _grade_of(post.text, words)
    return max(in_title, in_text)


def _grade_of(text: str, words: Sequence[Words]) -> int:
    found: list[list[_Place]] = []
    for number, each in enumerate(words):
        all_places = places(text, each)
        first = islice(all_places, _PLACES)
        placed = [(start, end, number) for start, end in first]
        if not placed:
            return APART
        found.append(placed)
    best = APART
    last: dict[int, _Place] = {}
    for place in merge(*found):
        number = place[2]
        last[number] = place
        if len(last) < len(words):
            continue
        window = list(last.values())
        grade_here = _grade_of_window(text, window)
        best = max(best, grade_here)
        if best == TOGETHER:
            break
    return best


def _grade_of_window(text: str, window: list[_Place]) -> int:
    """How near some places are, one of each word."""
    by_start = sorted(window)
    between: list[tuple[int, int]] = []
    for earlier, later in pairwise(by_start):
        _, end, _ = earlier
        start, _, _ = later
        between.append((end, start))
    widest = max(start - end for end, start in between)
    if widest > SENTENCE_CHARS:
        return APART
    if widest > NEAR_CHARS:
        return IN_A_SENTENCE
    if any(CLAUSE_SIGN.search(text, end, start) for end, start in between):
        return NEAR
    numbers = [number for _, _, number in by_start]
    if numbers == sorted(numbers):
        return TOGETHER
    return IN_A_CLAUSE
