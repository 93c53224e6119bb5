"""In which order a forum prints day, month and year: an administrator may set any.

Settled by the footer's own time, which is that of the capture, else by the posts of the
page: none is later than the capture, and their times rise with their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scraper.markup.flat import each_from

_FOOTER = re.compile(
    r"GMT\s?(?:[+-]\d{1,2}(?:\.\d{1,2}|:\d{2})?)?\s*,[^<\d]{0,40}+(?:<[^>]{0,80}>\s*+)?"
    r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})"
)
_POST_TIME_BEGINS: Final = "authorposton"
_POST_TIME = re.compile(
    r"""authorposton(\d{1,18})["']?[^<>]{0,80}>[^<\d]{0,60}(?:<span\b[^<>]{0,60}title=["'])?"""
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?!\d)"
)
_ORDERS: Final = ("ymd", "dmy", "mdy")
_PLACES: Final = {
    "ymd": (0, 1, 2),
    "dmy": (2, 1, 0),
    "mdy": (2, 0, 1),
    "ydm": (0, 2, 1),
}
"""Where year, month and day stand in each order."""
_SHORT_ORDERS: Final = (*_ORDERS, "ydm")
_FIRST_YEAR: Final = 2000
"""Discuz! is of 2001; a year of two digits is one of this century."""

Numbers = Sequence[str]
"""The three numbers of a date as printed."""


@dataclass(frozen=True, slots=True)
class DateOrder:
    """The order of a page's dates, such as `dmy`; `is_short`: two digits a year."""

    fields: str
    is_short: bool = False

    def date_of(self, numbers: Numbers) -> date | None:
        """The day that three numbers name; None where they name none in this order."""
        year_at, month_at, day_at = _PLACES[self.fields]
        year = numbers[year_at]
        if len(year) != (2 if self.is_short else 4):
            return None
        century = _FIRST_YEAR if self.is_short else 0
        try:
            return date(
                century + int(year),
                month=int(numbers[month_at]),
                day=int(numbers[day_at]),
            )
        except ValueError:
            return None


_ALL: Final = (
    *(DateOrder(fields) for fields in _ORDERS),
    *(DateOrder(fields, is_short=True) for fields in _SHORT_ORDERS),
)
_USUAL: Final = DateOrder("ymd")
_DAY_SECOND: Final = DateOrder("ydm")


def date_order(footer: str, text: str, fetched_at: datetime) -> DateOrder | None:
    """The order of a page's dates; None where neither its footer nor its posts settle it.

    `footer`: the page's text from its zone on, empty where it states none.
    """
    orders = _fitting_footer(footer, fetched_at.date())
    if len(orders) == 1:
        return orders[0]
    return _by_posts(orders or _ALL, text, fetched_at.date())


def has_day_second(footer: str, text: str, fetched_at: datetime) -> bool:
    """Whether a page prints the day between year and month (`2014-25-1`), by its footer or
    by a post that no other order fits.

    `footer`: as of `date_order`.
    """
    is_stated = False
    stated = _FOOTER.search(footer)
    if stated is not None:
        captured_on = fetched_at.date()
        numbers = stated.groups()
        usual = _USUAL.date_of(numbers)  # as on nearly every page
        if _is_near(usual, captured_on) or "年" in stated[0]:
            return False
        is_stated = _is_near(_DAY_SECOND.date_of(numbers), captured_on)

    fits_usual = True
    for found in each_from(_POST_TIME_BEGINS, _POST_TIME, text):
        numbers = found.group(2, 3, 4)
        if not _DAY_SECOND.date_of(numbers):
            return False  # most pages tell by their first post
        fits_usual = fits_usual and _USUAL.date_of(numbers) is not None
    return is_stated or not fits_usual


def _fitting_footer(footer: str, captured_on: date) -> Sequence[DateOrder]:
    """The orders in which a page's last footer names the day of its capture, or the one
    before or after it: the forum's may be another than ours."""
    stated = _FOOTER.findall(footer)
    if not stated:
        return ()
    numbers = stated[-1]
    return [order for order in _ALL if _is_near(order.date_of(numbers), captured_on)]


def _is_near(day: date | None, captured_on: date) -> bool:
    """Whether a day is that of the capture, or the one before or after it."""
    if day is None:
        return False
    return abs(day.toordinal() - captured_on.toordinal()) <= 1


def _by_posts(
    orders: Iterable[DateOrder], text: str, captured_on: date
) -> DateOrder | None:
    """The one order in which the posts of a page are possible."""
    printed = {
        int(pid): (one, two, three) for pid, one, two, three in _POST_TIME.findall(text)
    }
    if not printed:
        return None

    latest = captured_on + timedelta(days=1)
    possible = []
    rising = []
    for order in orders:
        days = [order.date_of(printed[pid]) for pid in sorted(printed)]
        known = [day for day in days if day is not None and day <= latest]
        if len(known) < len(days):
            continue
        possible.append(order)
        if known == sorted(known):
            rising.append(order)

    for settled in (possible, rising):
        if len(settled) == 1:
            return settled[0]
    return None
