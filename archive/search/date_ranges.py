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


def months_of(node: Filter) -> str:
    """For a short span of dates: the months it touches in UTC, as an expression that
    narrows the index."""
    if not isinstance(node.low, date) or not isinstance(node.high, date):
        return ""
    months = list(_each_month(_day_near(node.low, -1), _day_near(node.high, 1)))
    return f"({' OR '.join(months)})" if len(months) <= MAX_MONTHS else ""


def span_of(dates: Iterable[Filter]) -> tuple[str, str]:
    """The days that all of the filters leave, with one more at each end for the clocks of
    the forums."""
    since, until = ALL_TIMES
    for each in dates:
        if isinstance(each.low, date):
            since = max(since, _day_near(each.low, -1).isoformat())
        if isinstance(each.high, date):
            until = min(until, _day_near(each.high, 1).isoformat())
    return since, until


def _day_near(day: date, days: int) -> date:
    """The day before or after; the same at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _each_month(first: date, last: date) -> Iterator[str]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f'"{month_token(f"{year:04}-{month:02}")}"'
        year, month = year + month // 12, month % 12 + 1
