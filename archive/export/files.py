"""Files that stand under their final name whole or not at all, however the program ends."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

_PART: Final = ".part"
_COMPARED_BYTES: Final = 1 << 20
_ABANDONED_S: Final = 3600.0
"""A file in the making that nobody has written to for so long is left from a run that was
killed."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write. It gets its name when all of it is on the disk; where what stands
    there already is the same to the byte, that stays as it is, its date too."""
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not _are_equal(part, path):
            part.replace(path)
            sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def is_part(path: Path) -> bool:
    """Whether a file is one in the making, or was left so by a run that was killed."""
    return path.name.startswith(".") and path.suffix == _PART


def remove_abandoned(folder: Path, now_s: float, name: str = "") -> None:
    """Remove what runs that were killed left in a folder, of the file of that name or of all.
    `now_s`: seconds since 1970."""
    parts = [path for path in folder.iterdir() if is_part(path)]
    begin = f".{name}."
    for part in parts:
        if name and not part.name.startswith(begin):
            continue
        with suppress(FileNotFoundError):
            age_s = now_s - part.stat().st_mtime
            if age_s > _ABANDONED_S:
                part.unlink()


def sync_folder(folder: Path) -> None:
    """See a folder's names safely on the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class CountedStream(io.RawIOBase):
    """Takes what is written, and keeps nothing but its size."""

    def __init__(self) -> None:
        super().__init__()
        self.size_bytes = 0

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any, /) -> int:
        """Count."""
        size = memoryview(data).nbytes
        self.size_bytes += size
        return size


def _are_equal(left: Path, right: Path) -> bool:
    if not right.is_file() or left.stat().st_size != right.stat().st_size:
        return False
    with left.open("rb") as first, right.open("rb") as second:
        while piece := first.read(_COMPARED_BYTES):
            if piece != second.read(_COMPARED_BYTES):
                return False
    return True
