"""Secrets out of captures before they are kept: cookies, credentials, form and login
tokens, values blanked."""

from __future__ import annotations

import re
from typing import Final

from scraper.core.records import Capture

_URL_SECRETS = re.compile(
    r"(?<=[?&;])((?:formhash|auth|saltkey|sid|token|cookieauth)=)[^&#;]*", re.I
)
_COOKIES: Final = frozenset({"cookie", "set-cookie", "set-cookie2"})
_CREDENTIALS: Final = frozenset(
    {"authorization", "proxy-authorization", "x-auth-token"}
)
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
    headers, asked = _headers(capture.headers), _headers(capture.asked)
    body = _body(capture.body)
    return Capture(
        url_without_secrets(capture.url),
        capture.fetched_at,
        body,
        capture.status,
        headers,
        asked,
    )


def url_without_secrets(url: str) -> str:
    """An address with blanked session numbers and form tokens."""
    return _URL_SECRETS.sub(r"\1", url) if "=" in url else url


def _body(body: bytes) -> bytes:
    """Searched word by word: an expression over a whole page takes ten times as long."""
    blanked: bytearray | None = None
    secrets = _PAGE_SECRETS if body[:64].lstrip().startswith(b"<") else _JSON_SECRETS
    for word, pattern in secrets.items():
        at = body.find(word)
        while at >= 0:
            if found := pattern.match(body, at):
                blanked = blanked or bytearray(body)
                blanked[found.start(1) : found.end(1)] = b"0" * len(found[1])
            at = body.find(word, at + 1)
    return body if blanked is None else bytes(blanked)


def _headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _header(name, value)) for name, value in pairs)


def _header(name: str, value: str) -> str:
    lowered = name.lower()
    if lowered in _COOKIES:  # names alone: they tell the software
        return "; ".join(
            pair.partition("=")[0].strip() + "=" for pair in value.split(";")[:1]
        )
    if lowered in _CREDENTIALS:
        return ""
    return (
        url_without_secrets(value)
        if lowered in ("location", "refresh", "referer", "content-location")
        else value
    )
