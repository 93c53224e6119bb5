"""How the time of a pattern grows with its text, measured in a process that does nothing else.

Whatever runs beside it in a process of tests (a server's thread, an engine's) counts in that
process' time, and starts and ends as it likes.
"""

from __future__ import annotations

import re
import signal
import time
from collections import deque
from types import FrameType
from typing import Any, Final

CHARS: Final = 4_000
GROWTH: Final = 8
MOST_GROWTH: Final = 3 * GROWTH
"""Of the time that a text so many times as long takes: the square would be eight times more."""
SHORTEST_S: Final = 0.0005
LONGEST_S: Final = 0.2
PAUSES_S: Final = (0.0, 0.0, 0.0, 0.1, 0.5, 2.0)
"""Before each pair of tries: what disturbs one pair has passed before a later one."""

Attack = tuple[str, str, str]


class _TooLong(Exception):
    """A search was broken off."""


def first_too_fast(pattern: re.Pattern[Any], texts: list[Attack]) -> Attack | None:
    """The first text whose search takes more than it grows; None where all are in proportion."""
    former = signal.signal(signal.SIGPROF, _break_off)
    try:
        return next((parts for parts in texts if _grows_too_fast(pattern, parts)), None)
    finally:
        signal.signal(signal.SIGPROF, former)


def _break_off(signal_number: int, frame: FrameType | None) -> None:
    raise _TooLong


def _grows_too_fast(pattern: re.Pattern[Any], parts: Attack) -> bool:
    short = _text(pattern, parts, CHARS)
    once = _seconds(pattern, short, LONGEST_S)
    if once < SHORTEST_S:
        return False
    long = _text(pattern, parts, CHARS * GROWTH)
    for pause_s in PAUSES_S:
        time.sleep(pause_s)
        once = _seconds(pattern, short, LONGEST_S)
        if once < SHORTEST_S:
            return False
        if once > LONGEST_S / 2:
            continue
        most_s = once * MOST_GROWTH
        longest_s = max(1.5 * most_s, LONGEST_S)
        if _seconds(pattern, long, longest_s) <= most_s:
            return False
    return True


def _text(pattern: re.Pattern[Any], parts: Attack, chars: int) -> Any:
    before, unit, after = parts
    text = before + unit * (chars // len(unit) + 1) + after
    if isinstance(pattern.pattern, bytes):
        return text.encode("utf-8", "surrogatepass")
    return text


def _seconds(pattern: re.Pattern[Any], text: str | bytes, longest_s: float) -> float:
    """What all matches in a text take of the processor; they are broken off after some
    `longest_s`, which the system counts roughly.

    Of this thread: while such a timer runs, some kernels tell a process' time in steps of
    four milliseconds.
    """
    start = time.thread_time()
    signal.setitimer(signal.ITIMER_PROF, longest_s)
    try:
        try:
            deque(pattern.finditer(text), maxlen=0)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _TooLong:
        pass
    return time.thread_time() - start
