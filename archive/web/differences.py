"""Two versions of a text side by side, what differs marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from markupsafe import Markup, escape

MOST_CHARS: Final = 4_000
"""Longer lines are compared as wholes: comparing characters takes the square of their number."""
_ALIKE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both versions; None where one has no such line."""

    old: Markup | None
    new: Markup | None
    changed: bool = False


def side_by_side(old: str, new: str) -> list[Row]:
    """The lines of both versions in step; words that went in `del`, words that came in `ins`."""
    before, after = old.splitlines(), new.splitlines()
    rows: list[Row] = []
    for kind, a, b, c, d in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            rows += (Row(escape(line), escape(line)) for line in before[a:b])
        else:
            rows += (
                _pair(left, right)
                for left, right in zip_longest(before[a:b], after[c:d])
            )
    return rows


def _pair(old: str | None, new: str | None) -> Row:
    if old is None or new is None:
        return Row(
            old if old is None else _marked("del", old),
            new if new is None else _marked("ins", new),
            True,
        )
    if max(len(old), len(new)) > MOST_CHARS:
        return Row(_marked("del", old), _marked("ins", new), True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return Row(_marked("del", old), _marked("ins", new), True)
    parts = matcher.get_opcodes()
    left = _joined(
        _marked("del", old[a:b]) if kind != "equal" else escape(old[a:b])
        for kind, a, b, _, _ in parts
    )
    right = _joined(
        _marked("ins", new[c:d]) if kind != "equal" else escape(new[c:d])
        for kind, _, _, c, d in parts
    )
    return Row(left, right, True)


def _joined(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def _marked(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(tag, text) if text else Markup("")
