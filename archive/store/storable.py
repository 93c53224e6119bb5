"""What no column can hold, taken out of a page: numbers beyond 64 bits, halves of characters.

Only for pages that the archive has refused: walking every page would cost more than storing it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass, replace
from operator import is_
from typing import Any, Final

from scraper.core.records import Page

_INTEGER_BOUND: Final = 1 << 63
_MAX_NAMED: Final = 20


class _NoValue(Exception):
    """A value that cannot be kept, and that its record cannot do without."""


def storable(page: Page) -> tuple[Page, list[str]]:
    """A page as it can be stored, and the places of what was left out (`posts[3].floor`).

    Where a record cannot do without the value, the record is left out of its list.
    """
    left_out: list[str] = []
    mended = _mended(page, "", left_out.append)
    return mended, left_out[:_MAX_NAMED]


def _mended(value: Any, place: str, leave_out: Callable[[str], None]) -> Any:
    if isinstance(value, int):
        if -_INTEGER_BOUND <= value < _INTEGER_BOUND:
            return value
        leave_out(place)
        raise _NoValue
    if isinstance(value, str):
        return _whole_characters(value, place, leave_out)
    if isinstance(value, tuple):
        return _mended_items(value, place, leave_out)
    if is_dataclass(value) and not isinstance(value, type):
        return _mended_record(value, place, leave_out)
    return value


def _mended_record(record: Any, place: str, leave_out: Callable[[str], None]) -> Any:
    changes = {}
    for field in fields(record):
        value = getattr(record, field.name)
        its_place = f"{place}.{field.name}" if place else field.name
        try:
            mended = _mended(value, its_place, leave_out)
        except _NoValue:
            if field.default is MISSING:
                raise
            mended = field.default
        if mended is not value:
            changes[field.name] = mended
    return replace(record, **changes) if changes else record


def _mended_items(
    items: tuple[Any, ...], place: str, leave_out: Callable[[str], None]
) -> tuple[Any, ...]:
    mended = []
    for at, item in enumerate(items):
        try:
            mended.append(_mended(item, f"{place}[{at}]", leave_out))
        except _NoValue:
            continue
    is_whole = len(mended) == len(items) and all(map(is_, mended, items))
    return items if is_whole else tuple(mended)


def _whole_characters(text: str, place: str, leave_out: Callable[[str], None]) -> str:
    """The text with a replacement character for each half of a character (a lone surrogate)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        leave_out(place)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
