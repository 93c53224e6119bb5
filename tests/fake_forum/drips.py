"""Answers without an end: a server that sends a little now and then, for as long as anybody
listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Final

DRIPS: Final = {
    "slow_headers": (b"HTTP/1.1 200 OK\r\n", lambda n: b"X-%d: y\r\n" % n),
    "slow_header": (b"HTTP/1.1 200 OK\r\nX: ", lambda _: b"y"),
    "hints": (b"", lambda _: b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "continues": (b"", lambda _: b"HTTP/1.1 100 Continue\r\n\r\n"),
    "slow_chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=",
        lambda _: b"a",
    ),
    "slow_trailer": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
        lambda n: b"X-%d: y\r\n" % n,
    ),
    "slow_body": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", lambda _: b"a"),
    "silence": (b"", lambda _: b""),
}
"""How each begins, and how its `n`-th piece goes on."""

_PAUSE_S: Final = 0.05


def drip(kind: str, send: Callable[[bytes], object], ended: threading.Event) -> None:
    """Send an answer without an end, until nobody listens any more or the server ends."""
    begin, further = DRIPS[kind]
    try:
        send(begin)
        for number in count():
            if ended.wait(_PAUSE_S):
                return
            send(further(number))
    except OSError:
        return
