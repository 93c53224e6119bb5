"""The zone of the times on a page, as its footer states it."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from functools import lru_cache

_ZONE = re.compile(
    r"GMT\s?(?P<offset>[+-]\d{1,2}(?:\.\d{1,2}|:\d{2})?)?\s*,[^<\d]{0,40}+(?:<[^>]{0,80}>\s*+)?"
    r"(?P<printed>\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4})"
)


def parse_zone(text: str) -> timezone | None:
    """The zone that a page's footer states (`GMT+8, 2013-1-12 08:20`, `GMT+8, 现在时间是
    …`); None where none does.

    Posts stand before the footer and may quote one: the last wins. A member sees the zone
    of their own settings.
    """
    found = _last(_ZONE, text)
    if found is None:
        return None
    return _zone_of(found["offset"] or "+0")


@lru_cache(maxsize=256)
def _zone_of(offset: str) -> timezone | None:
    """`+8`, `+5.5` or `+5:30` as a zone; None for a day or more."""
    hours, _, minutes = offset.partition(":")
    size_minutes = round(abs(float(hours)) * 60)
    size_minutes += int(minutes or 0)
    if size_minutes >= 24 * 60:
        return None
    if offset.startswith("-"):
        size_minutes = -size_minutes
    return timezone(timedelta(minutes=size_minutes))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found
