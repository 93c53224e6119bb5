"""Two versions of a text side by side, what differs marked."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import starmap, zip_longest
from typing import Final

from markupsafe import Markup, escape

MAX_CHARS: Final = 4_000
"""Longer lines are compared as wholes: comparing characters takes the square of their number."""
_ALIKE: Final = 0.3
"""Lines that share less are shown as one gone and one come."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both versions; None where one has no such line."""

    old: Markup | None
    new: Markup | None
    changed: bool = False


def side_by_side(old: str, new: str) -> list[Row]:
    """The lines of both versions in step; words that went in `del`, words that came in `ins`."""
    before = old.splitlines()
    after = new.splitlines()
    matcher = SequenceMatcher(None, before, after, autojunk=False)

    rows: list[Row] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        gone = before[i:i_end]
        come = after[j:j_end]
        if kind == "equal":
            rows += map(_same_row, gone)
        else:
            rows += starmap(_changed_row, zip_longest(gone, come))
    return rows


def _same_row(line: str) -> Row:
    shown = escape(line)
    return Row(old=shown, new=shown)


def _changed_row(old: str | None, new: str | None) -> Row:
    if old is None:
        return Row(
            old=None,
            new=_marked("ins", new or ""),
            changed=True,
        )
    if new is None:
        return Row(
            old=_marked("del", old),
            new=None,
            changed=True,
        )
    if not _are_alike(old, new):
        return Row(
            old=_marked("del", old),
            new=_marked("ins", new),
            changed=True,
        )
    return _compared_row(old, new)


def _are_alike(old: str, new: str) -> bool:
    if max(len(old), len(new)) > MAX_CHARS:
        return False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() >= _ALIKE


def _compared_row(old: str, new: str) -> Row:
    """Two lines with the characters marked that differ."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    left = Markup("")
    right = Markup("")
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        gone = old[i:i_end]
        come = new[j:j_end]
        if kind == "equal":
            left += escape(gone)
            right += escape(come)
        else:
            left += _marked("del", gone)
            right += _marked("ins", come)
    return Row(left, right, changed=True)


def _marked(tag: str, text: str) -> Markup:
    if not text:
        return Markup("")
    element = Markup("<{0}>{1}</{0}>")
    return element.format(tag, text)
