"""The values of PHP's JSON, read whatever their type: numbers as strings, an empty list for
an empty map, missing keys.

Source: mobile_core of the mobile plugin: `getvalues` leaves out what is empty,
`arraystring` makes the rest strings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeGuard

from scraper.core.errors import PageError
from scraper.markup.flat import plain
from scraper.markup.html import fold

# PHP leaves control characters in strings
_DECODER: Final = json.JSONDecoder(strict=False)
_MOST_DIGITS: Final = 18  # what an SQLite integer surely holds
_TOO_LARGE: Final = 10**_MOST_DIGITS
_LAST_SECOND: Final = 253_402_300_799  # the year 9999


def string(value: object) -> str:
    """A text as it stands, a number as it is written; empty for anything else. Half
    characters become U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else _with_whole_characters(value)
    if is_number(value):
        return str(value)
    return ""


def _with_whole_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        halves = text.encode("utf-16", "surrogatepass")
        return halves.decode("utf-16", "replace")
    return text


def words(value: object) -> str:
    """A short text of the forum's database, escaped as HTML there and maybe marked up, as
    words on one line."""
    text = string(value)
    if "&" in text or "<" in text:
        return plain(text)
    return fold(text)


def number(value: object) -> int | None:
    """A whole number, also written as a string; None for anything else, and for what no
    database holds."""
    if isinstance(value, str):
        return _written_number(value)
    if is_number(value) and abs(value) < _TOO_LARGE:
        return int(value)
    return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number in JSON; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written_number(text: str) -> int | None:
    digits = text.strip().removeprefix("-")
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) > _MOST_DIGITS:
        return None
    return int(text)


def count(value: object) -> int | None:
    """A number that is not negative."""
    found = number(value)
    if found is None or found < 0:
        return None
    return found


def ident(value: object) -> int | None:
    """The number of a thing; None for 0, which stands for none."""
    found = number(value)
    if found is None or found <= 0:
        return None
    return found


def flag(value: object) -> bool:
    """Whether PHP takes a value for true."""
    return bool(value) and value != "0"


def moment(value: object) -> datetime | None:
    """A unix time as an aware one; None for 0 and for what is none."""
    seconds = number(value)
    if seconds is None:
        return None
    if 0 < seconds <= _LAST_SECOND:
        return datetime.fromtimestamp(seconds, UTC)
    return None


class JsonMap:
    """A map of PHP's JSON, its values read by key, whatever their type."""

    __slots__ = ("_values", "get")

    get: Callable[[str], object]
    """A value as it stands; None where there is none."""

    def __init__(self, value: object) -> None:
        """An empty map for anything but a map."""
        self._values: dict[str, object] = {}
        if isinstance(value, dict):
            self._values = value
        self.get = self._values.get

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def first(self, *keys: str) -> object:
        """The first value that says something, by its possible names."""
        for key in keys:
            value = self.get(key)
            if value is not None and value != "":
                return value
        return None

    def map(self, key: str) -> JsonMap:
        """The map under a key; an empty one for anything else."""
        return JsonMap(self.get(key))

    def rows(self, key: str) -> list[JsonMap]:
        """The maps of the list under a key; see `rows`."""
        return rows(self.get(key))

    def string(self, key: str) -> str:
        """See `string`."""
        return string(self.get(key))

    def words(self, key: str) -> str:
        """See `words`."""
        return words(self.get(key))

    def number(self, key: str) -> int | None:
        """See `number`."""
        return number(self.get(key))

    def count(self, key: str) -> int | None:
        """See `count`."""
        return count(self.get(key))

    def ident(self, key: str) -> int | None:
        """See `ident`."""
        return ident(self.get(key))

    def flag(self, key: str) -> bool:
        """See `flag`."""
        return flag(self.get(key))

    def moment(self, key: str) -> datetime | None:
        """See `moment`."""
        return moment(self.get(key))


def rows(value: object) -> list[JsonMap]:
    """The maps in a list, or in a map whose keys are numbers; none for anything else."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return []
    return [JsonMap(row) for row in value if isinstance(row, dict)]


def load(text: str) -> JsonMap:
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
        name = type(error).__name__
        reason = str(error)[:100]
        raise PageError(f"broken JSON ({name}: {reason})") from error
    return JsonMap(value)
