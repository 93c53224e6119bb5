"""The robots.txt of every host that a run asks, each read once before anything else of that
host."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from scraper.fetch.hosts import is_web_address, origin_of
from scraper.fetch.redirects import redirect_target_of
from scraper.fetch.robots import Robots, read_robots
from scraper.fetch.transport import Exchange
from scraper.fetch.values import Failure

_MOST_REDIRECTS: Final = 5  # RFC 9309, 2.3.1.2
_TRIES: Final = 4
_AGAIN_AFTER_S: Final = 300.0
_NO_SUCH_HOST: Final = frozenset(
    {"dns", "tls", "refused_connection", "private_address", "bad_address"}
)
"""Failures by which the host itself cannot be asked: they say more than `robots` would."""


@dataclass(slots=True)
class _HostRobots:
    """What is known of one host. The lock is held while its robots.txt is read, so that
    nobody else asks for it meanwhile; other hosts have other locks."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | None = None
    failure: Failure | None = None
    ask_again_s: float = float("-inf")


class RobotsCache:
    """Reads and remembers robots.txt by host. `ask` sends one paced request; `now_s` is a
    clock in seconds. Thread-safe."""

    def __init__(
        self, ask: Callable[[str], Exchange | Failure], now_s: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._now_s = now_s
        self._hosts: dict[str, _HostRobots] = {}
        self._hosts_lock = threading.Lock()  # of the dictionary: never held for long

    def known(self, url: str) -> Robots | None:
        """What was read before for an address's host."""
        return self._host(origin_of(url)).robots

    def of(self, url: str) -> Robots | Failure:
        """The rules for an address, read now where they are not known; the failure that
        kept them from us.

        A host that cannot tell (5xx, silence) is left alone, and asked again after five minutes.
        """
        origin = origin_of(url)
        host = self._host(origin)
        with host.lock:
            if host.robots is not None:
                return host.robots
            if host.failure is not None and self._now_s() < host.ask_again_s:
                return host.failure
            return self._read_for(host, origin)

    def _host(self, origin: str) -> _HostRobots:
        with self._hosts_lock:
            return self._hosts.setdefault(origin, _HostRobots())

    def _read_for(self, host: _HostRobots, origin: str) -> Robots | Failure:
        found = self._read(f"{origin}/robots.txt")
        if isinstance(found, Robots):
            host.robots = found
        elif found.reason == "robots":
            host.failure = found
            host.ask_again_s = self._now_s() + _AGAIN_AFTER_S
        return found

    def _read(self, url: str) -> Robots | Failure:
        why = ""
        for _ in range(_TRIES):
            outcome = self._follow(url)
            if isinstance(outcome, Failure):
                is_own_host = outcome.url == url
                if outcome.reason == "stopped":
                    return outcome
                if outcome.reason in _NO_SUCH_HOST and is_own_host:
                    return outcome
                why = f"{outcome.reason}, {outcome.message}"
                continue

            status = outcome.capture.status
            robots = read_robots(status, outcome.capture.body)
            if robots.reachable:
                return robots
            why = f"status {status}"

        return Failure(
            url=url,
            reason="robots",
            transient=True,
            retry_after_s=_AGAIN_AFTER_S,
            message=f"robots.txt could not be read ({why}); "
            "until it can, nothing else is asked for",
        )

    def _follow(self, url: str) -> Exchange | Failure:
        """The answer behind redirects; the redirect itself where it leads nowhere, or where
        there are too many (which means: no rules)."""
        outcome = self._ask(url)
        for _ in range(_MOST_REDIRECTS):
            if isinstance(outcome, Failure):
                return outcome
            location = redirect_target_of(outcome.capture)
            if not is_web_address(location):
                return outcome
            outcome = self._ask(location)
        return outcome
