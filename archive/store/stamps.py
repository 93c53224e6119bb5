"""Times as they are stored, as text: which of two may be one moment, which is more exact."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

_DAY_CHARS: Final = len("2013-01-12")
_MINUTE_CHARS: Final = len("2013-01-12T00:20")


def iso(value: date | None) -> str | None:
    """A time as it is stored: `2013-01-12T00:20:37Z` in UTC, or `2013-01-12` for a day."""
    if isinstance(value, datetime):
        return value.isoformat()[:19] + "Z"  # a fifth of strftime's time
    return value.isoformat() if value else None


def same_minute(one: str | None, other: str | None) -> bool:
    """Whether two stored times may be of one moment: pages print seconds, minutes (seconds
    00) or a day.

    A day is one of the forum's zone: in UTC it may be the day before or after.
    """
    if not one or not other:
        return False
    if len(one) != len(other):
        return _days_between(one, other) <= 1
    if _has_seconds(one) and _has_seconds(other):
        return one == other
    return one[:_MINUTE_CHARS] == other[:_MINUTE_CHARS]


def finer(stored: str | None, observed: str | None) -> str | None:
    """The more exact of two statements of one time; the stored one where they contradict
    each other."""
    if not stored:
        return observed
    if not observed or not same_minute(stored, observed):
        return stored
    if len(observed) != len(stored):
        return max(stored, observed, key=len)
    return stored if _has_seconds(stored) else observed


def _has_seconds(time: str) -> bool:
    return time[17:19] not in ("", "00")


def _days_between(one: str, other: str) -> int:
    first = date.fromisoformat(one[:_DAY_CHARS])
    second = date.fromisoformat(other[:_DAY_CHARS])
    return abs((first - second).days)
