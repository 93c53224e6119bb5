"""Days that count from the day of asking: 今天, 上周, 去年, 5月, 近三个月; today, last-week."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

Days = tuple[date, date]
"""A first day, and the day after the last."""

_DIGITS: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMBER: Final = r"\d{1,4}|[一二两三四五六七八九十]{1,3}"
_MONTH: Final = re.compile(rf"({_NUMBER})月(?:({_NUMBER})[日号])?")
_LAST: Final = re.compile(
    rf"(?:近|最近|过去)({_NUMBER}|半)个?(天|日|周|星期|月|年)|last-(\d{{1,4}})-(day|week|month|year)s?"
)
_YEARS_TRIED: Final = 9
_UNITS: Final = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "月": "month",
    "年": "year",
}


def relative_days(text: str, today: date) -> Days | None:
    """The days that a text names on such a day; None for what names none. Raises ValueError
    or OverflowError for what the calendar has not."""
    word = text.lower()
    named = _NAMED.get(word)
    if named:
        unit, number = named
        return unit(today, number)
    month = _MONTH.fullmatch(word)
    if month:
        return _latest(month[1], month[2], today)
    last = _LAST.fullmatch(word)
    if last:
        return _last(last, today)
    return None


def _day(today: date, days: int) -> Days:
    first = today + timedelta(days=days)
    after = first + timedelta(days=1)
    return first, after


def _week(today: date, weeks: int) -> Days:
    """A week from Monday on."""
    weekday = timedelta(days=today.weekday())
    monday = today - weekday
    first = monday + timedelta(weeks=weeks)
    after = first + timedelta(weeks=1)
    return first, after


def _month(today: date, months: int) -> Days:
    this = today.replace(day=1)
    first = _months_later(this, months)
    after = _months_later(first, 1)
    return first, after


def _year(today: date, years: int) -> Days:
    year = today.year + years
    first = date(year, 1, 1)
    after = date(year + 1, 1, 1)
    return first, after


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or its last where it is shorter."""
    months_since_0 = 12 * day.year + day.month - 1 + months
    year, month = divmod(months_since_0, 12)
    _, last_day = monthrange(year, month + 1)
    return date(year, month + 1, min(day.day, last_day))


def _latest(month: str, day: str | None, today: date) -> Days:
    """A month, or a day of it, of this year, or of the last where it is still to come; of
    29 February the last that there was."""
    month_number = _number(month)
    day_number = _number(day or "1")
    oldest = today.year - _YEARS_TRIED
    for year in range(today.year, oldest, -1):
        first = _date_if_any(year, month_number, day_number)
        if first is None or first > today:
            continue
        after = first + timedelta(days=1)
        if not day:
            after = _months_later(first, 1)
        return first, after
    raise ValueError(month)


def _date_if_any(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(last: re.Match[str], today: date) -> Days:
    """So many days, weeks, months or years up to today."""
    written = last[1] or last[3]
    unit = last[4] or _UNITS[last[2]]
    tomorrow = today + timedelta(days=1)
    if written == "半":
        first = _half(unit, tomorrow)
    else:
        number = _number(written)
        first = _before(tomorrow, unit, number)
    return first, tomorrow


def _before(day: date, unit: str, number: int) -> date:
    """The day so many units before."""
    match unit:
        case "day":
            return day - timedelta(days=number)
        case "week":
            return day - timedelta(weeks=number)
        case "month":
            return _months_later(day, -number)
    return _months_later(day, -12 * number)


def _half(unit: str, tomorrow: date) -> date:
    """The day half a month or year before. Raises ValueError for half of others."""
    match unit:
        case "month":
            return tomorrow - timedelta(days=15)
        case "year":
            return _months_later(tomorrow, -6)
    raise ValueError(unit)


def _number(text: str) -> int:
    """`12`, `十二`, `二十`. Raises ValueError for what is none."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    if not ten:
        return _DIGITS[ones]
    tens_digit = _DIGITS.get(tens, 1)
    ones_digit = _DIGITS.get(ones, 0)
    return 10 * tens_digit + ones_digit


_Unit = Callable[[date, int], Days]

_WORDS: Final[tuple[tuple[str, _Unit, int], ...]] = (
    ("今天 今日 today", _day, 0),
    ("昨天 昨日 yesterday", _day, -1),
    ("前天 前日", _day, -2),
    ("大前天", _day, -3),
    ("本周 这周 本星期 这星期 这个星期 this-week", _week, 0),
    ("上周 上星期 上个星期 last-week", _week, -1),
    ("上上周", _week, -2),
    ("本月 这个月 这月 this-month", _month, 0),
    ("上月 上个月 last-month", _month, -1),
    ("上上个月 上上月", _month, -2),
    ("今年 本年 this-year", _year, 0),
    ("去年 last-year", _year, -1),
    ("前年", _year, -2),
)
"""The words that stand for days by themselves: which day, week, month or year from now."""


def _by_word() -> dict[str, tuple[_Unit, int]]:
    found: dict[str, tuple[_Unit, int]] = {}
    for words, unit, number in _WORDS:
        for word in words.split():
            found[word] = (unit, number)
    return found


_NAMED: Final = _by_word()
