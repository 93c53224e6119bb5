"""What a visit came to: by what was asked for and by what answered; when to ask again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.core.records import (
    BoardPage,
    Content,
    IndexPage,
    Notice,
    Post,
    Reason,
    ThreadPage,
    ThreadRow,
    Unknown,
)
from scraper.policy.judgement import is_about_other_thread, judge, retry_at
from scraper.policy.plan import Key

AT = datetime(2024, 6, 1, tzinfo=UTC)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
THREAD = Key("thread", 7)
BOARD = Key("board", 3)


@pytest.mark.parametrize(
    "reason", ["forbidden", "login", "password", "closed", "other"]
)
def test_a_refusal_is_left_alone_for_a_month(reason: Reason) -> None:
    found = judge(Notice(reason=reason, message="无权访问"), THREAD, AT)
    assert found.outcome == "refused"
    assert found.revisit_at == AT + 30 * DAYS
    assert found.reason == f"{reason}: 无权访问"


def test_what_is_not_there_is_looked_for_a_year_later() -> None:
    found = judge(Notice(reason="not_found", message="没有找到帖子"), THREAD, AT)
    assert found.outcome == "gone"
    assert found.revisit_at == AT + 365 * DAYS
    assert found.reason == "没有找到帖子"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Notice(reason="throttled", message="请稍后再试"), "throttled: 请稍后再试"),
        (Unknown(message="no posts"), "unreadable: no posts"),
    ],
)
def test_what_passes_is_asked_for_again(content: Content, reason: str) -> None:
    found = judge(content, THREAD, AT)
    assert found.outcome == "again"
    assert found.revisit_at is None
    assert found.reason == reason


@pytest.mark.parametrize("kind", ["thread", "archiver"])
@pytest.mark.parametrize(
    ("tid", "page", "outcome"),
    [
        (7, 2, "page"),
        (None, 2, "page"),  # print pages name no thread
        (7, 3, "page"),
        (7, 1, "past_end"),
        (8, 2, "elsewhere"),
        (8, 1, "elsewhere"),
    ],
)
def test_a_thread_page_by_the_thread_and_page_that_it_names(
    kind: str, tid: int | None, page: int, outcome: str
) -> None:
    key = Key(kind, 7, 2)  # type: ignore[arg-type]
    found = judge(ThreadPage(tid=tid, title="甲", page=page), key, AT)
    assert found.outcome == outcome
    assert found.revisit_at


def test_a_thread_is_looked_at_again_by_its_last_change() -> None:
    fresh = Post(author="甲", text="一", posted_at=AT - 2 * HOURS)
    found = judge(ThreadPage(tid=7, title="甲", posts=(fresh,)), THREAD, AT)
    assert found.revisit_at == AT + 12 * HOURS
    found = judge(ThreadPage(tid=7, title="甲"), THREAD, AT)
    assert found.revisit_at == AT + 365 * DAYS


def test_a_boards_first_page_is_looked_at_sooner_where_more_is_going_on() -> None:
    row = ThreadRow(tid=7, title="甲", last_post_at=AT - 8 * HOURS)
    page = BoardPage(fid=3, name="乙", threads=(row,))
    assert judge(page, BOARD, AT).outcome == "page"
    assert judge(page, BOARD, AT).revisit_at == AT + 2 * HOURS


@pytest.mark.parametrize(("page", "outcome"), [(2, "page"), (1, "past_end")])
def test_a_boards_further_pages_are_walked_when_something_moved(
    page: int, outcome: str
) -> None:
    row = ThreadRow(tid=7, title="甲", last_post_at=AT - 8 * HOURS)
    content = BoardPage(fid=3, name="乙", page=page, threads=(row,))
    found = judge(content, Key("board", 3, 2), AT)
    assert found.outcome == outcome
    assert found.revisit_at == AT + 365 * DAYS


@pytest.mark.parametrize("key", [Key("index"), Key("category", 1), Key("user", 5)])
def test_lists_of_boards_and_of_a_members_threads_are_daily(key: Key) -> None:
    found = judge(IndexPage(), key, AT)
    assert found.outcome == "page"
    assert found.revisit_at == AT + DAYS


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (IndexPage(), THREAD),
        (BoardPage(fid=3, name="乙"), THREAD),
        (ThreadPage(tid=7, title="甲"), BOARD),
        (BoardPage(fid=3, name="乙"), Key("index")),
    ],
)
def test_a_page_of_another_kind_is_elsewhere(content: Content, key: Key) -> None:
    found = judge(content, key, AT)
    assert found.outcome == "elsewhere"
    assert found.revisit_at == AT + 30 * DAYS
    assert content.kind in found.reason


def test_another_thread() -> None:
    assert not is_about_other_thread(ThreadPage(tid=7, title=""), THREAD)
    assert not is_about_other_thread(ThreadPage(tid=None, title=""), THREAD)
    assert is_about_other_thread(ThreadPage(tid=8, title=""), THREAD)


@pytest.mark.parametrize(
    ("tries", "wait_s", "after_s"),
    [
        (1, None, 5),
        (2, None, 10),
        (3, None, 20),
        (1, 3.0, 5),
        (1, 60.0, 60),
        (2, 0.0, 10),
    ],
)
def test_each_failure_waits_longer_and_as_long_as_the_server_wants(
    tries: int, wait_s: float | None, after_s: float
) -> None:
    assert retry_at(AT, tries, 6, wait_s) == AT + timedelta(seconds=after_s)


def test_enough_failures_or_one_for_good_are_the_end() -> None:
    assert retry_at(AT, 5, 6)
    assert retry_at(AT, 6, 6) is None
    assert retry_at(AT, 7, 6) is None
    assert retry_at(AT, 1, 6, for_good=True) is None
