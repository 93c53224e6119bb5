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
_HELD_BYTES: Final = 16 << 20
"""A file that is no longer is compared with what stands there before any of it is written."""
_ABANDONED_S: Final = 3600.0
"""A file in the making that nobody has written to for so long is left from a run that was
killed."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write. It gets its name when all of it is on the disk; where what stands
    there already is the same to the byte, that stays as it is, its date too, and of a small
    file nothing is written at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    held = _HeldStream(part)
    try:
        with io.BufferedWriter(held) as file:
            yield file
            file.flush()
            if held.is_equal_to(path):
                return
            held.settle()
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


class _HeldStream(io.RawIOBase):
    """Holds what is written, and puts it into a file when it grows large, or is settled."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._held = bytearray()
        self._file: BinaryIO | None = None

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any, /) -> int:
        """Take it."""
        piece = memoryview(data)
        if self._file is None:
            self._held += piece
            if len(self._held) > _HELD_BYTES:
                self._spill()
        else:
            self._file.write(piece)
        return piece.nbytes

    def is_equal_to(self, path: Path) -> bool:
        """Whether a file has the same bytes; not known of what is no longer held."""
        if self._file is not None or not path.is_file():
            return False
        is_as_long = path.stat().st_size == len(self._held)
        return is_as_long and path.read_bytes() == self._held

    def settle(self) -> None:
        """See all of it on the disk."""
        file = self._file or self._spill()
        file.flush()
        os.fsync(file.fileno())

    def close(self) -> None:
        """Close the file, too."""
        if self._file is not None:
            self._file.close()
        super().close()

    def _spill(self) -> BinaryIO:
        self._file = self._path.open("wb")
        self._file.write(self._held)
        self._held = bytearray()
        return self._file


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
