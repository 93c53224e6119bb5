"""Times as a forum's readers know them: in its own zone."""

from __future__ import annotations

from datetime import datetime, timedelta


def local(text: str | None, utc_offset_minutes: int) -> str:
    """`2013-01-12T00:20:37Z` → `2013-01-12 08:20`; a day stays a day; empty for None."""
    if not text or len(text) < 16:
        return text or ""
    try:
        time = datetime.fromisoformat(text) + timedelta(minutes=utc_offset_minutes)
    except (ValueError, OverflowError):
        return text
    return f"{time:%Y-%m-%d %H:%M}"


def zone(utc_offset_minutes: int) -> str:
    """`UTC+8`, `UTC-3:30`."""
    hours, minutes = divmod(abs(utc_offset_minutes), 60)
    return f"UTC{'-' if utc_offset_minutes < 0 else '+'}{hours}" + (
        f":{minutes:02}" if minutes else ""
    )
