"""A zstd file may not consist of frames in which nothing is: each takes as long to open as a
page of text to unpack, and adds nothing to what was unpacked."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

ZSTD_MARKS: Final = (
    b"\x28\xb5\x2f\xfd",  # a frame
    b"\x2a\x4d\x18",  # the end of the mark of one that is skipped
)
_MARK: Final = re.compile(b"|".join(map(re.escape, ZSTD_MARKS)))
_MARK_BYTES: Final = 4
_MOST_FRAMES: Final = 1_000
_LEAST_BYTES: Final = 64
"""A frame takes 9 bytes where it is empty; a record of a WARC file takes a hundred at least."""


class EmptyFramesError(OSError):
    """A file of frames that hold nothing."""


class Framed:
    """Reads a packed file; EmptyFramesError where thousands of zstd frames in a row are too
    short to hold anything."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._in_a_row = 0
        self._last_bytes = 0
        """How long ago the last frame began."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        frames = sum(map(piece.count, ZSTD_MARKS))
        if frames * _LEAST_BYTES > len(piece):
            self._count(piece)
        else:
            self._in_a_row = 0
        return piece

    def _count(self, piece: bytes) -> None:
        """Count frames in a row that hold nothing, those of the pieces before included."""
        last = -self._last_bytes
        for found in _MARK.finditer(piece):
            is_short = found.start() - last < _LEAST_BYTES
            self._in_a_row = self._in_a_row + 1 if is_short else 0
            last = found.start()
            if self._in_a_row > _MOST_FRAMES:
                message = (
                    f"more than {_MOST_FRAMES:,} zstd frames in a row hold nothing"
                )
                raise EmptyFramesError(message)
        self._last_bytes = len(piece) - last

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place of the file."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def framed(file: BinaryIO) -> BinaryIO | Framed:
    """A file as it is to be read, which stands at its beginning: looked through where it is
    of zstd frames. Frames within the bodies of other files are bounded where those are
    unpacked."""
    place = file.tell()
    begins = file.read(_MARK_BYTES)
    file.seek(place)
    is_zstd = begins.startswith(ZSTD_MARKS[0]) or begins.endswith(ZSTD_MARKS[1])
    return Framed(file) if is_zstd else file
