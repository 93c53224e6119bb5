"""Printed times: every form of every generation, and the laws that hold for all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.markup.date_order import date_order
from scraper.markup.dates import Clock
from scraper.markup.zone import parse_zone

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 21, 9, 47, tzinfo=UTC)  # 05:09:47 on the 24th in China
CLOCK = Clock(NOW, CHINA)
moments = st.integers(631152000, 2145916800).map(
    lambda stamp: datetime.fromtimestamp(stamp, UTC)
)  # 1990 to 2037
zones = st.integers(-24, 28).map(
    lambda halves: timezone(timedelta(minutes=30 * halves))
)
prefixes = st.sampled_from(
    ["", "发表于 ", "發表於 ", "Posted on ", "楼主: ", "[原创] ", "#5 ", "12楼 "]
)
suffixes = st.sampled_from(
    ["", " ", "  只看该作者", " 来自 广东", "&nbsp;|", " 编辑", "\n", ")"]
)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-9-2 20:19:43", "2026-09-02 20:19:43"),
        ("2010-1-12 08:20", "2010-01-12 08:20:00"),
        ("2010-1-12&nbsp;08:20", "2010-01-12 08:20:00"),
        ("2010/1/12 08:20", "2010-01-12 08:20:00"),
        ("2010.01.12 08:20", "2010-01-12 08:20:00"),
        ("2024/5/14", "2024-05-14 00:00:00"),
        ("2024年5月14日 21:46", "2024-05-14 21:46:00"),
        ("2024 年 5 月 14 日 下午 3:40", "2024-05-14 15:40:00"),
        ("2024年1月2日 下午3:04", "2024-01-02 15:04:00"),
        ("2024年1月2日下午3:04", "2024-01-02 15:04:00"),
        ("24年1月2日", "2024-01-02 00:00:00"),
        ("24年1月2日 15:04", "2024-01-02 15:04:00"),
        ("发表于 04年12月31日 上午 9:05:07", "2004-12-31 09:05:07"),
        ("24&nbsp;年 1 月 2 日 03:04 PM", "2024-01-02 15:04:00"),
        ("發表於 2024-5-14 21:46", "2024-05-14 21:46:00"),
        ("2010-1-12 03:40 PM", "2010-01-12 15:40:00"),
        ("2010-1-12 03:40:07 am 来自", "2010-01-12 03:40:07"),
        ("2010-1-12 12:05 AM", "2010-01-12 00:05:00"),
        ("2010-1-12 12:05 p.m.", "2010-01-12 12:05:00"),
        ("2010-1-12 上午 12:40", "2010-01-12 00:40:00"),
        ("2010-1-12 15:40 PM", "2010-01-12 15:40:00"),
        ("昨天&nbsp;03:40", "2026-11-23 03:40:00"),
        ("昨天\xa003:40:11", "2026-11-23 03:40:11"),
        ("昨天 03:40 PM", "2026-11-23 15:40:00"),
        ("昨天 下午 3:40", "2026-11-23 15:40:00"),
        ("Yesterday, 03:40", "2026-11-23 03:40:00"),
        ("前天 10:11", "2026-11-22 10:11:00"),
        ("The day before yesterday 10:11", "2026-11-22 10:11:00"),
        ("今天 04:00", "2026-11-24 04:00:00"),
        ("3&nbsp;天前", "2026-11-21 05:09:00"),
        ("3 day ago", "2026-11-21 05:09:00"),
        ("7 天前", "2026-11-17 05:09:00"),
        ("半小时前", "2026-11-24 04:39:00"),
        ("半小時前", "2026-11-24 04:39:00"),
        ("half an hour ago", "2026-11-24 04:39:00"),
        ("2 小时前", "2026-11-24 03:09:00"),
        ("2&nbsp;小時前", "2026-11-24 03:09:00"),
        ("1 hour(s) ago", "2026-11-24 04:09:00"),
        ("5 分钟前", "2026-11-24 05:04:00"),
        ("5&nbsp;分鐘前", "2026-11-24 05:04:00"),
        ("30 秒前", "2026-11-24 05:09:17"),
        ("刚刚", "2026-11-24 05:09:47"),
        ("剛剛", "2026-11-24 05:09:47"),
        ("发表于 昨天 03:40 (2010-1-12 08:20)", "2026-11-23 03:40:00"),
        ("2010-1-12 08:20 昨天 03:40", "2010-01-12 08:20:00"),
        ("2010-1-12 08:20-09:30", "2010-01-12 08:20:00"),
        ("5-14-2024 10:00", "2024-05-14 10:00:00"),
        ("14.5.2024", "2024-05-14 00:00:00"),
        ("5-5-2024 10:00", "2024-05-05 10:00:00"),
        ("May 14th, 2024 10:00 PM", "2024-05-14 22:00:00"),
        ("14 May 2024 10:00", "2024-05-14 10:00:00"),
        ("Tue, 14 May 2024 13:46:00 +0000", "2024-05-14 21:46:00"),
        ("Tue, 14 May 2024 13:46:00 GMT", "2024-05-14 21:46:00"),
        ("2024-05-14T21:46:00+08:00", "2024-05-14 21:46:00"),
        ("2024-05-14T13:46:00Z", "2024-05-14 21:46:00"),
    ],
)
def test_printed_forms(text: str, local: str) -> None:
    moment = CLOCK.parse(text)
    assert moment is not None
    assert moment.tzinfo is UTC
    assert moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") == local
    assert CLOCK.parse_day(text) == date.fromisoformat(local[:10])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "匿名",
        "2010-2-30 10:00",
        "2024-5-14 25:00",
        "2024-13-1",
        "0000-1-1",
        "3-4-2024",
        "10-1-12 08:20",
        "99999999999 天前",
        "999999999 天前",
        "12345-1-1",
        "1 天",
        "三天前",
        "00-00-2024",
        "24年13月2日",
        "124年1月2日",
        "4年1月2日",
        "1月2日 15:04",
    ],
)
def test_impossible_and_ambiguous_times_are_none(text: str) -> None:
    assert CLOCK.parse(text) is None
    assert CLOCK.parse_day(text) is None


def test_the_ends_of_the_calendar() -> None:
    assert CLOCK.parse("0001-1-1 00:00") is None
    assert Clock(NOW, timezone(-timedelta(hours=12))).parse("9999-12-31 23:59") is None


@given(
    text=st.text(
        alphabet="0123456789-/:.年月日昨前今天小时半刚T+GMT&nbspPAM ", max_size=40
    )
)
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert CLOCK.parse(text) is None or CLOCK.parse(text).tzinfo is UTC  # type: ignore[union-attr]
    CLOCK.parse_day(text)
    parse_zone(text)


@given(moment=moments, zone=zones, prefix=prefixes, suffix=suffixes)
def test_absolute_times_come_back(
    moment: datetime, zone: timezone, prefix: str, suffix: str
) -> None:
    local, clock = moment.astimezone(zone), Clock(NOW, zone)
    day = f"{local.year}-{local.month}-{local.day}"
    seconds, minutes = f"{local:%H:%M:%S}", f"{local:%H:%M}"
    assert clock.parse(f"{prefix}{day} {seconds}{suffix}") == moment
    assert clock.parse(f"{prefix}{day} {minutes}{suffix}") == moment.replace(second=0)
    assert clock.parse(f"{prefix}{day} {local:%I:%M %p}{suffix}") == moment.replace(
        second=0
    )
    half = f"{'下午' if local.hour >= 12 else '上午'} {local:%I:%M}"
    assert clock.parse(
        f"{prefix}{local.year}年{local.month}月{local.day}日 {half}"
    ) == moment.replace(second=0)
    assert clock.parse_day(f"{prefix}{day}{suffix}") == local.date()
    assert clock.parse(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == moment


def dgmdate(local: datetime, now: datetime) -> str:
    """How X prints a recent time (`dgmdate($timestamp, 'u')`,
    source/function/function_core.php)."""
    passed = int((now - local).total_seconds())
    midnight = now.replace(hour=0, minute=0, second=0)
    if local >= midnight:
        if passed > 3600:
            return f"{passed // 3600}&nbsp;小时前"
        if passed > 1800:
            return "半小时前"
        if passed > 60:
            return f"{passed // 60}&nbsp;分钟前"
        return f"{passed}&nbsp;秒前" if passed else "刚刚"
    days = int((midnight - local).total_seconds()) // 86400
    if days < 2:
        return f"{'前天' if days else '昨天'}&nbsp;{local:%H:%M}"
    return (
        f"{days + 1}&nbsp;天前"
        if days < 7
        else f"{local.year}-{local.month}-{local.day} {local:%H:%M:%S}"
    )


@given(now=moments, zone=zones, back=st.integers(0, 10 * 86400))
def test_relative_times_come_back_as_near_as_they_are_printed(
    now: datetime, zone: timezone, back: int
) -> None:
    moment = now - timedelta(seconds=back)
    local = moment.astimezone(zone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0)
    assume(
        int((midnight - local).total_seconds()) % 86400 or local >= midnight
    )  # at midnight sharp PHP is a day off
    clock, text = Clock(now, zone), dgmdate(local, now.astimezone(zone))
    found = clock.parse(text)
    assert found is not None
    if "秒" in text or "刚" in text or "-" in text:
        assert found == moment
    elif ":" in text:
        assert found == moment.replace(second=0)
    elif "天" not in text:
        assert timedelta(minutes=-1) <= found - moment < timedelta(hours=1)
    if local < midnight:
        assert clock.parse_day(text) == local.date()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ('<p>GMT+8, 2026-11-24 05:09<span id="debuginfo">', 480),
        ("当前时区 GMT+8, 现在时间是 2026-11-24 04:50", 480),
        ("當前時區 GMT+8, 現在時間是 2026-11-24 04:50", 480),
        ("All times are GMT-5, the time now is 2010-1-12 08:20", -300),
        (
            'GMT+8, 2026-11-24 04:50, <span id="debuginfo">Processed in 0.02 second(s)',
            480,
        ),
        ("GMT, 2010-1-1 00:00", 0),
        ("GMT+5.5, 2010-1-1 00:00", 330),
        ("GMT-3.5, 2010-1-1 00:00", -210),
        ("GMT+05:45, 2010-1-1 00:00", 345),
        (
            "<p>GMT+1, 2010-1-1 quoted</p> ... GMT+8, 2013-1-12 08:20 , Processed in",
            480,
        ),
    ],
)
def test_zone_of_the_footer(text: str, minutes: int) -> None:
    assert parse_zone(text) == timezone(timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "text", ["", "GMT+8", "GMT+99, 2010-1-1", "(GMT +8) 2010-1-1", "GMT+8, 北京"]
)
def test_no_zone(text: str) -> None:
    assert parse_zone(text) is None


@pytest.mark.parametrize(
    ("footer", "day"),
    [
        ("GMT+8, 3/4/2026 20:09", date(2013, 2, 1)),
        ("GMT+8, 4-3-2026 20:09", date(2013, 1, 2)),
        ("GMT+9, <span>4.3.2026 20:09", date(2013, 1, 2)),
        ("GMT+8, 2026-3-4 20:09", None),
        ("", None),
        ("GMT+8, 3/4/2020 20:09", None),
    ],
)
def test_the_footer_tells_whether_the_day_or_the_month_comes_first(
    footer: str, day: date | None
) -> None:
    fetched_at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    clock = Clock(fetched_at, CHINA, lambda: date_order(footer, "", fetched_at))
    assert clock.parse_day("2/1/2013 08:20") == day
    assert clock.parse_day("13/1/2013 08:20") == date(2013, 1, 13)


@pytest.mark.parametrize(
    "printed", ["2013-1-12", "2013/1/12", "1/12/2013", "12.01.2013", "2013年1月12日"]
)
def test_a_zone_beside_a_day_in_any_order(printed: str) -> None:
    assert parse_zone(
        f"GMT+9, {printed} 08:20, Processed in 0.1 second(s)"
    ) == timezone(timedelta(hours=9))
