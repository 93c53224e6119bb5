"""A page's clock, told in which order the page prints days: two digits a year, day or month
first, the day second; and what it notes where nobody tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from scraper.markup.date_order import DateOrder
from scraper.markup.dates import Clock

FETCHED = datetime(2024, 6, 1, 12, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def clock_of(order: DateOrder | None, *, has_day_second: bool = False) -> Clock:
    """A clock of a page in China whose dates stand in an order."""
    return Clock(
        FETCHED,
        zone=CHINA,
        settle_order=lambda: order,
        has_day_second=has_day_second,
    )


@pytest.mark.parametrize(
    ("fields", "text", "utc"),
    [
        ("ymd", "24-1-2 15:04", datetime(2024, 1, 2, 7, 4, tzinfo=UTC)),
        ("ymd", "09/12/31 08:00:07", datetime(2009, 12, 31, 0, 0, 7, tzinfo=UTC)),
        ("dmy", "3.4.21 09:00", datetime(2021, 4, 3, 1, tzinfo=UTC)),
        ("mdy", "3-4-21 09:00", datetime(2021, 3, 4, 1, tzinfo=UTC)),
        ("dmy", "3/4/21", datetime(2021, 4, 2, 16, tzinfo=UTC)),
        ("dmy", "发表于 3-4-21 03:04 PM", datetime(2021, 4, 3, 7, 4, tzinfo=UTC)),
        ("dmy", "3-4-21 12:04 AM", datetime(2021, 4, 2, 16, 4, tzinfo=UTC)),
    ],
)
def test_a_year_of_two_digits_is_read_in_the_pages_order(
    fields: str, text: str, utc: datetime
) -> None:
    clock = clock_of(DateOrder(fields, is_short=True))
    assert clock.parse(text) == utc
    assert clock.has_unsettled_dates is False


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (DateOrder("ymd"), "24-1-2 15:04"),  # the page prints years of four digits
        (DateOrder("dmy", is_short=True), "24-13-21"),
        (DateOrder("mdy", is_short=True), "2-30-21"),
    ],
)
def test_what_is_no_day_in_the_pages_order_is_none(order: DateOrder, text: str) -> None:
    assert clock_of(order).parse(text) is None


@pytest.mark.parametrize("text", ["24-1-2 15:04", "3/4/2013 08:00"])
def test_where_nothing_tells_the_order_that_is_noted(text: str) -> None:
    clock = clock_of(None)
    assert clock.has_unsettled_dates is False
    assert clock.parse("2013-04-03 08:00") is not None
    assert clock.has_unsettled_dates is False
    assert clock.parse(text) is None
    assert clock.has_unsettled_dates is True

    without = Clock(FETCHED, zone=CHINA)
    assert without.parse(text) is None
    assert without.has_unsettled_dates is True


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("12/3/2013", 3, 12),
        ("3/12/2013", 12, 3),
        ("13/3/2013", 3, 13),
        ("3/13/2013", 3, 13),
        ("12/12/2013", 12, 12),
        ("12/13/2013", 12, 13),
    ],
)
def test_the_order_tells_only_where_no_number_does(
    text: str, month: int, day: int
) -> None:
    clock = clock_of(DateOrder("dmy"))
    read = clock.parse(f"{text} 09:00")
    assert read == datetime(2013, month, day, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("2014-25-1 09:00", 1, 25),
        ("2014-5-6 09:00", 6, 5),
        ("发表于 2014-5-6 09:00", 6, 5),
        ("2014年5月6日 09:00", 5, 6),
        ("发表于 2014年5月6日 09:00", 5, 6),
    ],
)
def test_a_day_that_stands_second_is_read_so_but_where_labels_tell(
    text: str, month: int, day: int
) -> None:
    clock = clock_of(None, has_day_second=True)
    assert clock.parse(text) == datetime(2014, month, day, 1, tzinfo=UTC)
    usual = clock_of(None).parse(text)
    expected = None if "25" in text else datetime(2014, 5, 6, 1, tzinfo=UTC)
    assert usual == expected


@pytest.mark.parametrize("text", ["2014-5-1", "2014-05-01", "2014-5-1 00:00"])
def test_a_bare_day_that_stands_second_is_read_as_one_with_a_time(text: str) -> None:
    clock = clock_of(None, has_day_second=True)

    assert clock.parse_day(text) == date(2014, 1, 5)


def test_an_impossible_bare_day_is_none_and_noted() -> None:
    clock = clock_of(None)

    assert clock.parse_day("2014-2-30") is None
    assert not clock.has_unsettled_dates
    assert clock.parse_day("2014-25-1") is None
    assert clock.has_unsettled_dates


def test_a_thirteenth_month_is_noted_where_no_order_is_known() -> None:
    clock = clock_of(None)
    assert clock.parse("2014-25-1 09:00") is None
    assert clock.has_unsettled_dates is True


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2014-5-6 12:10 下午", 4),
        ("2014-5-6 下午 12:10", 4),
        ("2014-5-6 11:10 PM", 15),
        ("2014-5-6 11:10 pm", 15),
        ("2014-5-6 13:10 PM", 5),
        ("2014-5-6 11:10 AM", 3),
    ],
)
def test_the_half_of_a_day(text: str, hour: int) -> None:
    assert clock_of(None).parse(text) == datetime(2014, 5, 6, hour, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("+0800", datetime(2024, 1, 2, 7, 4, 5, tzinfo=UTC)),
        ("+1230", datetime(2024, 1, 2, 2, 34, 5, tzinfo=UTC)),
        ("-0330", datetime(2024, 1, 2, 18, 34, 5, tzinfo=UTC)),
        ("-1100", datetime(2024, 1, 3, 2, 4, 5, tzinfo=UTC)),
        ("GMT", datetime(2024, 1, 2, 15, 4, 5, tzinfo=UTC)),
        ("Z", datetime(2024, 1, 2, 15, 4, 5, tzinfo=UTC)),
        ("", datetime(2024, 1, 2, 7, 4, 5, tzinfo=UTC)),
    ],
)
def test_a_time_with_a_zone_of_its_own(zone: str, utc: datetime) -> None:
    text = f"Tue, 02 Jan 2024 15:04:05 {zone}".rstrip()
    assert clock_of(None).parse(text) == utc
