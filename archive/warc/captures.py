"""Captures kept: each response in a WARC file beside the archive, and a row that says where
and what became of it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias

from fastwarc.warc import WarcRecord

from archive.schema import transaction
from archive.store.layouts import rank_of
from archive.store.stamps import iso
from archive.warc.files import (
    MAX_FILE_BYTES,
    RecordLocation,
    WarcFolder,
    own_files,
    read_record,
    scan,
    unpack,
)
from archive.warc.lock import WriterLock
from archive.warc.records import RecordKind, pack, sha1_base32
from archive.warc.redact import without_secrets
from scraper.core.errors import StorageError
from scraper.core.records import Capture

Outcome: TypeAlias = Literal[
    "stored", "unchanged", "notice", "redirect", "other", "failed", "foreign", "pending"
]

_REVISIT_BYTES: Final = (
    512  # a smaller body takes less room than the words that refer to it
)
_KINDS: Final = frozenset({"response", "resource", "conversion", "revisit"})
_FIND: Final = "SELECT id, outcome, message FROM captures WHERE digest = ? AND url = ? AND fetched_at = ?"
_ORIGINAL: Final = """SELECT o.url, o.fetched_at, o.id FROM captures c
  JOIN captures o ON o.id = ifnull(c.refers_to, c.id) WHERE c.digest = ? AND o.file IS NOT NULL LIMIT 1"""
_INSERT: Final = """INSERT INTO captures(url, fetched_at, status, content_type, size_bytes, digest,
  file, offset, length, record, refers_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_LOST: Final = "UPDATE captures SET file = NULL WHERE file = ? AND offset + length > ?"
_END: Final = (
    "SELECT offset + length FROM captures WHERE file = ? ORDER BY offset DESC LIMIT 1"
)
_SETTLE: Final = """UPDATE captures SET outcome = iif(outcome = 'stored' AND ?1 = 'unchanged', 'stored', ?1), kind = ?2,
  theme = ?3, message = ?4, site_id = ?5, thread_id = ?6, board_id = ?7, page = ?8 WHERE id = ?9"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture's row; `known`: the very same capture (address, time and body) was there
    already."""

    id: int
    known: bool = False
    outcome: Outcome = "pending"
    message: str = ""


@dataclass(frozen=True, slots=True)
class Clean:
    """A capture without secrets, and the digest of its body (`sha1_base32`): made once,
    asked for twice."""

    capture: Capture
    digest: str


def clean(capture: Capture) -> Clean:
    """A capture as it may be kept."""
    capture = without_secrets(capture)
    return Clean(capture, sha1_base32(capture.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a capture: see the columns of `captures`."""

    outcome: Outcome
    kind: str = ""
    theme: str = ""
    message: str = ""
    site_id: int | None = None
    thread_id: int | None = None
    board_id: int | None = None
    page: int | None = None


def warc_folder(conn: sqlite3.Connection) -> Path:
    """The folder of an archive's WARC files: `forum.warc` beside `forum.db`."""
    path = Path(
        conn.execute(
            "SELECT file FROM pragma_database_list WHERE name = 'main'"
        ).fetchone()[0]
    )
    return path.with_suffix(".warc")


class Captures:
    """The captures of one archive. Reading needs no lock; the first write takes it and
    mends what a crash left."""

    def __init__(
        self, conn: sqlite3.Connection, max_file_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self._conn = conn
        self._folder = warc_folder(conn)
        self._warc = WarcFolder(self._folder, self._folder.stem, max_file_bytes)
        self._lock = WriterLock(self._folder / "writer.lock")
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
        if self._folder.is_file():
            raise StorageError(
                f"{self._folder} is a file, and the archive keeps its pages in a folder of that name: "
                "give the archive another name, or move the file elsewhere"
            )
        if not self._writing:
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
        row = self._conn.execute(
            _FIND, (what.digest, what.capture.url, _time(what.capture))
        ).fetchone()
        return Kept(row[0], True, row[1], row[2]) if row else None

    def keep(self, capture: Capture | Clean, record: RecordKind = "response") -> Kept:
        """Write a capture to the WARC file, then its row, as `pending`; what is there
        already is not written again.

        A `Clean` one is not looked for: the caller has done that with `find`.
        """
        self.open()
        what = clean(capture) if isinstance(capture, Capture) else capture
        if isinstance(capture, Capture) and (found := self.find(what)):
            return found
        capture = what.capture
        may_refer = record == "response" and len(capture.body) >= _REVISIT_BYTES
        original, original_id = (
            self._original(what.digest) if may_refer else (None, None)
        )
        kind = "revisit" if original else record
        place = self._warc.append(pack(capture, kind, what.digest, original))
        return Kept(self._insert(capture, what.digest, place, kind, original_id))

    def settle(self, capture_id: int, verdict: Verdict) -> None:
        """Write down what became of a capture."""
        self._conn.execute(
            _SETTLE,
            (
                verdict.outcome,
                verdict.kind,
                verdict.theme,
                verdict.message,
                verdict.site_id,
                verdict.thread_id,
                verdict.board_id,
                verdict.page,
                capture_id,
            ),
        )

    def read(self, capture_id: int) -> Capture:
        """A capture as it was kept. StorageError where its WARC record is missing."""
        row = self._conn.execute(
            "SELECT file, offset, length, refers_to FROM captures WHERE id = ?",
            (capture_id,),
        ).fetchone()
        if not row or not row[0]:
            raise StorageError(f"capture {capture_id}: its WARC record is not there")
        capture = unpack(self._folder, RecordLocation(*row[:3]))
        if row[3] is None:
            return capture
        return replace(capture, body=self.read(row[3]).body)

    def pending(self) -> Iterator[int]:
        """Captures that no parser has looked at yet, oldest first: those of a run that was
        cut short."""
        last = 0
        query = "SELECT id FROM captures WHERE outcome = 'pending' AND id > ? ORDER BY id LIMIT 1"
        while row := self._conn.execute(query, (last,)).fetchone():
            last = row[0]
            yield last

    def read_before(self, failed_only: bool = False) -> array[int]:
        """Captures that a parser has looked at; pictures and redirects have nothing to read.

        Fuller layouts come first, in each the oldest: poorer ones tell some posts by the
        words of the fuller alone.
        """
        which = (
            "outcome = 'failed'"
            if failed_only
            else "outcome NOT IN ('pending', 'redirect') AND kind <> 'media'"
        )
        query = f"SELECT id FROM captures WHERE {which} AND file IS NOT NULL AND theme = ? ORDER BY fetched_at, id"
        themes = [
            row[0]
            for row in self._conn.execute(
                "SELECT DISTINCT theme FROM captures ORDER BY theme"
            )
        ]
        found = array("q")
        for theme in sorted(themes, key=rank_of, reverse=True):
            found.extend(row[0] for row in self._conn.execute(query, (theme,)))
        return found

    def _original(self, digest: str) -> tuple[Capture | None, int | None]:
        """Address and time of the capture that holds a body already; None where none does."""
        row = self._conn.execute(_ORIGINAL, (digest,)).fetchone()
        return (
            (Capture(row[0], datetime.fromisoformat(row[1]), b""), row[2])
            if row
            else (None, None)
        )

    def _insert(
        self,
        capture: Capture,
        digest: str,
        place: RecordLocation,
        kind: str,
        refers_to: int | None,
    ) -> int:
        cursor = self._conn.execute(
            _INSERT,
            (
                capture.url,
                _time(capture),
                capture.status if kind in ("response", "revisit") else 0,
                capture.header("content-type"),
                len(capture.body),
                digest,
                place.file,
                place.offset,
                place.length,
                kind,
                refers_to,
            ),
        )
        return cursor.lastrowid or 0

    def _mend(self) -> None:
        """After a crash: whole records without a row get one, a torn one is cut off, rows
        without a record say so."""
        for path in own_files(self._folder):
            with transaction(self._conn):
                size = path.stat().st_size
                self._conn.execute(
                    _LOST, (path.name, size)
                )  # a power cut took what the disk had not written yet
                end = self._conn.execute(_END, (path.name,)).fetchone()
                for place, record in scan(path, end[0] if end else 0):
                    self._adopt(place, record)

    def _adopt(self, place: RecordLocation, record: WarcRecord) -> None:
        kind = record.headers.get("WARC-Type") or ""
        if kind not in _KINDS:
            return
        digest = (record.headers.get("WARC-Payload-Digest") or "").removeprefix("sha1:")
        capture, original = read_record(record), None
        if kind == "revisit":
            original = self._original(digest)[1]
            if original is None:
                return
            capture = replace(capture, body=self.read(original).body)
        what = Clean(capture, sha1_base32(capture.body))
        if not self.find(what):
            self._insert(capture, what.digest, place, kind, original)


def _time(capture: Capture) -> str:
    return iso(capture.fetched_at) or ""
