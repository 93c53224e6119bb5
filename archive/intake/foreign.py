"""WARC files of others, read record by record (WARC 1.0 and 1.1: gzip, zstd, lz4 or plain),
damage passed over."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from archive.intake.inputs import Hints, InputRecord, Problem, printable
from archive.warc.records import RecordKind
from scraper.core.records import Capture
from scraper.fetch.codings import CodingError, decoded

_KINDS: Final[dict[int, RecordKind]] = {
    int(WarcRecordType.response): "response",
    int(WarcRecordType.resource): "resource",
    int(WarcRecordType.conversion): "conversion",
}
_MEMBER: Final = b"\x1f\x8b\x08"
_PLAIN_RECORD: Final = b"\r\nWARC/1."
_PROBE_BYTES: Final = 512
_READ_BYTES: Final = 1 << 16
_MOST_CODINGS: Final = 4
_MOST_PIECES: Final = 1_000
_PIECES: Final = (
    _MEMBER,
    b"\x28\xb5\x2f\xfd",  # a frame of zstd
    b"\x2a\x4d\x18",  # one that is skipped
)
"""What each piece of a packed body begins with."""
_NO_PACKING: Final = frozenset({"chunked", "identity", ""})
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def read_warc(path: Path, hints: Hints) -> Iterator[InputRecord | Problem]:
    """The captures of a file, in order; damage is a Problem, and what follows it is read on."""
    start: int | None = 0
    while start is not None:
        with path.open("rb") as file:
            file.seek(start)
            position = start
            got_any = False
            records = ArchiveIterator(file, parse_http=False)
            try:
                for record in records:
                    position = record.stream_pos
                    got_any = True
                    if int(record.record_type) in _KINDS:
                        yield _read(printable(path), record, hints)
                start = _behind_empty_members(path, position)
                continue
            except OSError as error:
                reason = str(error)
        start = _next_record(path, position)
        # a second failure right after the first is the same damage
        if got_any or not start:
            rest = "went on with the next whole record"
            if not start:
                rest = "nothing whole follows"
            yield Problem(printable(path), f"damaged: {reason}; {rest}")


def _read(source: str, record: WarcRecord, hints: Hints) -> InputRecord | Problem:
    address = record.headers.get("WARC-Target-URI") or ""
    url = address.strip("<>")
    size = record.content_length
    reason = hints.too_big(size)
    if reason:
        return Problem(source, reason, url)
    block = record.reader.read()
    got = len(block)
    if got < size:
        reason = f"cut in the middle of a record: {got} of {size} bytes are there"
        return Problem(source, reason, url)
    fetched_at = _date(record)
    kind = _KINDS[int(record.record_type)]
    content_type = record.headers.get("Content-Type") or "text/html"
    if kind == "response" and content_type.startswith("application/http"):
        return _read_http(source, url, fetched_at, block, hints)
    capture = Capture(
        url=url,
        fetched_at=fetched_at,
        body=block,
        status=200,
        headers=(("Content-Type", content_type),),
    )
    return InputRecord(source, capture, kind)


def _read_http(
    source: str, url: str, fetched_at: datetime, block: bytes, hints: Hints
) -> InputRecord | Problem:
    try:
        headers, body = _unpack(block, hints.max_bytes)
    except CodingError as error:
        return Problem(source, f"a body that cannot be unpacked: {error}", url)
    except OSError:  # kept decoded under headers that still say gzip, as many tools do
        try:
            headers, body = _response(block, "none", hints.max_bytes)
        except OSError as error:
            return Problem(source, f"not an HTTP response: {error}", url)
    reason = hints.too_big(len(body))
    if reason:
        return Problem(source, reason, url)
    capture = Capture(
        url=url,
        fetched_at=fetched_at,
        body=body,
        status=headers.status_code or 0,
        headers=headers.to_tuples(),
    )
    return InputRecord(source, capture)


def _unpack(block: bytes, max_bytes: int) -> tuple[HeaderMap, bytes]:
    """Headers and body of an HTTP response; a body that unpacks to more than the limit is
    cut just above it.

    CodingError for one whose unpacking has no bound: each coding takes memory, and pieces
    without content take time and add nothing to the size.
    """
    headers, _ = _response(block, "none", max_bytes=0)
    contents = _codings(headers, "Content-Encoding")
    transfers = _codings(headers, "Transfer-Encoding")
    if len(contents) + len(transfers) > _MOST_CODINGS:
        raise CodingError("garbled", f"it has more than {_MOST_CODINGS} codings")
    if not _NO_PACKING.issuperset(transfers):
        raise CodingError("garbled", f"packed for the way: {', '.join(transfers)}")
    if not contents:
        return _response(block, "transfer", max_bytes)

    _, packed = _response(block, "transfer", max_bytes)
    if len(contents) > 1:
        return headers, decoded(packed, ",".join(contents), max_bytes)
    for mark in _PIECES:
        if packed.count(mark) > _MOST_PIECES:
            message = f"it is packed in more than {_MOST_PIECES:,} pieces"
            raise CodingError("garbled", message)
    return _response(block, "all", max_bytes)


def _codings(headers: HeaderMap, wanted: str) -> list[str]:
    codings = []
    for name, value in headers.to_tuples():
        if name.lower() == wanted.lower():
            codings += [coding.strip().lower() for coding in value.split(",")]
    return codings


def _response(
    block: bytes, decode: Literal["all", "transfer", "none"], max_bytes: int
) -> tuple[HeaderMap, bytes]:
    """Headers and body of an HTTP response, some of its codings undone; no more of the body
    than one byte above the limit."""
    http = WarcRecord()
    http.init_headers(record_type=WarcRecordType.response)
    http.is_http = True
    http.set_bytes_content(block)
    http.parse_http(auto_decode=decode, quirks_mode=True)
    return http.http_headers, http.reader.read(max_bytes + 1)


def _date(record: WarcRecord) -> datetime:
    """WARC-Date; the beginning of time where a broken record has none, so that any other
    capture is newer."""
    try:
        date = record.record_date
        return date.astimezone(UTC) if date else _EPOCH
    except (ValueError, OverflowError, OSError):
        return _EPOCH


def _next_record(path: Path, after: int) -> int | None:
    """Where the next whole record begins after a damaged one."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        is_plain = data[:5] == b"WARC/"
        mark = _PLAIN_RECORD if is_plain else _MEMBER
        at = data.find(mark, after + 1)
        while at >= 0:
            if is_plain:
                return at + len(b"\r\n")
            head = data[at : at + _PROBE_BYTES]
            if _starts_record(head):
                return at
            at = data.find(mark, at + 1)
    return None


def _behind_empty_members(path: Path, last: int) -> int | None:
    """Where records go on behind members without content, which end a file for readers
    and stand in the middle of files that were joined; None where the file ends."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        if data[last : last + len(_MEMBER)] != _MEMBER:
            return None
        end = _end_of_member(data, last)
    return _next_record(path, end - 1) if end else None


def _end_of_member(data: mmap.mmap, start: int) -> int | None:
    """Where a gzip member ends; None where it is cut or broken."""
    unpacker = zlib.decompressobj(31)
    at = start
    try:
        while not unpacker.eof and at < len(data):
            chunk = data[at : at + _READ_BYTES]
            unpacker.decompress(chunk)
            at += len(chunk)
    except zlib.error:
        return None
    return at - len(unpacker.unused_data) if unpacker.eof else None


def _starts_record(head: bytes) -> bool:
    unpacker = zlib.decompressobj(31)
    try:
        return unpacker.decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False
