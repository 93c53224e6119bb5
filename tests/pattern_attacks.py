"""Texts made from a pattern itself that cost most to search: its parts, each repeated, and
its beginnings with each of its characters repeated behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Final

_LONG_REPEAT: Final = 20
_MOST_CHARACTERS: Final = 24
_ALWAYS: Final = " \n<>a1\"'"
_CATEGORIES: Final = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: " ",
}
_CANDIDATES: Final = "a1 <>\"'=/&?;:,.-_[](){}#%|+\n\t\xa0甲\x00~"


@dataclass(slots=True)
class _Parts:
    """What a pattern is made of: its characters, and texts that match up to each of its
    repeats, with what is repeated there."""

    characters: dict[str, None] = field(default_factory=dict)
    repeats: list[tuple[str, str]] = field(default_factory=list)


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Beginnings, units and ends: a text is the beginning, the unit many times, the end."""
    parts = _Parts()
    tree = sre_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    whole = _sample(tree, "", parts)
    for character in _ALWAYS:
        parts.characters[character] = None
    characters = list(parts.characters)[:_MOST_CHARACTERS]

    units = [*characters, whole, whole[:-1], whole[1:]]
    for before, repeated in parts.repeats:
        units += [before, repeated, before + repeated, before + repeated * 2]
    for unit in dict.fromkeys(filter(None, units)):
        yield "", unit, ""
        yield "", f"{unit} ", ""
    for before, repeated in dict.fromkeys(parts.repeats):
        for unit in dict.fromkeys(filter(None, [repeated, *characters])):
            if before:
                yield before, unit, ""
                yield "", before + unit, ""
    if parts.repeats and whole:
        for end in characters:
            yield "", whole, end


def _sample(tree: Any, before: str, parts: _Parts) -> str:
    """A text that matches, its repeats as short as they can be but one."""
    out = ""
    for kind, value in tree:
        out += _piece(kind, value, before + out, parts)
    return out


def _piece(kind: Any, value: Any, before: str, parts: _Parts) -> str:
    if kind is sre.LITERAL:
        parts.characters[chr(value)] = None
        return chr(value)
    if kind is sre.NOT_LITERAL:
        return _other_than([(sre.NEGATE, None), (sre.LITERAL, value)], parts)
    if kind is sre.IN:
        return _other_than(value, parts)
    if kind is sre.ANY:
        return "a"
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _repeat(value, before, parts)
    if kind is sre.SUBPATTERN:
        return _sample(value[3], before, parts)
    if kind is sre.ATOMIC_GROUP:
        return _sample(value, before, parts)
    if kind is sre.BRANCH:
        samples: list[str] = [_sample(each, before, parts) for each in value[1]]
        return samples[0]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        _sample(value[1], before, parts)
        return ""
    return ""


def _repeat(value: Any, before: str, parts: _Parts) -> str:
    fewest, most, tree = value
    repeated = _sample(tree, before, parts)
    if most > _LONG_REPEAT:
        parts.repeats.append((before, repeated))
    times: int = max(fewest, 1 if most > 1 else 0)
    return repeated * times


def _other_than(members: Any, parts: _Parts) -> str:
    """A character of a class; a few of them are noted."""
    is_negative = members[0][0] is sre.NEGATE
    found = [
        character for character in _CANDIDATES if _holds(members, character)
    ] or _first_members(members)
    noted = found[:1] if is_negative else found[:6]
    for character in noted:
        parts.characters[character] = None
    if is_negative:
        for character in _first_members(members[1:]):
            parts.characters[character] = None
    return found[0] if found else "a"


def _holds(members: Any, character: str) -> bool:
    code = ord(character)
    holds = False
    is_negative = False
    for kind, value in members:
        if kind is sre.NEGATE:
            is_negative = True
        elif kind is sre.LITERAL:
            holds |= value == code
        elif kind is sre.RANGE:
            holds |= value[0] <= code <= value[1]
        elif kind is sre.CATEGORY:
            holds |= _in_category(value, character)
    return holds != is_negative


def _in_category(category: Any, character: str) -> bool:
    name = {
        sre.CATEGORY_DIGIT: r"\d",
        sre.CATEGORY_NOT_DIGIT: r"\D",
        sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S",
        sre.CATEGORY_WORD: r"\w",
        sre.CATEGORY_NOT_WORD: r"\W",
    }[category]
    return re.fullmatch(name, character) is not None


def _first_members(members: Any) -> list[str]:
    out = []
    for kind, value in members:
        if kind is sre.LITERAL:
            out.append(chr(value))
        elif kind is sre.RANGE:
            out.append(chr(value[0]))
        elif kind is sre.CATEGORY:
            out.append(_CATEGORIES[value])
    return out[:6]
