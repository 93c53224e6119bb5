"""ZIP archives, WACZ among them: pages, folders of pages and WARC files in them, read where
they lie and never written to a disk under a name of the archive's own."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from archive.intake.containers import Container, Items, Reading
from archive.intake.packing import Head
from archive.intake.source import Source
from archive.intake.zip_folder import ZipFolder, open_zip

_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_LISTED_BYTES: Final = 32 << 20
_TAIL_BYTES: Final = (1 << 16) + 1024
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"


def _is_zip(head: Head) -> bool:
    return head.raw.startswith(_MARKS)


def _read(source: Source, reading: Reading) -> Items:
    with source.open() as file:
        _refuse_long_list(file, source.size_bytes)
        with open_zip(file) as archive:
            folder = ZipFolder(archive, file, source)
            yield from reading.folder(folder)
            yield from folder.not_read()


def _refuse_long_list(file: BinaryIO, size_bytes: int) -> None:
    """ValueError for an archive whose list of files takes too much memory."""
    file.seek(max(0, size_bytes - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    listed_bytes = _number(tail, _END, 12, "<L")
    listed_bytes_64 = _number(tail, _END_64, 40, "<Q")
    if listed_bytes == 0xFFFFFFFF:
        listed_bytes = listed_bytes_64
    if listed_bytes > _MOST_LISTED_BYTES:
        limit_mb = _MOST_LISTED_BYTES >> 20
        raise ValueError(f"its list of files is longer than {limit_mb} MB")


def _number(tail: bytes, mark: bytes, offset: int, form: str) -> int:
    """A number behind the last mark of the archive's end (APPNOTE 4.3.14, 4.3.16)."""
    at = tail.rfind(mark)
    start = at + offset
    if at < 0 or start + struct.calcsize(form) > len(tail):
        return 0
    (number,) = struct.unpack_from(form, tail, start)
    return int(number)


CONTAINER = Container("ZIP", _is_zip, _read)
