"""Copies captures out of an archive's WARC files: their records as they were written, with what
was asked for them."""

from __future__ import annotations

import io
import sqlite3
import zlib
from dataclasses import dataclass
from typing import Final

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.warc.captures import Captures
from archive.warc.files import RecordLocation
from archive.warc.lock import warc_folder
from archive.warc.records import Packed, id_of, pack
from archive.warc.rows import CaptureRows

_GZIP: Final = 16 + zlib.MAX_WBITS
_REQUEST_BYTES: Final = 1 << 16
"""A request record, cookies away, and a note are never longer."""


@dataclass(frozen=True, slots=True)
class CopiedRecords:
    """The records of a capture. `is_revisit`: its own refers to an earlier one, which has the
    body."""

    packed: Packed
    is_revisit: bool = False


class RecordCopier:
    """Gives the records of captures, one capture after the other.

    A record that refers to an earlier one with the same body is given as it is where that one
    was given before; else the capture is packed whole.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._captures = Captures(conn)
        self._rows = CaptureRows(conn)
        self._folder = warc_folder(conn)
        self._given: set[int] = set()

    def copy(self, capture_id: int) -> CopiedRecords:
        """The records of a capture. StorageError where they are lost, or are not those that
        were written."""
        capture = self._captures.read(capture_id)
        location, refers_to = self._rows.location(capture_id)
        self._given.add(capture_id)
        if refers_to is None:
            packed = self._as_written(location)
            return CopiedRecords(packed)
        if refers_to in self._given:
            packed = self._as_written(location)
            return CopiedRecords(packed, is_revisit=True)
        digest = self._rows.digest_of(capture_id)
        packed = pack(capture, "response", digest)
        return CopiedRecords(packed)

    def _as_written(self, location: RecordLocation) -> Packed:
        path = self._folder / location.file
        with path.open("rb") as file:
            file.seek(location.offset)
            record = file.read(location.length)
            behind = file.read(_REQUEST_BYTES)
        request = _first_member(behind)
        if not _belongs_to(WarcRecordType.request, request, record):
            request = b""
        note = _first_member(behind[len(request) :])
        if not _belongs_to(WarcRecordType.metadata, note, record):
            note = b""
        return Packed(record, request, note)


def _first_member(data: bytes) -> bytes:
    """The gzip member that some bytes begin with; nothing where they hold none whole."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacker.decompress(data)
    except zlib.error:
        return b""
    if not unpacker.eof:
        return b""
    end = len(data) - len(unpacker.unused_data)
    return data[:end]


def _belongs_to(kind: WarcRecordType, member: bytes, record: bytes) -> bool:
    """Whether a record is what was asked for another one, or what is to be told of it (WARC
    1.1, 6.5 and 6.6)."""
    if not member:
        return False
    (found,) = ArchiveIterator(io.BytesIO(member), parse_http=False)
    if found.record_type != kind:
        return False
    is_request = kind == WarcRecordType.request
    name = "WARC-Concurrent-To" if is_request else "WARC-Refers-To"
    return found.headers.get(name) == id_of(record)
