"""The part of a post that shows why it was found, with the words marked, as the poster wrote them.

Words are looked for in the folded text and marked in the original: a query in simplified
characters marks traditional ones. Neither a mark nor an end falls into the middle of what a
reader sees as one character (an emoji of several code points, a letter and its accent) or
of an entity such as `&#10084;`.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.index import segment
from archive.search.match import pattern
from archive.search.query import Words

WIDTH = 72
"""Characters of a snippet, about; a line of eighty Chinese characters is two on a terminal."""
_LEAD_SHARE = 5
"""One part in so many of the width goes before the first mark."""

_EXTEND = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1160-\u11ff"
    "\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e01ef"
)
"""Code points that belong to the character before them: marks, joiners, variation
selectors, skin tones."""
_WHOLE = re.compile(
    rf"&(?:#\d{{1,7}}|#x[\da-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z\d]{{1,10}});"
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}|\r\n|[^{_EXTEND}](?:[{_EXTEND}]|(?<=\u200d)[^\s{_EXTEND}])+|[{_EXTEND}]+"
)
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_BLANKS = re.compile(r"\s+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """How a medium shows marked words: what goes before and after, and how other text is
    made safe for it."""

    start: str
    end: str
    escape: Callable[[str], str] = str


PLAIN = Marks("【", "】")
HTML = Marks("<mark>", "</mark>", html.escape)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a post. `spans` are the marked parts: (start, end) in `text`, in order,
    none empty."""

    text: str
    spans: tuple[Span, ...] = ()
    cut_before: bool = False
    cut_after: bool = False

    def marked(self, marks: Marks = PLAIN) -> str:
        """One line for a medium, with … where the post goes on; blanks and line ends become
        one blank each."""
        out = ["…" if self.cut_before else ""]
        at = 0
        for start, end in self.spans:
            out += (
                marks.escape(self.text[at:start]),
                marks.start,
                marks.escape(self.text[start:end]),
                marks.end,
            )
            at = end
        out += marks.escape(self.text[at:]), "…" if self.cut_after else ""
        return _BLANKS.sub(" ", "".join(out)).strip()


def snippet(
    texts: Sequence[str], words: Iterable[Words], width: int = WIDTH
) -> Snippet:
    """The best piece of the first of `texts` that has any of the words; else the beginning
    of the first with text."""
    required_chars = tuple(words)
    for text in texts:
        if found := _found(text, required_chars):
            return _window(text, found, width)
    return _window(next((text for text in texts if text.strip()), ""), [], width)


def one_line(text: str) -> str:
    """Text of a forum made safe for a terminal and a column: no line ends, no control
    characters."""
    return _BLANKS.sub(" ", _UNSEEN.sub(" ", text)).strip()


def spans_of(text: str, words: Iterable[Words]) -> list[Span]:
    """Where the words stand in a text: whole characters of the original, overlaps joined,
    in order."""
    return [span for span, _ in _found(text, tuple(words))]


def _found(text: str, words: tuple[Words, ...]) -> list[tuple[Span, frozenset[int]]]:
    """Spans with the numbers of the words in each."""
    folded = segment.normalise(text)
    hits = sorted(
        (match.span(), number)
        for number, each in enumerate(words)
        for match in pattern(each).finditer(folded)
        if match.end() > match.start()
    )
    if not hits:
        return []
    original = _originals(text)
    out: list[tuple[Span, frozenset[int]]] = []
    for (first, last), number in hits:
        span = _grown(text, (original(first), original(last - 1) + 1))
        if out and span[0] < out[-1][0][1]:
            (start, end), numbers = out[-1]
            out[-1] = (start, max(end, span[1])), numbers | {number}
        else:
            out.append((span, frozenset({number})))
    return out


def _originals(text: str) -> Callable[[int], int]:
    """From a place in the folded text to the character of the original that it comes from."""
    if text.isascii():
        return lambda place: place
    ends = list(accumulate(segment.folded_lengths(text)))
    return lambda place: bisect_right(ends, place)


def _window(text: str, found: list[tuple[Span, frozenset[int]]], width: int) -> Snippet:
    start = max(0, _best_start(found, width) - width // _LEAD_SHARE) if found else 0
    start = max(0, min(start, len(text) - width))
    end = min(len(text), start + width)
    for first, last in (
        span for span, _ in found
    ):  # a mark longer than the window is shown whole up to four of them
        if start <= first < end < last:
            end = min(last, start + 4 * width)
    start, end = _grown(text, (start, end))
    piece = _UNSEEN.sub(" ", text[start:end])
    spans = tuple(
        (max(a, start) - start, min(b, end) - start)
        for (a, b), _ in found
        if a < end and b > start
    )
    return Snippet(piece, spans, bool(text[:start].strip()), bool(text[end:].strip()))


def _best_start(found: list[tuple[Span, frozenset[int]]], width: int) -> int:
    """Where the window with the most different words begins, then the most marks, then the
    first."""

    def worth(number: int) -> tuple[int, int, int]:
        limit = found[number][0][0] - width // _LEAD_SHARE + width
        inside = [
            numbers for (_, end), numbers in found[number : number + 50] if end <= limit
        ]
        return len(frozenset().union(*inside)), len(inside), -number

    return found[max(range(min(len(found), 200)), key=worth)][0][0]


def _grown(text: str, span: Span) -> Span:
    """The span widened to whole characters as a reader sees them, and to whole entities."""
    start, end = span
    low, high = max(0, start - 16), min(len(text), end + 32)
    for whole in _WHOLE.finditer(text, low, high):
        if whole.start() < start < whole.end():
            start = whole.start()
        if whole.start() < end < whole.end():
            end = whole.end()
    return start, end
