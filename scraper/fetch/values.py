"""What fetching takes and gives: settings, answers, and failures as values, each with a
named reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Literal, TypeAlias

from scraper.core.records import Capture

FailureReason: TypeAlias = Literal[
    "timeout",
    "dns",
    "refused_connection",
    "reset",
    "tls",
    "truncated",
    "garbled",
    "empty",
    "too_large",
    "wrong_type",
    "server_error",
    "throttled",
    "forbidden",
    "closed",
    "no_forum",
    "challenge",
    "login_lost",
    "redirect_loop",
    "foreign",
    "robots",
    "private_address",
    "bad_address",
    "stopped",
    "internal",
]
"""Why there is no page. Of the network: timeout, dns, refused_connection, reset, tls. Of
the bytes: truncated, garbled, empty (200 with nothing), too_large, wrong_type (media only).
Of the server: server_error (5xx), throttled (429, 503 with Retry-After, `attackevasive`),
forbidden (4xx that is no page of the forum). Of the forum: closed (the same notice
everywhere), no_forum (nothing of one at its address), challenge (a shield's page),
login_lost, redirect_loop, foreign (redirected elsewhere, or somebody else's page).
Ours: robots, private_address, bad_address (neither http nor https, or outside the forum),
stopped (`Fetcher.stop` was called), internal (a fault in this program, never the address's)."""

FORUM_WIDE: frozenset[FailureReason] = frozenset({"challenge", "login_lost", "closed"})
"""Reasons that speak of the whole forum, not of one page: going on would ask in vain."""

DEFAULT_MEDIA_TYPES = ("image/", "audio/", "video/", "application/", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to ask. Sizes in bytes after decoding; `aliases` are other base addresses that
    the forum answers under.

    `cookies` come from `scraper.fetch.cookies.read_cookies`; with `login` a page that shows
    nobody (or somebody else) logged in is a failure. `known_too_fast_s`: the pause at which
    this forum complained on an earlier run.

    `user_agent` (empty: our own) and `headers` are for the forum's own hosts. `proxy`: as
    `scraper.fetch.proxies.read_proxy` gives it; empty for that of the environment.
    Certificates of `unchecked_hosts` are taken as they are. `owner_consents`: robots.txt of
    the forum's own hosts forbids nothing.
    """

    delay_s: float = 2.0
    concurrency: int = 1
    contact: str = ""
    timeout_s: float = 30.0
    total_timeout_s: float = 120.0
    page_limit_bytes: int = 16_000_000
    media_limit_bytes: int = 20_000_000
    requisite_limit_bytes: int = 5_000_000
    media_types: tuple[str, ...] = DEFAULT_MEDIA_TYPES
    aliases: tuple[str, ...] = ()
    cookies: CookieJar | None = field(default=None, repr=False)
    login: bool = False
    known_too_fast_s: float = 0.0
    user_agent: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str = ""
    unchecked_hosts: frozenset[str] = frozenset()
    owner_consents: bool = False


DEFAULT_SETTINGS = FetchSettings()


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask later whether a body changed (RFC 9110, 13); empty where it
    gave none."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, capture: Capture) -> Validators:
        """The validators of a capture kept before."""
        return cls(capture.header("etag"), capture.header("last-modified"))

    @property
    def headers(self) -> dict[str, str]:
        """The request headers by which a server answers 304 where nothing changed."""
        headers: dict[str, str] = {}
        if is_header_value(self.etag):
            headers["If-None-Match"] = self.etag
        if is_header_value(self.last_modified):
            headers["If-Modified-Since"] = self.last_modified
        return headers


def is_header_value(text: str) -> bool:
    """Whether a text can be sent as the value of a header."""
    return bool(text) and text.isascii() and text.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page as served. `redirects`: the hops before it, oldest first, worth keeping as
    captures of their own.

    `capture.url` is the address that answered in the end; its status is 200, 304 (unchanged:
    no body), 404 or 410, another with a page of the forum's own, or that of a redirect which
    says itself what was asked (`redirects.is_answer`). `elapsed_s` is the time
    from the question to the last byte, pauses left out. `uid` is the member whom the page
    shows as logged in: 0 for a guest, None where it does not say.
    """

    capture: Capture
    elapsed_s: float = 0.0
    redirects: tuple[Capture, ...] = ()
    uid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No page, and why. `transient`: asking again later may do, after `retry_after_s` where
    the server says so.

    `capture`: what came instead, where something came; not to be stored over a page, but
    worth keeping as evidence.
    """

    url: str
    reason: FailureReason
    message: str
    transient: bool = False
    retry_after_s: float | None = None
    capture: Capture | None = None
    redirects: tuple[Capture, ...] = ()
