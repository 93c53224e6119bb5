"""Captures kept: each response in a WARC file beside the archive, and a row that says where
and what became of it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from fastwarc.warc import WarcRecord

from archive.schema import transaction
from archive.warc.files import (
    MAX_FILE_BYTES,
    Ownership,
    WarcFolder,
    own_files,
    read_record,
    scan,
    unpack,
)
from archive.warc.files import RecordLocation as RecordLocation
from archive.warc.lock import WriterLock
from archive.warc.lock import warc_folder as warc_folder
from archive.warc.records import RecordKind, pack, sha1_base32
from archive.warc.rows import CaptureRows, Clean, Kept, Original
from archive.warc.rows import Outcome as Outcome
from archive.warc.rows import Verdict as Verdict
from archive.warc.rows import clean as clean
from scraper.core.errors import StorageError
from scraper.core.records import Capture

_REVISIT_BYTES: Final = 512
"""A smaller body takes less room than the words that refer to it."""
_KINDS: Final = frozenset({"response", "resource", "conversion", "revisit"})


class Captures:
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
        self._ownership = Ownership(
            archive_id=self._rows.archive_id,
            is_recorded=self._rows.is_recorded,
        )
        self._warc = WarcFolder(
            folder=self._folder,
            stem=self._folder.stem,
            max_file_bytes=max_file_bytes,
            ownership=self._ownership,
            about=about,
        )
        self._lock = WriterLock(self._folder, wait=wait)
        self._writing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: object,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

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
        self._mend()

    def close(self) -> None:
        """See the WARC file safely on the disk, and let others write."""
        self._warc.close()
        self._lock.release()
        self._writing = False

    def find(self, what: Clean) -> Kept | None:
        """The row of the very same capture, or None."""
        return self._rows.find(what)

    def keep(self, capture: Capture | Clean, record: RecordKind = "response") -> Kept:
        """Write a capture to the WARC file, then its row, as `pending`; what is there
        already is not written again.

        A `Clean` one is not looked for: the caller has done that with `find`.
        """
        self.open()
        if isinstance(capture, Capture):
            what = clean(capture)
            if found := self.find(what):
                return found
        else:
            what = capture
        original = None
        if record == "response" and len(what.capture.body) >= _REVISIT_BYTES:
            original = self._rows.original(what.digest)
        capture_id = self._write(what, record, original)
        return Kept(capture_id)

    def _write(self, what: Clean, record: RecordKind, original: Original | None) -> int:
        """Write a capture and its row; where an `original` holds the same body, as a record
        that refers to it."""
        if original is None:
            packed = pack(what.capture, record, what.digest)
            location = self._warc.append(packed)
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
        )
        location = self._warc.append(packed)
        return self._rows.insert(what, location, "revisit", original.id)

    def settle(self, capture_id: int, verdict: Verdict) -> None:
        """Write down what became of a capture."""
        self._rows.settle(capture_id, verdict)

    def read(self, capture_id: int) -> Capture:
        """A capture as it was kept. StorageError where its WARC record is missing."""
        location, refers_to = self._rows.location(capture_id)
        capture = unpack(self._folder, location)
        if refers_to is None:
            return capture
        return replace(capture, body=self.read(refers_to).body)

    def pending(self) -> Iterator[int]:
        """Captures that no parser has looked at yet, oldest first: those of a run that was
        cut short."""
        return self._rows.pending()

    def read_before(self, failed_only: bool = False) -> array[int]:
        """Captures that a parser has looked at, those of fuller layouts first."""
        return self._rows.read_before(failed_only)

    def _mend(self) -> None:
        """After a crash: whole records without a row get one, a torn one is cut off, rows
        without a record say so."""
        for path in own_files(self._folder, self._ownership):
            with transaction(self._conn):
                self._mend_file(path)

    def _mend_file(self, path: Path) -> None:
        # a power cut may take what the disk had not written yet
        size_bytes = path.stat().st_size
        self._rows.forget_lost(path.name, size_bytes)
        end = self._rows.end_of(path.name)
        for location, record in scan(path, end):
            self._adopt_if_whole(location, record)

    def _adopt_if_whole(self, location: RecordLocation, record: WarcRecord) -> None:
        """Adopt a record, unless it is one that cannot be read or kept: such a one must not
        keep the archive shut."""
        try:
            with transaction(self._conn):
                self._adopt(location, record)
        except (ValueError, OverflowError, KeyError, StorageError):
            return

    def _adopt(self, location: RecordLocation, record: WarcRecord) -> None:
        kind = record.headers.get("WARC-Type") or ""
        if kind not in _KINDS:
            return
        capture = read_record(record)
        refers_to = None
        if kind == "revisit":
            digest = record.headers.get("WARC-Payload-Digest") or ""
            original = self._rows.original(digest.removeprefix("sha1:"))
            if original is None:
                return
            refers_to = original.id
            capture = replace(capture, body=self.read(refers_to).body)
        what = Clean(capture, sha1_base32(capture.body))
        if not self.find(what):
            self._rows.insert(what, location, kind, refers_to)
