"""The reading pages of archives: one `serve` an archive, begun when somebody wants to read.

They have ports of their own: what strangers wrote is never of one origin with the forms here.
"""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.desk.processes import begin, interrupt, wait_or_kill

_HOST: Final = "127.0.0.1"
_BEGIN_S: Final = 30.0
_END_S: Final = 10.0
_LOOK_S: Final = 0.05


class NotServedError(Exception):
    """The reading pages could not be begun; what the command said."""


@dataclass(slots=True)
class _Reader:
    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://{_HOST}:{self.port}/"


class Readers:
    """Runs `program` (the words that start it) to serve archives of a folder."""

    def __init__(self, program: Sequence[str], folder: Path) -> None:
        self._program = tuple(program)
        self._folder = folder
        self._lock = threading.Lock()
        self._readers: dict[str, _Reader] = {}

    def open(self, archive: str) -> str:
        """The address at which an archive of the folder is read. NotServedError where it
        cannot be."""
        with self._lock:
            reader = self._readers.get(archive)
            if reader is None or reader.process.poll() is not None:
                reader = self._begin(archive)
                self._readers[archive] = reader
            return reader.address

    def close(self) -> None:
        """End all of them."""
        for reader in self._readers.values():
            interrupt(reader.process)
        for reader in self._readers.values():
            wait_or_kill(reader.process, _END_S)

    def _begin(self, archive: str) -> _Reader:
        port = _free_port()
        words = [*self._program, "serve", archive, "--port", str(port)]
        process = begin(
            words,
            self._folder,
            {},
            with_output=False,
        )
        ends_s = time.monotonic() + _BEGIN_S
        while process.poll() is None and time.monotonic() < ends_s:
            if _answers(port):
                _discard(process)
                return _Reader(process, port)
            time.sleep(_LOOK_S)
        interrupt(process)
        _, said = process.communicate()
        raise NotServedError(said.strip())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((_HOST, 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((_HOST, port), timeout=1):
            return True
    except OSError:
        return False


def _discard(process: subprocess.Popen[str]) -> None:
    """Read what a server says, so that it never waits for a reader."""

    def read() -> None:
        assert process.stderr
        for _ in process.stderr:
            pass

    threading.Thread(target=read, daemon=True).start()
