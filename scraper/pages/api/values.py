"""The values of PHP's JSON, read whatever their type: numbers as strings, an empty list for
an empty map, missing keys.

Source: mobile_core of the mobile plugin: `getvalues` leaves out what is empty,
`arraystring` makes the rest strings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from scraper.core.errors import PageError
from scraper.markup.flat import plain
from scraper.markup.html import fold

Map: TypeAlias = Mapping[str, object]

_DECODER: Final = json.JSONDecoder(
    strict=False
)  # PHP leaves control characters in strings
_DIGITS: Final = 18  # what an SQLite integer surely holds
_LAST_SECOND: Final = 253_402_300_799  # the year 9999


def load(text: str) -> Map:
    """The first JSON object of an answer: a callback's name may stand before it, a script
    of the host after it.

    PageError for what is cut, nested beyond reason, or no object.
    """
    start = text.find("{")
    if start < 0:
        raise PageError("no JSON object in this answer of the mobile interface")
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise PageError(
            f"broken JSON ({type(error).__name__}: {str(error)[:100]})"
        ) from error
    return mapping(value)


def mapping(value: object) -> Map:
    """A map as it is; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Map]:
    """The maps in a list, or in a map whose keys are numbers; none for anything else."""
    found = (
        value.values()
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else ()
    )
    return [row for row in found if isinstance(row, dict)]


def string(value: object) -> str:
    """A text as it stands, a number as it is written; empty for anything else. Half
    characters become U+FFFD."""
    if isinstance(value, str):
        if value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    return (
        str(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else ""
    )


def words(value: object) -> str:
    """A short text of the forum's database, escaped as HTML there and maybe marked up, as
    words on one line."""
    text = string(value)
    return plain(text) if "&" in text or "<" in text else fold(text)


def number(value: object) -> int | None:
    """A whole number, also written as a string; None for anything else, and for what no
    database holds."""
    if (
        type(value) is str
        and len(value) <= _DIGITS
        and value.isascii()
        and value.isdigit()
    ):
        return int(value)  # nearly every one
    if isinstance(value, str):
        digits = value.strip().removeprefix("-")
        if not digits.isascii() or not digits.isdigit() or len(digits) > _DIGITS:
            return None
        return -int(digits) if value.strip().startswith("-") else int(digits)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not abs(value) < 10**_DIGITS
    ):
        return None
    return int(value)


def count(value: object) -> int | None:
    """A number that is not negative."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def ident(value: object) -> int | None:
    """The number of a thing; None for 0, which stands for none."""
    found = number(value)
    return found if found is not None and found > 0 else None


def flag(value: object) -> bool:
    """Whether PHP takes a value for true."""
    return bool(value) and value != "0"


def moment(value: object) -> datetime | None:
    """A unix time as an aware one; None for 0 and for what is none."""
    seconds = number(value)
    return (
        datetime.fromtimestamp(seconds, UTC)
        if seconds is not None and 0 < seconds <= _LAST_SECOND
        else None
    )


def first_of(row: Map, *names: str) -> object:
    """The first value of a map that says something, by its possible names."""
    for name in names:
        value = row.get(name)
        if value is not None and value != "":
            return value
    return None
