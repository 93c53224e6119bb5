"""A SOCKS5 proxy on loopback that leads every host to one port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from loopback import listening

_ADDRESS_BYTES = {1: 4, 4: 16}
_NAME = 3


@dataclass
class Socks:
    """`asked`: hosts by name, or `an address` where the client looked the name up itself."""

    port: int = 0
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve_socks(leads_to: int) -> Iterator[Socks]:
    """Serve until the block ends."""
    socks = Socks()
    with listening(lambda client: _serve(client, leads_to, socks)) as port:
        socks.port = port
        yield socks


def _serve(client: socket.socket, leads_to: int, socks: Socks) -> None:
    with client, client.makefile("rb") as read:
        _, methods = read.read(2)
        read.read(methods)
        client.sendall(b"\x05\x00")  # no password
        *_, kind = read.read(4)
        name = read.read(read.read(1)[0] if kind == _NAME else _ADDRESS_BYTES[kind])
        socks.asked.append(name.decode() if kind == _NAME else "an address")
        read.read(2)
        client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        with socket.create_connection(("127.0.0.1", leads_to)) as server:
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
