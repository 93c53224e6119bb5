"""Years, months and days as people write them in a query, and the days that they span."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from archive.search.quoting import or_quote, or_quote_chinese
from scraper.core.errors import QueryError

_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")


def read_days(key: str, text: str) -> tuple[date | None, date | None]:
    """The first day of a year, month or day as written, and the day after its last; None
    for what is left open. Raises QueryError for what is no date."""
    if not text:
        return None, None
    match = _DATE.fullmatch(text)
    if not match:
        raise no_date(key, text)
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        return first, _day_after(first, has_month=bool(month), has_day=bool(day))
    except (ValueError, OverflowError):
        raise no_date(key, text) from None


def _day_after(first: date, *, has_month: bool, has_day: bool) -> date:
    """The day after the year, month or day that begins with `first`. Raises ValueError or
    OverflowError at the end of the calendar."""
    if has_day:
        return first + timedelta(days=1)
    if has_month and first.month < 12:
        return first.replace(month=first.month + 1)
    return date(first.year + 1, 1, 1)


def no_date(key: str, value: str) -> QueryError:
    """What to say of a filter's value that is no date."""
    return QueryError(
        f"{key}:{value} is no date; write {key}:2024, {key}:2024-05 or {key}:2024-05-17. "
        f"{or_quote(key)}",
        f"{key}:{value} 不是日期；请写成 {key}:2024、{key}:2024-05 或 {key}:2024-05-17。"
        f"{or_quote_chinese(key)}",
    )
