"""Whose requests are answered: those that ask for this server by a name it has, and come
from its own pages, from a reader's own hand, or from no browser.

A page of another site that a reader has open can send requests to this machine. Its own
name can be made to lead here (DNS rebinding), so that browsers let it read the answers;
without that it still learns from how answers differ. Neither gets any.
"""

from __future__ import annotations

import ipaddress
import os
import platform
from collections.abc import Collection, Mapping
from typing import Final

HOSTS: Final = "DISCUZ_ARCHIVE_HOSTS"
"""The environment's name for further names of this server, such as a proxy has, with blanks
between."""
Headers = Mapping[str, str]

_OWN_SITES: Final = ("same-origin", "none")


def further_hosts() -> frozenset[str]:
    """The names that this server was given, beside its address."""
    given = os.environ.get(HOSTS, "")
    names = given.replace(",", " ").lower().split()
    return frozenset(names)


def add_host(name: str) -> None:
    """Give this server one more name: the processes that it starts know it, too."""
    given = os.environ.get(HOSTS, "")
    os.environ[HOSTS] = f"{given} {name}".strip()


def is_our_name(host: str, address: str, further: Collection[str]) -> bool:
    """Whether a `Host` header names this server, which was reached at `address`.

    Ports are not compared: a forwarded port is another one, and no name can be made of it.
    """
    name = _without_port(host)
    if name in further:
        return True
    if name == "localhost":
        return True
    this_machine = platform.node().lower()
    if this_machine and name in (this_machine, f"{this_machine}.local"):
        return True
    number = _number(name)
    if number is None:
        return False
    if _is_loopback(address):
        return number.is_loopback
    # a number leads to no other place: only names can be made to
    return not number.is_unspecified


def is_foreign(headers: Headers, *, may_arrive: bool) -> bool:
    """Whether a page of another origin sent a request.

    A reader who follows a link from elsewhere arrives, where `may_arrive` says so; what such
    a page loads or sends by itself is foreign. Browsers of today say which it is
    (`Sec-Fetch-Site`), where the address is a loopback one or https.
    """
    site = headers.get("sec-fetch-site", "")
    if site in _OWN_SITES:
        return False
    if site:
        return not (may_arrive and _is_arrival(headers))
    origin = headers.get("origin")
    if origin is None:
        return False
    _, _, origin_host = origin.partition("://")
    return origin_host.lower() != headers.get("host", "").lower()


def _is_arrival(headers: Headers) -> bool:
    """Whether a browser opens this in place of the page that it showed."""
    mode = headers.get("sec-fetch-mode")
    shown_as = headers.get("sec-fetch-dest")
    return mode == "navigate" and shown_as == "document"


def _without_port(host: str) -> str:
    """The name or number of a `Host` header."""
    host = host.strip().lower()
    if host.startswith("["):
        number, closing, _ = host[1:].partition("]")
        return number if closing else ""
    name, colon, port = host.partition(":")
    if colon and not port.isdecimal():
        return ""
    return name.removesuffix(".")


def _number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_loopback(address: str) -> bool:
    number = _number(address)
    return number is not None and number.is_loopback
