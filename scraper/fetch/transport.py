"""One request and its answer over HTTP (httpx's only door): bytes as served, or a failure
that says what broke."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any, Final, TypeAlias
from urllib.request import Request

import httpx

from scraper.core.records import Capture
from scraper.fetch.broken import broken_exchange
from scraper.fetch.codings import ACCEPTED, CodingError, decoded
from scraper.fetch.hosts import is_public, proxied
from scraper.fetch.values import Failure

_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_LANGUAGES: Final = "zh-CN,zh;q=0.9,en;q=0.5"
_CONNECT_S: Final = 15.0
_SECRET: Final = frozenset({"cookie", "authorization", "proxy-authorization"})

_Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A response, whatever its status, and how long it took."""

    capture: Capture
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may cost; `public_only` refuses answers of machines in private networks."""

    size_bytes: int
    total_s: float
    public_only: bool = False


def utc_now() -> datetime:
    """The time, to the second: captures are dated so."""
    return datetime.now(UTC).replace(microsecond=0)


class HttpTransport:
    """Connections to the hosts of one run, and their cookies. Thread-safe."""

    def __init__(
        self,
        user_agent: str,
        timeout_s: float,
        connections: int,
        jar: CookieJar | None = None,
        *,
        environment: bool = True,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._now = now
        self._jar = CookieJar(policy=_SendablePolicy())
        for cookie in jar or ():
            if _is_sendable(cookie):
                self._jar.set_cookie(cookie)
        headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": _LANGUAGES,
            "Accept-Encoding": ACCEPTED,
        }
        self._client = httpx.Client(
            headers=headers,
            cookies=self._jar,
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S)),
            limits=httpx.Limits(
                max_connections=connections,
                max_keepalive_connections=connections,
            ),
            follow_redirects=False,
            trust_env=environment,
        )
        self._environment = environment
        self._count = 0
        self._lock = threading.Lock()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._count

    def forget_cookies(self) -> None:
        """Drop what servers have set: for hosts that are not the forum's."""
        self._jar.clear()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ask(
        self, url: str, headers: dict[str, str], limits: Limits
    ) -> Exchange | Failure:
        """Send one GET and read its answer whole. Never raises for what a network or a
        server does."""
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError) as error:
            return Failure(
                url=url,
                reason="bad_address",
                message=f"not an address that can be asked for: {error}",
            )

        request = self._request(target, headers, limits)
        progress = _Progress(started_s=time.monotonic())
        try:
            return self._exchange(url, request, limits, progress)
        except _PrivateMachine:
            return Failure(
                url=url,
                reason="private_address",
                message="its host is a machine in a private network",
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return broken_exchange(url, error, answered=progress.answered)

    def _request(
        self, target: httpx.URL, headers: dict[str, str], limits: Limits
    ) -> httpx.Request:
        is_proxied = self._environment and proxied(str(target))
        is_guarded = limits.public_only and not is_proxied
        return self._client.build_request(
            "GET",
            target,
            headers=headers,
            extensions={"trace": _only_public} if is_guarded else None,
        )

    def _exchange(
        self, url: str, request: httpx.Request, limits: Limits, progress: _Progress
    ) -> Exchange | Failure:
        with self._lock:
            self._count += 1
        response = self._client.send(request, stream=True)
        try:
            progress.answered = True
            answered_at = self._now()
            body = _read(response, limits, progress.started_s)
        except (CodingError, _TooSlow) as error:
            return _unread(url, error)
        finally:
            response.close()

        elapsed_s = time.monotonic() - progress.started_s
        capture = Capture(
            url=_address(url, request),
            fetched_at=answered_at,
            body=body,
            status=response.status_code,
            headers=_pairs(response.headers),
            asked=_without_secrets(_pairs(request.headers)),
        )
        return Exchange(capture, elapsed_s)


def _is_sendable(cookie: Cookie) -> bool:
    """Whether a cookie can stand in a request: Discuz! itself sets none in other characters,
    but a server may."""
    text = f"{cookie.name}={cookie.value or ''}"
    return text.isascii() and text.isprintable()


class _SendablePolicy(DefaultCookiePolicy):
    """Takes from servers those cookies only that can be sent back to them."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Whether to keep a cookie of an answer."""
        return _is_sendable(cookie) and super().set_ok(cookie, request)


class _PrivateMachine(Exception):
    """A connection was made to a private machine: nothing has been sent to it."""


def _only_public(event: str, info: Mapping[str, Any]) -> None:
    """Close a connection to a private machine before anything is sent (httpx's `trace` extension).

    A name may resolve to another machine between our look and the connection.
    """
    if event != "connection.connect_tcp.complete":
        return
    stream = info["return_value"]
    peer = stream.get_extra_info("server_addr")
    if peer and not is_public(str(peer[0])):
        stream.close()
        raise _PrivateMachine


@dataclass(slots=True)
class _Progress:
    """When an exchange began, and how far it came before it broke."""

    started_s: float
    answered: bool = False


class _TooSlow(Exception):
    """The answer takes longer than the whole exchange may."""


def _read(response: httpx.Response, limits: Limits, started_s: float) -> bytes:
    """The decoded body. CodingError for one that is cut, broken or too large; _TooSlow."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > limits.size_bytes:
            raise CodingError("too_large", f"more than {limits.size_bytes} bytes")
        if time.monotonic() - started_s > limits.total_s:
            raise _TooSlow(f"no end after {limits.total_s:.0f} s")

    coding = response.headers.get("content-encoding", "")
    return decoded(b"".join(pieces), coding, limits.size_bytes)


def _unread(url: str, error: CodingError | _TooSlow) -> Failure:
    if isinstance(error, CodingError):
        return Failure(
            url=url,
            reason=error.reason,
            message=str(error),
            transient=error.reason != "too_large",
        )
    return Failure(
        url=url,
        reason="timeout",
        message=str(error),
        transient=True,
    )


def _address(url: str, request: httpx.Request) -> str:
    """The address as asked for; as it was sent where it has characters that no address may have."""
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return url if is_plain else str(request.url)


def _pairs(headers: httpx.Headers) -> _Pairs:
    """Names and values as served; headers are bytes, and Latin-1 loses none of them."""
    pairs = []
    for raw_name, raw_value in headers.raw:
        name = raw_name.decode("latin-1")
        value = raw_value.decode("latin-1")
        pairs.append((name, value))
    return tuple(pairs)


def _without_secrets(pairs: _Pairs) -> _Pairs:
    kept = []
    for name, value in pairs:
        if name.lower() not in _SECRET:
            kept.append((name, value))
    return tuple(kept)
