"""A file that may be read only so far between two things that are taken from it: what holds
the memory of a reader of endless values."""

from __future__ import annotations

from typing import BinaryIO


class TooLongError(OSError):
    """One value of a file is longer than any may be."""


class Metered:
    """Reads a file; TooLongError where more than `most_bytes` are read without a `rest`."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self._read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        self._read_bytes += len(piece)
        if self._read_bytes > self._most_bytes:
            message = f"one entry has more than {self._most_bytes / 1e6:.0f} MB"
            raise TooLongError(message)
        return piece

    def rest(self) -> None:
        """A value is through: count anew."""
        self._read_bytes = 0
