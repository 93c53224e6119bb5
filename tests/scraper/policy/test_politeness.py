"""Laws of the pace, whatever happens to requests; how much each event moves it; Retry-After."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.policy.politeness import (
    LONGEST_PAUSE_S,
    Pace,
    after_answer,
    after_complaint,
    after_hiccup,
    after_overload,
    after_trouble,
    first_pace,
    next_at,
    retry_after_s,
    retry_delay_s,
    with_crawl_delay,
)

NOW = datetime(2026, 11, 24, 5, 9, tzinfo=UTC)
Events = list[tuple[str, float | None]]
delays = st.floats(0, 60)
events = st.lists(
    st.tuples(
        st.sampled_from(
            ["answer", "slow", "trouble", "overload", "hiccup", "complaint"]
        ),
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
                "overload": after_overload,
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
    asked = with_crawl_delay(first_pace(2.0), 10.0)
    assert (asked.base_s, asked.floor_s, asked.delay_s) == (10.0, 10.0, 10.0)
    assert with_crawl_delay(first_pace(0.5), None) == first_pace(0.5)
    assert with_crawl_delay(replace(first_pace(2.0), delay_s=8.0), 1.0).delay_s == 8.0


# How much each event moves the pace.

USUAL = Pace(base_s=2.0, delay_s=2.0, usual_s=0.5, changed_s=100.0, calm=7)


class Dice(random.Random):
    """Dice that always fall the same way."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(("value", "at_s"), [(0.0, 102.0), (0.5, 102.25), (1.0, 102.5)])
def test_a_pause_is_up_to_a_quarter_longer_by_chance(value: float, at_s: float) -> None:
    assert next_at(Pace(delay_s=2.0), 100.0, Dice(value)) == at_s
    rested = Pace(delay_s=2.0, not_before_s=102.1)
    assert next_at(rested, 100.0, Dice(value)) == max(102.1, at_s)


def test_a_pace_begins_with_the_pause_that_is_wanted() -> None:
    assert first_pace(2.0) == Pace()
    assert first_pace(3.0) == Pace(base_s=3.0, delay_s=3.0)
    assert first_pace(0.0) == Pace(base_s=0.0, delay_s=0.0)
    assert first_pace(-1.0) == first_pace(0.0)
    assert first_pace(3.0, too_fast_s=2.0).delay_s == 3.0
    assert first_pace(0.0, too_fast_s=1_000.0).delay_s == 300.0
    assert first_pace(500.0, too_fast_s=1_000.0).delay_s == 500.0


def test_a_first_answer_tells_how_long_it_usually_takes() -> None:
    pace = after_answer(first_pace(2.0), 9.0, 1.0)
    assert (pace.usual_s, pace.delay_s, pace.calm) == (9.0, 2.0, 1)
    assert pace.changed_s == float("-inf")


@pytest.mark.parametrize(
    ("took_s", "usual_s"), [(0.5, 0.5), (0.7, 0.52), (0.0, 0.45), (60.0, 0.55)]
)
def test_the_usual_time_follows_slowly(took_s: float, usual_s: float) -> None:
    assert after_answer(USUAL, took_s, 200.0).usual_s == pytest.approx(usual_s)


@pytest.mark.parametrize(
    ("usual_s", "took_s", "slow"),
    [
        (0.5, 2.0, False),
        (0.5, 2.001, True),
        (0.1, 1.0, False),
        (0.1, 1.001, True),
        (0.0, 60.0, False),
    ],
)
def test_an_answer_is_slow_that_takes_four_times_the_usual_and_over_a_second(
    usual_s: float, took_s: float, slow: bool
) -> None:
    after = after_answer(replace(USUAL, usual_s=usual_s), took_s, 200.0)
    assert after.delay_s == (4.0 if slow else 2.0)
    assert after.changed_s == (200.0 if slow else 100.0)
    assert after.calm == (0 if slow else 8)


@pytest.mark.parametrize(
    ("delay_s", "after_s"),
    [(10.0, 9.0), (2.3, 2.07), (2.24, 2.0), (2.1, 2.0), (2.0, 2.0)],
)
def test_an_answer_shortens_the_pause_by_a_tenth_until_it_is_near_its_floor(
    delay_s: float, after_s: float
) -> None:
    pace = after_answer(replace(USUAL, delay_s=delay_s), 0.5, 200.0)
    assert pace.delay_s == pytest.approx(after_s)


@pytest.mark.parametrize(
    ("delay_s", "after_s"),
    [(0.0, 0.1), (0.01, 0.1), (0.05, 0.1), (2.0, 4.0), (200.0, 300.0), (400.0, 400.0)],
)
def test_trouble_doubles_the_pause_to_five_minutes(
    delay_s: float, after_s: float
) -> None:
    pace = after_trouble(replace(USUAL, delay_s=delay_s), 100.0, 101.0)
    assert pace.delay_s == pytest.approx(after_s)
    assert (pace.changed_s, pace.calm) == (101.0, 0)
    assert (pace.usual_s, pace.base_s, pace.too_fast_s) == (0.5, 2.0, 0.0)


def test_trouble_of_a_request_sent_before_the_last_one_changes_nothing() -> None:
    assert after_trouble(USUAL, 99.9, 101.0) == USUAL
    assert after_hiccup(USUAL, 99.9, 101.0) == USUAL
    assert after_complaint(USUAL, 99.9, 101.0) == USUAL


def test_a_rest_that_the_server_asks_for_is_never_shortened() -> None:
    rested = after_trouble(USUAL, 99.9, 101.0, 30.0)
    assert rested == replace(USUAL, not_before_s=131.0)
    assert after_trouble(rested, 99.9, 102.0, 5.0).not_before_s == 131.0
    assert after_trouble(rested, 99.9, 102.0, 30.0).not_before_s == 132.0
    assert after_trouble(rested, 99.9, 102.0, 0.0).not_before_s == 131.0
    assert after_complaint(USUAL, 100.0, 101.0, 30.0).not_before_s == 131.0
    assert after_hiccup(USUAL, 99.9, 101.0, 30.0).not_before_s == 131.0


def test_a_long_rest_is_kept_once_a_second_answer_in_a_row_asks_for_it() -> None:
    in_peace = replace(USUAL, calm=1)
    alone = after_overload(in_peace, 100.0, 101.0, 3_600.0)
    assert alone.not_before_s == float("-inf")
    assert alone.delay_s == 2 * USUAL.delay_s
    again = after_overload(alone, 102.0, 103.0, 3_600.0)
    assert again.not_before_s == 3_703.0
    calm = after_answer(alone, 0.5, 103.0)
    assert after_overload(calm, 104.0, 105.0, 3_600.0).not_before_s == float("-inf")


@pytest.mark.parametrize(("rest_s", "until_s"), [(60.0, 161.0), (5.0, 106.0)])
def test_a_short_rest_is_kept_at_once(rest_s: float, until_s: float) -> None:
    in_peace = replace(USUAL, calm=1)
    assert after_overload(in_peace, 100.0, 101.0, rest_s).not_before_s == until_s


def test_one_hiccup_in_peace_only_ends_the_peace() -> None:
    assert after_hiccup(USUAL, 100.0, 101.0) == replace(USUAL, changed_s=101.0, calm=0)
    one_answer_since = replace(USUAL, calm=1)
    assert after_hiccup(one_answer_since, 100.0, 101.0).delay_s == 2.0
    none_since = replace(USUAL, calm=0)
    assert after_hiccup(none_since, 100.0, 101.0).delay_s == 4.0


@pytest.mark.parametrize(
    ("too_fast_s", "delay_s", "after_s"),
    [(0.0, 2.0, 2.0), (3.0, 2.0, 3.0), (1.0, 2.0, 2.0), (0.0, 400.0, 300.0)],
)
def test_a_complaint_remembers_the_longest_pause_that_was_too_fast(
    too_fast_s: float, delay_s: float, after_s: float
) -> None:
    pace = replace(USUAL, too_fast_s=too_fast_s, delay_s=delay_s)
    complained = after_complaint(pace, 100.0, 101.0)
    assert complained.too_fast_s == after_s
    assert complained.delay_s == max(delay_s, min(300.0, 2 * delay_s))
    assert (complained.changed_s, complained.calm) == (101.0, 0)


@pytest.mark.parametrize(("calm", "too_fast_s"), [(499, 2.0), (500, 1.8)])
def test_a_little_less_is_tried_after_500_requests_in_peace(
    calm: int, too_fast_s: float
) -> None:
    pace = Pace(base_s=1.0, delay_s=2.5, too_fast_s=2.0, usual_s=0.5, calm=calm)
    probed = after_answer(pace, 0.5, 1.0)
    assert probed.too_fast_s == pytest.approx(too_fast_s)
    assert probed.calm == (500 if calm == 499 else 1)
    assert probed.delay_s == pytest.approx(1.25 * too_fast_s)


def test_peace_is_counted_and_nothing_else_where_no_pause_was_too_fast() -> None:
    pace = after_answer(replace(USUAL, calm=900), 0.5, 1.0)
    assert (pace.calm, pace.too_fast_s) == (901, 0.0)


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


@pytest.mark.parametrize(
    ("tries", "delay_s"),
    [
        (-1, 5),
        (0, 5),
        (1, 5),
        (2, 10),
        (3, 20),
        (10, 2_560),
        (11, 3_600),
        (31, 3_600),
        (32, 3_600),
        (10**9, 3_600),
    ],
)
def test_each_failure_doubles_the_wait_for_a_page_to_an_hour(
    tries: int, delay_s: float
) -> None:
    assert retry_delay_s(tries) == delay_s


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
        ("9" * 40, 86_400),
        ("9" * 5_000, 86_400),
        ("0" * 20 + "7", 7),
        ("Tue, 24 Nov 2026 05:10:00", 60),
        ("Tue, 24 Nov 2026 13:10:00 +0800", 60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 86_400),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0),
        ("Tue, 24 Nov 99999 05:10:00 GMT", None),
        (f"Tue, 24 Nov {'9' * 20} 05:10:00 GMT", None),
        (f"Tue, {'9' * 20} Nov 2026 05:10:00 GMT", None),
        (f"Tue, 24 Nov 2026 05:10:{'9' * 20} GMT", None),
        (f"Tue, 24 Nov 2026 05:10:00 +{'9' * 20}", None),
        (f"Tue, 24 Nov {'9' * 5_000} 05:10:00 GMT", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


NUMBERS = st.integers(0, 99) | st.integers(0, 10**25)
HTTP_DATES = st.builds(
    "Tue, {} Nov {} {}:{}:{} {}{}".format,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["GMT", "+", "-", ""]),
    NUMBERS,
)


@given(st.text(max_size=60) | HTTP_DATES)
def test_a_clock_can_count_as_far_as_any_header_asks(header: str) -> None:
    rest_s = retry_after_s(header, NOW) or 0.0
    assert rest_s >= 0
    assert NOW + timedelta(seconds=rest_s) < NOW + timedelta(days=32 * 366)
