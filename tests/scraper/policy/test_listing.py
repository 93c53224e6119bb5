"""How far a board is walked through: fingerprints of rows, and where a walk ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from board_rows import NOW, board_page, known, row

from scraper.core.records import ThreadRow
from scraper.policy.listing import (
    goes_on,
    listing_fingerprint,
    lost_replies,
    newest_reply,
    walk_ends,
    walked_until,
    was_walked,
)
from scraper.policy.scope import ANYTHING, Scope

JUNE = Scope(since=date(2024, 6, 1))


@pytest.mark.parametrize(
    ("one", "fingerprint"),
    [
        (row(5), "3 2024-06-01T11:00 a"),
        (row(5, replies=0), "0 2024-06-01T11:00 a"),
        (row(5, last_author=""), "3 2024-06-01T11:00"),
        (row(5, last_post_at=None), "3  a"),
        (row(5, replies=None), "2024-06-01T11:00 a"),
        (ThreadRow(tid=5), ""),
    ],
)
def test_a_fingerprint_tells_replies_minute_and_author(
    one: ThreadRow, fingerprint: str
) -> None:
    """Fingerprints are stored: another form of them would have every thread read again."""
    assert listing_fingerprint(one) == fingerprint


def test_seconds_and_views_make_no_other_fingerprint() -> None:
    """Some layouts print seconds and others do not; views move at every look."""
    later = NOW - timedelta(hours=1) + timedelta(seconds=59)
    assert listing_fingerprint(row(5, last_post_at=later, views=9)) == (
        listing_fingerprint(row(5))
    )


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [
        ("3 x", "2 x", True),
        ("3 x", "3 x", False),
        ("3 x", "4 x", False),
        ("10 x", "9 x", True),
        ("9 x", "10 x", False),
        ("", "999999 x", True),
        ("3 x", "", False),
        ("3 x", "2024-06-01T11:00 a", False),
        ("9" * 5_000, "3 x", True),
        ("3 x", "9" * 5_000, False),
    ],
    ids=str,
)
def test_replies_that_went(before: str, now: str, lost: bool) -> None:
    assert lost_replies(before, now) is lost


def test_the_walk_ends_where_all_ordinary_rows_are_too_old() -> None:
    assert walk_ends(board_page(row(1, sticky=True), row(5, 60)), JUNE)
    assert not walk_ends(board_page(row(5, 60), row(6, 1)), JUNE)
    assert not walk_ends(board_page(row(5, 60), row(6, last_post_at=None)), JUNE)
    assert not walk_ends(board_page(row(1, 60, sticky=True)), JUNE)
    assert not walk_ends(board_page(), JUNE)
    assert not walk_ends(board_page(row(5, 60)), ANYTHING)


@pytest.mark.parametrize(
    ("before", "since", "after"),
    [
        ("", None, "all"),
        ("2024-05-31", None, "all"),
        ("all", None, "all"),
        ("all", date(2024, 5, 31), "all"),
        ("", date(2024, 5, 31), "2024-05-31"),
        ("2024-05-31", date(2024, 6, 1), "2024-05-31"),
        ("2024-06-01", date(2024, 5, 31), "2024-05-31"),
    ],
)
def test_a_walk_is_remembered_as_far_back_as_any_went(
    before: str, since: date | None, after: str
) -> None:
    assert walked_until(before, since) == after
    assert was_walked(after, since)


@pytest.mark.parametrize(
    ("before", "since", "walked"),
    [
        ("", None, False),
        ("", date(2024, 5, 31), False),
        ("2024-05-31", None, False),
        ("2024-05-31", date(2024, 5, 30), False),
        ("2024-05-31", date(2024, 5, 31), True),
        ("2024-05-31", date(2024, 6, 1), True),
        ("all", None, True),
        ("all", date(2004, 1, 1), True),
    ],
)
def test_whether_a_board_was_walked_as_far(
    before: str, since: date | None, walked: bool
) -> None:
    assert was_walked(before, since) is walked


OLD = (row(5), row(6, 2))


@pytest.mark.parametrize(
    ("rows", "further"),
    [
        (OLD, False),
        ((row(7, 0.5), *OLD), False),
        ((row(8), row(9, 2)), True),
        ((*OLD, row(9, 3)), True),
        ((row(7, 1), *OLD), False),
        ((row(6, 2), row(7, 0.5), row(5)), True),
        ((row(6, 2), row(5)), False),
        ((row(7, last_post_at=None), *OLD), True),
        ((row(1, 0, sticky=True), *OLD), False),
        ((*OLD, row(9, 3, sticky=True)), False),
        ((*OLD, row(9, 3, moved_to=10)), False),
        ((row(1, 0, sticky=True),), False),
        ((), False),
    ],
    ids=[
        "nothing new",
        "news above what is known",
        "all is new",
        "the last one is new",
        "news of the same minute",
        "news in disorder",
        "disorder without news",
        "news without a time",
        "a new sticky thread",
        "a sticky thread below",
        "a pointer below",
        "sticky threads only",
        "no threads",
    ],
)
def test_a_walk_goes_on_while_the_next_page_may_show_news(
    rows: tuple[ThreadRow, ...], further: bool
) -> None:
    assert goes_on(board_page(*rows), known(*OLD), ANYTHING) is further


def test_news_that_are_too_old_do_not_lead_on() -> None:
    assert not goes_on(board_page(row(7, 1), row(8, 60)), known(), JUNE)
    assert goes_on(board_page(row(7, 1), row(8, 2)), known(), JUNE)


def test_the_newest_reply_is_found_among_sticky_threads_too() -> None:
    page = board_page(row(1, 900, sticky=True), row(5, 3), row(6, 2))
    assert newest_reply(page) == NOW - timedelta(hours=2)
    assert newest_reply(board_page(row(5, last_post_at=None))) is None
    assert newest_reply(board_page()) is None


@pytest.mark.parametrize(
    ("utc_offset_minutes", "utc", "day"),
    [
        (480, datetime(2023, 12, 31, 16, tzinfo=UTC), date(2024, 1, 1)),
        (480, datetime(2023, 12, 31, 15, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (0, datetime(2024, 1, 1, tzinfo=UTC), date(2024, 1, 1)),
        (0, datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (-300, datetime(2024, 1, 1, 5, tzinfo=UTC), date(2024, 1, 1)),
        (-300, datetime(2024, 1, 1, 4, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (330, datetime(2023, 12, 31, 18, 30, tzinfo=UTC), date(2024, 1, 1)),
    ],
)
def test_since_means_the_day_of_the_forums_own_clock(
    utc_offset_minutes: int, utc: datetime, day: date
) -> None:
    page = board_page(row(9, last_post_at=utc))
    that_day = Scope(since=day, utc_offset_minutes=utc_offset_minutes)
    next_day = Scope(
        since=day + timedelta(days=1), utc_offset_minutes=utc_offset_minutes
    )
    assert not walk_ends(page, that_day)
    assert walk_ends(page, next_day)


@pytest.mark.parametrize(
    ("utc_offset_minutes", "utc"),
    [
        (480, datetime.max.replace(tzinfo=UTC)),
        (-480, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_the_ends_of_the_calendar_have_a_day(
    utc_offset_minutes: int, utc: datetime
) -> None:
    scope = Scope(since=utc.date(), utc_offset_minutes=utc_offset_minutes)
    assert not walk_ends(board_page(row(9, last_post_at=utc)), scope)


def test_a_forum_whose_zone_is_not_known_is_eight_hours_before_greenwich() -> None:
    assert Scope().utc_offset_minutes == 480
