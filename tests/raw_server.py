"""A server that answers each path with bytes as given, broken ones too: what no decent
server library would send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from loopback import listening


@dataclass
class Raw:
    """What is served: `answers` by path, as pieces that are sent one after the other;
    `held` paths are answered once their event is set; `asked` holds whole requests."""

    port: int = 0
    answers: dict[str, list[bytes]] = field(default_factory=dict)
    held: dict[str, threading.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/"

    def paths(self) -> list[str]:
        """The paths asked for, oldest first."""
        return [request.split(" ")[1] for request in self.asked]


def answer(
    body: bytes, *headers: str, status: int = 200, length: bool = True
) -> list[bytes]:
    """A response; with `length` its Content-Length is right."""
    lines = [
        f"HTTP/1.1 {status} X",
        *headers,
        *([f"Content-Length: {len(body)}"] if length else []),
        "Connection: close",
        "",
        "",
    ]
    return ["\r\n".join(lines).encode("latin-1") + body]


@contextmanager
def serve_raw() -> Iterator[Raw]:
    """Serve until the block ends. A path without an answer gets 404; a piece `b""` is half
    a second of silence."""
    raw = Raw()
    ended = threading.Event()
    with listening(lambda connection: _reply(connection, raw, ended)) as port:
        raw.port = port
        try:
            yield raw
        finally:
            ended.set()


def _reply(connection: socket.socket, raw: Raw, ended: threading.Event) -> None:
    with connection:
        request = b""
        while b"\r\n\r\n" not in request and (more := connection.recv(65536)):
            request += more
        if not request:
            return
        raw.asked.append(request.decode("latin-1"))
        path = raw.asked[-1].split(" ")[1]
        if path in raw.held:
            raw.held[path].wait(60)
        pieces = raw.answers.get(path, answer(b"no such page", status=404))
        try:
            for piece in pieces:
                if not piece:
                    ended.wait(0.5)
                connection.sendall(piece)
        except OSError:
            return
