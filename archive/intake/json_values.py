"""The values of a large JSON file one by one: never more of it in memory than one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import ijson

from archive.intake.metered import Metered

_ESCAPED: Final = 8
"""Bytes of JSON for one of a page, at most: `\\u00e9` and the like, and what stands around."""
_AROUND_BYTES: Final = 1 << 20


def values_at(file: BinaryIO, place: str, max_bytes: int) -> Iterator[dict[str, Any]]:
    """The objects at a place (`log.entries.item`), one by one; pages in them have so many
    bytes at most. ValueError where the file is no JSON, OSError where one is too long."""
    most_bytes = _ESCAPED * max_bytes + _AROUND_BYTES
    metered = Metered(file, most_bytes)
    for value in ijson.items(metered, place, use_float=True, multiple_values=True):
        metered.rest()
        if isinstance(value, dict):
            yield value


def part(value: object, *names: str) -> object:
    """What lies under some names within each other; None where there is no such."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text_part(value: object, *names: str) -> str:
    """A text under some names; empty where there is none."""
    found = part(value, *names)
    return found if isinstance(found, str) else ""
