"""The sockets of connections, so that another thread can cut an exchange short: libcurl
waits for a server for as long as it was allowed to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Final

_GOES_ON: Final = 0
_CLOSED: Final = 0


class Sockets:
    """Those of all connections of a run, by their numbers. `opened` and `close` are
    libcurl's callbacks. Thread-safe."""

    def __init__(self) -> None:
        self._twins: dict[int, socket.socket] = {}
        self._lock = threading.Lock()

    def opened(self, number: int, _purpose: int = 0) -> int:
        """A socket is about to be connected."""
        with suppress(OSError):
            with socket.socket(fileno=number) as own:
                twin = own.dup()
                own.detach()  # it stays libcurl's
            with self._lock:
                self._twins[number] = twin
        return _GOES_ON

    def close(self, number: int) -> int:
        """A connection has ended: libcurl leaves its socket to us."""
        self.forget(number)
        with suppress(OSError):
            socket.close(number)
        return _CLOSED

    def forget(self, number: int) -> None:
        """A connection has ended whose socket somebody else closes."""
        with self._lock:
            twin = self._twins.pop(number, None)
        if twin is not None:
            twin.close()

    def cut(self) -> None:
        """End all connections, in whatever state: who waits for one is told at once."""
        with self._lock:
            for twin in self._twins.values():
                with suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)
