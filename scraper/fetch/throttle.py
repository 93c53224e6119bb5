"""Whose turn it is: threads that ask one host wait here, so that its pace is kept whoever asks."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from scraper.policy.politeness import Pace, next_at

_LONGEST_SLEEP_S: Final = 3_600.0
"""A longer pause is waited for in pieces: no system can be told to sleep for any time that a
server may ask for."""


class Stopped(Exception):
    """The run was told to stop while a thread waited."""


class Throttle:
    """The turns of one host. At most `concurrency` requests are under way; pauses lie
    between any two of them. Thread-safe.

    With one at a time the pause begins when an answer has come, with more when a request was
    sent. `now_s` is a clock in seconds and `sleep` waits for seconds.
    """

    def __init__(
        self,
        pace: Pace,
        concurrency: int,
        now_s: Callable[[], float],
        sleep: Callable[[float], object],
        stopped: threading.Event,
        dice: random.Random,
    ) -> None:
        self._pace = pace
        self._one_at_a_time = concurrency == 1
        self._now_s = now_s
        self._sleep = sleep
        self._stopped = stopped
        self._dice = dice
        self._slots = threading.BoundedSemaphore(concurrency)
        self._lock = threading.Lock()
        self._next_s = float("-inf")
        self._last_sent_s = float("-inf")

    @property
    def pace(self) -> Pace:
        """The pace now."""
        return self._pace

    def change(self, change: Callable[[Pace], Pace]) -> None:
        """Put another pace in place of the present one, in one step."""
        with self._lock:
            self._pace = change(self._pace)

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait for a turn and hold it; gives the time at which it began. Stopped where the
        run ends meanwhile."""
        with self._slots:
            sent_s = self._wait()
            try:
                yield sent_s
            finally:
                self._end_turn()

    def _wait(self) -> float:
        while not self._stopped.is_set():
            with self._lock:
                now_s = self._now_s()
                left_s = max(self._next_s, self._pace.not_before_s) - now_s
                if left_s <= 0:
                    self._last_sent_s = now_s
                    self._next_s = next_at(self._pace, now_s, self._dice)
                    return now_s
            self._sleep(min(left_s, _LONGEST_SLEEP_S))
        raise Stopped

    def _end_turn(self) -> None:
        """Set the time of the next turn by what this one has taught of the pace."""
        with self._lock:
            last_s = self._now_s() if self._one_at_a_time else self._last_sent_s
            self._next_s = next_at(self._pace, last_s, self._dice)
