"""Our own WARC files (WARC 1.1, ISO 28500:2017): append a capture, read it back, rotate, mend a torn end."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO, Final

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from scraper.errors import StorageError
from scraper.records import Capture

MAX_FILE_BYTES: Final = 1 << 30
_LEVEL: Final = 2  # half the time of gzip's usual 6 for a sixth more space
_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_RENAMED: Final = frozenset({"content-encoding", "transfer-encoding"})  # the body is kept without them
_PREFIX: Final = "X-Archive-Orig-"
_TYPES: Final = {
    "response": WarcRecordType.response, "resource": WarcRecordType.resource,
    "conversion": WarcRecordType.conversion, "revisit": WarcRecordType.revisit,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name, offset and compressed length in bytes."""

    file: str
    offset: int
    length: int


class WarcFolder:
    """The WARC files of one archive; records go to the newest one. Close it, or use it as a context."""

    def __init__(self, folder: Path, stem: str, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        self._folder, self._stem, self._max = folder, stem, max_file_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        self._size = 0

    def append(self, record: bytes) -> Place:
        """Write a packed record whole, or not at all."""
        if self._file is None or self._size + len(record) > self._max:
            self._rotate()
        place = Place(self._name, self._size, len(record))
        self._write(record)
        return place

    def close(self) -> None:
        """See what was written safely to the disk."""
        if self._file:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _rotate(self) -> None:
        newest = self._name or max((path.name for path in self._folder.glob(f"{self._stem}-*.warc.gz")), default="")
        size = (self._folder / newest).stat().st_size if newest else 0
        if self._file or not newest or size >= self._max:
            number = int(newest.removesuffix(".warc.gz").rpartition("-")[2]) + 1 if newest else 1
            newest, size = f"{self._stem}-{number:05}.warc.gz", 0
        self.close()
        self._folder.mkdir(exist_ok=True)
        self._file = (self._folder / newest).open("ab", buffering=0)
        self._name, self._size = newest, size
        if not size:
            self._write(_pack_info(newest))

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


def pack(capture: Capture, kind: str, digest: str, original: Capture | None = None) -> bytes:
    """One gzip member. `digest`: `sha1_base32` of the body. `original`, for a revisit: what holds the same body."""
    record = WarcRecord()
    record.init_headers(record_type=_TYPES[kind])
    record.headers["WARC-Target-URI"] = capture.url
    record.headers["WARC-Date"] = f"{capture.fetched_at:%Y-%m-%dT%H:%M:%SZ}"
    if original:
        record.headers["WARC-Profile"] = _PROFILE
        record.headers["WARC-Refers-To-Target-URI"] = original.url
        record.headers["WARC-Refers-To-Date"] = f"{original.fetched_at:%Y-%m-%dT%H:%M:%SZ}"
    if kind in ("response", "revisit"):
        record.headers["Content-Type"] = "application/http; msgtype=response"
        return _packed(record, _http_head(capture) + (b"" if original else capture.body), digest)
    record.headers["Content-Type"] = capture.header("content-type") or "text/html"
    return _packed(record, capture.body, digest)


def sha1_base32(data: bytes) -> str:
    """A digest as WARC files have it (without the label)."""
    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def unpack(folder: Path, place: Place) -> Capture:
    """The capture at a place; a revisit has an empty body. StorageError where the file lacks it."""
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(io.BytesIO(file.read(place.length)), parse_http=False)))
            return read_record(record)
    except (OSError, StopIteration) as error:
        reason = error or "the file is cut"
        raise StorageError(f"{folder / place.file}: no record at {place.offset}: {reason}") from error


def read_record(record: WarcRecord) -> Capture:
    """A record of ours as a capture."""
    url, fetched_at = record.headers["WARC-Target-URI"], record.record_date
    if not record.is_http:
        content_type = record.headers.get("Content-Type") or ""
        return Capture(url, fetched_at, record.reader.read(), 200, (("Content-Type", content_type),))
    record.parse_http()
    headers = record.http_headers
    return Capture(url, fetched_at, record.reader.read(), headers.status_code or 0, headers.to_tuples())


def scan(path: Path, start: int) -> Iterator[tuple[Place, WarcRecord]]:
    """The whole records from an offset on; a torn one at the end is cut off the file."""
    end = start
    with path.open("rb") as file:
        while member := _member(file, end):
            yield Place(path.name, end, len(member)), next(iter(ArchiveIterator(io.BytesIO(member), parse_http=False)))
            end += len(member)
    if end < path.stat().st_size:
        os.truncate(path, end)


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


def _packed(record: WarcRecord, block: bytes, body_digest: str = "") -> bytes:
    """The record as one gzip member, with the digest of its block, and that of its body where one is given.

    Digests are ours because FastWARC would give a revisit the digest of its empty body.
    """
    record.set_bytes_content(block)
    if body_digest:
        record.headers["WARC-Payload-Digest"] = f"sha1:{body_digest}"
    record.headers["WARC-Block-Digest"] = f"sha1:{sha1_base32(block)}"
    out = io.BytesIO()
    writer = GzipWriter(out, compression_level=_LEVEL)
    record.write(writer)
    writer.finish()
    return out.getvalue()


def _pack_info(name: str) -> bytes:
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.warcinfo)
    record.headers["WARC-Filename"] = name
    record.headers["Content-Type"] = "application/warc-fields"
    return _packed(record, (
        f"software: discuz-archive/{software_version()}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    ).encode())  # fmt: skip


def software_version() -> str:
    """Our version, as installed; empty when run from a bare checkout."""
    try:
        return version("discuz-archive")
    except PackageNotFoundError:
        return ""


def _http_head(capture: Capture) -> bytes:
    """Status line and headers; those that speak of a coding which the body no longer has are renamed."""
    try:
        phrase = HTTPStatus(capture.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {capture.status:03} {phrase}"]
    for name, value in capture.headers:
        lowered = name.lower()
        if lowered == "content-length":
            value = str(len(capture.body))
        lines.append(f"{_PREFIX if lowered in _RENAMED else ''}{name}: {' '.join(value.split())}")
    return b"\r\n".join(map(_encoded, (*lines, "", "")))


def _encoded(line: str) -> bytes:
    try:
        return line.encode("latin-1")  # as FastWARC decodes headers, so that their bytes come back
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")
