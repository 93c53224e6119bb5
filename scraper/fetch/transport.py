"""One request and its answer over HTTP (httpx's only door): bytes as served, or a failure
that says what broke."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any, Final, TypeAlias
from urllib.request import Request

import httpx

from scraper.core.errors import InputError
from scraper.core.records import Capture
from scraper.fetch.broken import broken_exchange
from scraper.fetch.codings import ACCEPTED, CodingError, beginning, decoded
from scraper.fetch.curl import CurlTransport
from scraper.fetch.curl_exchange import CurlOptions
from scraper.fetch.hosts import origin_of
from scraper.fetch.proxies import proxy_of_environment
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
    """What one exchange may cost; `public_only` refuses answers of machines in private
    networks. `takes_beginning`: a longer body is cut there, and not refused."""

    size_bytes: int
    total_s: float
    public_only: bool = False
    takes_beginning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How requests go out. `user_agent` and `headers` are sent with each; `proxy`: one that
    the user names, as `read_proxy` gives it; `environment`: whether the environment may name
    one. Certificates of `unchecked_hosts` may be of any kind."""

    user_agent: str
    timeout_s: float
    headers: _Pairs = ()
    proxy: str = ""
    environment: bool = True
    unchecked_hosts: frozenset[str] = frozenset()


def utc_now() -> datetime:
    """The time, to the second: captures are dated so."""
    return datetime.now(UTC).replace(microsecond=0)


class HttpTransport:
    """Connections to the hosts of one run, and their cookies. Thread-safe."""

    def __init__(
        self,
        way: Way,
        jar: CookieJar | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._way = way
        # what a user adds may be a key: it is for the forum, and not for an archive
        added = {name.lower() for name, _ in way.headers}
        self._secret_names = _SECRET | added
        self._now = now
        self._jar = CookieJar(policy=_SendablePolicy())
        for cookie in jar or ():
            if _is_sendable(cookie):
                self._jar.set_cookie(cookie)
        headers = {
            "User-Agent": way.user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": _LANGUAGES,
            "Accept-Encoding": ACCEPTED,
        }
        headers.update(way.headers)
        self._curl = CurlTransport()
        self._client = _Client(
            headers=headers,
            cookies=self._jar,
            transport=self._curl,
            follow_redirects=False,
            trust_env=False,
        )
        self._proxies: dict[str, str] = {}
        self._count = 0
        self._lock = threading.Lock()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._count

    def forget_cookies(self) -> None:
        """Drop what servers have set: for hosts that are not the forum's."""
        self._jar.clear()

    def cut(self) -> None:
        """End what is under way."""
        self._curl.cut()

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
        try:
            options = self._options(target, limits)
        except InputError as error:
            return Failure(
                url=url,
                reason="refused_connection",
                message=f"the proxy that the environment names cannot be asked: {error}",
            )

        request = self._client.build_request(
            "GET",
            target,
            headers=headers,
            extensions=options.as_extension(),
        )
        try:
            return self._exchange(url, request, limits)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return broken_exchange(url, error)

    def _options(self, target: httpx.URL, limits: Limits) -> CurlOptions:
        """How this exchange goes. InputError for a proxy of the environment that is none."""
        way = self._way
        proxy = self._proxy_for(target)
        return CurlOptions(
            limit_bytes=limits.size_bytes,
            takes_beginning=limits.takes_beginning,
            connect_s=min(way.timeout_s, _CONNECT_S),
            silent_s=way.timeout_s,
            total_s=limits.total_s,
            proxy=proxy,
            # a proxy finds the host itself, and may be on this machine
            public_only=limits.public_only and not proxy,
            check_certificate=not is_on(target, way.unchecked_hosts),
        )

    def _proxy_for(self, target: httpx.URL) -> str:
        """The proxy to ask through; the environment is looked at once for each origin."""
        way = self._way
        if way.proxy or not way.environment:
            return way.proxy
        origin = origin_of(str(target))
        if origin not in self._proxies:
            self._proxies[origin] = proxy_of_environment(origin)
        return self._proxies[origin]

    def _exchange(
        self, url: str, request: httpx.Request, limits: Limits
    ) -> Exchange | Failure:
        with self._lock:
            self._count += 1
        started_s = time.monotonic()
        response = self._client.send(request, stream=True)
        answered_at = self._now()
        elapsed_s = time.monotonic() - started_s
        raw = b"".join(response.iter_raw())
        coding = response.headers.get("content-encoding", "")
        decode = beginning if limits.takes_beginning else decoded
        try:
            body = decode(raw, coding, limits.size_bytes)
        except CodingError as error:
            return Failure(
                url=url,
                reason=error.reason,
                message=str(error),
                transient=error.reason != "too_large",
            )

        capture = Capture(
            url=_address(url, request),
            fetched_at=answered_at,
            body=body,
            status=response.status_code,
            headers=_pairs(response.headers),
            asked=_without(_pairs(request.headers), self._secret_names),
        )
        return Exchange(capture, elapsed_s)


def is_on(target: httpx.URL, hosts: frozenset[str]) -> bool:
    """Whether an address is on one of some hosts, whose names may be written as people read
    them or as resolvers are asked (`xn--…`)."""
    return target.host in hosts or target.raw_host.decode("ascii") in hosts


def _is_sendable(cookie: Cookie) -> bool:
    """Whether a cookie can stand in a request: Discuz! itself sets none in other characters,
    but a server may."""
    text = f"{cookie.name}={cookie.value or ''}"
    return text.isascii() and text.isprintable()


class _Cookies(httpx.Cookies):
    """Looks for cookies in those answers only that set some: httpx makes two objects of the
    standard library of each, which takes as long as the exchange itself."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep the cookies of an answer."""
        if "set-cookie" in response.headers:
            super().extract_cookies(response)


class _Client(httpx.Client):
    """A client whose cookies are of that kind."""

    def __init__(self, *, cookies: CookieJar, **options: Any) -> None:
        super().__init__(**options)
        self._kept = _Cookies(cookies)

    @property
    def cookies(self) -> httpx.Cookies:
        """Those of its jar."""
        return self._kept

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._kept = _Cookies(cookies)


class _SendablePolicy(DefaultCookiePolicy):
    """Takes from servers those cookies only that can be sent back to them."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Whether to keep a cookie of an answer."""
        return _is_sendable(cookie) and super().set_ok(cookie, request)


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


def _without(pairs: _Pairs, names: Set[str]) -> _Pairs:
    kept = []
    for name, value in pairs:
        if name.lower() not in names:
            kept.append((name, value))
    return tuple(kept)
