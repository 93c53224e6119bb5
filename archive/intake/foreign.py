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

_WANTED: Final = (
    WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
)
_KINDS: Final[dict[int, RecordKind]] = {
    int(WarcRecordType.response): "response",
    int(WarcRecordType.resource): "resource",
    int(WarcRecordType.conversion): "conversion",
}
_MEMBER: Final = b"\x1f\x8b\x08"
_PLAIN_RECORD: Final = b"\r\nWARC/1."
_PROBE_BYTES: Final = 512
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def read_warc(path: Path, hints: Hints) -> Iterator[InputRecord | Problem]:
    """The captures of a file, in order; damage is a Problem, and what follows it is read on."""
    start: int | None = 0
    while start is not None:
        with path.open("rb") as file:
            file.seek(start)
            position = start
            got_any = False
            records = ArchiveIterator(file, record_types=_WANTED, parse_http=False)
            try:
                for record in records:
                    position = record.stream_pos
                    got_any = True
                    yield _read(printable(path), record, hints)
                return
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
        headers, body = _unpack(block, "all", hints.max_bytes)
    except OSError:  # kept decoded under headers that still say gzip, as many tools do
        try:
            headers, body = _unpack(block, "none", hints.max_bytes)
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


def _unpack(
    block: bytes, decode: Literal["all", "none"], max_bytes: int
) -> tuple[HeaderMap, bytes]:
    """Headers and body of an HTTP response; a body that unpacks to more than the limit is
    cut just above it."""
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


def _starts_record(head: bytes) -> bool:
    unpacker = zlib.decompressobj(31)
    try:
        return unpacker.decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False
