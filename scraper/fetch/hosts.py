"""Which machines an address leads to: private ones must not be reached through a public
forum's pages."""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import TypeAlias
from urllib.parse import urlsplit

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LAST_32_BITS = 0xFFFF_FFFF


def is_web_address(url: str) -> bool:
    """Whether something can be asked for at an address: http or https, with a host, and a
    port that there is. Never raises."""
    if not url[:8].lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port
        if host.isascii():
            host.encode("idna")  # as resolvers do: no label is empty or too long
    except ValueError:
        return False
    return bool(host) and port != 0


def host_of(url: str) -> str:
    """Host and port of an address, in lower case, without a user's name: what is asked at
    one pace. Empty for what is no address. Never raises."""
    try:
        netloc = urlsplit(url).netloc
    except ValueError:
        return ""
    return netloc.rpartition("@")[2].lower()


def origin_of(url: str) -> str:
    """Scheme, host and port of an address: what has a robots.txt of its own. Never raises."""
    scheme = url.partition(":")[0].lower()
    return f"{scheme}://{host_of(url)}"


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet (RFC 6890); IPv4 addresses within
    IPv6 ones are judged."""
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False

    if isinstance(ip, ipaddress.IPv6Address):
        ip = _within(ip)
    if ip.is_multicast or ip.is_reserved:
        return False
    return ip.is_global


def _within(ip: ipaddress.IPv6Address) -> IP:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & _LAST_32_BITS)
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip.sixtofour:
        return ip.sixtofour
    if ip.teredo:
        _, client = ip.teredo
        return client
    return ip


class PublicHostGuard:
    """What hosts resolve to, each asked once a run. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._lock = threading.Lock()

    def public(self, url: str) -> bool:
        """Whether all machines behind a web address (`is_web_address`) are public.

        A name that cannot be resolved counts as public: it cannot be reached then, or a
        proxy knows what we do not.
        """
        host = (urlsplit(url).hostname or "").rstrip(".")
        with self._lock:
            if host in self._known:
                return self._known[host]

        is_public_host = all(map(is_public, _addresses(host)))
        with self._lock:
            return self._known.setdefault(host, is_public_host)


def _addresses(host: str) -> list[str]:
    """The IP addresses of a host; none where its name means nothing."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # ValueError: a name that no resolver is asked for
        return []
    return [str(socket_address[0]) for *_, socket_address in found]
