"""A zstd file may not consist of frames in which nothing is: each takes as long to open as a
page of text to unpack, and adds nothing to what was unpacked."""

from __future__ import annotations

from typing import BinaryIO, Final

ZSTD_MARKS: Final = (
    b"\x28\xb5\x2f\xfd",  # a frame
    b"\x2a\x4d\x18",  # the end of the mark of one that is skipped
)
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

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        frames = sum(map(piece.count, ZSTD_MARKS))
        if frames > _MOST_FRAMES and frames * _LEAST_BYTES > len(piece):
            message = f"more than {_MOST_FRAMES:,} zstd frames in a row hold nothing"
            raise EmptyFramesError(message)
        return piece

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place of the file."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
