"""Manners as pure functions: how long to wait before the next request, after what happened
to those before it.

A pause grows when a forum complains, fails or slows down, and comes back slowly; a pause at
which it complained (429, the anti-flood page) is remembered as too fast. Also how we name
ourselves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from scraper.core.errors import InputError

LONGEST_PAUSE_S: Final = 300.0
_GROWTH: Final = 2.0
_RECOVERY: Final = 0.9
_LEAST_STEP_S: Final = 0.05  # what a pause of zero grows from
_SETTLED_S: Final = 0.02  # nearer than this to its floor, a pause is there
_JITTER: Final = 0.25
# a pause this much longer than one that was too fast is good until the forum says no
_MARGIN: Final = 1.25
# requests in peace before a little less is tried: one complaint in 500 at worst
_PROBE_AFTER: Final = 500
_HICCUPS_APART: Final = (
    1  # good requests between two failures that have nothing to do with each other
)
_SLOW_FACTOR: Final = 4.0
_SLOW_S: Final = 1.0
_RETRY_FIRST_S: Final = 5.0
_RETRY_LONGEST_S: Final = 3_600.0

# The words by which Discuz! picks another page (function_core.php, checkrobot and
# checkmobile; as substrings).
_OTHER_PAGE_WORDS: Final = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "sohu-search",
    "lycos",
    "robozilla",
    "iphone",
    "android",
    "phone",
    "mobile",
    "wap",
    "netfront",
    "java",
    "ucweb",
    "symbian",
    "series",
    "webos",
    "sony",
    "blackberry",
    "dopod",
    "nokia",
    "samsung",
    "palmsource",
    "xda",
    "pieplus",
    "meizu",
    "midp",
    "cldc",
    "motorola",
    "foma",
    "docomo",
    "up.browser",
    "up.link",
    "blazer",
    "helio",
    "hosin",
    "huawei",
    "novarra",
    "coolpad",
    "techfaith",
    "alcatel",
    "amoi",
    "ktouch",
    "nexian",
    "ericsson",
    "philips",
    "sagem",
    "wellcom",
    "bunjalloo",
    "maui",
    "spice",
    "bird",
    "zte",
    "longcos",
    "pantech",
    "gionee",
    "portalmmm",
    "hiptop",
    "benq",
    "haier",
    "^lct",
    "320x320",
    "240x320",
    "176x220",
    "cect",
    "compal",
    "ctl",
    "lg",
    "nec",
    "tcl",
    "daxian",
    "dbtel",
    "eastcom",
    "konka",
    "kejian",
    "lenovo",
    "mot",
    "soutec",
    "sgh",
    "sed",
    "capitel",
    "panasonic",
    "sharp",
    "panda",
    "ipad",
    "gt-p1000",
    "opera mobi",
    "opera mini",
    "windows ce",
    "jig browser",
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a forum is asked. `base_s`: the pause wanted; `delay_s`: the pause now;
    `usual_s`: how long it answers.

    `too_fast_s`: the longest pause at which it complained. `not_before_s`: until when it wants to be left alone, and
    `changed_s`: when trouble was last seen, both on the caller's clock. `calm`: requests since then without any.
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
        return max(self.base_s, min(LONGEST_PAUSE_S, self.too_fast_s * _MARGIN))


def first_pace(delay_s: float, too_fast_s: float = 0.0) -> Pace:
    """The pace to begin with: the pause that the user wants, or what an earlier run has learned."""
    pace = Pace(max(0.0, delay_s), 0.0, too_fast_s)
    return replace(pace, delay_s=pace.floor_s)


def with_crawl_delay(pace: Pace, crawl_delay_s: float | None) -> Pace:
    """The pace once robots.txt is known: a pause that it asks for counts where it is the
    longer one."""
    base_s = max(pace.base_s, crawl_delay_s or 0.0)
    return replace(pace, base_s=base_s, delay_s=max(pace.delay_s, base_s))


def next_at(pace: Pace, last_s: float, dice: random.Random) -> float:
    """When the next request may be sent, after one at `last_s`: the pause and up to a
    quarter more by chance."""
    return max(last_s + pace.delay_s * (1 + _JITTER * dice.random()), pace.not_before_s)


def after_answer(pace: Pace, took_s: float, now_s: float) -> Pace:
    """A request went well: the pause shrinks by a tenth towards its floor; one that was
    slow makes it grow instead."""
    slow = pace.usual_s > 0 and took_s > max(_SLOW_S, _SLOW_FACTOR * pace.usual_s)
    usual_s = (
        pace.usual_s + (min(took_s, 2 * pace.usual_s) - pace.usual_s) / 10
        if pace.usual_s
        else took_s
    )
    pace = replace(pace, usual_s=usual_s)
    if slow:
        return _grown(pace, now_s)
    if pace.too_fast_s and pace.calm >= _PROBE_AFTER:
        pace = replace(pace, too_fast_s=pace.too_fast_s * _RECOVERY, calm=0)
    delay_s = max(pace.floor_s, pace.delay_s * _RECOVERY)
    return replace(
        pace,
        delay_s=pace.floor_s if delay_s - pace.floor_s < _SETTLED_S else delay_s,
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
    return pace if sent_s < pace.changed_s else _grown(pace, now_s)


def after_hiccup(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """A reset, an error of the forum's software: trouble only where another one was just before."""
    if pace.calm < _HICCUPS_APART or sent_s < pace.changed_s:
        return after_trouble(pace, sent_s, now_s, rest_s)
    return replace(_rested(pace, now_s, rest_s), changed_s=now_s, calm=0)


def after_complaint(
    pace: Pace, sent_s: float, now_s: float, rest_s: float | None = None
) -> Pace:
    """The forum says that we ask too often (429, the anti-flood page): as trouble, and this
    pause is too short."""
    if sent_s >= pace.changed_s:
        pace = replace(
            pace, too_fast_s=min(LONGEST_PAUSE_S, max(pace.too_fast_s, pace.delay_s))
        )
    return after_trouble(pace, sent_s, now_s, rest_s)


def retry_delay_s(tries: int) -> float:
    """How long to leave a page alone after so many transient failures in a row: 5 s,
    doubled each time, to an hour."""
    return min(_RETRY_LONGEST_S, _RETRY_FIRST_S * 2.0 ** min(max(tries, 1) - 1, 30))


def retry_after_s(header: str, now: datetime) -> float | None:
    """How long a Retry-After header asks for, in seconds or as a date (RFC 9110, 10.2.3);
    None where it has none."""
    header = header.strip()
    if header.isdecimal():
        return float(header[:9])
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


def user_agent(version: str, contact: str = "") -> str:
    """How we name ourselves: honestly, without the words for which Discuz! serves another page.

    InputError for a contact with such a word, or one that no header can carry.
    """
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("()"):
        raise InputError(
            f"contact {contact!r}: an address or link in plain ASCII, without brackets, is wanted"
        )
    if word := next(
        (word for word in _OTHER_PAGE_WORDS if word in contact.lower()), None
    ):
        raise InputError(
            f"contact {contact!r} contains {word!r}, for which Discuz! shows its pages for phones or "
            "search engines; give another address or link"
        )
    return f"discuz-archive/{version}" + (f" (+{contact})" if contact else "")


def _rested(pace: Pace, now_s: float, rest_s: float | None) -> Pace:
    return (
        replace(pace, not_before_s=max(pace.not_before_s, now_s + rest_s))
        if rest_s
        else pace
    )


def _grown(pace: Pace, now_s: float) -> Pace:
    delay_s = max(
        pace.delay_s, min(LONGEST_PAUSE_S, max(pace.delay_s, _LEAST_STEP_S) * _GROWTH)
    )
    return replace(pace, delay_s=delay_s, changed_s=now_s, calm=0)
