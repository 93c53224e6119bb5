"""The way to the network: one forum, asked in turn, politely; answers and failures are
values, nothing raises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from scraper.addresses.urls import base_of
from scraper.core.closing import Closing
from scraper.core.errors import InputError
from scraper.core.records import Capture
from scraper.core.requisites import RequisiteKind
from scraper.fetch.clients import HostClients, Tools
from scraper.fetch.damage import Breaks, breaks, damage, sound_look
from scraper.fetch.file_verdict import judge_media, judge_requisite
from scraper.fetch.front_page import FrontPage, find_front_page
from scraper.fetch.hosts import is_web_address
from scraper.fetch.redirects import (
    failed_redirect,
    is_answer,
    next_address,
    redirect_target_of,
    same_host,
)
from scraper.fetch.transport import Exchange
from scraper.fetch.values import (
    DEFAULT_SETTINGS,
    FORUM_WIDE,
    Answer,
    Failure,
    FailureReason,
    FetchSettings,
    Validators,
    is_header_value,
)
from scraper.fetch.verdict import judge, uid_of
from scraper.policy.politeness import Pace

__all__ = [
    "DEFAULT_SETTINGS",
    "FORUM_WIDE",
    "Answer",
    "Failure",
    "FailureReason",
    "FetchSettings",
    "Fetcher",
    "Tools",
    "Validators",
]

_EVASIVE_TRIES: Final = 3
_LOOKS: Final = 4
_START_TRIES: Final = 4
# A forum that wants to be left alone for longer is left alone.
_START_REST_S: Final = 300.0
_PASSING: Final = frozenset(
    {"timeout", "reset", "truncated", "garbled", "server_error", "throttled"}
)


class Fetcher(Closing):
    """Asks one forum for pages. Blocking and thread-safe: run one thread a forum, or
    `settings.concurrency` of them.

    Every request waits for its turn (`pace`), is decided by robots.txt first, and keeps the
    forum's cookies. InputError for an address that is none, and for a contact that Discuz!
    would take for a phone.
    """

    def __init__(
        self,
        base_url: str,
        settings: FetchSettings = DEFAULT_SETTINGS,
        tools: Tools | None = None,
    ) -> None:
        self.base_url = base_of(base_url)
        if not is_web_address(self.base_url):
            raise InputError(
                f"{base_url!r} is no address of a forum: those begin with http:// or https://"
            )
        self.settings = settings
        self._tools = tools or Tools()
        self._clients = HostClients(self.base_url, settings, self._tools)
        self._uid: int | None = None

    def start(self) -> Answer | Failure:
        """Read robots.txt and the front page; with a login, see that the cookies log in.

        A forum that is found elsewhere on its host (https, `www.`, `/bbs/`) is asked there
        from then on: see `base_url`. `find_front_page` says what is looked for, and what fails.
        """
        found = find_front_page(self._stubborn, self.base_url)
        if isinstance(found, Failure):
            return found
        self._move(found)
        return found.answer

    def get(
        self,
        url: str,
        *,
        referer: str = "",
        if_changed: Validators | None = None,
        follow: bool = True,
    ) -> Answer | Failure:
        """A page of the forum. Redirects are followed within the forum; with `follow=False`
        the first is the answer.

        One page may cost several requests: redirects, the self-redirect of X3, one more try
        after the anti-flood page, one more look at a page with broken characters. Other
        failures are returned at once: the caller decides when to ask again
        (`politeness.retry_delay_s`).
        """
        headers = _headers(referer, if_changed)

        def ask(at: str) -> Answer | Failure:
            return self._page(at, headers)

        return self._walk(url, ask, self._clients.inside, follow)

    def get_media(
        self,
        url: str,
        *,
        referer: str = "",
        if_changed: Validators | None = None,
        requisite: RequisiteKind | None = None,
    ) -> Answer | Failure:
        """A picture or file that a post shows, or a `requisite` of the template, wherever it
        lies: http and https, no private addresses, limits kept.

        Hosts that are not the forum's have a pace of their own and see no cookies.
        """
        headers = _headers(referer, if_changed)

        def ask(at: str) -> Answer | Failure:
            if requisite:
                return self._requisite(at, headers, requisite)
            return self._media(at, headers)

        return self._walk(url, ask, lambda _: True)

    def allowed(self, url: str) -> bool:
        """Whether robots.txt lets us ask for an address (True where it was not read yet)."""
        return self._clients.allowed(url)

    @property
    def pace(self) -> Pace:
        """The forum's pace now, to show and to estimate with; keep `too_fast_s` for the
        next run."""
        return self._clients.pace

    @property
    def requests(self) -> int:
        """How many requests have been sent so far, robots.txt, redirects and media included."""
        return self._clients.requests

    @property
    def uid(self) -> int | None:
        """The member whom the cookies log in; None for a guest, or before the first page
        that says so."""
        return self._uid

    def stop(self) -> None:
        """Let pauses end at once: `get` returns `stopped` from now on. The request in
        flight has a moment to finish."""
        self._clients.stop()

    def close(self) -> None:
        """Close the connections."""
        self._clients.close()

    def _walk(
        self,
        url: str,
        ask: Callable[[str], Answer | Failure],
        inside: Callable[[str], bool],
        follow: bool = True,
    ) -> Answer | Failure:
        """Ask, and follow redirects as long as they stay inside."""
        if not is_web_address(url) or not inside(url):
            return Failure(
                url=url,
                reason="bad_address",
                message="not a web address, or not one of this forum",
            )

        asked = [url]
        hops: list[Capture] = []
        while True:
            outcome = ask(asked[-1])
            if isinstance(outcome, Failure) or not follow:
                return replace(outcome, redirects=tuple(hops))
            location = redirect_target_of(outcome.capture)
            if not location:
                return replace(outcome, redirects=tuple(hops))

            if is_answer(asked[-1], location):
                return replace(outcome, redirects=tuple(hops))

            hops.append(outcome.capture)
            following = next_address(asked, location)
            if following is None:
                return failed_redirect(url, "redirect_loop", location, hops)
            if not is_web_address(following) or not inside(following):
                return failed_redirect(url, "foreign", location, hops)
            asked.append(following)

    def _stubborn(self, url: str) -> Answer | Failure:
        """A page without which nothing can begin: asked for again at once, as the pace allows."""
        found = self.get(url)
        for _ in range(_START_TRIES - 1):
            if isinstance(found, Answer) or found.reason not in _PASSING:
                return found
            if (found.retry_after_s or 0.0) > _START_REST_S:
                return found
            found = self.get(url)
        return found

    def _page(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        """One page, looked at again while it seems damaged on the way: what is broken in
        every look is its own."""
        answers: list[Answer] = []
        looks: list[Breaks] = []
        for _ in range(_LOOKS):
            outcome = self._patient(url, headers)
            if isinstance(outcome, Failure):
                return outcome

            answers.append(outcome)
            looks.append(breaks(outcome.capture))
            sound = sound_look(looks)
            if sound is not None:
                return answers[sound]

        damages = [damage(found) for found in looks]
        return answers[damages.index(min(damages))]

    def _patient(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        """One page; the anti-flood page is answered by asking again with its cookie, a
        second later."""
        size_bytes = self.settings.page_limit_bytes
        for _ in range(_EVASIVE_TRIES):
            outcome = self._clients.ask(url, headers, size_bytes, self._judge)
            if isinstance(outcome, Exchange) or not _is_evasive(outcome):
                break
        return _answer(outcome)

    def _judge(self, capture: Capture) -> Failure | None:
        found = judge(
            capture,
            now=self._tools.clock(),
            login=self.settings.login,
            uid=self._uid,
        )
        is_first = self._uid is None and self.settings.login
        if found is None and is_first:
            self._uid = uid_of(capture)
        return found

    def _media(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        size_bytes = self.settings.media_limit_bytes
        outcome = self._clients.ask(url, headers, size_bytes, self._judge_media)
        return _answer(outcome)

    def _requisite(
        self, url: str, headers: dict[str, str], kind: RequisiteKind
    ) -> Answer | Failure:
        def judged(capture: Capture) -> Failure | None:
            return judge_requisite(capture, self._tools.clock(), kind)

        size_bytes = self.settings.requisite_limit_bytes
        outcome = self._clients.ask(url, headers, size_bytes, judged)
        return _answer(outcome)

    def _judge_media(self, capture: Capture) -> Failure | None:
        return judge_media(
            capture,
            now=self._tools.clock(),
            allowed=self.settings.media_types,
        )

    def _move(self, front: FrontPage) -> None:
        """Go on at the address that answered: where its index was found, or at least where
        only scheme or `www.` differ."""
        url = front.answer.capture.url
        if not same_host(url, self.base_url):
            return
        if front.is_index:
            self.base_url = base_of(url)
            return
        answered = urlsplit(url)
        moved = urlsplit(self.base_url)._replace(
            scheme=answered.scheme,
            netloc=answered.netloc,
        )
        self.base_url = urlunsplit(moved)


def _answer(outcome: Exchange | Failure) -> Answer | Failure:
    if isinstance(outcome, Failure):
        return outcome
    return Answer(
        capture=outcome.capture,
        elapsed_s=outcome.elapsed_s,
        uid=uid_of(outcome.capture),
    )


def _headers(referer: str, if_changed: Validators | None) -> dict[str, str]:
    """Request headers beside the usual ones (RFC 9110, 10.1.3 and 13.1)."""
    headers = if_changed.headers if if_changed else {}
    referer = referer.partition("#")[0]
    if is_header_value(referer):
        headers["Referer"] = referer
    return headers


def _is_evasive(outcome: Failure) -> bool:
    """Whether a failure is the anti-flood page, which comes with status 200."""
    if outcome.reason != "throttled" or outcome.capture is None:
        return False
    return outcome.capture.status == 200
