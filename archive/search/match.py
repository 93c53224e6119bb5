"""Whether a text holds what a query asks for, and where: the index's own rules as regular
expressions.

Used where the index cannot say: to mark words in a snippet, and to check a post when
looking for it in the index would cost more than reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archive.index import segment
from archive.search.filters import Filter
from archive.search.query import And, Node, Not, Words

_GAP = rf"(?:[^\w{segment.SYMBOLS}]|_)"
_CJK, _LETTERS, _DIGITS = 1, 2, 3
_BEFORE = {
    _LETTERS: rf"(?<![^\W\d_{segment.CJK}{segment.SYMBOLS}])",
    _DIGITS: r"(?<!\d)",
}
_AFTER = {_LETTERS: rf"(?![^\W\d_{segment.CJK}{segment.SYMBOLS}])", _DIGITS: r"(?!\d)"}


@lru_cache(maxsize=256)
def pattern(words: Words) -> re.Pattern[str]:
    """What finds the words in text folded by `segment.normalise`."""
    runs = [
        (run.lastindex or 0, run[0])
        for run in segment.RUN.finditer(segment.normalise(words.text))
    ]
    if not runs:
        return re.compile(r"(?!)")
    out = [_BEFORE.get(runs[0][0], "")]
    for number, (kind, run) in enumerate(runs):
        out.append(re.escape(run))
        if number + 1 < len(runs):
            is_alike = runs[number + 1][0] == kind and kind != 4
            out.append(_GAP + ("+" if is_alike else "*"))
        elif not words.is_prefix:
            out.append(_AFTER.get(kind, ""))
    return re.compile("".join(out))


@dataclass(frozen=True, slots=True)
class Folded:
    """A post as the index sees it, folded once for all words of a query."""

    text: str
    subject: str
    quotes: str = ""

    def parts(self, words: Words) -> tuple[str, ...]:
        """The texts in which the words may stand."""
        if words.scope == "any":
            return self.text, self.subject
        return (
            getattr(
                self,
                {"text": "text", "title": "subject", "quotes": "quotes"}[words.scope],
            ),
        )


def fold_post(text: str, subject: str, quotes: str = "") -> Folded:
    """Fold the parts of a post."""
    return Folded(
        segment.normalise(text), segment.normalise(subject), segment.normalise(quotes)
    )


def holds_words(folded: Folded, words: Words) -> bool:
    """Whether the post has these words."""
    symbol_words, regex = set(words.phrase.symbol_words), pattern(words)
    for part in folded.parts(words):
        if regex.search(part) and (
            not symbol_words or symbol_words <= set(segment.signed_words(part))
        ):
            return True
    return False


def holds(folded: Folded, node: Node) -> bool:
    """Whether the post has what the tree asks for; filters are taken as fulfilled (SQL has
    seen to them)."""
    if isinstance(node, Words):
        return holds_words(folded, node)
    if isinstance(node, Not):
        return not holds(folded, node.part)
    if isinstance(node, Filter):
        return True
    every = all if isinstance(node, And) else any
    return every(holds(folded, part) for part in node.parts)


def any_pattern(words: Iterable[Words]) -> re.Pattern[str] | None:
    """One expression for all of the words, the longest first; None for no words."""
    sources = sorted((pattern(each).pattern for each in words), key=len, reverse=True)
    return re.compile("|".join(sources)) if sources else None
