"""Turns at one host: pauses are kept, whatever their length."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import pytest

from scraper.fetch.throttle import Stopped, Throttle
from scraper.policy.politeness import Pace


@dataclass
class Time:
    """A clock that only waiting moves."""

    slept: list[float] = field(default_factory=list)

    def now_s(self) -> float:
        return sum(self.slept)


class Dice(random.Random):
    """Dice that add nothing to a pause."""

    def random(self) -> float:
        return 0.0


def throttle(time: Time, pace: Pace, concurrency: int = 1) -> Throttle:
    stopped = threading.Event()
    return Throttle(pace, concurrency, time.now_s, time.slept.append, stopped, Dice())


def test_a_long_pause_is_waited_for_in_pieces_that_any_system_can_sleep() -> None:
    time = Time()
    turns = throttle(time, Pace(delay_s=8_000.0))
    with turns.turn():
        pass
    with turns.turn() as sent_s:
        assert sent_s == 8_000.0
    assert time.slept == [3_600.0, 3_600.0, 800.0]
    assert max(time.slept) < threading.TIMEOUT_MAX


def test_with_one_at_a_time_the_pause_begins_when_an_answer_has_come() -> None:
    time = Time()
    turns = throttle(time, Pace(delay_s=2.0))
    with turns.turn():
        time.slept.append(5.0)
    with turns.turn() as sent_s:
        assert sent_s == 7.0


def test_with_more_the_pause_begins_when_a_request_was_sent() -> None:
    time = Time()
    turns = throttle(time, Pace(delay_s=2.0), concurrency=2)
    with turns.turn():
        time.slept.append(1.5)
    with turns.turn() as sent_s:
        assert sent_s == 2.0


def test_what_a_request_teaches_counts_for_the_next_one() -> None:
    time = Time()
    turns = throttle(time, Pace(delay_s=2.0))
    with turns.turn():
        turns.change(lambda _: Pace(delay_s=30.0))
    with turns.turn() as sent_s:
        assert sent_s == 30.0


def test_a_request_that_fails_gives_its_turn_back() -> None:
    time = Time()
    turns = throttle(time, Pace(delay_s=2.0))
    with pytest.raises(ValueError, match="broken"), turns.turn():
        raise ValueError("broken")
    with turns.turn() as sent_s:
        assert sent_s == 2.0


def test_a_run_that_was_stopped_waits_for_nothing() -> None:
    time, stopped = Time(), threading.Event()
    turns = Throttle(Pace(), 1, time.now_s, time.slept.append, stopped, Dice())
    stopped.set()
    for _ in range(2):
        with pytest.raises(Stopped), turns.turn():
            pass
    assert time.slept == []
