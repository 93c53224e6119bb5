"""One request and its answer over HTTP (httpx's only door): bytes as served, or a failure
that says what broke."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from typing import Any, Final

import httpx

from scraper.core.records import Capture
from scraper.fetch.codings import ACCEPTED, CodingError, decoded
from scraper.fetch.hosts import is_public, proxied
from scraper.fetch.values import Failure, FailureReason

_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_LANGUAGES: Final = "zh-CN,zh;q=0.9,en;q=0.5"
_CONNECT_S: Final = 15.0
_SECRET: Final = frozenset({"cookie", "authorization", "proxy-authorization"})

_WORDS: Final[dict[FailureReason, str]] = {
    "timeout": "no answer in time",
    "dns": "no host of that name was found: is the address right, and the network up",
    "tls": "no secure connection could be made",
    "truncated": "the connection broke before the answer was whole",
    "refused_connection": "nothing answers there: is the address right, and the server up",
    "garbled": "what answered speaks no HTTP",
    "reset": "the connection was cut before an answer came",
}


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
        self._jar = CookieJar()
        for cookie in jar or ():
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
                max_connections=connections, max_keepalive_connections=connections
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
        progress = _Progress()
        try:
            return self._ask(url, headers, limits, progress)
        except _PrivateMachine:
            return Failure(
                url=url,
                reason="private_address",
                message="its host is a machine in a private network",
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            return Failure(
                url=url,
                reason="bad_address",
                message=f"not an address that can be asked for: {error}",
            )
        except (httpx.HTTPError, OSError) as error:
            return _named(url, error, progress)

    def _ask(
        self, url: str, headers: dict[str, str], limits: Limits, progress: _Progress
    ) -> Exchange | Failure:
        guarded = limits.public_only and not (self._environment and proxied(url))
        extensions = {"trace": _only_public} if guarded else None
        request = self._client.build_request(
            "GET", url, headers=headers, extensions=extensions
        )
        with self._lock:
            self._count += 1
        started_s = time.monotonic()
        response = self._client.send(request, stream=True)
        try:
            progress.answered, answered_at = True, self._now()
            body = _read(response, limits, started_s)
        finally:
            response.close()
        if isinstance(body, Exception):
            return _unread(url, body)
        elapsed_s = time.monotonic() - started_s
        sent = tuple(
            pair for pair in _pairs(request.headers) if pair[0].lower() not in _SECRET
        )
        capture = Capture(
            _address(url, request),
            answered_at,
            body,
            response.status_code,
            _pairs(response.headers),
            sent,
        )
        return Exchange(capture, elapsed_s)


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
    """How far an exchange came before it broke."""

    answered: bool = False


class _TooSlow(Exception):
    """The answer takes longer than the whole exchange may."""


def _read(
    response: httpx.Response, limits: Limits, started_s: float
) -> bytes | CodingError | _TooSlow:
    """The decoded body, or why it was given up."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > limits.size_bytes:
            return CodingError("too_large", f"more than {limits.size_bytes} bytes")
        if time.monotonic() - started_s > limits.total_s:
            return _TooSlow(f"no end after {limits.total_s:.0f} s")
    try:
        return decoded(
            b"".join(pieces),
            response.headers.get("content-encoding", ""),
            limits.size_bytes,
        )
    except CodingError as error:
        return error


def _unread(url: str, error: CodingError | _TooSlow) -> Failure:
    if isinstance(error, CodingError):
        return Failure(
            url=url,
            reason=error.reason,
            message=str(error),
            transient=error.reason != "too_large",
        )
    return Failure(url=url, reason="timeout", message=str(error), transient=True)


def _named(url: str, error: Exception, progress: _Progress) -> Failure:
    """A broken exchange by its cause: httpx wraps what the system said."""
    reason, transient = _reason(error, progress)
    return Failure(
        url=url,
        reason=reason,
        message=f"{_WORDS[reason]} ({type(error).__name__}: {error})"[:300],
        transient=transient,
    )


def _reason(error: Exception, progress: _Progress) -> tuple[FailureReason, bool]:
    causes = list(_causes(error))
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return "timeout", True
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "dns", True
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "tls", False
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "tls", True
    if progress.answered:
        return "truncated", True
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return "refused_connection", True
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(
        error
    ):
        return "garbled", True
    return "reset", True


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _address(url: str, request: httpx.Request) -> str:
    """The address as asked for; as it was sent where it has characters that no address may have."""
    return (
        url
        if url.isascii() and url.isprintable() and " " not in url
        else str(request.url)
    )


def _pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw
    )
