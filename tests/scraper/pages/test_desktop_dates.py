"""Dates in any form that an administrator may set: the whole page settles their order, or
they are absent and the loss is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from desktop_markup import X, words, x_post

from scraper.core.records import Capture, Page, ThreadPage
from scraper.parsing import parse_capture

AT = datetime(2014, 5, 6, 2, tzinfo=UTC)


def page_of(*times: str, footer: str = "", at: datetime = AT) -> Page:
    """A thread page whose posts were made at the times printed, numbered in that order."""
    posts = ""
    for pid, time in enumerate(times, 8):
        post = x_post(pid, words(pid), floor=f"{pid - 7}#")
        posts += post.replace("2012-3-4 05:06:07", time)
    end = f"<p>GMT+8, {footer}</p></body></html>" if footer else "</body></html>"
    markup = f"<html>{X}{posts}{end}"
    return parse_capture(
        Capture("https://bbs.example.net/thread-1-1-1.html", at, markup.encode())
    )


def times_of(page: Page) -> list[str]:
    """The posts' times in China, empty where none was read."""
    assert isinstance(page.content, ThreadPage)
    times = (post.posted_at for post in page.content.posts)
    return [time.isoformat()[:16] if time else "" for time in times]


@pytest.mark.parametrize(
    ("time", "footer"),
    [
        ("14-1-2 11:04", "14-5-6 10:00"),
        ("14/01/02 11:04", "14/05/06 10:00"),
        ("2/1/14 11:04 AM", "6/5/14 10:00 AM"),
        ("1-2-14 11:04", "5-6-14 10:00"),
        ("2.1.2014 11:04:05", "6.5.2014 10:00"),
        ("1-2-2014 11:04 am", "5-6-2014 10:00 am"),
        ("02/01/2014 上午 11:04", "06/05/2014 上午 10:00"),
        ("14-1-2&nbsp;11:04", "14-5-6 10:00"),
        ("2014-2-1 11:04", "2014-6-5 10:00"),
        ("2014/02/01 11:04:05", "2014/06/05 10:00"),
        ("2014.2.1 上午 11:04", "2014.6.5 上午 10:00"),
        ("14-2-1 11:04", "14-6-5 10:00"),
        ("14年1月2日 11:04", "14年5月6日 10:00"),
        ("2014年1月2日 上午11:04", "2014年5月6日 上午10:00"),
        ("2014年1月2日 11:04", "2014年6月5日 10:00"),  # the capture is of another day
    ],
)
def test_the_footer_settles_the_order(time: str, footer: str) -> None:
    page = page_of(time, footer=footer)
    assert times_of(page) == ["2014-01-02T03:04"]
    assert "no-times" not in {warning.kind for warning in page.warnings}


@pytest.mark.parametrize(
    ("times", "read"),
    [
        (  # they rise in no order
            ("1/12/2013 11:04", "3/1/2014 11:04", "4/7/2013 11:04"),
            [],
        ),
        (("31/1/2014 11:04", "1/2/2014 11:04"), ["2014-01-31", "2014-02-01"]),
        (("1/31/2014 11:04", "2/1/2014 11:04"), ["2014-01-31", "2014-02-01"]),
        (("5/3/2014 11:04", "2/4/2014 11:04"), ["2014-03-05", "2014-04-02"]),
        (("1-2-2014 11:04", "3-4-2014 11:04"), []),
        (("3-1-2014 11:04", "12-1-2014 11:04"), ["2014-01-03", "2014-01-12"]),
        (
            ("10-1-2 11:04", "11-2-3 11:04", "13-12-25 11:04"),
            ["2010-01-02", "2011-02-03", "2013-12-25"],
        ),
        (("2013-2-11 11:04", "2014-25-1 11:04"), ["2013-11-02", "2014-01-25"]),
        (("2014-1-2 11:04", "2014-2-3 11:04"), ["2014-01-02", "2014-02-03"]),
        (("2014-5-4 11:04", "2014-4-5 11:04"), ["2014-05-04", "2014-04-05"]),
    ],
)
def test_posts_settle_the_order_where_the_footer_does_not(
    times: tuple[str, ...], read: list[str]
) -> None:
    page = page_of(*times)
    expected = [f"{day}T03:04" for day in read] or [""] * len(times)
    assert times_of(page) == expected
    has_warning = "no-times" in {warning.kind for warning in page.warnings}
    assert has_warning is not bool(read)


@pytest.mark.parametrize(
    "time", ["4-1-2 11:04", "1/2/2014 11:04", "1.2.12 11:04 PM", "2014-31-2 11:04"]
)
def test_an_unsettled_order_is_told_of_a_single_post(time: str) -> None:
    page = page_of(time)
    assert times_of(page) == [""]
    assert "no-times" in {warning.kind for warning in page.warnings}


def test_a_footer_that_fits_two_orders_is_helped_by_the_posts() -> None:
    at = datetime(2012, 12, 12, 2, tzinfo=UTC)
    page = page_of("10-1-31 11:04", "11-2-1 11:04", footer="12-12-12 10:00", at=at)
    assert times_of(page) == ["2010-01-31T03:04", "2011-02-01T03:04"]


@pytest.mark.parametrize("other", ["2014-2-13 11:04", "2014-5-31 11:04"])
def test_a_page_that_contradicts_its_footer_is_read_as_usual(other: str) -> None:
    """A file that was saved on another day than its page says."""
    page = page_of("2014-2-1 11:04", other, footer="2014-6-5 10:00")
    assert times_of(page)[0] == "2014-02-01T03:04"
    assert all(times_of(page))
