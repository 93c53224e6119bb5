"""ARC files, version 1 and 2: what the Internet Archive wrote until 2009; plain or gzip.

Read here, since warcio keeps a line in memory however long it is, and refuses a file that
was packed as a whole.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, cast

from archive.intake.containers import Container, Items, Reading
from archive.intake.foreign import read_http
from archive.intake.inputs import Hints, InputRecord, Problem
from archive.intake.packing import Head, head_of
from archive.intake.source import Source
from scraper.core.records import Capture

_FIRST: Final = b"filedesc://"
_HTTP: Final = b"HTTP/"
_MOST_LINE_BYTES: Final = 1 << 14
_MOST_DIGITS: Final = 18
_SKIPPED_BYTES: Final = 1 << 20
_FIELDS: Final = (5, 10)
"""Of a record's first line, in version 1 and 2: address (which may hold blanks), machine,
time, type; the length last."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A record's first line."""

    url: str
    fetched_at: datetime
    content_type: str
    size_bytes: int


def _is_arc(head: Head) -> bool:
    return head.plain.startswith(_FIRST)


def _read(source: Source, reading: Reading) -> Items:
    head = head_of(source)
    with source.open() as file:
        stream = file
        if head.is_gzip:
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=file))
        try:
            yield from _records(stream, source.name, reading.hints)
        except (OSError, EOFError) as error:
            reason = f"damaged: {error}; what follows was not read"
            yield Problem(source.name, reason)


def _records(
    stream: BinaryIO, name: str, hints: Hints
) -> Iterator[InputRecord | Problem]:
    is_in_order = True
    while text := stream.readline(_MOST_LINE_BYTES):
        line = _line(text)
        if line is not None:
            is_in_order = True
            found = _record(stream, line, name, hints)
            if found:
                yield found
        elif text.strip() and is_in_order:
            is_in_order = False
            reason = "damaged: no record where one should begin; went on with the next"
            yield Problem(name, reason)


def _record(
    stream: BinaryIO, line: _Line, name: str, hints: Hints
) -> InputRecord | Problem | None:
    """A record; None for one that is no answer of a web server. The stream stands behind
    it then."""
    is_answer = line.url.startswith(("http://", "https://"))
    reason = hints.too_big(line.size_bytes)
    if reason or not is_answer:
        _skip(stream, line.size_bytes)
        return Problem(name, reason, line.url) if is_answer else None
    block = stream.read(line.size_bytes)
    if len(block) < line.size_bytes:
        reason = (
            f"cut in the middle of a record: {len(block)} of {line.size_bytes} bytes"
        )
        return Problem(name, reason, line.url)
    if block.startswith(_HTTP):
        return read_http(name, line.url, line.fetched_at, block, hints)
    capture = Capture(
        url=line.url,
        fetched_at=line.fetched_at,
        body=block,
        headers=(("Content-Type", line.content_type),),
    )
    return InputRecord(name, capture, "resource")


def _line(text: bytes) -> _Line | None:
    """A record's first line; None for what is none."""
    for count in _FIELDS:
        fields = text.rsplit(maxsplit=count - 1)
        if len(fields) == count and (line := _of_fields(fields)):
            return line
    return None


def _of_fields(fields: list[bytes]) -> _Line | None:
    url, _, stamp, content_type, *_, size = fields
    if len(size) > _MOST_DIGITS:
        return None
    try:
        at = datetime.strptime(f"{stamp.decode()}Z", "%Y%m%d%H%M%S%z")
        size_bytes = int(size)
    except ValueError:
        return None
    return _Line(
        url=url.decode("utf-8", "replace"),
        fetched_at=at,
        content_type=content_type.decode("latin-1"),
        size_bytes=max(0, size_bytes),
    )


def _skip(stream: BinaryIO, size_bytes: int) -> None:
    left = size_bytes
    while left > 0:
        piece = stream.read(min(left, _SKIPPED_BYTES))
        if not piece:
            return
        left -= len(piece)


CONTAINER = Container("ARC", _is_arc, _read)
