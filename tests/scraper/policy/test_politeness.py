"""Laws of the pace, whatever happens to requests; Retry-After; the name we give."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.errors import InputError
from scraper.policy.politeness import (
    LONGEST_PAUSE_S,
    Pace,
    after_answer,
    after_complaint,
    after_hiccup,
    after_trouble,
    first_pace,
    next_at,
    retry_after_s,
    retry_delay_s,
    user_agent,
    with_crawl_delay,
)

NOW = datetime(2026, 11, 24, 5, 9, tzinfo=UTC)
Events = list[tuple[str, float | None]]
delays = st.floats(0, 60)
events = st.lists(
    st.tuples(
        st.sampled_from(["answer", "slow", "trouble", "hiccup", "complaint"]),
        st.none() | st.floats(0, 120),
    ),
    max_size=60,
)


def after(pace: Pace, happened: Events) -> Pace:
    for number, (event, rest_s) in enumerate(happened):
        now_s = float(number)
        if event in ("answer", "slow"):
            pace = after_answer(pace, 0.1 if event == "answer" else 9.0, now_s)
        else:
            change = {
                "trouble": after_trouble,
                "hiccup": after_hiccup,
                "complaint": after_complaint,
            }[event]
            pace = change(pace, now_s - 0.5, now_s, rest_s)
    return pace


@given(delays, events)
def test_a_pause_stays_between_what_is_wanted_and_the_longest(
    delay_s: float, happened: Events
) -> None:
    pace = after(first_pace(delay_s), happened)
    assert pace.base_s == delay_s
    assert delay_s <= pace.floor_s <= pace.delay_s <= max(LONGEST_PAUSE_S, delay_s)


@given(delays, events, st.floats(-100, 100), st.integers())
def test_the_next_request_waits_for_the_pause_and_for_retry_after(
    delay_s: float, happened: Events, last_s: float, seed: int
) -> None:
    pace = after(first_pace(delay_s), happened)
    due_s = next_at(pace, last_s, random.Random(seed))
    assert due_s >= max(last_s + pace.delay_s, pace.not_before_s)
    assert due_s <= max(last_s + pace.delay_s * 1.25, pace.not_before_s) + 1e-6


@given(delays, events)
def test_trouble_passes(delay_s: float, happened: Events) -> None:
    pace = after(first_pace(delay_s), happened)
    calm = after(pace, [("answer", None)] * 120)
    assert calm.delay_s == calm.floor_s


@given(delays, events)
def test_a_pause_that_was_too_fast_is_not_tried_again_soon(
    delay_s: float, happened: Events
) -> None:
    pace = after(first_pace(delay_s), happened)
    complained = after_complaint(pace, 1e6, 1e6)
    settled = after(complained, [("answer", None)] * 400)
    assert settled.delay_s >= min(LONGEST_PAUSE_S, pace.delay_s * 1.2)


def test_after_a_long_peace_a_little_less_is_tried() -> None:
    pace = after(after_complaint(first_pace(2.0), 0, 0), [("answer", None)] * 560)
    assert 2.0 <= pace.delay_s < 2.5


def test_requests_under_way_together_count_once() -> None:
    grown = after_trouble(first_pace(2.0), 10.0, 11.0)
    assert grown.delay_s == 4.0
    assert after_trouble(grown, 10.2, 11.1).delay_s == 4.0
    assert after_complaint(grown, 10.3, 11.2).too_fast_s == 0
    assert after_trouble(grown, 12.0, 13.0).delay_s == 8.0


def test_one_failure_among_many_answers_changes_nothing_two_do() -> None:
    pace = after(first_pace(2.0), [("answer", None)] * 5)
    once = after_hiccup(pace, 9.0, 9.1)
    assert once.delay_s == 2.0
    assert after_hiccup(once, 9.0, 9.2).delay_s == 2.0  # under way together
    assert after_hiccup(once, 11.0, 11.1).delay_s == 4.0
    assert after_hiccup(after_answer(once, 0.1, 10.0), 11.0, 11.1).delay_s == 2.0
    assert after_hiccup(pace, 9.0, 9.1, 30.0).not_before_s == 39.1


def test_a_forum_that_slows_down_is_asked_less() -> None:
    pace = after(first_pace(2.0), [("answer", None)] * 10)
    assert after_answer(pace, 5.0, 99.0).delay_s == 4.0
    assert (
        after_answer(pace, 0.5, 99.0).delay_s == 2.0
    )  # four times the usual, and still quick


def test_a_pause_of_zero_can_grow_and_comes_back_to_zero() -> None:
    grown = after_trouble(first_pace(0.0), 0, 0)
    assert grown.delay_s > 0
    assert after(grown, [("answer", None)] * 40).delay_s == 0


def test_what_an_earlier_run_learned_and_robots_count() -> None:
    assert first_pace(2.0, too_fast_s=4.0).delay_s == 5.0
    assert with_crawl_delay(first_pace(2.0), 10.0).floor_s == 10.0
    assert with_crawl_delay(first_pace(2.0), None) == first_pace(2.0)
    assert with_crawl_delay(replace(first_pace(2.0), delay_s=8.0), 1.0).delay_s == 8.0


@pytest.mark.parametrize("allowed_s", [0.3, 1.0, 3.0, 10.0])
@pytest.mark.parametrize("delay_s", [0.0, 0.5, 2.0])
def test_it_settles_below_what_a_forum_allows(allowed_s: float, delay_s: float) -> None:
    pace, now_s, last_s, dice, complaints = (
        first_pace(delay_s),
        0.0,
        -99.0,
        random.Random(7),
        [],
    )
    for _ in range(1500):
        now_s = next_at(pace, now_s, dice)
        complaints.append(now_s - last_s <= allowed_s)
        last_s = now_s
        pace = (
            after_complaint(pace, now_s, now_s, allowed_s)
            if complaints[-1]
            else after_answer(pace, 0.01, now_s)
        )
    settled = complaints[100:]
    assert max(sum(settled[at : at + 50]) for at in range(len(settled) - 50)) <= 1
    assert pace.delay_s < 2 * max(allowed_s, delay_s)


@given(st.integers(-3, 10_000))
def test_retries_come_later_and_later(tries: int) -> None:
    assert 5 <= retry_delay_s(tries) <= retry_delay_s(tries + 1) <= 3600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 1 ", 1),
        ("0", 0),
        ("Tue, 24 Nov 2026 05:10:00 GMT", 60),
        ("Tue, 24 Nov 2026 05:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 40, 999_999_999),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


@given(st.text(max_size=60))
def test_retry_after_never_fails(header: str) -> None:
    assert (retry_after_s(header, NOW) or 0) >= 0


def test_our_name_selects_no_other_page() -> None:
    assert user_agent("0.1.0", "https://keeper.example/forums") == (
        "discuz-archive/0.1.0 (+https://keeper.example/forums)"
    )
    assert user_agent("12.3.4") == "discuz-archive/12.3.4"


@pytest.mark.parametrize(
    "contact",
    [
        "robot@example.com",
        "https://MOTor.example",
        "legolg@example.com",
        "used@example.com",
        "connect@example.com",
        "java@example.com",
        "me (at home)",
        "我@example.com",
        "a\r\nX: y",
    ],
)
def test_contacts_that_would_change_the_page_or_the_header_are_refused(
    contact: str,
) -> None:
    with pytest.raises(InputError, match="contact"):
        user_agent("0.1.0", contact)
