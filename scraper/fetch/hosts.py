"""Which machines an address leads to: private ones must not be reached through a public
forum's pages."""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LAST_32_BITS = 0xFFFF_FFFF


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet (RFC 6890); IPv4 addresses within
    IPv6 ones are judged."""
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        ip = _within(ip)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _within(ip: ipaddress.IPv6Address) -> IP:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & _LAST_32_BITS)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def proxied(url: str) -> bool:
    """Whether the environment names a proxy for an address: then it is the proxy that finds
    the host."""
    parts = urlsplit(url)
    return parts.scheme in getproxies() and not proxy_bypass(parts.hostname or "")


class PublicHostGuard:
    """What hosts resolve to, each asked once a run. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._lock = threading.Lock()

    def public(self, url: str) -> bool:
        """Whether all addresses of a URL's host are public; a name that cannot be resolved
        counts as public.

        It cannot be reached then, or a proxy knows what we do not. ValueError for a URL
        without a sensible host.
        """
        host = (urlsplit(url).hostname or "").rstrip(".")
        if not host:
            raise ValueError(f"no host in {url!r}")
        with self._lock:
            if host in self._known:
                return self._known[host]
        found = all(map(is_public, _addresses(host)))
        with self._lock:
            return self._known.setdefault(host, found)


def _addresses(host: str) -> list[str]:
    try:
        return [
            str(found[4][0])
            for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        ]
    except OSError:
        return []
