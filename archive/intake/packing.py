"""Packed files (gzip, zstd, lz4), told by their first bytes and unpacked as a stream."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from fastwarc.stream_io import Lz4Reader, ZstdReader

from archive.intake.frames import Framed
from archive.intake.source import HEAD_BYTES, Readable, Source

_GZIP_WINDOW: Final = 31
_GZIP: Final = b"\x1f\x8b"
_WITH_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
"""A zstd file that begins with its dictionary: of WARC files alone."""
_WARC: Final = b"WARC/"


_READERS: Final[dict[bytes, Callable[[BinaryIO], Readable]]] = {
    _GZIP: lambda file: gzip.GzipFile(fileobj=file),
    b"\x28\xb5\x2f\xfd": lambda file: ZstdReader(Framed(file)),
    b"\x04\x22\x4d\x18": Lz4Reader,
}


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of an input: as they lie there, and unpacked."""

    raw: bytes
    plain: bytes

    @property
    def is_packed(self) -> bool:
        """Whether these are the first bytes of a packed file."""
        return self.raw.startswith(tuple(_READERS))

    @property
    def is_gzip(self) -> bool:
        """Whether these are the first bytes of a gzip file."""
        return self.raw.startswith(_GZIP)


def head_of(source: Source) -> Head:
    """The first bytes of an input. OSError where it cannot be read."""
    raw = source.head()
    if raw.startswith(_WITH_DICTIONARY):
        return Head(raw, _WARC)
    head = Head(raw, raw)
    if head.is_gzip:
        return Head(raw, _inflated(raw))
    if not head.is_packed:
        return head
    with source.open() as file:
        stream = unpacked(file, head)
        return Head(raw, _beginning(stream))


def unpacked(file: BinaryIO, head: Head) -> Readable:
    """An open file as a stream of what is packed in it; as it is where nothing is."""
    for mark, reader in _READERS.items():
        if head.raw.startswith(mark):
            return reader(file)
    return file


def _inflated(raw: bytes) -> bytes:
    """What the first bytes of a gzip file hold, be the file cut or not."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        return unpacker.decompress(raw, HEAD_BYTES)
    except zlib.error:
        return b""


def _beginning(stream: Readable) -> bytes:
    """The first bytes of a stream, as many as can be unpacked."""
    got = b""
    try:
        while len(got) < HEAD_BYTES:
            piece = stream.read(HEAD_BYTES - len(got))
            if not piece:
                break
            got += piece
    except (OSError, EOFError, ValueError):
        return got
    return got
