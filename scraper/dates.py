"""Times as Discuz! prints them, relative ones included, to UTC; the capture's time is the only "now".

Recent times follow `dgmdate()` of X (source/function/function_core.php): `N 秒前`, `半小时前`, `昨天 03:40`, `3 天前`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

_GAP = r"(?:\s|&nbsp;)*"
_CLOCK = (
    rf"(?:(?P<pre>[上下]午|凌晨|晚上){_GAP})?(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?:[:：](?P<second>\d{{2}}))?"
    rf"(?:{_GAP}(?P<post>[上下]午|[AaPp]\.?[Mm]\b))?"
)
_ABSOLUTE = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})(?:[-/.年]|{_GAP}年{_GAP})(?P<month>\d{{1,2}})(?:[-/.]|{_GAP}月{_GAP})(?P<day>\d{{1,2}})"
    rf"(?!\d){_GAP}日?(?:[T,]?{_GAP}{_CLOCK})?"
)
_RELATIVE = re.compile(
    rf"(?P<now>刚刚|剛剛|剛才|刚才|\bjust now\b)"
    rf"|(?P<half>半{_GAP}(?:个|個)?{_GAP}小[时時]前|\bhalf an? hours? ago)"
    rf"|(?P<count>\d+){_GAP}(?:(?P<seconds>秒[钟鐘]?|sec(?:ond)?s?\b)|(?P<minutes>分[钟鐘]?|min(?:ute)?s?\b)"
    rf"|(?P<hours>(?:个|個)?小[时時]|hours?\b)|(?P<days>天|日|days?\b)){_GAP}(?:前|ago\b)"
    rf"|(?:(?P<today>今[天日]|\btoday\b)|(?P<eve>(?:the{_GAP})?day{_GAP}before{_GAP}yesterday|前[天日])"
    rf"|(?P<yesterday>昨[天日]|\byesterday\b))(?:{_GAP}(?:at{_GAP})?{_CLOCK})?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"GMT(?P<offset>[+-]\d{1,2}(?:\.\d+|:\d{2})?)?\s*,[^<\d]{0,40}(?:<[^>]*>)?\s*\d{4}-\d")
_MAX_COUNT: Final = 10**6


class Clock:
    """Reads the times of one page: captured at `fetched_at` (aware), printed in `zone`."""

    __slots__ = ("_now", "_offset", "_zone")

    def __init__(self, fetched_at: datetime, zone: timezone) -> None:
        self._zone = zone
        self._now = fetched_at.astimezone(zone)
        self._offset = zone.utcoffset(None)

    def parse(self, text: str) -> datetime | None:
        """The first time that a text prints, in UTC; None where it prints none or an impossible one.

        What is not printed is zero: seconds of a time in minutes, the time of a bare day.
        """
        local = self._local(text)
        try:
            return local - self._offset if local else None
        except OverflowError:
            return None

    def parse_day(self, text: str) -> date | None:
        """The day of the first time that a text prints, in the forum's zone; None where it prints none."""
        local = self._local(text)
        return local.date() if local else None

    def _local(self, text: str) -> datetime | None:
        """The printed time in the forum's zone, marked UTC so that only the offset is to be taken off."""
        found = _ABSOLUTE.search(text)
        relative = _RELATIVE.search(text, 0, found.start() if found else len(text)) if not found or found.start() else None
        try:
            if relative:
                return self._relative(relative)
            if found:
                year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
                return datetime(year, month, day, *_clock(found), tzinfo=UTC)
        except (ValueError, OverflowError):
            pass
        return None

    def _relative(self, found: re.Match[str]) -> datetime:
        now = self._now.replace(tzinfo=UTC, microsecond=0)
        minute = now.replace(second=0)
        if found["now"]:
            return now
        if found["half"]:
            return minute - timedelta(minutes=30)
        if found["count"]:
            count = min(int(found["count"][:8]), _MAX_COUNT)
            if found["seconds"]:
                return now - timedelta(seconds=count)
            if found["minutes"]:
                return minute - timedelta(minutes=count)
            return minute - (timedelta(hours=count) if found["hours"] else timedelta(days=count))
        back = 0 if found["today"] else 1 if found["yesterday"] else 2
        day = now - timedelta(days=back)
        return datetime(day.year, day.month, day.day, *_clock(found), tzinfo=UTC)


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second of a match; 0:00:00 where it has none."""
    if not found["hour"]:
        return 0, 0, 0
    hour = int(found["hour"])
    half = found["pre"] or found["post"]
    if half:
        after_noon = half[0] in "下晚pP"
        if hour == 12 and not after_noon:
            hour = 0
        elif hour < 12 and after_noon:
            hour += 12
    return hour, int(found["minute"]), int(found["second"] or 0)


def parse_zone(text: str) -> timezone | None:
    """The zone that a page's footer states (`GMT+8, 2013-1-12 08:20`, `GMT+8, 现在时间是 …`); None where none does."""
    found = None
    for found in _ZONE.finditer(text):
        pass
    if not found:
        return None
    hours, _, rest = (found["offset"] or "+0").partition(":")
    minutes = float(hours) * 60
    minutes += (int(rest) if minutes >= 0 else -int(rest)) if rest else 0
    return timezone(timedelta(minutes=round(minutes))) if abs(minutes) < 24 * 60 else None
