"""Times as a forum's readers know them: in its own zone."""

from __future__ import annotations

from datetime import datetime, timedelta

_WITH_TIME = len("2013-01-12T00:20Z") - 1


def local(text: str | None, utc_offset_minutes: int) -> str:
    """`2013-01-12T00:20:37Z` → `2013-01-12 08:20`; a day stays a day; empty for None."""
    if not text or len(text) < _WITH_TIME:
        return text or ""
    offset = timedelta(minutes=utc_offset_minutes)
    try:
        time = datetime.fromisoformat(text) + offset
    except (ValueError, OverflowError):
        return text
    return f"{time:%Y-%m-%d %H:%M}"


def zone(utc_offset_minutes: int) -> str:
    """`UTC+8`, `UTC-3:30`."""
    sign = "-" if utc_offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(utc_offset_minutes), 60)
    name = f"UTC{sign}{hours}"
    return f"{name}:{minutes:02}" if minutes else name
