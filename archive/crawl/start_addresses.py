"""Addresses as people type them to begin a crawl: whether one can be asked for at all."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from scraper.core.errors import InputError

_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?", re.ASCII)


def with_scheme(url: str) -> str:
    """An address as people type it: old forums have http only, and those that have https
    redirect there."""
    return url if "://" in url else f"http://{url}"


def check_address(url: str) -> str:
    """The host of an address. InputError where it is none that a crawl can begin with."""
    try:
        parts = urlsplit(with_scheme(url))
        host = parts.hostname or ""
        _ = parts.port  # raises where it is none
    except ValueError as error:
        raise InputError(f"{url}: not an address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise InputError(f"{url}: not an address of a forum: they begin with http://")
    if not _is_host(host):
        raise InputError(
            f"{url}: not an address that can be asked for: there is no host {host!r}; "
            "a forum's begins like http://bbs.example.com/"
        )
    return host


def _is_host(host: str) -> bool:
    if ":" in host:  # within brackets, which `urlsplit` looks at
        return True
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return False
    return _HOST.fullmatch(ascii_host) is not None
