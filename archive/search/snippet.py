"""The part of a post that shows why it was found, with the words marked, as the poster wrote them.

Words are looked for in the folded text and marked in the original: a query in simplified
characters marks traditional ones. Neither a mark nor an end falls into the middle of what a
reader sees as one character (an emoji of several code points, a letter and its accent) or
of an entity such as `&#10084;`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.index.fold import normalise, origins
from archive.search.match import places
from archive.search.tree import Words

WIDTH = 72
"""Characters of a snippet, about; a line of eighty Chinese characters is two on a terminal."""
_LEAD_SHARE = 5
"""One part in so many of the width goes before the first mark."""
_MOST_WIDTHS = 4
"""A mark longer than the window is shown whole, up to so many of it."""
_MOST_HITS = 500
"""Of a word that a post repeats without end so many are marked: those of all windows that are
compared."""
_LOOKED_AT = 50_000
"""Characters of a text: the rest is looked at only where these have none of the words."""
_WEIGHED_STARTS = 200
_WEIGHED_MARKS = 50
"""Of a text full of marks so many windows are compared, by so many marks each."""
_LOOK_BEHIND = 16
_LOOK_AHEAD = 32
"""Code points around a place in which a character of several, or an entity, is looked for."""

_EXTEND = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1160-\u11ff\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f"
    "\ufe20-\ufe2f\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e01ef"
)
"""Code points that belong to the character before them: marks, joiners, variation
selectors, skin tones."""
_ENTITY = r"&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,10});"
_FLAG = r"[\U0001f1e6-\U0001f1ff]{2}"
_EXTENDED = rf"[^{_EXTEND}](?:[{_EXTEND}]|(?<=\u200d)[^\s{_EXTEND}])+|[{_EXTEND}]+"
_WHOLE = re.compile(rf"{_ENTITY}|{_FLAG}|\r\n|{_EXTENDED}")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_BLANKS = re.compile(r"\s+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _MarkedPart:
    """A marked part of a text, and the numbers of the words that stand in it."""

    start: int
    end: int
    words: frozenset[int]

    def overlaps(self, later: _MarkedPart) -> bool:
        return later.start < self.end

    def joined(self, later: _MarkedPart) -> _MarkedPart:
        return _MarkedPart(
            start=self.start,
            end=max(self.end, later.end),
            words=self.words | later.words,
        )

    def is_in(self, start: int, end: int) -> bool:
        """Whether a window shows any of it."""
        return self.start < end and self.end > start

    def within(self, start: int, end: int) -> Span:
        """The part of it that a window shows, counted from where that begins."""
        shown_start = max(self.start, start)
        shown_end = min(self.end, end)
        return shown_start - start, shown_end - start


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
            before = self.text[at:start]
            found = self.text[start:end]
            out.append(marks.escape(before))
            out.append(marks.start)
            out.append(marks.escape(found))
            out.append(marks.end)
            at = end
        rest = self.text[at:]
        out.append(marks.escape(rest))
        out.append("…" if self.cut_after else "")
        whole = "".join(out)
        line = _BLANKS.sub(" ", whole)
        return line.strip()


def snippet(
    texts: Sequence[str], words: Iterable[Words], width: int = WIDTH
) -> Snippet:
    """The best piece of the first of `texts` that has any of the words; else the beginning
    of the first with text."""
    asked = tuple(words)
    for text in texts:
        marks = _marks(text[:_LOOKED_AT], asked)
        if not marks and len(text) > _LOOKED_AT:
            marks = _marks(text, asked)
        if marks:
            return _window(text, marks, width)
    for text in texts:
        if text.strip():
            return _window(text, [], width)
    return Snippet("")


def one_line(text: str) -> str:
    """Text of a forum made safe for a terminal and a column: no line ends, no control
    characters."""
    visible = _UNSEEN.sub(" ", text)
    line = _BLANKS.sub(" ", visible)
    return line.strip()


def spans_of(text: str, words: Iterable[Words]) -> list[Span]:
    """Where the words stand in a text: whole characters of the original, overlaps joined,
    in order."""
    asked = tuple(words)
    marks = _marks(text, asked)
    return [(mark.start, mark.end) for mark in marks]


def _marks(text: str, words: tuple[Words, ...]) -> list[_MarkedPart]:
    """Where the words stand in the original text, in order."""
    folded = normalise(text)
    hits = sorted(_hits(folded, words))
    if not hits:
        return []
    original = _originals(text)
    marks: list[_MarkedPart] = []
    for first, end, number in hits:
        start = original(first)
        last = original(end - 1)
        start, end = _widened(text, (start, last + 1))
        mark = _MarkedPart(
            start=start,
            end=end,
            words=frozenset({number}),
        )
        if marks and marks[-1].overlaps(mark):
            earlier = marks.pop()
            mark = earlier.joined(mark)
        marks.append(mark)
    return marks


def _hits(folded: str, words: tuple[Words, ...]) -> Iterator[tuple[int, int, int]]:
    """Where the words stand in the folded text: start, end, and the words' number."""
    for number, each in enumerate(words):
        found = places(folded, each)
        for start, end in islice(found, _MOST_HITS):
            yield start, end, number


def _originals(text: str) -> Callable[[int], int]:
    """From a place in the folded text to the character of the original that it comes from."""
    if text.isascii():
        return lambda place: place
    return origins(text).__getitem__


def _window(text: str, marks: list[_MarkedPart], width: int) -> Snippet:
    """The piece of a text that shows the best of its marks."""
    window = _place_window(text, marks, width)
    start, end = _widened(text, window)
    shown = [mark for mark in marks if mark.is_in(start, end)]
    spans = [mark.within(start, end) for mark in shown]
    before = text[:start]
    piece = text[start:end]
    after = text[end:]
    return Snippet(
        text=_UNSEEN.sub(" ", piece),
        spans=tuple(spans),
        cut_before=bool(before.strip()),
        cut_after=bool(after.strip()),
    )


def _place_window(text: str, marks: list[_MarkedPart], width: int) -> Span:
    """Where the window stands: over the best marks, all of it in the text."""
    start = 0
    if marks:
        lead = width // _LEAD_SHARE
        start = _best_start(marks, width) - lead
    length = len(text)
    last_start = max(length - width, 0)
    start = min(start, last_start)
    start = max(start, 0)
    end = min(start + width, length)
    most_end = start + _MOST_WIDTHS * width
    for mark in marks:
        if start <= mark.start < end < mark.end:
            end = min(mark.end, most_end)
    return start, end


def _best_start(marks: list[_MarkedPart], width: int) -> int:
    """Where the window with the most different words begins, then the most marks, then the
    first."""
    lead = width // _LEAD_SHARE
    after_mark = width - lead
    best_worth = (0, 0)
    best = marks[0]
    weighed = marks[:_WEIGHED_STARTS]
    for number, mark in enumerate(weighed):
        end = mark.start + after_mark
        last = number + _WEIGHED_MARKS
        near = marks[number:last]
        worth = _worth(near, end)
        if worth > best_worth:
            best_worth = worth
            best = mark
    return best.start


def _worth(marks: list[_MarkedPart], end: int) -> tuple[int, int]:
    """How many different words, and how many marks, a window has that ends there."""
    inside = [mark.words for mark in marks if mark.end <= end]
    different = frozenset().union(*inside)
    return len(different), len(inside)


def _widened(text: str, span: Span) -> Span:
    """The span widened to whole characters as a reader sees them, and to whole entities."""
    start, end = span
    low = max(start - _LOOK_BEHIND, 0)
    high = end + _LOOK_AHEAD
    wholes = _WHOLE.finditer(text, low, high)
    for whole in wholes:
        whole_start, whole_end = whole.span()
        if whole_start < start < whole_end:
            start = whole_start
        if whole_start < end < whole_end:
            end = whole_end
    return start, end
