"""Our own WARC files (WARC 1.1, ISO 28500:2017): append a capture, read it back, rotate,
mend a torn end."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from fastwarc.warc import ArchiveIterator, WarcRecord

from archive.warc.ledger import number_of
from archive.warc.records import Packed, names_owner, pack_info
from scraper.core.errors import StorageError
from scraper.core.records import Capture

MAX_FILE_BYTES: Final = 1 << 30
_SUFFIX: Final = ".warc.gz"
_MEMBER_START: Final = b"\x1f\x8b\x08"
_PROBE_BYTES: Final = 512
_READ_BYTES: Final = 1 << 16
_INFO_MAX_BYTES: Final = 8 << 10


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies: file name, offset and compressed length in bytes."""

    file: str
    offset: int
    length: int


def _never(_name: str) -> bool:
    return False


def _always(_name: str) -> bool:
    return True


def _nothing(_path: Path) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Ownership:
    """What an archive knows of the files in its folder: which are its own, and which are
    those that people put beside them.

    `archive_id`: its id, which the first record of a file names; `is_recorded`: whether a
    file of this name is one of its own; `is_taken`: whether a file ever had this name;
    `is_open`: whether more may be added to it; `last_number`: the highest that a file of its
    own ever had. It is told of files that are begun, and of those that were written.
    """

    archive_id: Callable[[], str] = str
    is_recorded: Callable[[str], bool] = _never
    is_taken: Callable[[str], bool] = _never
    is_open: Callable[[str], bool] = _always
    last_number: Callable[[], int] = int
    begun: Callable[[Path], None] = _nothing
    written: Callable[[Path], None] = _nothing


class WarcFolder:
    """The WARC files of one archive; records go to the newest of its own. Close it, or use
    it as a context."""

    def __init__(
        self,
        folder: Path,
        stem: str,
        max_file_bytes: int = MAX_FILE_BYTES,
        ownership: Ownership | None = None,
        about: Mapping[str, str] | None = None,
    ) -> None:
        """`about`: fields of the `warcinfo` record that goes before what is written now."""
        self._folder = folder
        self._stem = stem
        self._max_bytes = max_file_bytes
        self._ownership = ownership or Ownership()
        self._about = about or {}
        self._file: BinaryIO | None = None
        self._name = ""
        self._size = 0
        self._info_bytes = 0

    def append(self, packed: Packed) -> RecordLocation:
        """Write a capture's records whole, or not at all; where its own one lies."""
        both = packed.record + packed.request + packed.note
        if self._file is None:
            self._open_newest()
        size = self._size + len(both)
        if size > self._max_bytes and not self._is_empty():
            self._begin_next()
        location = RecordLocation(
            file=self._name,
            offset=self._size,
            length=len(packed.record),
        )
        self._write(both)
        return location

    def close(self) -> None:
        """See what was written safely to the disk."""
        if self._file:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            self._ownership.written(self._folder / self._name)

    def _open_newest(self) -> None:
        """Go on with the newest file of ours, or begin the first."""
        self._folder.mkdir(exist_ok=True)
        own = own_files(self._folder, self._ownership)
        newest = own[-1] if own else None
        if newest is None or not self._ownership.is_open(newest.name):
            self._begin_next()
            return
        self._file = newest.open("ab", buffering=0)
        self._name = newest.name
        self._size = newest.stat().st_size
        if self._about:
            self._write_info()

    def _begin_next(self) -> None:
        """Begin a file under a number that none has or had, whosever it is."""
        self.close()
        number = self._ownership.last_number() + 1
        while not self._begin(self._numbered(number)):
            number += 1
        try:
            self._write_info()
        except OSError:
            self._abandon()
            raise
        self._info_bytes = self._size

    def _begin(self, path: Path) -> bool:
        """Begin a file, unless its name was used before."""
        if self._ownership.is_taken(path.name):
            return False
        try:
            path.touch(exist_ok=False)
        except FileExistsError:  # another archive may have the same folder
            return False
        self._file = path.open("ab", buffering=0)
        self._name = path.name
        self._size = 0
        self._ownership.begun(path)
        return True

    def _abandon(self) -> None:
        """Take back a file that not even its first record fits into."""
        assert self._file
        self._file.close()
        self._file = None
        (self._folder / self._name).unlink()

    def _write_info(self) -> None:
        archive_id = self._ownership.archive_id()
        self._write(pack_info(self._name, archive_id, self._about))

    def _numbered(self, number: int) -> Path:
        return self._folder / f"{self._stem}-{number:05}{_SUFFIX}"

    def _is_empty(self) -> bool:
        """Whether the file holds nothing but the record that it begins with."""
        return self._size <= self._info_bytes

    def _write(self, record: bytes) -> None:
        assert self._file
        try:
            view = memoryview(record)
            while view:
                written = self._file.write(view)
                view = view[written:]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(record)


def unpack(folder: Path, location: RecordLocation) -> Capture:
    """The capture at a place; a revisit has an empty body. StorageError where the file lacks it."""
    path = folder / location.file
    try:
        with path.open("rb") as file:
            file.seek(location.offset)
            member = file.read(location.length)
        return read_record(record_in(member))
    except MemoryError:
        raise
    except Exception as error:  # a damaged record can fail in any way
        reason = str(error) or "the file is cut"
        raise StorageError(
            f"{path}: the WARC record at {location.offset} is not there: {reason}"
        ) from error


def read_record(record: WarcRecord) -> Capture:
    """A record of ours as a capture."""
    status = 200
    if record.is_http:
        record.parse_http()
        http = record.http_headers
        status = http.status_code or 0
        headers = http.to_tuples()
    else:
        content_type = record.headers.get("Content-Type") or ""
        headers = (("Content-Type", content_type),)
    return Capture(
        url=record.headers["WARC-Target-URI"],
        fetched_at=record.record_date,
        body=record.reader.read(),
        status=status,
        headers=headers,
    )


def own_files(folder: Path, ownership: Ownership) -> list[Path]:
    """The archive's own files in a folder, oldest first. Files that people have put beside
    them are left alone, whatever their names."""
    own = []
    archive_id = ownership.archive_id()
    for path in warc_files_in(folder):
        is_ours = ownership.is_recorded(path.name)
        if not is_ours and not ownership.is_taken(path.name):
            is_ours = names_us(path, archive_id)
        if is_ours:
            own.append(path)
    return sorted(own, key=lambda path: (number_of(path.name), path.name))


def warc_files_in(folder: Path) -> Iterator[Path]:
    """All files of a folder that are called as WARC files are, whosever they are."""
    for path in folder.glob(f"*{_SUFFIX}"):
        if path.is_file():
            yield path


def scan(path: Path, start: int) -> Iterator[tuple[RecordLocation, WarcRecord]]:
    """The whole records from an offset on; a torn one at the end is cut off the file.

    Where whole records lie behind the tear, which no crash of ours leaves, what is cut off
    is kept in a file beside it.
    """
    end = start
    with path.open("rb") as file:
        while member := member_at(file, end):
            location = RecordLocation(path.name, end, len(member))
            yield location, record_in(member)
            end += len(member)
        file.seek(end)
        torn = file.read()
    if _holds_record(torn):
        path.with_name(f"{path.name}.damaged-{end}").write_bytes(torn)
    if torn:
        os.truncate(path, end)


def names_us(path: Path, archive_id: str) -> bool:
    """Whether the record that a file begins with says that this archive wrote it, under
    this name: a copy of it is the copier's."""
    try:
        with path.open("rb") as file:
            head = file.read(_INFO_MAX_BYTES)
        member = member_at(io.BytesIO(head), 0)
        if not member.startswith(_MEMBER_START):
            return False
        return names_owner(record_in(member), path.name, archive_id)
    except (OSError, ValueError):
        return False


def record_in(member: bytes) -> WarcRecord:
    records = ArchiveIterator(io.BytesIO(member), parse_http=False)
    for record in records:
        return record
    raise ValueError("the file is cut")


def _holds_record(torn: bytes) -> bool:
    """Whether a WARC record begins behind the first byte of what could not be read."""
    at = torn.find(_MEMBER_START, 1)
    while at > 0:
        if _starts_record(torn[at : at + _PROBE_BYTES]):
            return True
        at = torn.find(_MEMBER_START, at + 1)
    return False


def _starts_record(head: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False


def member_at(file: BinaryIO, start: int) -> bytes:
    """The gzip member that begins at an offset; empty where there is no whole one."""
    file.seek(start)
    unpacker = zlib.decompressobj(31)
    member = bytearray()
    try:
        while not unpacker.eof:
            chunk = file.read(_READ_BYTES)
            if not chunk:
                return b""
            unpacker.decompress(chunk)
            member += chunk
    except zlib.error:
        return b""
    return bytes(member[: len(member) - len(unpacker.unused_data)])
