"""The files of a ZIP archive as a folder: each opened where it lies."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO, Final, cast

from archive.intake.budget import Budget
from archive.intake.inputs import PassedOver, Problem, printable
from archive.intake.source import Source, held_copy, window

_ENCRYPTED: Final = 0x1
_IN_UTF8: Final = 0x800
_LOCAL_MARK: Final = b"PK\x03\x04"
_LOCAL_HEAD: Final = struct.Struct("<26xHH")
_FALLBACKS: Final = ("utf-8", "gb18030")
"""What names are in that do not say it: programs of Windows write those of its language."""


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """An archive, its list of files read. ValueError where it is none."""
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


class ZipFolder:
    """The files of an archive. Names are looked up as they stand there, and lead nowhere
    else."""

    name = ""

    def __init__(
        self, archive: zipfile.ZipFile, file: BinaryIO, source: Source
    ) -> None:
        self._archive = archive
        self._file = file
        self._source = source
        self._budget = source.budget or Budget(source.size_bytes)
        self._left_out = Counter[str]()
        self._counted = set[int]()
        self._held: BinaryIO | None = None
        self._held_place = ""
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in archive.infolist():
            if member.is_dir():
                continue
            place = _place(member)
            self._members[place] = member

    def files(self) -> Iterator[Source]:
        """All files that can be read, in the order of their names."""
        for place in sorted(self._members):
            source = self.find(place)
            if source is not None:
                yield source

    def find(self, place: str) -> Source | None:
        """The file of a name."""
        member = self._members.get(place)
        if member is None:
            return None
        reason = _why_not(member)
        if reason:
            self._left_out[reason] += 1
            return None
        within = self._source
        shown_place = printable(place)
        return Source(
            name=f"{within.name}: {shown_place}",
            place=place,
            open=partial(self._open, place, member),
            look=partial(self._stream, member),
            size_bytes=member.file_size,
            modified_s=_modified_s(member),
            depth=within.depth + 1,
            folder=self,
            budget=self._budget,
        )

    def not_read(self) -> Iterator[PassedOver | Problem]:
        """What could not be read, by its reason."""
        name = self._source.name
        for reason, count in self._left_out.items():
            what = f"{count} files in it {reason}"
            yield Problem(name, what)

    def _open(self, place: str, member: zipfile.ZipInfo) -> BinaryIO:
        """A file that is stored as it is, where it lies; one that is packed, unpacked once
        for as long as no other is asked for."""
        if member.compress_type == zipfile.ZIP_STORED:
            start = self._start_of(member)
            return window(self._file, start, member.file_size)
        if self._held_place != place:
            self._spend(member)
            self._held = self._unpacked(member)
            self._held_place = place
        assert self._held
        return window(self._held, 0, member.file_size)

    def _spend(self, member: zipfile.ZipInfo) -> None:
        """Count what is unpacked, once for each file."""
        place = member.header_offset
        if place in self._counted:
            return
        self._counted.add(place)
        self._budget.spend(member.file_size)

    def _unpacked(self, member: zipfile.ZipInfo) -> BinaryIO:
        try:
            with self._stream(member) as stream:
                return held_copy(stream)
        except (zipfile.BadZipFile, zlib.error) as error:
            raise OSError(str(error)) from error

    def _stream(self, member: zipfile.ZipInfo) -> BinaryIO:
        """A file from its beginning. OSError where there is none, or its packing is not
        known."""
        try:
            stream = self._archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise OSError(str(error)) from error
        return cast(BinaryIO, stream)

    def _start_of(self, member: zipfile.ZipInfo) -> int:
        """Where the bytes of a file begin, behind its name."""
        self._file.seek(member.header_offset)
        head = self._file.read(_LOCAL_HEAD.size)
        is_whole = len(head) == _LOCAL_HEAD.size
        if not is_whole or not head.startswith(_LOCAL_MARK):
            raise OSError("damaged: it does not begin where the archive says")
        name_bytes, extra_bytes = _LOCAL_HEAD.unpack(head)
        start = member.header_offset + len(head)
        start += int(name_bytes)
        start += int(extra_bytes)
        return start


def _why_not(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _ENCRYPTED:
        return "are locked with a password"
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "are links"
    return ""


def _place(member: zipfile.ZipInfo) -> str:
    """The name of a file, in its own encoding."""
    if member.flag_bits & _IN_UTF8:
        return member.filename
    name_bytes = member.filename.encode("cp437", "replace")
    for encoding in _FALLBACKS:
        try:
            return name_bytes.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _modified_s(member: zipfile.ZipInfo) -> float:
    """When a file was changed; the beginning of time where its date is none."""
    try:
        changed_at = datetime(*member.date_time, tzinfo=UTC)
    except ValueError:
        return 0.0
    return changed_at.timestamp()
