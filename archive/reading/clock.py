"""Times as a forum's readers know them: in its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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


def year(number: int, utc_offset_minutes: int) -> tuple[str, str]:
    """A year of the forum's as stored times: from its beginning to before its end.

    What is stored as a day is compared by that day.
    """
    begins, ends = (
        _new_year(each, utc_offset_minutes) for each in (number, number + 1)
    )
    return begins, ends


def _new_year(number: int, utc_offset_minutes: int) -> str:
    moment = datetime(number, 1, 1, tzinfo=UTC) - timedelta(minutes=utc_offset_minutes)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def zone(utc_offset_minutes: int) -> str:
    """`UTC+8`, `UTC-3:30`."""
    sign = "-" if utc_offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(utc_offset_minutes), 60)
    name = f"UTC{sign}{hours}"
    return f"{name}:{minutes:02}" if minutes else name
