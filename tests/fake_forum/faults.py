"""What can go wrong between a forum and its reader, decided by a seed and the request's
number so runs repeat."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal[
    "error",
    "truncate",
    "reset",
    "garble",
    "empty",
    "throttle",
    "loop",
    "challenge",
    "proxy",
    "evasive",
    "question",
    "busy",
    "wrong_charset",
    "no_thread",
    "part",
    "slow_headers",
    "slow_header",
    "hints",
    "continues",
    "slow_chunk",
    "slow_trailer",
    "slow_body",
    "silence",
]
"""error: 500/503 · truncate: the body ends early · reset: no byte at all · garble: bytes
overwritten · empty: 200 with nothing · throttle: 429 · loop: a redirect to itself ·
challenge: a 403 page of a shield · proxy: somebody else's page · evasive: Discuz!'s own
anti-flood page · question: the one that asks for a sum · busy: 503 · wrong_charset: the
header names another charset than the page's · no_thread: what X5.0 answers for a thread that is not there · part: the page ends early, and
its length is that of what came · those of `drips`: answers without an end."""


@dataclass
class Faults:
    """Chances are per request. `script` plans faults for one address: each request takes
    the next of its list.

    `always` holds for every request. `throttle_per_s`: more requests than that in a second get 429. `evasive_s`: a
    client whose `lastrequest` cookie is younger gets the anti-flood page. `slow_s` is added to every answer.
    `part`: how much of a page comes before it breaks off, of 1. `header_lines` are sent with every answer as they
    are. `login_agent`: logins hold for that User-Agent alone, as those of Discuz! 6, 7 and X1.
    """

    seed: int = 0
    error: float = 0.0
    truncate: float = 0.0
    reset: float = 0.0
    garble: float = 0.0
    always: Fault | None = None
    script: dict[str, list[Fault]] = field(default_factory=dict)
    throttle_per_s: int = 0
    evasive_s: float = 0.0
    slow_s: float = 0.0
    part: float = 0.6
    retry_after: str = "1"
    gzip: bool = False
    chunked: bool = False
    header_lines: tuple[bytes, ...] = ()
    login_agent: str = ""
    _recent: deque[float] = field(default_factory=deque)

    def dice(self, number: int) -> random.Random:
        """The dice of the `number`-th request."""
        return random.Random(self.seed * 1_000_003 + number)

    def choose(self, target: str, number: int, now_s: float) -> Fault | None:
        """What goes wrong with this request; None is nothing."""
        self._recent.append(now_s)
        while self._recent and now_s - self._recent[0] > 1:
            self._recent.popleft()
        if self.always:
            return self.always
        if planned := self.script.get(target):
            return planned.pop(0)
        if self.throttle_per_s and len(self._recent) > self.throttle_per_s:
            return "throttle"
        dice = self.dice(number)
        chances: tuple[tuple[Fault, float], ...] = (
            ("error", self.error),
            ("truncate", self.truncate),
            ("reset", self.reset),
            ("garble", self.garble),
        )
        return next(
            (fault for fault, chance in chances if dice.random() < chance), None
        )


def garbled(body: bytes, dice: random.Random) -> bytes:
    """The body with twenty bytes overwritten."""
    wrong = bytearray(body)
    for _ in range(20 if wrong else 0):
        wrong[dice.randrange(len(wrong))] = dice.randrange(256)
    return bytes(wrong)
