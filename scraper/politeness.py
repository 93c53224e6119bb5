"""Manners as pure functions: how long to wait before the next request, after what happened to the ones before.

Additive figures are seconds. A pause grows when a forum complains, fails or slows, and comes back slowly; a pause at
which it complained (429, anti-flood page) is remembered as too fast.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

LONGEST_PAUSE_S: Final = 300.0
_GROWTH: Final = 2.0
_RECOVERY: Final = 0.9
_LEAST_STEP_S: Final = 0.1  # what a pause of zero grows from
_SETTLED_S: Final = 0.02  # nearer than this to the wanted pause is there
_JITTER: Final = 0.25
_MARGIN: Final = 1.25  # a pause this much longer than one that was too fast is tried next
_PROBE_AFTER: Final = 500  # requests in peace before a little less is tried: one complaint in 500 at worst
_SLOW_FACTOR: Final = 4.0
_SLOW_S: Final = 1.0
_RETRY_FIRST_S: Final = 5.0
_RETRY_LONGEST_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a forum is asked. `base_s`: the pause wanted; `delay_s`: the pause now; `usual_s`: how long it answers.

    `too_fast_s`: the longest pause at which it complained. `not_before_s`: until when it wants to be left alone, and
    `changed_s`: when the pause last grew, both on the caller's clock. `calm`: requests since then without trouble.
    """

    base_s: float = 2.0
    delay_s: float = 2.0
    too_fast_s: float = 0.0
    not_before_s: float = 0.0
    changed_s: float = float("-inf")
    usual_s: float = 0.0
    calm: int = 0

    @property
    def floor_s(self) -> float:
        """The shortest pause that this pace comes back to."""
        return min(LONGEST_PAUSE_S, max(self.base_s, self.too_fast_s * _MARGIN))


def first_pace(delay_s: float, crawl_delay_s: float | None = None, too_fast_s: float = 0.0) -> Pace:
    """The pace to begin with: the pause that the user wants, or a longer one that robots.txt asks for."""
    base_s = max(0.0, delay_s, crawl_delay_s or 0.0)
    pace = Pace(base_s, base_s, too_fast_s)
    return replace(pace, delay_s=max(base_s, pace.floor_s))


def next_at(pace: Pace, last_s: float, dice: random.Random) -> float:
    """When the next request may be sent, after one at `last_s`: the pause and up to a quarter more by chance."""
    return max(last_s + pace.delay_s * (1 + _JITTER * dice.random()), pace.not_before_s)


def after_answer(pace: Pace, took_s: float, now_s: float) -> Pace:
    """A request went well: the pause shrinks by a tenth towards its floor; one that was slow makes it grow instead."""
    slow = pace.usual_s > 0 and took_s > max(_SLOW_S, _SLOW_FACTOR * pace.usual_s)
    usual_s = took_s if not pace.usual_s else pace.usual_s + (min(took_s, 2 * pace.usual_s) - pace.usual_s) / 10
    pace = replace(pace, usual_s=usual_s)
    if slow:
        return _grown(pace, now_s)
    if pace.too_fast_s and pace.calm >= _PROBE_AFTER:
        pace = replace(pace, too_fast_s=pace.too_fast_s * _RECOVERY, calm=0)
    shrunk_s = max(pace.floor_s, pace.delay_s * _RECOVERY)
    return replace(pace, delay_s=pace.floor_s if shrunk_s - pace.floor_s < _SETTLED_S else shrunk_s, calm=pace.calm + 1)


def after_trouble(pace: Pace, sent_s: float, now_s: float, retry_after_s: float | None = None) -> Pace:
    """A server error, a timeout, a reset: the pause doubles. Requests sent before the last doubling count as one."""
    pace = _rested(pace, now_s, retry_after_s)
    return pace if sent_s < pace.changed_s else _grown(pace, now_s)


def after_complaint(pace: Pace, sent_s: float, now_s: float, retry_after_s: float | None = None) -> Pace:
    """The forum said that we ask too often (429, anti-flood page): as trouble, and the pause is known to be too short."""
    if sent_s >= pace.changed_s:
        pace = replace(pace, too_fast_s=min(LONGEST_PAUSE_S, max(pace.too_fast_s, pace.delay_s)))
    return after_trouble(pace, sent_s, now_s, retry_after_s)


def retry_delay_s(tries: int) -> float:
    """How long to leave a page alone after `tries` transient failures in a row: 5 s, doubled each time, up to an hour."""
    return min(_RETRY_LONGEST_S, _RETRY_FIRST_S * 2.0 ** min(max(tries, 1) - 1, 30))


def _grown(pace: Pace, now_s: float) -> Pace:
    delay_s = min(LONGEST_PAUSE_S, max(pace.delay_s, _LEAST_STEP_S) * _GROWTH)
    return replace(pace, delay_s=max(delay_s, pace.delay_s), changed_s=now_s, calm=0)


def _rested(pace: Pace, now_s: float, retry_after_s: float | None) -> Pace:
    return replace(pace, not_before_s=max(pace.not_before_s, now_s + retry_after_s)) if retry_after_s else pace
