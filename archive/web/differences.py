"""Two versions of a text side by side, what differs marked."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
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
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        gone = before[old_start:old_end]
        come = after[new_start:new_end]
        if kind == "equal":
            rows += [Row(escape(line), escape(line)) for line in gone]
            continue
        for old_line, new_line in zip_longest(gone, come):
            rows.append(_changed_row(old_line, new_line))
    return rows


def _changed_row(old: str | None, new: str | None) -> Row:
    if old is None or new is None or not _are_alike(old, new):
        return Row(
            old=_deleted(old),
            new=_inserted(new),
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
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        gone = old[old_start:old_end]
        come = new[new_start:new_end]
        if kind == "equal":
            left += escape(gone)
            right += escape(come)
        else:
            left += _deleted(gone) or Markup("")
            right += _inserted(come) or Markup("")
    return Row(left, right, changed=True)


def _deleted(text: str | None) -> Markup | None:
    return _marked("del", text)


def _inserted(text: str | None) -> Markup | None:
    return _marked("ins", text)


def _marked(tag: str, text: str | None) -> Markup | None:
    if not text:
        return None if text is None else Markup("")
    return Markup("<{0}>{1}</{0}>").format(tag, text)
