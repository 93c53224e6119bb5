"""The months and days that the dates of a query leave: the index knows a post's month in
UTC, forums other clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from archive.index.segment import month_token
from archive.search.filters import Filter

MAX_MONTHS: Final = 24
"""A longer span of dates does not narrow the index: its months are looked at one by one."""
ALL_TIMES: Final = ("", "~")
"""A span that is before and behind every time."""


def months_of(node: Filter) -> str:
    """For a short span of dates: the months it touches in UTC, as an expression that
    narrows the index; empty for a long one."""
    low, high = node.days_anywhere()
    if low is None or high is None:
        return ""
    first = _near(
        low,
        days=-1,
    )
    last = _near(
        high,
        days=1,
    )
    months = list(_each_month(first, last))
    if len(months) > MAX_MONTHS:
        return ""
    return f"({' OR '.join(months)})"


def span_of(dates: Iterable[Filter]) -> tuple[str, str]:
    """The days that all of the filters leave, with one more at each end for the clocks of
    the forums."""
    since, until = ALL_TIMES
    for each in dates:
        low, high = each.days_anywhere()
        if low:
            first = _near(
                low,
                days=-1,
            )
            since = max(since, first.isoformat())
        if high:
            last = _near(
                high,
                days=1,
            )
            until = min(until, last.isoformat())
    return since, until


def _near(day: date, *, days: int) -> date:
    """The day so many days later; the same at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _each_month(first: date, last: date) -> Iterator[str]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f'"{month_token(f"{year:04}-{month:02}")}"'
        month += 1
        if month > 12:
            year += 1
            month = 1
