"""One writer an archive: a lock that says who holds it and that dies with its holder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from scraper.core.errors import StorageError

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock guards the rows; two writers would mix up WARC offsets there
    fcntl = None  # type: ignore[assignment]


class WriterLock:
    """Held from `acquire` to `release`, or to the end of the process however that comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def acquire(self) -> None:
        """Take the lock; StorageError names the process that holds it."""
        self._path.parent.mkdir(exist_ok=True)
        self._file = self._path.open("a+", encoding="utf-8")
        if fcntl is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            self._file = None
            raise StorageError(
                f"{self._path.parent}: another discuz-archive (process {holder}) is writing to this archive"
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.truncate(0)
            self._file.close()
            self._file = None
