"""Whether a text holds what a query asks for, and where: the index's own rules as regular
expressions.

Used where the index cannot say: to mark words in a snippet, and to check a post when
looking for it in the index would cost more than reading it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from archive.index import segment
from archive.search.filters import Filter
from archive.search.tree import And, Node, Not, Words

_LETTER: Final = rf"[^\W\d_{segment.CJK}{segment.SYMBOLS}]"
_GAP: Final = rf"(?:[^\w{segment.SYMBOLS}]|_)"
"""A character that belongs to no run, of those that may stand between two."""
_LETTERS: Final = 2
_DIGITS: Final = 3
_SYMBOL: Final = 4
"""Kinds of runs, as `segment.RUN` numbers them."""
_BEFORE: Final[dict[int | None, str]] = {
    _LETTERS: f"(?<!{_LETTER})",
    _DIGITS: r"(?<!\d)",
}
_AFTER: Final[dict[int | None, str]] = {_LETTERS: f"(?!{_LETTER})", _DIGITS: r"(?!\d)"}
_NOTHING: Final = re.compile(r"(?!)")


@lru_cache(maxsize=256)
def pattern(words: Words) -> re.Pattern[str]:
    """What finds the words in text folded by `segment.normalise`."""
    folded = segment.normalise(words.text)
    runs = list(segment.RUN.finditer(folded))
    if not runs:
        return _NOTHING
    first, last = runs[0], runs[-1]
    out = [_BEFORE.get(first.lastindex, "")]
    out.append(re.escape(first[0]))
    for before, run in pairwise(runs):
        # two runs of one kind would be one, were nothing between them
        is_apart = before.lastindex == run.lastindex != _SYMBOL
        out.append(_GAP + ("+" if is_apart else "*"))
        out.append(re.escape(run[0]))
    if not words.is_prefix:
        out.append(_AFTER.get(last.lastindex, ""))
    return re.compile("".join(out))


@dataclass(frozen=True, slots=True)
class Folded:
    """A post as the index sees it, folded once for all words of a query."""

    text: str
    subject: str
    quotes: str = ""

    def parts(self, words: Words) -> tuple[str, ...]:
        """The texts in which the words may stand."""
        match words.scope:
            case "any":
                return self.text, self.subject
            case "text":
                return (self.text,)
            case "title":
                return (self.subject,)
            case "quotes":
                return (self.quotes,)


def fold_post(text: str, subject: str, quotes: str = "") -> Folded:
    """Fold the parts of a post."""
    return Folded(
        text=segment.normalise(text),
        subject=segment.normalise(subject),
        quotes=segment.normalise(quotes),
    )


def holds_words(folded: Folded, words: Words) -> bool:
    """Whether the post has these words."""
    symbol_words = set(words.phrase.symbol_words)
    regex = pattern(words)
    for part in folded.parts(words):
        if not regex.search(part):
            continue
        if not symbol_words:
            return True
        signed = set(segment.signed_words(part))
        if symbol_words <= signed:
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
    if isinstance(node, And):
        return all(holds(folded, part) for part in node.parts)
    return any(holds(folded, part) for part in node.parts)
