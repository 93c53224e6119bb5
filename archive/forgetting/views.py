"""A page's source as its readers see it, character by character, each with the place in the
source that it stands at: through tags, entities and the escapes of JSON."""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from archive.store.forgotten import squeeze

_TAG: Final = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?|<[^<>]*>")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});?")
_ESCAPE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\[\"'/\\bfnrt]"
)
_PLAIN_ESCAPES: Final = {"b": "", "f": "", "n": "\n", "r": "", "t": "\t"}
_MOST_ROUNDS: Final = 3
"""X escapes some words twice."""

Span = tuple[int, int]
"""A part of a source, from and to."""


@dataclass(frozen=True, slots=True)
class View:
    """Characters, and where each begins and ends in the source."""

    chars: str
    starts: array[int]
    ends: array[int]

    def spans(self, start: int, end: int) -> list[Span]:
        """The parts of the source that some characters stand at, those side by side as one:
        tags between them are left out."""
        found: list[Span] = []
        for at in range(start, end):
            first, last = self.starts[at], self.ends[at]
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], max(last, found[-1][1]))
            else:
                found.append((first, last))
        return found

    def find_all(self, words: str) -> Iterator[Span]:
        """Where words stand among the characters."""
        at = self.chars.find(words)
        while at >= 0:
            end = at + len(words)
            yield at, end
            at = self.chars.find(words, end)


def raw_view(source: str) -> View:
    """The source as it is."""
    places = array("q", range(len(source) + 1))
    return View(
        source,
        places[:-1],
        places[1:],
    )


def decoded_view(source: str, *, tags: bool, escapes: bool) -> View:
    """The source with its entities as characters; `tags`: with its tags, too; `escapes`:
    those of JSON as characters."""
    view = raw_view(source)
    if escapes:
        view = _replaced(
            view,
            _ESCAPE,
            _unescaped,
        )
    if not tags:
        view = _replaced(
            view,
            _TAG,
            lambda _: "",
        )
    for _ in range(_MOST_ROUNDS):
        before = view.chars
        if "&" not in before:
            break
        view = _replaced(
            view,
            _ENTITY,
            lambda found: html.unescape(found[0]),
        )
        if view.chars == before:
            break
    return view


def squeezed_view(view: View) -> View:
    """Its characters as marks have them: folded, white space away."""
    lengths = {char: len(squeeze(char)) for char in set(view.chars)}
    starts = array("q")
    ends = array("q")
    for char, start, end in zip(view.chars, view.starts, view.ends, strict=True):
        for _ in range(lengths[char]):
            starts.append(start)
            ends.append(end)
    return View(
        squeeze(view.chars),
        starts,
        ends,
    )


def text_of(markup: str) -> str:
    """The squeezed text of a piece of markup."""
    return squeeze(decoded_view(markup, tags=False, escapes=False).chars)


def plain_texts(source: str) -> Iterator[str]:
    """The squeezed text of a source, without places; and with the escapes of JSON read,
    where it has any."""
    yield squeeze(_plain(source))
    is_json = source.lstrip().startswith(("{", "["))
    if is_json or "\\u" in source:
        yield squeeze(_plain(_ESCAPE.sub(_unescaped, source)))


def _plain(source: str) -> str:
    text = _TAG.sub("", source)
    for _ in range(_MOST_ROUNDS):
        before = text
        text = html.unescape(text)
        if text == before:
            break
    return text


def _replaced(
    view: View,
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
) -> View:
    """The view with each match in other characters, which all stand at its place."""
    chars = []
    starts = array("q")
    ends = array("q")
    last = 0
    for found in pattern.finditer(view.chars):
        begin, end = found.span()
        chars.append(view.chars[last:begin])
        starts += view.starts[last:begin]
        ends += view.ends[last:begin]
        new = replacement(found)
        chars.append(new)
        for _ in new:
            starts.append(view.starts[begin])
            ends.append(view.ends[end - 1])
        last = end
    chars.append(view.chars[last:])
    starts += view.starts[last:]
    ends += view.ends[last:]
    return View(
        "".join(chars),
        starts,
        ends,
    )


def _unescaped(found: re.Match[str]) -> str:
    """The character of an escape of JSON."""
    digits = found[0].split("\\u")[1:]
    if not digits:
        letter = found[0][1]
        return _PLAIN_ESCAPES.get(letter, letter)
    units = b"".join(int(each, 16).to_bytes(2, "little") for each in digits)
    return units.decode("utf-16-le", "replace")
