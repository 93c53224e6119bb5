"""Times as Discuz! prints them, relative ones included, to UTC; the capture's time is the
only "now".

Recent times follow `dgmdate()` of X (source/function/function_core.php): `N 秒前`,
`半小时前`, `昨天 03:40`, `3 天前`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from scraper.markup.date_order import DateOrder

_GAP = r"(?:\s|&nbsp;)*+"
_TIME = (
    rf"(?:(?P<before>[上下]午){_GAP})?"
    r"(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?(?!\d)"
    rf"(?:{_GAP}(?P<after>[上下]午|[AaPp]\.?[Mm]\b))?"
)
# Nearly every time of a page, read without the alternatives below.
_USUAL = re.compile(
    r"(?:[发發]表[于於] )?(\d{4})-(\d{1,2})-(\d{1,2})[ \xa0](\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?![\d:]|\s*[AaPp上下&])"
)
_USUAL_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?:(?P<year>\d{{4}})(?:[-/.]|{_GAP}年{_GAP})"
    rf"|(?P<short_year>\d\d){_GAP}年{_GAP})"
    rf"(?P<month>\d{{1,2}})(?:[-/.]|{_GAP}月{_GAP})"
    rf"(?P<day>\d{{1,2}})(?!\d)(?:{_GAP}日)?"
    rf"(?:(?:T|,?{_GAP}){_TIME}(?P<zone>(?<=T..:..:..)(?:Z|[+-]\d\d:?\d\d))?)?"
)
_RELATIVE = re.compile(
    rf"(?:(?P<now>刚刚|剛剛|刚才|剛才|\bjust now\b)"
    rf"|(?P<half>半{_GAP}[个個]?{_GAP}小[时時]{_GAP}前"
    rf"|\bhalf{_GAP}(?:an?{_GAP})?hours?{_GAP}(?:ago|before)\b)"
    rf"|(?P<count>\d{{1,9}}){_GAP}(?:"
    r"(?P<seconds>秒[钟鐘]?|sec(?:ond)?)"
    r"|(?P<minutes>分[钟鐘]?|min(?:ute)?)"
    r"|(?P<hours>[个個]?小[时時]|hour)"
    r"|(?P<days>[天日]|day)"
    rf")(?:s|\(s\))?{_GAP}(?:前|ago\b|before\b)"
    rf"|(?P<eve>前[天日]|\bday{_GAP}before{_GAP}yesterday\b)"
    r"|(?P<yesterday>昨[天日]|\byesterday\b)"
    r"|(?P<today>今[天日]|\btoday\b))"
    rf"(?:,?{_GAP}(?:at{_GAP})?{_TIME})?",
    re.IGNORECASE,
)
_MONTH_NAMES: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS: Final = _MONTH_NAMES.split()
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_YEAR_LAST = re.compile(
    rf"(?<![\d.])(?:(?P<one>\d{{1,2}})[-/.](?P<two>\d{{1,2}})[-/.]"
    rf"|\b(?P<name>{_MONTH})[a-z]*\.?{_GAP}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?{_GAP}"
    rf"|(?P<first>\d{{1,2}})(?:st|nd|rd|th)?[-\s](?P<second_name>{_MONTH})[a-z]*\.?,?[-\s]{_GAP})"
    r"(?P<year>\d{4})(?!\d)"
    rf"(?:,?{_GAP}(?:at{_GAP})?{_TIME}(?:\s(?P<zone>GMT|UTC|Z|[+-]\d{{4}}))?)?",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?<![\d.:/-])(?P<one>\d{1,2})(?P<separator>[-/.])(?P<two>\d{1,2})(?P=separator)"
    rf"(?P<three>\d{{1,2}})(?![\d/.-])(?:,?{_GAP}{_TIME}(?P<zone>Z)?)?"
)
_THIRTEENTH_MONTH = re.compile(r"\d{4}[-/.](?:1[3-9]|[23]\d)[-/.]\d{1,2}(?!\d)")
_CENTURY: Final = 2000
"""Discuz! is of 2001; a year of two digits is one of this century."""


class Clock:
    """Reads the times of one page: captured at `fetched_at` (aware), printed in `zone`."""

    __slots__ = (
        "_has_day_second",
        "_now",
        "_offset",
        "_settle_order",
        "_settled_order",
        "_zone",
        "has_unsettled_dates",
    )

    def __init__(
        self,
        fetched_at: datetime,
        zone: timezone,
        settle_order: Callable[[], DateOrder | None] | None = None,
        *,
        has_day_second: bool = False,
    ) -> None:
        """`settle_order`: says whether `3/4/2013` is the third of April, and `24-1-2` the
        second of January; asked only where such a date is met. Where it says None, that is
        no day at all, and `has_unsettled_dates` is set. `has_day_second`: the page prints
        `2014-25-1`."""
        self._zone = zone
        self._settle_order = settle_order
        self._settled_order: DateOrder | None = None
        self._has_day_second = has_day_second
        self.has_unsettled_dates = False
        self._offset = zone.utcoffset(None)
        local = fetched_at.astimezone(zone)
        self._now = local.replace(microsecond=0)

    def parse(self, text: str) -> datetime | None:
        """The first time that a text prints, in UTC; None where it prints none, an
        impossible or an ambiguous one.

        What is not printed is zero: the seconds of a time in minutes, the hours of a bare
        day. Of `3 天前` the day is certain (`parse_day`), the hour is that of the capture.
        Never raises.
        """
        try:
            usual = _USUAL.match(text)
            if usual:
                return self._usual(usual)
            other = self._local(text)
            return other.astimezone(UTC) if other else None
        except (ValueError, OverflowError):
            self._note_order(text)
            return None

    def _usual(self, found: re.Match[str]) -> datetime:
        year, month, day, hour, minute, second = found.groups("0")
        if self._has_day_second:
            month, day = day, month
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=UTC,
        )
        return local - self._offset

    def parse_day(self, text: str) -> date | None:
        """The day of the first time that a text prints, in the forum's zone; None where it
        prints none."""
        try:
            usual = _USUAL_DAY.match(text)
            if usual:
                return self._usual_day(usual)
            local = self._local(text)
            return local.astimezone(self._zone).date() if local else None
        except (ValueError, OverflowError):
            self._note_order(text)
            return None

    def _usual_day(self, found: re.Match[str]) -> date:
        year, month, day = map(int, found.groups())
        if self._has_day_second:
            month, day = day, month
        return date(year, month, day)

    def _note_order(self, text: str) -> None:
        """Note that a time is lost by its order: no other on the page tells that the day
        stands second."""
        if _THIRTEENTH_MONTH.search(text):
            self.has_unsettled_dates = True

    def _local(self, text: str) -> datetime | None:
        found = _YEAR_FIRST.search(text)
        end = found.start() if found else len(text)
        earlier = self._relative(text, end)
        if earlier is not None:
            return earlier
        if found is None:
            return self._year_last(text)
        return self._year_first(found)

    def _year_first(self, found: re.Match[str]) -> datetime:
        year = found["year"]
        short_year = found["short_year"]
        month = int(found["month"])
        day = int(found["day"])
        is_labelled = "月" in found[0]
        if self._has_day_second and not is_labelled:
            month, day = day, month
        return self._at(
            found,
            year=int(year) if year else _CENTURY + int(short_year),
            month=month,
            day=day,
        )

    def _at(self, found: re.Match[str], year: int, month: int, day: int) -> datetime:
        hour, minute, second = _time(found)
        zone = _offset(found["zone"])
        return datetime(
            year,
            month,
            day,
            hour,
            minute,
            second,
            tzinfo=zone or self._zone,
        )

    def _relative(self, text: str, end: int) -> datetime | None:
        """The first relative time before `end`. Of `N 分钟前` and longer ones the seconds
        are not printed."""
        found = _RELATIVE.search(text, 0, end)
        if found is None:
            return None
        if found["now"]:
            return self._now
        if found["seconds"]:
            count = int(found["count"])
            return self._now - timedelta(seconds=count)

        minute = self._now.replace(second=0)
        if found["half"]:
            return minute - timedelta(minutes=30)
        if found["count"]:
            return minute - _span(found)
        day = minute - timedelta(days=_days_back(found))
        hour, minutes, seconds = _time(found)
        return day.replace(
            hour=hour,
            minute=minutes,
            second=seconds,
        )

    def _year_last(self, text: str) -> datetime | None:
        """Day and month in either order where a name or a number above twelve tells which
        is which; RFC 822."""
        found = _YEAR_LAST.search(text)
        if found is None:
            return self._short(text)
        year = int(found["year"])
        name = found["name"] or found["second_name"]
        if name:
            month = _MONTHS.index(name.lower()) + 1
            day = found["day"] or found["first"]
            return self._at(found, year, month, int(day))

        one = int(found["one"])
        two = int(found["two"])
        if one == two or one > 12:
            return self._at(found, year, month=two, day=one)
        if two > 12:
            return self._at(found, year, month=one, day=two)
        order = self._order()
        if order is None or order.fields == "ymd":
            return None
        if order.fields == "dmy":
            return self._at(found, year, month=two, day=one)
        return self._at(found, year, month=one, day=two)

    def _short(self, text: str) -> datetime | None:
        """A day with two digits a year, in the order that the whole page settles."""
        found = _SHORT.search(text)
        if found is None:
            return None
        order = self._order()
        if order is None or not order.is_short:
            return None
        day = order.date_of((found["one"], found["two"], found["three"]))
        if day is None:
            return None
        return self._at(found, day.year, day.month, day.day)

    def _order(self) -> DateOrder | None:
        """The order of the page's dates, settled when first asked for."""
        if self._settle_order is not None:
            self._settled_order = self._settle_order()
            self._settle_order = None
        if self._settled_order is None:
            self.has_unsettled_dates = True
        return self._settled_order


def _span(found: re.Match[str]) -> timedelta:
    """How long ago `N 分钟前`, `N 小时前` or `N 天前` is."""
    count = int(found["count"])
    if found["minutes"]:
        return timedelta(minutes=count)
    if found["hours"]:
        return timedelta(hours=count)
    return timedelta(days=count)


def _days_back(found: re.Match[str]) -> int:
    """How many days ago 今天, 昨天 or 前天 is."""
    if found["eve"]:
        return 2
    if found["yesterday"]:
        return 1
    return 0


def _time(found: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second of a match; zeros where it has none."""
    if not found["hour"]:
        return 0, 0, 0
    hour = int(found["hour"])
    half = found["before"] or found["after"]
    if half:
        is_afternoon = half[0] in "下pP"
        hour = _of_24_hours(hour, is_afternoon)
    minute = int(found["minute"])
    second = int(found["second"] or 0)
    return hour, minute, second


def _of_24_hours(hour: int, is_afternoon: bool) -> int:
    if hour == 12:
        return 12 if is_afternoon else 0
    if is_afternoon and hour < 12:
        return hour + 12
    return hour


def _offset(zone: str | None) -> timezone | None:
    """`Z`, `GMT` or `+0800` as a zone; None where nothing is printed."""
    if not zone:
        return None
    if zone[0] not in "+-":
        return UTC
    size = timedelta(
        hours=int(zone[1:3]),
        minutes=int(zone[-2:]),
    )
    if zone[0] == "-":
        size = -size
    return timezone(size)
