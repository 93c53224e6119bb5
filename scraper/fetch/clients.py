"""Every request of a run goes through here: no private machines, robots.txt, a turn, one
exchange, and what it teaches of the host's pace."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeAlias

from scraper.core.records import Capture
from scraper.fetch.hosts import PublicHostGuard, host_of
from scraper.fetch.redirects import same_host
from scraper.fetch.robots import LIMIT_BYTES as ROBOTS_BYTES
from scraper.fetch.robots_cache import RobotsCache
from scraper.fetch.throttle import Stopped, Throttle
from scraper.fetch.transport import Exchange, HttpTransport, Limits, Way, utc_now
from scraper.fetch.values import Failure, FetchSettings
from scraper.policy import politeness
from scraper.policy.politeness import Pace
from scraper.policy.user_agent import check_user_agent, user_agent

Judge: TypeAlias = Callable[[Capture], Failure | None]

_HICCUPS: Final = frozenset({"reset", "refused_connection", "server_error"})
_OVERLOADED: Final = (502, 503, 504)
_SILENCE: Final = frozenset({"dns", "refused_connection", "timeout", "tls"})
# So often in a row, and a host of pictures is not asked again in this run.
_SILENT_TIMES: Final = 3
_SILENT_REST_S: Final = 3_600.0
_GRACE_S: Final = 0.2
_LONG_S: Final = 60.0
"""A longer pause is said."""
_log = logging.getLogger(__name__)


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
        self._settings = settings
        self._tools = tools
        self._stopped = threading.Event()
        self._host_guard = PublicHostGuard()
        self._is_public = self._host_guard.public(base_url)

        guest_way = Way(
            user_agent=user_agent(_version(), settings.contact),
            timeout_s=settings.timeout_s,
            proxy=settings.proxy,
            environment=self._is_public,
            unchecked_hosts=settings.unchecked_hosts,
        )
        way = replace(
            guest_way,
            user_agent=_agent_of(settings) or guest_way.user_agent,
            headers=settings.headers,
        )
        self._transport = HttpTransport(way, settings.cookies, now=tools.clock)
        self._guest_transport = HttpTransport(guest_way, now=tools.clock)
        self._throttle = self._new_throttle(
            concurrency=settings.concurrency,
            too_fast_s=settings.known_too_fast_s,
        )
        self._guest_throttles: dict[str, Throttle] = {}
        self._silent_times: dict[str, int] = {}
        self._lock = threading.Lock()
        self._robots = RobotsCache(self._ask_for_robots, tools.now_s)

    @property
    def pace(self) -> Pace:
        """The pace of the forum's host."""
        return self._throttle.pace

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._transport.requests + self._guest_transport.requests

    def inside(self, url: str) -> bool:
        """Whether an address is on one of the forum's hosts."""
        return any(same_host(url, base) for base in self._bases)

    def allowed(self, url: str) -> bool:
        """What robots.txt says, as far as it was read, and the forum's owner."""
        robots = self._robots.known(url)
        return robots is None or self._is_consented(url) or robots.allowed(url)

    def ask(
        self, url: str, headers: dict[str, str], size_bytes: int, judge: Judge
    ) -> Exchange | Failure:
        """One request for a web address (`is_web_address`), if it may be made at all; `judge`
        says whether what came is what was wanted."""
        if not self.inside(url):
            silent = self._given_up(url)
            if silent is not None:
                return silent

        refused = self._refused_by_robots(url)
        if refused is not None:
            return refused
        limits = self._limits(size_bytes)
        return self._send(url, headers, limits, judge)

    def stop(self) -> None:
        """End the waiting of all threads: they get `stopped`. Requests under way are cut off
        after a moment: a server may take as long as it likes."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        timer = threading.Timer(_GRACE_S, self._cut)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
        self._guest_transport.close()

    def _cut(self) -> None:
        self._transport.cut()
        self._guest_transport.cut()

    def _ask_for_robots(self, url: str) -> Exchange | Failure:
        limits = self._limits(ROBOTS_BYTES, takes_beginning=True)
        return self._send(url, {}, limits, judge=lambda _: None)

    def _is_consented(self, url: str) -> bool:
        """Whether the forum's owner allows what robots.txt forbids at an address."""
        return self._settings.owner_consents and self.inside(url)

    def _refused_by_robots(self, url: str) -> Failure | None:
        """What robots.txt says against an address; it is read first where it is not known."""
        is_consented = self._is_consented(url)
        robots = self._robots.of(url)
        if isinstance(robots, Failure):
            is_unreadable = robots.reason == "robots"
            return None if is_consented and is_unreadable else replace(robots, url=url)

        crawl_delay_s = robots.crawl_delay_s
        if crawl_delay_s:
            throttle = self._throttle_of(url)
            before_s = throttle.pace.base_s
            throttle.change(
                lambda pace: politeness.with_crawl_delay(pace, crawl_delay_s)
            )
            after_s = throttle.pace.base_s
            if after_s > max(before_s, _LONG_S):
                _log.warning(
                    "the robots.txt of %s asks for %.6g s between two requests: "
                    "they are %.0f s apart",
                    host_of(url),
                    crawl_delay_s,
                    after_s,
                )
        if is_consented or robots.allowed(url):
            return None
        return Failure(
            url=url,
            reason="robots",
            message="the host's robots.txt asks not to fetch this address",
        )

    def _limits(self, size_bytes: int, *, takes_beginning: bool = False) -> Limits:
        return Limits(
            size_bytes=size_bytes,
            total_s=self._settings.total_timeout_s,
            public_only=self._is_public,
            takes_beginning=takes_beginning,
        )

    def _send(
        self, url: str, headers: dict[str, str], limits: Limits, judge: Judge
    ) -> Exchange | Failure:
        """One request in its turn; a guest's host is looked at first."""
        inside = self.inside(url)
        if not inside:
            refused = self._private(url) or self._given_up(url)
            if refused is not None:
                return refused

        transport = self._transport if inside else self._guest_transport
        throttle = self._throttle_of(url)
        try:
            with throttle.turn() as sent_s:
                outcome = _judged(transport.ask(url, headers, limits), judge)
                if self._stopped.is_set() and isinstance(outcome, Failure):
                    raise Stopped
                now_s = self._tools.now_s()
                throttle.change(lambda pace: learn(pace, outcome, sent_s, now_s))
                self._say_rest(url, throttle.pace.not_before_s - now_s)
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
            self._guest_transport.forget_cookies()

    def _say_rest(self, url: str, rest_s: float) -> None:
        """Say that nothing will be asked for some time: a run must not seem to hang."""
        if rest_s > _LONG_S:
            _log.warning(
                "%s wants to be left alone: nothing is asked there for %.0f s",
                host_of(url),
                rest_s,
            )

    def _private(self, url: str) -> Failure | None:
        """Why an address must not be asked for on behalf of a public forum's page."""
        if not self._is_public or self._host_guard.public(url):
            return None
        return Failure(
            url=url,
            reason="private_address",
            message="a machine in a private network",
        )

    def _given_up(self, url: str) -> Failure | None:
        """Why a host that is not the forum's is left alone: old forums show pictures of
        many that are long gone."""
        times = self._silent_times.get(host_of(url), 0)
        if times < _SILENT_TIMES:
            return None
        return Failure(
            url=url,
            reason="timeout",
            transient=True,
            retry_after_s=_SILENT_REST_S,
            message=f"its host did not answer {_SILENT_TIMES} times in a row: "
            "not asked again in this run",
        )

    def _note_silence(self, url: str, outcome: Exchange | Failure) -> None:
        is_silent = isinstance(outcome, Failure) and outcome.reason in _SILENCE
        host = host_of(url)
        with self._lock:
            times = self._silent_times.get(host, 0)
            self._silent_times[host] = times + 1 if is_silent else 0

    def _throttle_of(self, url: str) -> Throttle:
        if self.inside(url):
            return self._throttle
        with self._lock:
            host = host_of(url)
            if host not in self._guest_throttles:
                self._guest_throttles[host] = self._new_throttle(1)
            return self._guest_throttles[host]

    def _new_throttle(self, concurrency: int, too_fast_s: float = 0.0) -> Throttle:
        return Throttle(
            politeness.first_pace(self._settings.delay_s, too_fast_s),
            concurrency,
            self._tools.now_s,
            self._tools.sleep or self._stopped.wait,
            self._stopped,
            self._tools.dice,
        )


def _judged(outcome: Exchange | Failure, judge: Judge) -> Exchange | Failure:
    """An exchange, or the failure that its answer comes to."""
    if isinstance(outcome, Failure):
        return outcome
    return judge(outcome.capture) or outcome


def learn(pace: Pace, outcome: Exchange | Failure, sent_s: float, now_s: float) -> Pace:
    """The pace after an outcome. 429 and the anti-flood page speak of our pause; 503 and
    silence of too much work."""
    if isinstance(outcome, Exchange):
        return politeness.after_answer(pace, outcome.elapsed_s, now_s)

    rest_s = outcome.retry_after_s
    status = outcome.capture.status if outcome.capture else 0
    is_overloaded = status in _OVERLOADED
    if outcome.reason == "throttled" and not is_overloaded:
        return politeness.after_complaint(pace, sent_s, now_s, rest_s)
    if is_overloaded:
        return politeness.after_overload(pace, sent_s, now_s, rest_s)
    if outcome.reason == "timeout":
        return politeness.after_trouble(pace, sent_s, now_s, rest_s)
    if outcome.reason in _HICCUPS:
        return politeness.after_hiccup(pace, sent_s, now_s, rest_s)
    return pace


def _agent_of(settings: FetchSettings) -> str:
    """The User-Agent that the user names; empty for none. InputError for one that a forum
    would show other pages to."""
    if settings.user_agent:
        check_user_agent(settings.user_agent)
    return settings.user_agent


def _version() -> str:
    try:
        return version("discuz-archive")
    except PackageNotFoundError:
        return "0"
