"""When a page is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.records import Post, ThreadPage
from scraper.policy.revisits import (
    MOST_RARELY,
    REFUSED_AGAIN,
    SOON,
    board_again_at,
    last_change,
    revisit_at,
)

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TIMES = st.integers(0, 20 * 365 * 86_400).map(
    lambda seconds: NOW - timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(days=-1), timedelta(hours=12)),
        (timedelta(0), timedelta(hours=12)),
        (DAY - SECOND, timedelta(hours=12)),
        (DAY, timedelta(hours=36)),
        (7 * DAY - SECOND, timedelta(hours=36)),
        (7 * DAY, 30 * DAY),
        (30 * DAY, 30 * DAY),
        (30 * DAY + SECOND, 30 * DAY + SECOND),
        (200 * DAY, 200 * DAY),
        (365 * DAY, 365 * DAY),
        (366 * DAY, 365 * DAY),
        (None, 365 * DAY),
    ],
)
def test_a_thread_is_looked_at_again_the_later_the_longer_it_was_quiet(
    age: timedelta | None, wait: timedelta
) -> None:
    changed_at = None if age is None else NOW - age
    assert revisit_at(NOW, changed_at) == NOW + wait


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(hours=-1), timedelta(minutes=30)),
        (timedelta(hours=2), timedelta(minutes=30)),
        (timedelta(hours=2, seconds=4), timedelta(minutes=30, seconds=1)),
        (timedelta(hours=8), timedelta(hours=2)),
        (4 * DAY, DAY),
        (5 * DAY, DAY),
        (None, timedelta(hours=6)),
    ],
)
def test_a_board_is_looked_at_again_the_sooner_the_more_is_going_on(
    age: timedelta | None, wait: timedelta
) -> None:
    newest = None if age is None else NOW - age
    assert board_again_at(NOW, newest) == NOW + wait


def test_a_refused_page_is_asked_for_again_after_a_month() -> None:
    assert REFUSED_AGAIN == 30 * DAY


@given(TIMES, st.none() | TIMES)
def test_visits_come_after_the_last_one_and_at_least_once_a_year(
    visited: datetime, changed: datetime | None
) -> None:
    assert visited + SOON <= revisit_at(visited, changed) <= visited + MOST_RARELY
    assert visited < board_again_at(visited, changed) <= visited + DAY


@given(TIMES, TIMES, TIMES)
def test_what_changed_later_is_visited_no_later(
    visited: datetime, one: datetime, other: datetime
) -> None:
    older, newer = sorted((one, other))
    assert revisit_at(visited, newer) <= revisit_at(visited, older)
    assert board_again_at(visited, newer) <= board_again_at(visited, older)


@pytest.mark.parametrize(
    ("posts", "changed"),
    [
        ((), None),
        ((Post(pid=1),), None),
        ((Post(posted_at=NOW - DAY), Post(posted_at=NOW)), NOW),
        ((Post(posted_at=NOW), Post(posted_at=NOW - DAY)), NOW),
        ((Post(posted_at=NOW - DAY, edited_at=NOW), Post(pid=2)), NOW),
        ((Post(edited_at=NOW), Post(posted_at=NOW - DAY)), NOW),
        ((Post(posted_at=NOW - DAY, edited_at=NOW - 2 * DAY),), NOW - DAY),
    ],
)
def test_a_thread_page_changed_with_its_latest_post_or_edit(
    posts: tuple[Post, ...], changed: datetime | None
) -> None:
    assert last_change(ThreadPage(tid=5, posts=posts)) == changed
