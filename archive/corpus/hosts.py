"""Which hosts may be one forum's: those that its pages were served from and those that they
print as their own. More may stand together than belong together (what a page belongs to is
found out when it is stored), but never less."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def together(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Host → the first (by name) of all hosts that are connected with it. `pairs` are hosts
    of which pages say or show that they are one forum's; an empty one says nothing."""
    above: dict[str, str] = {}
    for one, other in pairs:
        first = _top(above, one or other)
        second = _top(above, other or one)
        lower, higher = sorted((first, second))
        above[higher] = lower
    return {host: _top(above, host) for host in list(above)}


def _top(above: dict[str, str], host: str) -> str:
    """The host that stands for those connected with one."""
    above.setdefault(host, host)
    top = host
    while above[top] != top:
        top = above[top]
    while above[host] != top:  # the next time it is one step
        above[host], host = top, above[host]
    return top


def part_of(host: str, parts: int) -> int:
    """The part of a corpus that a host's forum lies in: the same on every machine."""
    digest = hashlib.blake2b(host.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % parts
