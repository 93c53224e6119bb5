"""Our own WARC files (WARC 1.1, ISO 28500:2017): append a capture, read it back, rotate,
mend a torn end."""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from fastwarc.warc import ArchiveIterator, WarcRecord

from archive.warc.records import Packed, pack_info
from scraper.core.errors import StorageError
from scraper.core.records import Capture

MAX_FILE_BYTES: Final = 1 << 30
_SUFFIX: Final = ".warc.gz"
_NUMBERED = re.compile(r"-(\d{5,})\.warc\.gz\Z")
_MEMBER_START: Final = b"\x1f\x8b\x08"
_HEAD_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies: file name, offset and compressed length in bytes."""

    file: str
    offset: int
    length: int


class WarcFolder:
    """The WARC files of one archive; records go to the newest one. Close it, or use it as a
    context."""

    def __init__(
        self, folder: Path, stem: str, max_file_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self._folder, self._stem, self._max = folder, stem, max_file_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        self._size = 0

    def append(self, packed: Packed) -> RecordLocation:
        """Write a capture's records whole, or not at all; where its own one lies."""
        both = packed.record + packed.request
        if self._file is None or self._size + len(both) > self._max:
            self._rotate()
        place = RecordLocation(self._name, self._size, len(packed.record))
        self._write(both)
        return place

    def close(self) -> None:
        """See what was written safely to the disk."""
        if self._file:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _rotate(self) -> None:
        newest = self._name or max(
            (path.name for path in own_files(self._folder, self._stem)), default=""
        )
        size = (self._folder / newest).stat().st_size if newest else 0
        if self._file or not newest or size >= self._max:
            newest, size = f"{self._stem}-{_number(newest) + 1:05}{_SUFFIX}", 0
        self.close()
        self._folder.mkdir(exist_ok=True)
        self._file = (self._folder / newest).open("ab", buffering=0)
        self._name, self._size = newest, size
        if not size:
            self._write(pack_info(newest))

    def _write(self, record: bytes) -> None:
        assert self._file
        try:
            view = memoryview(record)
            while view:
                view = view[self._file.write(view) :]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(record)


def unpack(folder: Path, place: RecordLocation) -> Capture:
    """The capture at a place; a revisit has an empty body. StorageError where the file lacks it."""
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            record = next(
                iter(
                    ArchiveIterator(
                        io.BytesIO(file.read(place.length)), parse_http=False
                    )
                )
            )
            return read_record(record)
    except (OSError, StopIteration) as error:
        reason = error or "the file is cut"
        raise StorageError(
            f"{folder / place.file}: no record at {place.offset}: {reason}"
        ) from error


def read_record(record: WarcRecord) -> Capture:
    """A record of ours as a capture."""
    url, fetched_at = record.headers["WARC-Target-URI"], record.record_date
    if not record.is_http:
        content_type = record.headers.get("Content-Type") or ""
        return Capture(
            url,
            fetched_at,
            record.reader.read(),
            200,
            (("Content-Type", content_type),),
        )
    record.parse_http()
    headers = record.http_headers
    return Capture(
        url,
        fetched_at,
        record.reader.read(),
        headers.status_code or 0,
        headers.to_tuples(),
    )


def own_files(folder: Path, stem: str = "") -> list[Path]:
    """The numbered files of a folder, oldest first: files that people have put beside them
    are left alone."""
    return sorted(
        path
        for path in folder.glob(f"*{_SUFFIX}")
        if _NUMBERED.search(path.name)
        and path.name.startswith(f"{stem}-" if stem else "")
    )


def scan(path: Path, start: int) -> Iterator[tuple[RecordLocation, WarcRecord]]:
    """The whole records from an offset on; a torn one at the end is cut off the file.

    Where whole records lie behind the tear, which no crash of ours leaves, what is cut off
    is kept in a file beside it.
    """
    end = start
    with path.open("rb") as file:
        while member := _member(file, end):
            yield (
                RecordLocation(path.name, end, len(member)),
                next(iter(ArchiveIterator(io.BytesIO(member), parse_http=False))),
            )
            end += len(member)
        file.seek(end)
        torn = file.read()
    if _holds_record(torn):
        path.with_name(f"{path.name}.damaged-{end}").write_bytes(torn)
    if torn:
        os.truncate(path, end)


def _holds_record(torn: bytes) -> bool:
    """Whether a WARC record begins behind the first byte of what could not be read."""
    at = 0
    while (at := torn.find(_MEMBER_START, at + 1)) > 0:
        try:
            if (
                zlib.decompressobj(31).decompress(torn[at : at + _HEAD_BYTES], 5)
                == b"WARC/"
            ):
                return True
        except zlib.error:
            continue
    return False


def _number(name: str) -> int:
    found = _NUMBERED.search(name)
    return int(found[1]) if found else 0


def _member(file: BinaryIO, start: int) -> bytes:
    """The gzip member that begins at an offset; empty where there is no whole one."""
    file.seek(start)
    unpacker, member = zlib.decompressobj(31), b""
    try:
        while not unpacker.eof and (chunk := file.read(1 << 16)):
            unpacker.decompress(chunk)
            member += chunk
    except zlib.error:
        return b""
    return member[: len(member) - len(unpacker.unused_data)] if unpacker.eof else b""
