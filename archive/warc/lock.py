"""One writer an archive: a lock that says who holds it and that dies with its holder.

Writers wait for one another for as long as it takes, and say for whom; only a writer that
was told not to wait gives up.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from archive.store.file import path_of
from scraper.core.errors import StorageError

LOCK_NAME: Final = "writer.lock"
HOLDER_NAME: Final = "writer.json"
"""Beside the lock: who holds it. On Windows a locked file cannot be read by others."""

_NOTICE_S: Final = 5.0
"""How often a writer that waits says so."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that writes: its number, and the command it runs."""

    pid: int
    command: str = ""

    def __str__(self) -> str:
        command = f": {self.command}" if self.command else ""
        return f"process {self.pid}{command}"


class WriterLock:
    """Held from `acquire` to `release`, or to the end of the process however that comes.

    `wait`: whether to wait for another writer; else StorageError names it at once. While it
    waits, a line every `notice_s` seconds says for whom (logger `archive.warc.lock`, which
    writes to the error stream).
    """

    def __init__(
        self, folder: Path, *, wait: bool = False, notice_s: float = _NOTICE_S
    ) -> None:
        self._folder = folder
        self._wait = wait
        self._notice_s = notice_s
        self._lock = FileLock(folder / LOCK_NAME, thread_local=False)

    def acquire(self) -> None:
        """Take the lock; StorageError where another process holds it and we may not wait."""
        self._folder.mkdir(exist_ok=True)
        waited_s = 0.0
        while not self._try(self._notice_s if self._wait else 0.0):
            holder = read_holder(self._folder)
            if not self._wait:
                raise StorageError(
                    f"{self._folder}: another discuz-archive ({holder}) is writing to this archive"
                )
            waited_s += self._notice_s
            _log.warning(
                "%s: waiting for %s, which is writing to this archive (%.0f s so far)",
                self._folder,
                holder,
                waited_s,
            )
        self._write_holder()

    def release(self) -> None:
        """Give the lock back."""
        if self._lock.is_locked:
            (self._folder / HOLDER_NAME).unlink(missing_ok=True)
            self._lock.release()

    def _try(self, timeout_s: float) -> bool:
        try:
            self._lock.acquire(timeout=timeout_s)
        except Timeout:
            return False
        return True

    def _write_holder(self) -> None:
        command = " ".join(sys.argv[1:2])
        holder = Holder(os.getpid(), command)
        text = json.dumps(asdict(holder))
        path = self._folder / HOLDER_NAME
        path.write_text(text, encoding="utf-8")


@contextmanager
def writer_lock(conn: sqlite3.Connection, *, wait: bool = True) -> Iterator[None]:
    """Be the only writer of an archive for a while, as `reindex` is: waits for another one,
    or raises StorageError where `wait` is false."""
    lock = WriterLock(warc_folder(conn), wait=wait)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def read_holder(folder: Path) -> str:
    """Who holds the lock of a folder, in words; it may have let go, or be of an older
    version, which does not say."""
    try:
        text = (folder / HOLDER_NAME).read_text(encoding="utf-8")
        return str(Holder(**json.loads(text)))
    except (OSError, ValueError, TypeError):
        return "another process"


def warc_folder(conn: sqlite3.Connection) -> Path:
    """The folder of an archive's WARC files: `forum.warc` beside `forum.db`."""
    return Path(path_of(conn)).with_suffix(".warc")
