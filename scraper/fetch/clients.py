"""Every request of a run goes through here: no private machines, robots.txt, a turn, one
exchange, a lesson learned."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.cookiejar import CookieJar
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from scraper.core.records import Capture
from scraper.fetch.hosts import PublicHostGuard
from scraper.fetch.redirects import same_host
from scraper.fetch.robots_cache import RobotsCache
from scraper.fetch.throttle import Stopped, Throttle
from scraper.fetch.transport import Exchange, HttpTransport, Limits, utc_now
from scraper.fetch.values import Failure, FetchSettings
from scraper.policy import politeness
from scraper.policy.politeness import Pace
from scraper.policy.user_agent import user_agent

Judge: TypeAlias = Callable[[Capture], Failure | None]

_HICCUPS: Final = frozenset({"reset", "refused_connection", "server_error"})
_OVERLOADED: Final = (502, 503, 504)
_GUEST_CONNECTIONS: Final = 8
_SILENCE: Final = frozenset({"dns", "refused_connection", "timeout", "tls"})
_SILENT_TIMES: Final = (
    3  # so often in a row, and a host of pictures is not asked again in this run
)
_SILENT_REST_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run takes from the world: clocks (monotonic seconds; UTC), dice, a way to
    wait; tests bring their own."""

    now_s: Callable[[], float] = time.monotonic
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], object] | None = None
    dice: random.Random = field(default_factory=random.Random)


class HostClients:
    """The ways to a forum's host and to others (guests of its pages), each with its pace.
    Thread-safe."""

    def __init__(self, base_url: str, settings: FetchSettings, tools: Tools) -> None:
        self._bases = [base_url, *settings.aliases]
        self._settings, self._tools = settings, tools
        self._stopped = threading.Event()
        self._hosts = PublicHostGuard()
        self._public = self._hosts.public(base_url)
        agent = user_agent(_version(), settings.contact)
        self._wire = self._new_wire(agent, settings.concurrency, settings.cookies)
        self._guest_wire = self._new_wire(agent, _GUEST_CONNECTIONS)
        self._turns = self._new_turns(settings.concurrency, settings.known_too_fast_s)
        self._guests: dict[str, Throttle] = {}
        self._silent: dict[str, int] = {}
        self._lock = threading.Lock()
        self._rules = RobotsCache(
            lambda url: self._send(url, {}, settings.page_limit_bytes, lambda _: None),
            tools.now_s,
        )

    @property
    def pace(self) -> Pace:
        """The pace of the forum's host."""
        return self._turns.pace

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._wire.requests + self._guest_wire.requests

    def inside(self, url: str) -> bool:
        """Whether an address is on one of the forum's hosts."""
        return any(same_host(url, base) for base in self._bases)

    def allowed(self, url: str) -> bool:
        """What robots.txt says, as far as it was read."""
        robots = self._rules.known(url)
        return robots is None or robots.allowed(url)

    def ask(
        self, url: str, headers: dict[str, str], size_bytes: int, judge: Judge
    ) -> Exchange | Failure:
        """One request, if it may be made at all; `judge` says whether what came is what was
        wanted."""
        silent = None if self.inside(url) else self._given_up(url)
        return (
            silent or self._decided(url) or self._send(url, headers, size_bytes, judge)
        )

    def stop(self) -> None:
        """Let all who wait go home."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()
        self._guest_wire.close()

    def _decided(self, url: str) -> Failure | None:
        """What robots.txt says against an address; it is read first where it is not known."""
        robots = self._rules.of(url)
        if isinstance(robots, Failure):
            return replace(robots, url=url)
        if crawl_delay_s := robots.crawl_delay_s:
            self._turns_of(url).change(
                lambda pace: politeness.with_crawl_delay(pace, crawl_delay_s)
            )
        if robots.allowed(url):
            return None
        return Failure(
            url=url,
            reason="robots",
            message="the host's robots.txt asks not to fetch this address",
        )

    def _send(
        self, url: str, headers: dict[str, str], size_bytes: int, judge: Judge
    ) -> Exchange | Failure:
        inside = self.inside(url)
        if refused := None if inside else self._private(url) or self._given_up(url):
            return refused
        wire, turns = self._wire if inside else self._guest_wire, self._turns_of(url)
        limits = Limits(size_bytes, self._settings.total_timeout_s, self._public)
        try:
            with turns.turn() as sent_s:
                outcome = wire.ask(url, headers, limits)
                if isinstance(outcome, Exchange) and (
                    failure := judge(outcome.capture)
                ):
                    outcome = failure
                now_s = self._tools.now_s()
                turns.change(lambda pace: learn(pace, outcome, sent_s, now_s))
                if not inside:
                    self._note_silence(url, outcome)
                return outcome
        except Stopped:
            return Failure(
                url=url,
                reason="stopped",
                message="the run was told to stop",
                transient=True,
            )
        finally:
            self._guest_wire.forget_cookies()

    def _private(self, url: str) -> Failure | None:
        """Why an address must not be asked for on behalf of a public forum's page."""
        try:
            if not self._public or self._hosts.public(url):
                return None
        except ValueError:
            return Failure(
                url=url, reason="bad_address", message="an address without a host"
            )
        return Failure(
            url=url, reason="private_address", message="a machine in a private network"
        )

    def _given_up(self, url: str) -> Failure | None:
        """Why a host that is not the forum's is left alone: old forums show pictures of
        many that are long gone."""
        if self._silent.get(_host(url), 0) < _SILENT_TIMES:
            return None
        return Failure(
            url=url,
            reason="timeout",
            transient=True,
            retry_after_s=_SILENT_REST_S,
            message=f"its host did not answer {_SILENT_TIMES} times in a row: not asked again in this run",
        )

    def _note_silence(self, url: str, outcome: Exchange | Failure) -> None:
        silent = isinstance(outcome, Failure) and outcome.reason in _SILENCE
        with self._lock:
            self._silent[_host(url)] = (
                self._silent.get(_host(url), 0) + 1 if silent else 0
            )

    def _turns_of(self, url: str) -> Throttle:
        if self.inside(url):
            return self._turns
        with self._lock:
            return self._guests.setdefault(_host(url), self._new_turns(1))

    def _new_turns(self, concurrency: int, too_fast_s: float = 0.0) -> Throttle:
        pace = politeness.first_pace(self._settings.delay_s, too_fast_s)
        sleep = self._tools.sleep or self._stopped.wait
        return Throttle(
            pace, concurrency, self._tools.now_s, sleep, self._stopped, self._tools.dice
        )

    def _new_wire(
        self, agent: str, connections: int, cookies: CookieJar | None = None
    ) -> HttpTransport:
        return HttpTransport(
            agent,
            self._settings.timeout_s,
            connections,
            cookies,
            environment=self._public,
            now=self._tools.clock,
        )


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def learn(pace: Pace, outcome: Exchange | Failure, sent_s: float, now_s: float) -> Pace:
    """The pace after an outcome. 429 and the anti-flood page speak of our pause; 503 and
    silence of too much work."""
    if isinstance(outcome, Exchange):
        return politeness.after_answer(pace, outcome.elapsed_s, now_s)
    rest_s, status = (
        outcome.retry_after_s,
        outcome.capture.status if outcome.capture else 0,
    )
    if outcome.reason == "throttled" and status not in _OVERLOADED:
        return politeness.after_complaint(pace, sent_s, now_s, rest_s)
    if outcome.reason == "timeout" or status in _OVERLOADED:
        return politeness.after_trouble(pace, sent_s, now_s, rest_s)
    return (
        politeness.after_hiccup(pace, sent_s, now_s, rest_s)
        if outcome.reason in _HICCUPS
        else pace
    )


def _version() -> str:
    try:
        return version("discuz-archive")
    except PackageNotFoundError:
        return "0"
