"""Years, months and days as people write them in a query, and the days that they span; and
days that count from the day of asking (昨天, 上周, 近三个月)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from archive.index.fold import normalise
from archive.search.quoting import or_quote, or_quote_chinese
from archive.search.relative_days import relative_days
from scraper.core.errors import QueryError

DateKey = Literal["date", "before", "after", "since"]
Span = tuple[date | None, date | None]
"""A first day, and the day after the last; None is open."""

RANGE: Final = re.compile(r"\.\.\.?|…|~|～|至")
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")
_DIGITS: Final = re.compile(r"(\d{4})(\d\d)(\d\d)?")
_ANY_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The dates of a filter that count from the day of asking. `now`: when that is, in UTC;
    None where nobody will look for posts."""

    key: str
    name: DateKey
    parts: tuple[str, ...]
    now: datetime | None = None

    def at(self, utc_offset_minutes: int) -> Span:
        """The days for a forum whose clock is so many minutes ahead. Raises QueryError where
        the time of asking was not said."""
        if self.now is None:
            raise _no_clock(self.key, self.parts)
        offset = timedelta(minutes=utc_offset_minutes)
        local = self.now + offset
        today = local.date()
        return _span(self.key, self.name, self.parts, today)

    def anywhere(self) -> Span:
        """Days that hold those of every forum."""
        spans = [self.at(60 * hours) for hours in (-24, 0, 24)]
        firsts = [first for first, _ in spans if first]
        afters = [after for _, after in spans if after]
        return min(firsts, default=None), max(afters, default=None)


def read_dates(key: str, name: DateKey, value: str) -> tuple[Span, AskedDays | None]:
    """The days that a filter names, or what they are told by when it is asked. Raises
    QueryError for what is no date."""
    parts = RANGE.split(value) if name == "date" else [value]
    if len(parts) > 2 or not any(parts):
        raise no_date(key, value)
    span = _span(key, name, parts, _ANY_DAY)
    if any(relative_days(normalise(part), _ANY_DAY) for part in parts):
        asked = AskedDays(key, name, tuple(parts))
        return (None, None), asked
    return span, None


def _span(key: str, name: DateKey, parts: Sequence[str], today: date) -> Span:
    first_day, _ = _read_days(key, parts[0], today)
    _, day_after = _read_days(key, parts[-1], today)
    match name:
        case "before":
            return None, first_day
        case "after":
            return day_after, None
        case "since":
            return first_day, None
    return first_day, day_after


def _read_days(key: str, text: str, today: date) -> Span:
    """The first day of a year, month, day or other time as written, and the day after its
    last; None for what is left open. Raises QueryError for what is no date."""
    if not text:
        return None, None
    folded = normalise(text)
    try:
        found = relative_days(folded, today) or _absolute_days(folded)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise no_date(key, text)
    return found


def _absolute_days(text: str) -> tuple[date, date] | None:
    """The same for a date with its year; None for none. Raises ValueError or OverflowError
    for one that the calendar has not."""
    match = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    first = date(int(year), int(month or 1), int(day or 1))
    after = _day_after(
        first,
        has_month=bool(month),
        has_day=bool(day),
    )
    return first, after


def _day_after(first: date, *, has_month: bool, has_day: bool) -> date:
    """The day after the year, month or day that begins with `first`. Raises ValueError or
    OverflowError at the end of the calendar."""
    if has_day:
        return first + timedelta(days=1)
    if has_month and first.month < 12:
        return first.replace(month=first.month + 1)
    return date(first.year + 1, 1, 1)


def _no_clock(key: str, parts: Sequence[str]) -> QueryError:
    written = "..".join(parts)
    hint = "search(…, now=TIME)"
    return QueryError(
        f"{key}:{written} counts from a day, and none was said: {hint}",
        f"{key}:{written} 要从某一天算起，但没有说明是哪一天：{hint}",
    )


def no_date(key: str, value: str) -> QueryError:
    """What to say of a filter's value that is no date."""
    return QueryError(
        f"{key}:{value} is no date; write {key}:2024, {key}:2024-05, {key}:2024-05-17, "
        f"{key}:today, {key}:last-week or {key}:last-3-months. {or_quote(key)}",
        f"{key}:{value} 不是日期；请写成 {key}:2024、{key}:2024-05、{key}:2024-05-17、"
        f"{key}:昨天、{key}:上周、{key}:近三个月。{or_quote_chinese(key)}",
    )
