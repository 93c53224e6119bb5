"""Captures kept: each response in a WARC file beside the archive, and a row that says where
and what became of it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from archive.warc.files import MAX_FILE_BYTES, WarcFolder, unpack
from archive.warc.files import RecordLocation as RecordLocation
from archive.warc.lock import WriterLock
from archive.warc.lock import warc_folder as warc_folder
from archive.warc.mend import Folder
from archive.warc.records import (
    BLANKED_NOTE,
    Packed,
    RecordKind,
    pack,
    sha1_base32,
    with_note,
)
from archive.warc.rows import CaptureRows, Original
from archive.warc.rows import Clean as Clean
from archive.warc.rows import Kept as Kept
from archive.warc.rows import Outcome as Outcome
from archive.warc.rows import Verdict as Verdict
from archive.warc.rows import clean as clean
from scraper.core.closing import Closing
from scraper.core.errors import StorageError
from scraper.core.records import Capture

_REVISIT_BYTES: Final = 512
"""A smaller body takes less room than the words that refer to it."""


class Captures(Closing):
    """The captures of one archive. Reading needs no lock; the first write takes it and
    mends what a crash left."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        max_file_bytes: int = MAX_FILE_BYTES,
        *,
        wait: bool = False,
        about: Mapping[str, str] | None = None,
    ) -> None:
        """`wait`: whether the first write waits for another writer, or raises StorageError.
        `about`: what the `warcinfo` record before this run's captures says of it.
        """
        self._conn = conn
        self._folder = warc_folder(conn)
        self._rows = CaptureRows(conn)
        self._known = Folder(conn, self._folder)
        self._warc = WarcFolder(
            folder=self._folder,
            stem=self._folder.stem,
            max_file_bytes=max_file_bytes,
            ownership=self._known.ownership(),
            about=about,
        )
        self._lock = WriterLock(self._folder, wait=wait)
        self._writing = False

    def open(self) -> None:
        """Become the archive's writer, as the first `keep` does; StorageError where that
        cannot be."""
        if self._writing:
            return
        if self._folder.is_file():
            raise StorageError(
                f"{self._folder} is a file, and the archive keeps its pages in a folder of "
                "that name: give the archive another name, or move the file elsewhere"
            )
        self._lock.acquire()
        self._writing = True
        self._known.mend(self.read)

    def note_losses(self) -> None:
        """Write down which files are missing or exchanged: what lies in them counts as lost
        from then on. The first `keep` does it by itself."""
        self.open()
        self._known.note_troubles()

    def close(self) -> None:
        """See the WARC file safely on the disk, and let others write."""
        try:
            self._warc.close()
        finally:
            self._lock.release()
            self._writing = False

    def find(self, what: Clean) -> Kept | None:
        """The row of the very same capture; None where there is none, or its record is lost:
        then it is to be kept again."""
        return self._rows.find(what, self._known.files_left_alone())

    def has_like(self, capture: Capture) -> bool:
        """Whether a capture of this address at this time is here, whatever its body: what a
        digest need not be made for."""
        return self._rows.has_like(capture)

    def keep(
        self,
        capture: Capture | Clean,
        record: RecordKind = "response",
        *,
        is_blanked: bool = False,
    ) -> Kept:
        """Write a capture to the WARC file, then its row, as `pending`; what is there
        already is not written again, and what is lost gets its new place into its row.

        A `Clean` one is not looked for: the caller has done that with `find`.
        `is_blanked`: parts of it were, on request.
        """
        self.open()
        if isinstance(capture, Capture):
            what = clean(capture, is_blanked=is_blanked)
            if found := self.find(what):
                return found
        else:
            what = capture
        self._known.note_troubles()
        original = None
        if record == "response" and what.size_bytes >= _REVISIT_BYTES:
            original = self._whole_original(what.digest)
        capture_id = self._write(what, record, original)
        return Kept(capture_id)

    def _whole_original(self, digest: str) -> Original | None:
        """The capture that holds a body already, if it can still be read: nothing must
        refer to what is lost."""
        original = self._rows.original(digest)
        if original is None:
            return None
        try:
            self.read(original.id)
        except StorageError:
            return None
        return original

    def _write(self, what: Clean, record: RecordKind, original: Original | None) -> int:
        """Write a capture and its row; where an `original` holds the same body, as a record
        that refers to it."""
        if original is None:
            location = self._warc.append(_records(what, record))
            return self._rows.insert(what, location, record)
        referred = Capture(
            url=original.url,
            fetched_at=datetime.fromisoformat(original.fetched_at),
            body=b"",
        )
        packed = pack(
            what.capture,
            kind="revisit",
            digest=what.digest,
            original=referred,
            size_bytes=what.size_bytes,
        )
        location = self._warc.append(packed)
        return self._rows.insert(what, location, "revisit", original.id)

    def settle(self, capture_id: int, verdict: Verdict) -> None:
        """Write down what became of a capture."""
        self._rows.settle(capture_id, verdict)

    def read(self, capture_id: int) -> Capture:
        """A capture as it was kept. StorageError where its WARC record is missing, or is not
        the one that was written."""
        location, refers_to = self._rows.location(capture_id)
        capture = unpack(self._folder, location)
        if refers_to is not None:
            return replace(capture, body=self.read(refers_to).body)
        if sha1_base32(capture.body) != self._rows.digest_of(capture_id):
            raise StorageError(
                f"{self._folder / location.file}: the WARC record at {location.offset} "
                "is not there: another one is"
            )
        return capture

    def url_of(self, capture_id: int) -> str:
        """The address of a capture; empty where there is no such."""
        return self._rows.url_of(capture_id)

    def pending(self) -> Iterator[int]:
        """Captures that no parser has looked at yet, oldest first: those of a run that was
        cut short."""
        return self._rows.pending()

    def read_before(self, failed_only: bool = False) -> array[int]:
        """Captures that a parser has looked at, those of fuller layouts first."""
        return self._rows.read_before(failed_only)


def _records(what: Clean, kind: RecordKind) -> Packed:
    """The records of a capture, made now where they were not before."""
    packed = what.packed or pack(what.capture, kind, what.digest)
    if not what.is_blanked:
        return packed
    return with_note(packed, BLANKED_NOTE)
