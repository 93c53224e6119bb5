"""Manners as pure functions: how long to wait before the next request, after what happened
to those before it.

A pause grows when a forum complains, fails or slows down, and comes back slowly; a pause at
which it complained (429, the anti-flood page) is remembered as too fast.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_PAUSE_S: Final = 300.0
_GROWTH: Final = 2.0
_RECOVERY: Final = 0.9
_LEAST_STEP_S: Final = 0.05  # what a pause of zero grows from
_SETTLED_S: Final = 0.02  # nearer than this to its floor, a pause is there
_JITTER: Final = 0.25
# A pause this much longer than one that was too fast is good until the forum says no.
_MARGIN: Final = 1.25
# Requests in peace before a little less is tried: one complaint in 500 at worst.
_PROBE_AFTER: Final = 500
# Good requests between two failures that have nothing to do with each other.
_HICCUPS_APART: Final = 1
_LONG_REST_S: Final = 60.0
_SLOW_FACTOR: Final = 4.0
_SLOW_S: Final = 1.0
_USUAL_SHARE: Final = 10  # an answer moves the usual time by a tenth of the difference
_RETRY_FIRST_S: Final = 5.0
_RETRY_LONGEST_S: Final = 3_600.0
_RETRY_MOST_DOUBLINGS: Final = 30
REST_LONGEST_S: Final = 86_400.0
"""What a server may ask for at most, a day: one answer must not shut a forum for years."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a forum is asked. `base_s`: the pause wanted; `delay_s`: the pause now;
    `usual_s`: how long it takes to answer (0: not known yet).

    `too_fast_s`: the longest pause at which it complained. `not_before_s`: until when it
    wants to be left alone, and `changed_s`: when trouble was last seen, both on the caller's
    clock. `calm`: requests since then without any.
    """

    base_s: float = 2.0
    delay_s: float = 2.0
    too_fast_s: float = 0.0
    not_before_s: float = float("-inf")
    changed_s: float = float("-inf")
    usual_s: float = 0.0
    calm: int = 0

    @property
    def floor_s(self) -> float:
        """The shortest pause that this pace comes back to."""
        good_s = min(LONGEST_PAUSE_S, self.too_fast_s * _MARGIN)
        return max(self.base_s, good_s)


def first_pace(delay_s: float, too_fast_s: float = 0.0) -> Pace:
    """The pace to begin with: the pause that the user wants, or what an earlier run has learned."""
    base_s = max(0.0, delay_s)
    pace = Pace(
        base_s=base_s,
        delay_s=0.0,
        too_fast_s=too_fast_s,
    )
    return replace(pace, delay_s=pace.floor_s)


def with_crawl_delay(pace: Pace, crawl_delay_s: float | None) -> Pace:
    """The pace once robots.txt is known: a pause that it asks for counts where it is the
    longer one, up to a day."""
    asked_s = min(crawl_delay_s or 0.0, REST_LONGEST_S)
    base_s = max(pace.base_s, asked_s)
    delay_s = max(pace.delay_s, base_s)
    return replace(
        pace,
        base_s=base_s,
        delay_s=delay_s,
    )


def next_at(pace: Pace, last_s: float, dice: random.Random) -> float:
    """When the next request may be sent, after one at `last_s`: the pause and up to a
    quarter more by chance."""
    jitter_s = pace.delay_s * _JITTER * dice.random()
    paused_s = last_s + pace.delay_s + jitter_s
    return max(paused_s, pace.not_before_s)


def after_answer(pace: Pace, took_s: float, now_s: float) -> Pace:
    """A request went well: the pause shrinks by a tenth towards its floor; one that was
    slow makes it grow instead."""
    is_slow = _is_slow(pace, took_s)
    pace = replace(pace, usual_s=_usual_s(pace.usual_s, took_s))
    if is_slow:
        return _grown(pace, now_s)

    if pace.too_fast_s and pace.calm >= _PROBE_AFTER:
        pace = replace(
            pace,
            too_fast_s=pace.too_fast_s * _RECOVERY,
            calm=0,
        )

    floor_s = pace.floor_s
    delay_s = max(floor_s, pace.delay_s * _RECOVERY)
    if delay_s - floor_s < _SETTLED_S:
        delay_s = floor_s
    return replace(
        pace,
        delay_s=delay_s,
        calm=pace.calm + 1,
    )


def after_trouble(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """A timeout, or a server that is overloaded (503): the pause doubles.

    Requests sent before the last trouble count with it. `rest_s`: how long the server asked
    to be left (Retry-After).
    """
    pace = _rested(pace, now_s, rest_s)
    if sent_s < pace.changed_s:
        return pace
    return _grown(pace, now_s)


def after_hiccup(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """A reset, an error of the forum's software: trouble only where another one was just before."""
    is_alone = pace.calm >= _HICCUPS_APART
    if not is_alone or sent_s < pace.changed_s:
        return after_trouble(pace, sent_s, now_s, rest_s)

    pace = _rested(pace, now_s, rest_s)
    return replace(
        pace,
        changed_s=now_s,
        calm=0,
    )


def after_overload(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """A server that is overloaded (502, 503, 504): trouble. A long rest that it asks for is
    kept from the second time in a row on: Discuz! asks for an hour where one page of it
    breaks (class_error.php)."""
    is_alone = pace.calm >= _HICCUPS_APART
    if is_alone and rest_s and rest_s > _LONG_REST_S:
        rest_s = None
    return after_trouble(pace, sent_s, now_s, rest_s)


def after_complaint(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """The forum says that we ask too often (429, the anti-flood page): as trouble, and this
    pause is too short."""
    if sent_s >= pace.changed_s:
        too_fast_s = max(pace.too_fast_s, pace.delay_s)
        pace = replace(pace, too_fast_s=min(LONGEST_PAUSE_S, too_fast_s))
    return after_trouble(pace, sent_s, now_s, rest_s)


def retry_delay_s(tries: int) -> float:
    """How long to leave a page alone after so many transient failures in a row: 5 s,
    doubled each time, to an hour."""
    doublings = max(0, tries - 1)
    if doublings > _RETRY_MOST_DOUBLINGS:
        return _RETRY_LONGEST_S
    delay_s = _RETRY_FIRST_S * 2.0**doublings
    return min(_RETRY_LONGEST_S, delay_s)


def retry_after_s(header: str, now: datetime) -> float | None:
    """How long a Retry-After header asks for, in seconds or as a date (RFC 9110, 10.2.3), a
    day at most; None where it has none that can be read. Never raises."""
    header = header.strip()
    if header.isdecimal():
        return min(float(header), REST_LONGEST_S)

    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):  # no date; a number that no date can hold
        return None

    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    rest_s = (until - now).total_seconds()
    return min(max(0.0, rest_s), REST_LONGEST_S)


def _is_slow(pace: Pace, took_s: float) -> bool:
    if pace.usual_s <= 0:
        return False
    return took_s > max(_SLOW_S, _SLOW_FACTOR * pace.usual_s)


def _usual_s(usual_s: float, took_s: float) -> float:
    """The time an answer usually takes, after one more; a single slow one moves it little."""
    if not usual_s:
        return took_s
    counted_s = min(took_s, 2 * usual_s)
    return usual_s + (counted_s - usual_s) / _USUAL_SHARE


def _rested(pace: Pace, now_s: float, rest_s: float | None) -> Pace:
    if not rest_s:
        return pace
    not_before_s = max(pace.not_before_s, now_s + rest_s)
    return replace(pace, not_before_s=not_before_s)


def _grown(pace: Pace, now_s: float) -> Pace:
    longer_s = _GROWTH * max(pace.delay_s, _LEAST_STEP_S)
    longer_s = min(LONGEST_PAUSE_S, longer_s)
    delay_s = max(pace.delay_s, longer_s)
    return replace(
        pace,
        delay_s=delay_s,
        changed_s=now_s,
        calm=0,
    )
