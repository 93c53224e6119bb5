"""Which proxy an address is asked through: one that the user names, or the environment's."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scraper.core.errors import InputError

_SCHEMES: Final = {
    "http": "http",
    "https": "https",
    "socks": "socks5h",
    "socks4": "socks4a",
    "socks4a": "socks4a",
    "socks5": "socks5h",
    "socks5h": "socks5h",
}
"""Schemes of proxies, and libcurl's names for them. It is always the proxy that finds the
host: what a name resolves to here may not be what it is there."""
_BETWEEN_ENTRIES = re.compile(r"[,\s]+")


def read_proxy(text: str) -> str:
    """A proxy as libcurl takes it: `http://127.0.0.1:8080`, `socks5h://…`. InputError for
    what names none."""
    text = text.strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    name = _SCHEMES.get(scheme.lower())
    if name is None:
        raise InputError(
            f"{_shown(text)}: no proxy can be asked by {scheme}; "
            f"known are {', '.join(sorted(_SCHEMES))}"
        )

    proxy = f"{name}://{rest.strip('/')}"
    if not _has_host(proxy):
        raise InputError(
            f"{_shown(text)}: is no address of a proxy; "
            "one is written http://HOST:PORT or socks5://HOST:PORT"
        )
    return proxy


def proxy_of_environment(url: str) -> str:
    """The proxy that the environment (`http_proxy`, `https_proxy`, `all_proxy`, or the system's
    settings) names for an address; empty for none. InputError for one that is none."""
    proxies = getproxies()
    parts = urlsplit(url)
    named = proxies.get(parts.scheme) or proxies.get("all") or ""
    if not named.strip():
        return ""

    host = parts.hostname or ""
    bypasses = proxies.get("no", "")
    if proxy_bypass(parts.netloc.rpartition("@")[2]) or _is_among(host, bypasses):
        return ""
    return read_proxy(named)


def _is_among(host: str, no_proxy: str) -> bool:
    """Whether `no_proxy` names a host, a domain above it, or a network that it is in. Entries
    that cannot be read are passed over."""
    for entry in _BETWEEN_ENTRIES.split(no_proxy):
        name = entry.lower().removeprefix("*").removeprefix(".")
        if entry == "*" or host == name:
            return True
        if name and host.endswith(f".{name}"):
            return True
        if _is_in_network(host, entry):
            return True
    return False


def _is_in_network(host: str, network: str) -> bool:
    bare = network.strip("[]")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(bare, strict=False)
    except ValueError:
        return False


def _has_host(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        port = parts.port
    except ValueError:
        return False
    has_blank = any(character.isspace() for character in proxy)
    return bool(parts.hostname) and port != 0 and proxy.isascii() and not has_blank


def _shown(proxy: str) -> str:
    """A proxy without the password that it may hold."""
    return repr(proxy.rpartition("@")[2])
