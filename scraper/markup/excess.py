"""Markup that would unfold into a tree of minutes or gigabytes, told by its tags before a
tree is built.

HTML has rules whose cost is a product: formatting elements left open are opened again in
every block that follows, each end tag looks through the elements around it, each attribute
through those before it. Everything here is an upper bound, found in one look, so that no
page gets by; ordinary pages are ruled out by a few counts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from math import isqrt
from typing import Final

from scraper.core.errors import PageError

# Browsers stop at some 500; lexbor needs a second for 20,000 blocks, the square of that for
# more.
MOST_DEEP: Final = 12_000
MOST_TAGS: Final = 300_000
MOST_STEPS: Final = 200_000_000
"""Depth, added up over all tags: some 4 ns each."""
MOST_ATTRIBUTES: Final = 16_000
"""Of one element; of several the squares of theirs add up: some 2 ns each."""
_MOST_OF_A_KIND: Final = {
    b"option": 12_000,
    b"optgroup": 12_000,
    b"html": 2_000,
    b"body": 2_000,
}
"""Elements that lexbor compares with all of their kind before them."""

_BARE_FORMATS: Final = 42
"""Formatting elements without attributes that can be open: three of each kind (HTML calls
this its Noah's Ark clause)."""
_SAME_OPEN: Final = 3
_SHORTEST_TAG: Final = len(b"<b>")
_LONG_PAGE_BYTES: Final = 100_000
"""In fewer bytes no element can have too many attributes."""
_LONG_RUN_BYTES: Final = 200
_SEPARATORS: Final = b" /\n\t\r\f"
_ATTEMPTS_A_BYTE: Final = 20

_FORMATS: Final = frozenset(
    b"b big code em font i nobr s small strike strong tt u".split()
)
_INLINE: Final = _FORMATS | frozenset(b"a span sub sup ins del".split())
_WITHOUT_END: Final = frozenset(b"br img wbr".split())
_EMPTY: Final = b"br img input hr meta link base area col embed param source wbr"
_CLOSED_BY_THE_NEXT: Final = b"p li td tr th dd dt option tbody thead"
_CLOSE_THEMSELVES: Final = frozenset(_EMPTY.split() + _CLOSED_BY_THE_NEXT.split())
_LOOK_UP: Final = 8
_FOREIGN: Final = frozenset((b"svg", b"math"))
# One look at a page's every tag is expensive: this takes the first two or three letters of
# formatting elements, with nothing to choose between that begins alike.
_LIKE_ATTRIBUTED_FORMAT = re.compile(
    rb"<[bBiIuUsSeEfFtTcCnN](?:[ /\t\n\r\f]|[mMtT][ /\t\n\r\faArR]|[iIoO][gGbBdDnN])"
)
# Every `<`, and as much of a tag behind it as is well formed: its end only where no quote, no
# `<` and no comment can give it another meaning.
_WELL_FORMED: Final = (
    rb"""(?:[ \t\n\r\f]*+[\w:.-]++(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+"""
    rb"""(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+"""
)
_TAG = re.compile(
    rb"""<(?:(/?+)([a-z][^ \t\n\r\f/<>]*+)(?:("""
    + _WELL_FORMED
    + rb""")[ \t\n\r\f]*+/?+(>))?+"""
    rb"""|(?:!--(?!-?>)[^<>]*+--|[!?](?!--)[^<>]*+)(>)|([!?/]))?+""",
    re.I,
)
_ATTRIBUTED_FORMAT = re.compile(
    rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[ /\t\n\r\f])"
    rb"(?:" + _WELL_FORMED + rb"[ \t\n\r\f]*+/?+(>))?+",
    re.I,
)
_ATTRIBUTE: Final = (
    rb"""[\s/]*+[^\s/>][^\s/>=]*+"""
    rb"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?+"""
)
_ATTRIBUTES = re.compile(
    rb"<(?=/?[a-z])[^\s/>]*+(?:" + _ATTRIBUTE + rb"){0,20000}+", re.I
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What markup may unfold to: elements opened again (some 360 bytes of memory each), and
    elements within each other."""

    most_reopened: int
    most_deep: int


OF_PAGE: Final = Bounds(most_reopened=1_000_000, most_deep=MOST_DEEP)
OF_MESSAGE: Final = Bounds(most_reopened=100_000, most_deep=1_000)
"""Messages are made into several trees, and there are many on a page."""


def refuse_excess(markup: bytes, bounds: Bounds = OF_PAGE) -> None:
    """PageError for markup (in UTF-8) nested or unfolding beyond reason, whose tree would
    cost minutes or gigabytes."""
    # A product of two numbers is largest where they are equal.
    fewest_tags = 2 * (isqrt(bounds.most_reopened) - _BARE_FORMATS)
    tags_at_most = len(markup) // _SHORTEST_TAG
    tags = markup.count(b"<") if tags_at_most >= fewest_tags else 0
    if tags >= fewest_tags and _needs_a_look(markup, tags, bounds):
        _look_through(markup, tags, bounds)
    if len(markup) >= _LONG_PAGE_BYTES:
        _refuse_attributes(markup)


def _needs_a_look(markup: bytes, tags: int, bounds: Bounds) -> bool:
    """Whether the numbers of tags leave room for a tree beyond reason: with fewer than may
    be within each other, only formatting elements can cost much."""
    if tags >= bounds.most_deep:
        return True
    enough = max(0, bounds.most_reopened // tags - _BARE_FORMATS)
    alike = islice(_LIKE_ATTRIBUTED_FORMAT.finditer(markup), enough + 1)
    if sum(1 for _ in alike) <= enough:
        return False
    return _open_at_once(markup) > enough


def _open_at_once(markup: bytes) -> int:
    """How many formatting elements with attributes can be open at the most: of those that
    are the same, letter by letter, three."""
    open_at_once = 0
    same: Counter[bytes] = Counter()
    for found in _ATTRIBUTED_FORMAT.finditer(markup):
        is_whole = found[1] is not None
        if is_whole:
            same[found[0]] += 1
        else:
            open_at_once += 1
    counted = [min(count, _SAME_OPEN) for count in same.values()]
    return open_at_once + sum(counted)


def _look_through(markup: bytes, tags: int, bounds: Bounds) -> None:
    if tags > MOST_TAGS:
        raise PageError(f"markup of more than {MOST_TAGS:,} tags")
    nesting = _Nesting(bounds.most_deep)
    formats = _OpenFormats(bounds.most_reopened)
    for slash, name, attributes, end, _, opening in _TAG.findall(markup):
        kind = name.lower()
        is_closing = bool(slash)
        is_whole = bool(end)
        formats.add(kind, attributes, is_closing, is_whole)
        if opening or (kind and not is_whole):
            nesting.lose_track()
        if kind:
            nesting.add(kind, is_closing)


class _Nesting:
    """Elements that may be open. End tags count only where they surely close something."""

    def __init__(self, most_deep: int) -> None:
        self._most_deep = most_deep
        self._open: list[bytes] = []
        self._kinds: Counter[bytes] = Counter()
        self._steps = 0
        self._lost = 0
        self._is_foreign = False

    def add(self, kind: bytes, is_closing: bool) -> None:
        """Take the next tag. PageError where it is one too many."""
        self._steps += len(self._open) + self._lost
        if self._steps > MOST_STEPS:
            raise PageError(
                "markup nested beyond reason, by depth times number of tags"
            )
        closes_itself = kind in _CLOSE_THEMSELVES and not self._is_foreign
        if is_closing:
            if not closes_itself:
                self._close(kind)
            return

        self._limit(kind)
        if closes_itself:
            return
        self._open.append(kind)
        if kind in _FOREIGN:
            self._is_foreign = True
        if len(self._open) > self._most_deep:
            raise PageError(f"markup nested more than {self._most_deep:,} deep")

    def lose_track(self) -> None:
        """Take something that may reach over the tags after it: what is open now may stay
        open."""
        self._lost += len(self._open)
        self._open.clear()

    def _close(self, kind: bytes) -> None:
        """Close the element, and inline ones that were left open in it."""
        for up in range(1, min(_LOOK_UP, len(self._open)) + 1):
            above = self._open[-up]
            if above == kind:
                del self._open[-up:]
                if kind in _FOREIGN:
                    self._is_foreign = not _FOREIGN.isdisjoint(self._open)
                return
            if above not in _INLINE:
                return

    def _limit(self, kind: bytes) -> None:
        most = _MOST_OF_A_KIND.get(kind)
        if most is None:
            return
        self._kinds[kind] += 1
        if self._kinds[kind] > most:
            raise PageError(f"markup with more than {most:,} elements of a kind")


class _OpenFormats:
    """Formatting elements that may be open, and how often they may be opened again.

    An end tag counts only within a run of text and inline tags, all well formed and
    properly nested: such a run says the same wherever it stands, be it in a table, a
    comment or a script.
    """

    def __init__(self, most_reopened: int) -> None:
        self._most_reopened = most_reopened
        self._run: list[tuple[bytes, bytes]] = []
        self._same: Counter[tuple[bytes, bytes]] = Counter()
        self._left_open = 0
        self._reopened = 0

    def add(
        self, kind: bytes, attributes: bytes, is_closing: bool, is_whole: bool
    ) -> None:
        """Take the next tag. PageError where the elements left open are too many."""
        if is_whole and kind in _WITHOUT_END:
            return
        if is_whole and kind in _INLINE:
            if not is_closing:
                self._run.append((kind, attributes))
                return
            if self._run and self._run[-1][0] == kind:
                self._run.pop()
                return
        self._end_run()
        if kind in _FORMATS and not is_closing:
            self._left_open += 1
        self._reopened += self._left_open
        if self._reopened > self._most_reopened:
            raise PageError(
                "markup that unfolds beyond reason: formatting elements left open would be "
                f"opened again more than {self._most_reopened:,} times"
            )

    def _end_run(self) -> None:
        for element in self._run:
            kind, _ = element
            if kind not in _FORMATS or self._same[element] == _SAME_OPEN:
                continue
            self._same[element] += 1
            self._left_open += 1
        self._run.clear()


def _refuse_attributes(markup: bytes) -> None:
    """PageError for an element with attributes beyond reason.

    Where a tag begins hangs on comments, scripts and quotes before it: each place where one
    may begin is tried.
    """
    without_separators = markup.translate(None, _SEPARATORS)
    separators = len(markup) - len(without_separators)
    if separators < MOST_ATTRIBUTES:
        return
    looks = 0
    pairs = 0
    found = _ATTRIBUTES.search(markup)
    while found is not None:
        size_bytes = found.end() - found.start()
        looks += size_bytes
        if size_bytes > _LONG_RUN_BYTES:
            pairs += _count_attributes(found[0]) ** 2
        is_too_much = pairs > MOST_ATTRIBUTES**2
        if is_too_much or looks > _ATTEMPTS_A_BYTE * len(markup):
            raise PageError(
                f"an element of more than {MOST_ATTRIBUTES:,} attributes, or several of "
                "nearly so many"
            )
        found = _ATTRIBUTES.search(markup, found.start() + 1)


def _count_attributes(tag: bytes) -> int:
    attributes = re.findall(_ATTRIBUTE, tag)
    return len(attributes)
