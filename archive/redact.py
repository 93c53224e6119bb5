"""Secrets out of captures before they are kept: cookies, credentials, form and login tokens, values blanked."""

from __future__ import annotations

import re
from typing import Final

from scraper.records import Capture

_URL_SECRETS = re.compile(r"(?<=[?&;])((?:formhash|auth|saltkey|sid|token|cookieauth)=)[^&#;]*", re.I)
_COOKIES: Final = frozenset({"cookie", "set-cookie", "set-cookie2"})
_CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "x-auth-token"})
_BODY_SECRETS: Final = [
    (b"formhash", re.compile(rb"""(formhash(?:=|%3D|["']\s*(?:value\s*=|[:,])\s*["']))([0-9a-f]{6,16})""")),
    (b'"saltkey"', re.compile(rb'("saltkey"\s*:\s*")([^"]*)')),
    (b'"auth"', re.compile(rb'("auth"\s*:\s*")([^"]*)')),
    (b'"hash"', re.compile(rb'("hash"\s*:\s*")([0-9a-f]{32})')),  # lets its holder upload as the member
]


def without_secrets(capture: Capture) -> Capture:
    """The same capture with blanked secrets. Bodies keep their length: tokens become zeros."""
    body = capture.body
    for word, pattern in _BODY_SECRETS:
        if word in body:
            body = pattern.sub(_zeros, body)
    headers = tuple((name, _header(name, value)) for name, value in capture.headers)
    return Capture(url_without_secrets(capture.url), capture.fetched_at, body, capture.status, headers)


def url_without_secrets(url: str) -> str:
    """An address with blanked session numbers and form tokens."""
    return _URL_SECRETS.sub(r"\1", url) if "=" in url else url


def _zeros(match: re.Match[bytes]) -> bytes:
    return match[1] + b"0" * len(match[2])


def _header(name: str, value: str) -> str:
    lowered = name.lower()
    if lowered in _COOKIES:  # names alone: they tell the software
        return "; ".join(pair.partition("=")[0].strip() + "=" for pair in value.split(";")[:1])
    if lowered in _CREDENTIALS:
        return ""
    return url_without_secrets(value) if lowered in ("location", "refresh", "referer", "content-location") else value
