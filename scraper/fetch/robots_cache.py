"""The robots.txt of every host that a run asks, each read once before anything else of that
host."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from scraper.fetch.redirects import location_of
from scraper.fetch.robots import Robots, read_robots
from scraper.fetch.transport import Exchange
from scraper.fetch.values import Failure

_MOST_REDIRECTS: Final = 5  # RFC 9309, 2.3.1.2
_TRIES: Final = 4
_AGAIN_AFTER_S: Final = 300.0
_NETWORK: Final = (
    "dns",
    "tls",
    "refused_connection",
    "private_address",
    "bad_address",
    "stopped",
)


class RobotsCache:
    """Reads and remembers robots.txt by host. `ask` sends one paced request. Thread-safe."""

    def __init__(
        self, ask: Callable[[str], Exchange | Failure], now_s: Callable[[], float]
    ) -> None:
        self._ask, self._now_s = ask, now_s
        self._known: dict[str, Robots] = {}
        self._unreadable: dict[str, tuple[float, Failure]] = {}
        self._lock = threading.RLock()

    def known(self, url: str) -> Robots | None:
        """What was read before for an address's host."""
        return self._known.get(_origin(url))

    def of(self, url: str) -> Robots | Failure:
        """The rules for an address, read now where they are not known; the failure that
        kept them from us.

        A host that cannot tell (5xx, silence) is left alone, and asked again after five minutes.
        """
        origin = _origin(url)
        with self._lock:
            if robots := self._known.get(origin):
                return robots
            until_s, failure = self._unreadable.get(origin, (float("-inf"), None))
            if failure and self._now_s() < until_s:
                return failure
            found = self._read(origin)
            if isinstance(found, Robots):
                self._known[origin] = found
            elif found.reason == "robots":
                self._unreadable[origin] = (self._now_s() + _AGAIN_AFTER_S, found)
            return found

    def _read(self, origin: str) -> Robots | Failure:
        url, why = f"{origin}/robots.txt", ""
        for _ in range(_TRIES):
            outcome = self._follow(url)
            if isinstance(outcome, Failure):
                if outcome.reason in _NETWORK:
                    return outcome
                why = f"{outcome.reason}, {outcome.message}"
                continue
            robots = read_robots(outcome.capture.status, outcome.capture.body)
            if robots.reachable:
                return robots
            why = f"status {outcome.capture.status}"
        return Failure(
            url=url,
            reason="robots",
            transient=True,
            retry_after_s=_AGAIN_AFTER_S,
            message=f"robots.txt could not be read ({why}); until it can, nothing else is asked for",
        )

    def _follow(self, url: str) -> Exchange | Failure:
        """The answer behind redirects; the redirect itself where there are too many (which
        means: no rules)."""
        outcome = self._ask(url)
        for _ in range(_MOST_REDIRECTS):
            if isinstance(outcome, Failure) or not (
                location := location_of(outcome.capture)
            ):
                return outcome
            outcome = self._ask(location)
        return outcome


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
