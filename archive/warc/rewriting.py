"""A WARC file written anew under another name, record by record: kept as it is, left out, or
with another body."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final, Literal, TypeAlias

from fastwarc.warc import WarcRecord, WarcRecordType

from archive.warc.files import member_at, read_record, record_in
from archive.warc.records import Packed, fields_of, id_of, pack_info
from scraper.core.records import Capture

_CAPTURED: Final = WarcRecordType.response | (
    WarcRecordType.resource | WarcRecordType.conversion | WarcRecordType.revisit
)

Fate: TypeAlias = Literal["keep", "drop"] | Callable[[Capture], Packed]
"""What becomes of a record: kept, left out, or packed anew: with what was asked for it."""


@dataclass(frozen=True, slots=True)
class OldRecord:
    """A record of a capture: where it lies, its type, what it holds."""

    offset: int
    kind: str
    capture: Capture


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a record lay, and where it lies now; `is_new`: with another body."""

    old_offset: int
    file: str
    offset: int
    length: int
    is_new: bool = False


Decide: TypeAlias = Callable[[OldRecord], Fate]


@dataclass(slots=True)
class Rewriting:
    """One file written anew. `known_offsets`: where captures lie in it, in order; what is
    damaged between them is left out."""

    path: Path
    target: Path
    name: str
    archive_id: str
    known_offsets: Sequence[int]
    _gone: set[str] = field(default_factory=set)
    _moved: list[Moved] = field(default_factory=list)

    def run(self, decide: Decide) -> list[Moved]:
        """Write the file, safely to the disk; where each capture went."""
        with self.path.open("rb") as old, self.target.open("wb") as new:
            members = _Members(old, self.known_offsets)
            for offset, member in members:
                self._take(
                    offset,
                    member,
                    members,
                    decide,
                    new,
                )
            new.flush()
            os.fsync(new.fileno())
        return self._moved

    def _take(
        self,
        offset: int,
        member: bytes,
        members: _Members,
        decide: Decide,
        new: BinaryIO,
    ) -> None:
        record = record_in(member)
        if record.record_type == WarcRecordType.warcinfo:
            about = fields_of(record)
            new.write(pack_info(self.name, self.archive_id, about))
            return
        if not record.record_type & _CAPTURED:
            if _belongs_to(record) not in self._gone:
                new.write(member)
            return
        self._take_capture(
            offset,
            member,
            record,
            members,
            decide,
            new,
        )

    def _take_capture(
        self,
        offset: int,
        member: bytes,
        record: WarcRecord,
        members: _Members,
        decide: Decide,
        new: BinaryIO,
    ) -> None:
        kind = record.headers["WARC-Type"] or ""
        capture = read_record(record)
        fate = decide(OldRecord(offset, kind, capture))
        if fate == "drop":
            self._gone.add(id_of(member))
            return
        begin = new.tell()
        if fate == "keep":
            new.write(member)
            moved = Moved(
                offset,
                self.name,
                begin,
                len(member),
            )
            self._moved.append(moved)
            return
        self._gone.add(id_of(member))
        asked = _asked(members.peek(), id_of(member))
        packed = fate(replace(capture, asked=asked))
        new.write(packed.record + packed.request + packed.note)
        moved = Moved(
            offset,
            self.name,
            begin,
            len(packed.record),
            is_new=True,
        )
        self._moved.append(moved)


def captures_in(
    path: Path, known_offsets: Sequence[int]
) -> Iterator[tuple[OldRecord, bytes]]:
    """The records of captures of a file, each with its packed bytes."""
    with path.open("rb") as file:
        for offset, member in _Members(file, known_offsets):
            record = record_in(member)
            if record.record_type & _CAPTURED:
                kind = record.headers["WARC-Type"] or ""
                yield OldRecord(offset, kind, read_record(record)), member


class _Members(Iterator[tuple[int, bytes]]):
    """The gzip members of a file, each with its place. What cannot be unpacked is passed
    over, up to the next place where a capture is known to lie."""

    def __init__(self, file: BinaryIO, known_offsets: Sequence[int]) -> None:
        self._file = file
        self._known = known_offsets
        self._at = 0
        self._next: tuple[int, bytes] | None = None

    def __next__(self) -> tuple[int, bytes]:
        found = self._next or self._read()
        self._next = None
        if found is None:
            raise StopIteration
        return found

    def peek(self) -> bytes:
        """The member behind the one that was given last; empty where there is none."""
        if self._next is None:
            self._next = self._read()
        return self._next[1] if self._next else b""

    def _read(self) -> tuple[int, bytes] | None:
        while True:
            member = member_at(self._file, self._at)
            if member:
                offset = self._at
                self._at += len(member)
                return offset, member
            place = bisect_right(self._known, self._at)
            if place == len(self._known):
                return None
            self._at = self._known[place]


def _belongs_to(record: WarcRecord) -> str:
    """The record that a request or a note belongs to."""
    headers = record.headers
    belongs = headers.get("WARC-Concurrent-To") or headers.get("WARC-Refers-To")
    return str(belongs or "")


def _asked(member: bytes, response_id: str) -> tuple[tuple[str, str], ...]:
    """The headers of what was asked for a record, where the one behind it says so."""
    if not member:
        return ()
    record = record_in(member)
    if record.record_type != WarcRecordType.request:
        return ()
    if _belongs_to(record) != response_id:
        return ()
    record.parse_http()
    return tuple(record.http_headers.to_tuples())
