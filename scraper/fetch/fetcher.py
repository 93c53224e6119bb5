"""The way to the network: one forum, asked in turn, politely; answers and failures are
values, nothing raises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

from scraper.addresses.urls import base_of
from scraper.core.errors import InputError
from scraper.core.records import Capture
from scraper.fetch.clients import HostClients, Tools
from scraper.fetch.redirects import location_of, next_address, same_host
from scraper.fetch.transport import Exchange
from scraper.fetch.values import (
    DEFAULT_SETTINGS,
    FORUM_WIDE,
    Answer,
    Failure,
    FailureReason,
    FetchSettings,
    Validators,
)
from scraper.fetch.verdict import breaks, damage, is_ours, judge, judge_media, uid_of
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
_DAMAGED: Final = 3  # fewer broken characters than this are no damage
_FRONT_PAGES: Final = (
    "",
    "forum.php",
    "index.php",
)  # some forums put something else at their bare address
_START_TRIES: Final = 4
_START_REST_S: Final = (
    300.0  # a forum that wants to be left alone for longer is left alone
)
_PASSING: Final = frozenset(
    {"timeout", "reset", "truncated", "garbled", "server_error", "throttled"}
)
_FRONT_FAILURES: Final = frozenset({"foreign", "empty", "forbidden", "robots"})


class Fetcher:
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
        if not _is_web(self.base_url) or not urlsplit(self.base_url).hostname:
            raise InputError(
                f"{base_url!r} is no address of a forum: those begin with http:// or https://"
            )
        self.settings = settings
        self._tools = tools or Tools()
        self._lines = HostClients(self.base_url, settings, self._tools)
        self._uid: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: object,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Answer | Failure:
        """Read robots.txt and the front page; with a login, see that the cookies log in.

        A forum that redirects to https or to `www.` is asked there from then on: see `base_url`.
        """
        first: Answer | Failure | None = None
        for page in _FRONT_PAGES:
            found = self._stubborn(self.base_url + page)
            first = first or found
            if (
                isinstance(found, Answer)
                and found.capture.status < 400
                and is_ours(found.capture)
            ):
                self._move(found.capture.url)
                return found
            if isinstance(found, Failure) and found.reason not in _FRONT_FAILURES:
                return found
        assert first
        return first

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
        return self._walk(
            url, lambda at: self._page(at, headers), self._lines.inside, follow
        )

    def get_media(
        self, url: str, *, referer: str = "", if_changed: Validators | None = None
    ) -> Answer | Failure:
        """A picture or file that a post shows, wherever it lies: http and https, no private
        addresses, limits kept.

        PublicHostGuard that are not the forum's have a pace of their own and see no cookies.
        """
        headers = _headers(referer, if_changed)
        return self._walk(url, lambda at: self._media(at, headers), lambda _: True)

    def allowed(self, url: str) -> bool:
        """Whether robots.txt lets us ask for an address (True where it was not read yet)."""
        return self._lines.allowed(url)

    @property
    def pace(self) -> Pace:
        """The forum's pace now, to show and to estimate with; keep `too_fast_s` for the
        next run."""
        return self._lines.pace

    @property
    def requests(self) -> int:
        """How many requests have been sent so far, robots.txt, redirects and media included."""
        return self._lines.requests

    @property
    def uid(self) -> int | None:
        """The member whom the cookies log in; None for a guest, or before the first page
        that says so."""
        return self._uid

    def stop(self) -> None:
        """Let pauses end at once: `get` returns `stopped` from now on. The request in
        flight is finished."""
        self._lines.stop()

    def close(self) -> None:
        """Close the connections."""
        self._lines.close()

    def _walk(
        self,
        url: str,
        ask: Callable[[str], Answer | Failure],
        inside: Callable[[str], bool],
        follow: bool = True,
    ) -> Answer | Failure:
        """Ask, and follow redirects as long as they stay inside."""
        if not _is_web(url) or not inside(url):
            return Failure(
                url=url,
                reason="bad_address",
                message="not a web address, or not one of this forum",
            )
        asked, hops = [url], list[Capture]()
        while True:
            outcome = ask(asked[-1])
            location = (
                location_of(outcome.capture) if isinstance(outcome, Answer) else ""
            )
            if isinstance(outcome, Failure) or not location or not follow:
                return replace(outcome, redirects=tuple(hops))
            hops.append(outcome.capture)
            step = next_address(asked, location)
            if step is None or not _is_web(step) or not inside(step):
                return _astray(url, location, step is None, hops)
            asked.append(step)

    def _stubborn(self, url: str) -> Answer | Failure:
        """A page without which nothing can begin: asked for again at once, as the pace allows."""
        for _ in range(_START_TRIES):
            found = self.get(url)
            if isinstance(found, Answer) or found.reason not in _PASSING:
                break
            if (found.retry_after_s or 0.0) > _START_REST_S:
                break
        return found

    def _page(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        """One page, looked at again while it seems damaged on the way: what is broken in
        every look is its own."""
        looks = list[tuple[frozenset[str | bytes], Answer]]()
        while len(looks) < _LOOKS:
            outcome = self._patient(url, headers)
            if isinstance(outcome, Failure):
                return outcome
            looks.append(
                (
                    breaks(outcome.capture)
                    if _is_text(outcome.capture)
                    else frozenset(),
                    outcome,
                )
            )
            for at, (found, look) in enumerate(looks):
                others = frozenset[str | bytes]().union(
                    *(other for to, (other, _) in enumerate(looks) if to != at)
                )
                if damage(found - others) < _DAMAGED:
                    return look
        return min(looks, key=lambda look: damage(look[0]))[1]

    def _patient(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        """One page; the anti-flood page is answered by asking again with its cookie, a
        second later."""
        for _ in range(_EVASIVE_TRIES):
            outcome = _answer(
                self._lines.ask(
                    url, headers, self.settings.page_limit_bytes, self._judge
                )
            )
            if isinstance(outcome, Answer) or not _is_evasive(outcome):
                break
        return outcome

    def _judge(self, capture: Capture) -> Failure | None:
        if found := judge(capture, self._tools.clock(), self.settings.login, self._uid):
            return found
        if self.settings.login and self._uid is None:
            self._uid = uid_of(capture)
        return None

    def _media(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        types, clock = self.settings.media_types, self._tools.clock
        return _answer(
            self._lines.ask(
                url,
                headers,
                self.settings.media_limit_bytes,
                lambda capture: judge_media(capture, clock(), types),
            )
        )

    def _move(self, url: str) -> None:
        """Go on at the address that answered, where only scheme or `www.` differ."""
        seen, base = urlsplit(url), urlsplit(self.base_url)
        if same_host(url, self.base_url) and (seen.scheme, seen.netloc) != (
            base.scheme,
            base.netloc,
        ):
            self.base_url = urlunsplit((seen.scheme, seen.netloc, base.path, "", ""))


def _answer(outcome: Exchange | Failure) -> Answer | Failure:
    if isinstance(outcome, Failure):
        return outcome
    return Answer(
        capture=outcome.capture,
        elapsed_s=outcome.elapsed_s,
        uid=uid_of(outcome.capture),
    )


def _astray(url: str, location: str, loop: bool, hops: list[Capture]) -> Failure:
    reason: FailureReason = "redirect_loop" if loop else "foreign"
    message = (
        f"redirects go round in circles at {location}"
        if loop
        else f"redirected out of the forum to {location}"
    )
    return Failure(
        url=url,
        reason=reason,
        message=message,
        transient=True,
        capture=hops[-1],
        redirects=tuple(hops[:-1]),
    )


def _headers(referer: str, if_changed: Validators | None) -> dict[str, str]:
    """Request headers beside the usual ones (RFC 9110, 10.1.3 and 13.1)."""
    known = if_changed or Validators()
    pairs = {
        "Referer": referer.partition("#")[0],
        "If-None-Match": known.etag,
        "If-Modified-Since": known.last_modified,
    }
    return {
        name: value
        for name, value in pairs.items()
        if value.isascii() and value.isprintable() and value
    }


def _is_evasive(outcome: Failure) -> bool:
    return (
        outcome.reason == "throttled"
        and outcome.capture is not None
        and outcome.capture.status == 200
    )


def _is_text(capture: Capture) -> bool:
    kind = capture.header("content-type").lower()
    return capture.status < 300 and (
        not kind or kind.startswith("text/") or "xml" in kind or "json" in kind
    )


def _is_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))
