"""The rarest pieces of the words that a hit must have: what a huge archive is asked for first.

FTS5 reads the lists of all pairs of a phrase. Where two of them are in few posts together,
those posts are sooner read than the lists of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archive.search.expressions import both, is_expensive
from archive.search.stats import IndexStats
from archive.search.tree import Node, Or, Words, parts_of

_LEAST_TOKENS: Final = 4
"""Of fewer tokens of a query none is worth leaving out."""
_LEAST_OF_PHRASE: Final = 3
"""The same of a phrase."""
_MOST_TOKENS: Final = 12
"""Of a longer sentence the first are asked for."""
_MOST_ASKED: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class _Token:
    """A token of the index; `share`: about which part of the posts has it. `phrase` and
    `place` tell where it stands in the query."""

    share: float
    phrase: int
    place: int
    text: str

    def is_before(self, other: _Token) -> bool:
        """Whether the other follows it in the same phrase."""
        return self.phrase == other.phrase and self.place + 1 == other.place


def rarest_match(root: Node, stats: IndexStats) -> str:
    """An expression for posts with the rarest tokens of the words that a hit must have, half
    of them; empty where they are few."""
    tokens = _by_share(root, stats)
    if len(tokens) < _LEAST_TOKENS:
        return ""
    return both(*_joined(_rarer_half(tokens)))


def rarest_token(root: Node, stats: IndexStats) -> str:
    """An expression for posts with the rarest token of the words that a hit must have; empty
    where they have none alone."""
    tokens = _by_share(root, stats)
    return _quoted(tokens[:1]) if tokens else ""


def thinned_match(root: Node, stats: IndexStats) -> str:
    """An expression for posts with the rarer half of each phrase that a hit must have; most
    have the whole. Empty where none is long."""
    phrases: dict[int, list[_Token]] = {}
    for token in _by_share(root, stats):
        phrases.setdefault(token.phrase, []).append(token)
    kept: list[_Token] = []
    is_thinner = False
    for tokens in phrases.values():
        is_long = len(tokens) >= _LEAST_OF_PHRASE
        kept += _rarer_half(tokens) if is_long else tokens
        is_thinner = is_thinner or is_long
    return both(*_joined(kept)) if is_thinner else ""


def _rarer_half(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Of tokens in the order of their shares."""
    half = (len(tokens) + 1) // 2
    return tokens[: min(half, _MOST_ASKED)]


def _joined(tokens: Sequence[_Token]) -> Iterator[str]:
    """The tokens quoted, those that follow each other as one phrase."""
    phrase: list[_Token] = []
    for token in sorted(tokens, key=_place):
        if phrase and not phrase[-1].is_before(token):
            yield _quoted(phrase)
            phrase = []
        phrase.append(token)
    yield _quoted(phrase)


def _quoted(tokens: Sequence[_Token]) -> str:
    return f'"{" ".join(token.text for token in tokens)}"'


def _place(token: _Token) -> tuple[int, int]:
    return token.phrase, token.place


def most_share(root: Node, stats: IndexStats) -> float:
    """About which part of the posts fulfils a tree of words at the most: not more than have
    the rarest token."""
    if isinstance(root, Or):
        return sum(most_share(part, stats) for part in root.parts)
    tokens = _by_share(root, stats)
    shares = [
        most_share(part, stats) for part in parts_of(root) if isinstance(part, Or)
    ]
    if tokens:
        shares.append(tokens[0].share)
    return min(shares, default=1.0)


def _by_share(root: Node, stats: IndexStats) -> list[_Token]:
    """The tokens of the words that a hit must have, the rarest first."""
    places = [
        (number, place, text)
        for number, tokens in enumerate(_must_have(root))
        for place, text in enumerate(tokens)
    ]
    return sorted(
        _Token(stats.first_share(f'"{text}"'), number, place, text)
        for number, place, text in places[:_MOST_TOKENS]
    )


def _must_have(root: Node) -> Iterator[tuple[str, ...]]:
    """The tokens of the words that a hit must have, where the index finds them as one phrase."""
    for part in parts_of(root):
        if not isinstance(part, Words) or part.scope == "quotes":
            continue
        is_whole = not is_expensive(part) and not part.is_prefix
        if is_whole and len(part.phrases) == 1:
            yield part.phrase.tokens
