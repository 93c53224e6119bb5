"""Secrets out of captures before they are kept: cookies, credentials, form and login
tokens, values blanked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scraper.core.records import Capture

_URL_SECRETS = re.compile(
    r"(?<=[?&;])((?:formhash|auth|saltkey|sid|token|cookieauth)=)[^&#;]*", re.I
)
_COOKIES: Final = frozenset({"cookie", "set-cookie", "set-cookie2"})
_CREDENTIALS: Final = frozenset(
    {"authorization", "proxy-authorization", "x-auth-token"}
)
_ADDRESSES: Final = frozenset({"location", "refresh", "referer", "content-location"})
_PROBE_BYTES: Final = 64
_PAGE_SECRETS: Final = {
    b"hash": re.compile(
        rb"""hash(?:=|%3D|["']\s*(?:value\s*=|[:,])\s*["'])([0-9a-f]{32}|[0-9a-f]{8})(?![0-9a-z])"""
    ),  # formhash, and the hash that lets its holder upload as the member
}
_JSON_SECRETS: Final = _PAGE_SECRETS | {
    b"saltkey": re.compile(rb'saltkey"\s*:\s*"([^"]*)'),
    b"auth": re.compile(rb'auth"\s*:\s*"([^"]*)'),
}


def without_secrets(capture: Capture) -> Capture:
    """The same capture with blanked secrets. Bodies keep their length: tokens become zeros."""
    return Capture(
        url=url_without_secrets(capture.url),
        fetched_at=capture.fetched_at,
        body=_body(capture.body),
        status=capture.status,
        headers=_headers(capture.headers),
        asked=_headers(capture.asked),
    )


def url_without_secrets(url: str) -> str:
    """An address with blanked session numbers and form tokens."""
    if "=" not in url:
        return url
    return _URL_SECRETS.sub(r"\1", url)


def _body(body: bytes) -> bytes:
    """Searched word by word: an expression over a whole page takes ten times as long."""
    is_markup = body[:_PROBE_BYTES].lstrip().startswith(b"<")
    secrets = _PAGE_SECRETS if is_markup else _JSON_SECRETS
    spans: list[tuple[int, int]] = []
    for word, pattern in secrets.items():
        spans += _spans(body, word, pattern)
    if not spans:
        return body
    blanked = bytearray(body)
    for start, end in spans:
        blanked[start:end] = b"0" * (end - start)
    return bytes(blanked)


def _spans(
    body: bytes, word: bytes, pattern: re.Pattern[bytes]
) -> Iterator[tuple[int, int]]:
    """Where the secrets stand that begin with a word."""
    at = body.find(word)
    while at >= 0:
        found = pattern.match(body, at)
        if found:
            yield found.span(1)
        at = body.find(word, at + 1)


def _headers(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    cleaned = []
    for name, value in pairs:
        cleaned.append((name, _header(name, value)))
    return tuple(cleaned)


def _header(name: str, value: str) -> str:
    lowered = name.lower()
    if lowered in _COOKIES:  # the name alone: it tells the software
        name_of_cookie, _, _ = value.partition(";")[0].partition("=")
        return name_of_cookie.strip() + "="
    if lowered in _CREDENTIALS:
        return ""
    if lowered in _ADDRESSES:
        return url_without_secrets(value)
    return value
