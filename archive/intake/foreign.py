"""WARC files of others, read record by record (WARC 1.0 and 1.1: gzip, zstd, lz4 or plain),
damage passed over."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final, Literal

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from archive.intake.file_kinds import TOO_BIG
from archive.intake.frames import ZSTD_MARKS, framed
from archive.intake.inputs import (
    Hints,
    InputItem,
    InputRecord,
    PassedOver,
    Problem,
    SameBytes,
)
from archive.intake.page_or_not import may_be_page
from archive.intake.source import Source
from archive.warc.records import RecordKind
from scraper.core.records import Capture
from scraper.fetch.codings import CodingError, decoded

_KINDS: Final[dict[int, RecordKind]] = {
    int(WarcRecordType.response): "response",
    int(WarcRecordType.resource): "resource",
    int(WarcRecordType.conversion): "conversion",
}
_MEMBER: Final = b"\x1f\x8b\x08"
_WARC: Final = b"WARC/"
_PLAIN_RECORD: Final = b"\r\nWARC/1."
_PROBE_BYTES: Final = 512
_READ_BYTES: Final = 1 << 16
_HEAD_BYTES: Final = 1 << 16
_SEARCHED_BYTES: Final = 1 << 20
_MOST_FRUITLESS: Final = 1_000
"""So many beginnings of records in a row, none of them whole, and a file is read no further."""
_MOST_CODINGS: Final = 4
_MOST_PIECES: Final = 1_000
_PIECES: Final = (_MEMBER, *ZSTD_MARKS)
"""What each piece of a packed body begins with."""
_NO_PACKING: Final = frozenset({"chunked", "identity", ""})
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def read_warc(source: Source, hints: Hints) -> Iterator[InputItem]:
    """The captures of a file, in order; damage is a Problem, and what follows it is read on."""
    start: int | None = 0
    fruitless = 0
    while start is not None:
        with source.open() as file:
            file.seek(start)
            position = start
            got_any = False
            records = ArchiveIterator(framed(file), parse_http=False)
            try:
                for record in records:
                    position = record.stream_pos
                    got_any = True
                    if int(record.record_type) in _KINDS:
                        yield _read(source.name, record, hints)
                    elif record.record_type == WarcRecordType.revisit:
                        yield from _revisit(source.name, record)
                start = _behind_empty_members(file, position)
                continue
            except OSError as error:
                reason = str(error)
            start = _next_record(file, position)
        fruitless = 0 if got_any else fruitless + 1
        if fruitless > _MOST_FRUITLESS:
            start = None
        # a second failure right after the first is the same damage
        if got_any or not start:
            rest = "went on with the next whole record"
            if not start:
                rest = "nothing whole follows"
            yield Problem(source.name, f"damaged: {reason}; {rest}")


def _read(source: str, record: WarcRecord, hints: Hints) -> InputItem:
    url = _address(record, "WARC-Target-URI")
    size = record.content_length
    reason = hints.too_big(size)
    if reason:
        return _too_big(source, record, url, reason)
    block = record.reader.read()
    got = len(block)
    if got < size:
        reason = f"cut in the middle of a record: {got} of {size} bytes are there"
        return Problem(source, reason, url)
    fetched_at = _date(record)
    kind = _KINDS[int(record.record_type)]
    content_type = record.headers.get("Content-Type") or "text/html"
    if kind == "response" and content_type.startswith("application/http"):
        return read_http(source, url, fetched_at, block, hints)
    capture = Capture(
        url=url,
        fetched_at=fetched_at,
        body=block,
        status=200,
        headers=(("Content-Type", content_type),),
    )
    return InputRecord(source, capture, kind)


def _revisit(source: str, record: WarcRecord) -> Iterator[SameBytes]:
    """Of what address the bytes are that were met again at another."""
    url = _address(record, "WARC-Target-URI")
    kept_as = _address(record, "WARC-Refers-To-Target-URI")
    if kept_as and kept_as != url:
        yield SameBytes(source, url, kept_as)


def _address(record: WarcRecord, field: str) -> str:
    address = record.headers.get(field) or ""
    return address.strip("<>")


def _too_big(
    source: str, record: WarcRecord, url: str, reason: str
) -> PassedOver | Problem:
    """What a record is that is too big: a film of a post is no page that was lost."""
    head = record.reader.read(_HEAD_BYTES)
    try:
        headers, _ = _response(head, "none", max_bytes=0)
    except OSError:
        return Problem(source, reason, url)
    capture = Capture(
        url=url,
        fetched_at=_EPOCH,
        body=b"",
        status=headers.status_code or 0,
        headers=headers.to_tuples(),
    )
    if may_be_page(capture):
        return Problem(source, reason, url)
    return PassedOver(source, TOO_BIG)


def read_http(
    source: str, url: str, fetched_at: datetime, block: bytes, hints: Hints
) -> InputRecord | Problem:
    """A recorded HTTP response, its codings undone."""
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


def _next_record(file: BinaryIO, after: int) -> int | None:
    """Where the next whole record begins after a damaged one."""
    file.seek(0)
    is_plain = file.read(len(_WARC)) == _WARC
    mark = _PLAIN_RECORD if is_plain else _MEMBER
    for at in _places(file, mark, after + 1):
        if is_plain:
            return at + len(b"\r\n")
        file.seek(at)
        if _starts_record(file.read(_PROBE_BYTES)):
            return at
    return None


def _places(file: BinaryIO, mark: bytes, start: int) -> Iterator[int]:
    """Where a mark stands, from a place on; looked for in pieces that grow, for most
    stand near."""
    at = start
    piece_bytes = _PROBE_BYTES
    while True:
        file.seek(at)
        piece = file.read(piece_bytes)
        found = piece.find(mark)
        while found >= 0:
            yield at + found
            found = piece.find(mark, found + 1)
        if len(piece) < piece_bytes:
            return
        at += len(piece) - len(mark) + 1
        piece_bytes = min(2 * piece_bytes, _SEARCHED_BYTES)


def _behind_empty_members(file: BinaryIO, last: int) -> int | None:
    """Where records go on behind members without content, which end a file for readers
    and stand in the middle of files that were joined; None where the file ends."""
    file.seek(last)
    if file.read(len(_MEMBER)) != _MEMBER:
        return None
    end = _end_of_member(file, last)
    return _next_record(file, end - 1) if end else None


def _end_of_member(file: BinaryIO, start: int) -> int | None:
    """Where a gzip member ends; None where it is cut or broken."""
    unpacker = zlib.decompressobj(31)
    file.seek(start)
    try:
        while not unpacker.eof:
            chunk = file.read(_READ_BYTES)
            if not chunk:
                return None
            unpacker.decompress(chunk)
    except zlib.error:
        return None
    return file.tell() - len(unpacker.unused_data)


def _starts_record(head: bytes) -> bool:
    unpacker = zlib.decompressobj(31)
    try:
        return unpacker.decompress(head, len(_WARC)) == _WARC
    except zlib.error:
        return False
