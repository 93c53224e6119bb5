"""Whether a text holds what a query asks for, and where: the index's own rules as regular
expressions.

Used where the index cannot say: to mark words in a snippet, and to check a post when
looking for it in the index would cost more than reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from archive.index import segment
from archive.index.fold import normalise
from archive.index.whole_words import joined_words, signed_words_in_posts
from archive.search.filters import Filter
from archive.search.tree import And, Node, Not, Words

_LETTER: Final = rf"[^\W\d_{segment.CJK}{segment.SYMBOLS}]"
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
    """What finds the words, in any of their writings, in text folded by `fold.normalise`."""
    ways: list[str] = []
    for text in words.writings:
        way = _way(text, is_prefix=words.is_prefix)
        if way:
            ways.append(way)
    return re.compile("|".join(ways)) if ways else _NOTHING


def _way(text: str, *, is_prefix: bool) -> str:
    """One writing as a regular expression; empty where it has no words."""
    folded = normalise(text)
    runs = list(segment.RUN.finditer(folded))
    if not runs:
        return ""
    first, last = runs[0], runs[-1]
    out = [_BEFORE.get(first.lastindex, "")]
    out.append(re.escape(first[0]))
    for before, run in pairwise(runs):
        # two runs of one kind would be one, were nothing between them
        is_apart = before.lastindex == run.lastindex != _SYMBOL
        out.append(segment.NO_RUN + ("+" if is_apart else "*"))
        out.append(re.escape(run[0]))
    if not is_prefix:
        out.append(_AFTER.get(last.lastindex, ""))
    return "".join(out)


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
        text=normalise(text),
        subject=normalise(subject),
        quotes=normalise(quotes),
    )


def places(folded: str, words: Words) -> Iterator[tuple[int, int]]:
    """Where words stand in a folded text: start and end, none empty."""
    for found in pattern(words).finditer(folded):
        start, end = found.span()
        if end > start:
            yield start, end
    whole = _whole_word(words)
    if not whole:
        return
    for each in joined_words(folded):
        is_it = each.word == whole
        is_begun = words.is_prefix and each.word.startswith(whole)
        if is_it or is_begun:
            yield each.start, each.end


def _whole_word(words: Words) -> str:
    """The token that the words are, where it may stand for one with signs in it: `wifi` for
    Wi-Fi. Empty for others."""
    *_, last = words.phrases
    is_one = len(last.tokens) == 1 and last.tokens[0].isascii()
    return last.tokens[0] if is_one else ""


def holds_words(folded: Folded, words: Words) -> bool:
    """Whether the post has these words."""
    symbol_words = set(words.phrase.symbol_words)
    for part in folded.parts(words):
        first = next(places(part, words), None)
        if first is None:
            continue
        if not symbol_words:
            return True
        signed = set(signed_words_in_posts(part))
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
