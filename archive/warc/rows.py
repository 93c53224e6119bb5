"""The rows of captures: found, inserted, settled; what became of each, as values."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from archive.store.layouts import rank_of
from archive.store.stamps import iso
from archive.warc.files import RecordLocation
from archive.warc.records import Packed, RecordKind, pack, sha1_base32
from archive.warc.redact import url_without_secrets, without_secrets
from scraper.core.errors import StorageError
from scraper.core.records import Capture

Outcome: TypeAlias = Literal[
    "stored", "unchanged", "notice", "redirect", "other", "failed", "foreign", "pending"
]

_HTTP_KINDS: Final = frozenset({"response", "revisit"})

_ARCHIVE_ID: Final = "SELECT value FROM archive_facts WHERE name = 'id'"
_IS_RECORDED: Final = "SELECT 1 FROM captures WHERE file = ? LIMIT 1"
_FIND: Final = """
  SELECT id, outcome, message, file,
    EXISTS (SELECT 1 FROM lost_captures l WHERE l.id = captures.id)
  FROM captures WHERE digest = ? AND url = ? AND fetched_at = ?"""
_HAS_LIKE: Final = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? LIMIT 1"
_ORIGINAL: Final = """
  SELECT o.id, o.url, o.fetched_at FROM captures c
  JOIN captures o ON o.id = ifnull(c.refers_to, c.id)
  WHERE c.digest = ? AND NOT EXISTS (SELECT 1 FROM lost_captures l WHERE l.id = o.id)
  LIMIT 1"""
_INSERT: Final = """
  INSERT INTO captures(url, fetched_at, status, content_type, size_bytes, digest, file,
    offset, length, record, refers_to, blanked)
  VALUES (:url, :fetched_at, :status, :content_type, :size_bytes, :digest, :file,
    :offset, :length, :record, :refers_to, :blanked)
  ON CONFLICT (digest, url, fetched_at) DO UPDATE SET file = excluded.file,
    offset = excluded.offset, length = excluded.length, record = excluded.record,
    refers_to = excluded.refers_to, damaged = 0
  RETURNING id"""
_END: Final = """
  SELECT offset + length FROM captures WHERE file = ? AND offset + length <= ?
  ORDER BY offset DESC LIMIT 1"""
_NO_END: Final = 1 << 62
_FIRST_IN: Final = "SELECT id FROM captures WHERE file = ? ORDER BY offset LIMIT 1"
_URL: Final = "SELECT url FROM captures WHERE id = ?"
_DIGEST: Final = "SELECT digest FROM captures WHERE id = ?"
_COUNT_IN: Final = (
    "SELECT count(*) FROM captures WHERE file = ? AND offset + length > ?"
)
_SETTLE: Final = """
  UPDATE captures SET
    outcome = iif(outcome = 'stored' AND :outcome = 'unchanged', 'stored', :outcome),
    kind = :kind, theme = :theme, message = :message, site_id = :site_id,
    thread_id = :thread_id, board_id = :board_id, page = :page,
    warnings = :warnings, field_counts = :field_counts
  WHERE id = :id"""
_NEXT_PENDING: Final = """
  SELECT id FROM captures WHERE outcome = 'pending' AND id > ? ORDER BY id LIMIT 1"""
_THEMES: Final = "SELECT DISTINCT theme FROM captures ORDER BY theme"
_FAILED: Final = "outcome = 'failed'"
_READ: Final = "outcome NOT IN ('pending', 'redirect') AND kind <> 'media'"


_LOCATION: Final = "SELECT file, offset, length, refers_to FROM captures WHERE id = ?"


class Original(NamedTuple):
    """The capture that holds a body already."""

    id: int
    url: str
    fetched_at: str


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
    packed: Packed | None = None
    """Its records, where they were made before: then the capture is without its body."""
    body_bytes: int | None = None
    is_blanked: bool = False
    """Whether parts of it were blanked on request."""

    @property
    def size_bytes(self) -> int:
        """How long its body is."""
        if self.body_bytes is None:
            return len(self.capture.body)
        return self.body_bytes


def clean(capture: Capture, *, is_blanked: bool = False) -> Clean:
    """A capture as it may be kept."""
    capture = without_secrets(capture)
    digest = sha1_base32(capture.body)
    return Clean(capture, digest, is_blanked=is_blanked)


def packed(capture: Capture, kind: RecordKind) -> Clean:
    """A capture as it may be kept, its records made; its body is in these alone."""
    what = clean(capture)
    return Clean(
        capture=replace(what.capture, body=b""),
        digest=what.digest,
        packed=pack(what.capture, kind, what.digest),
        body_bytes=len(what.capture.body),
    )


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
    warnings: str = ""
    field_counts: str = ""


class CaptureRows:
    """The table `captures` of one archive."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def archive_id(self) -> str:
        """The archive's own number, which its WARC files name."""
        row = self._first(_ARCHIVE_ID)
        return str(row[0]) if row else ""

    def is_recorded(self, file: str) -> bool:
        """Whether a capture lies in a file of this name."""
        return self._first(_IS_RECORDED, file) is not None

    def find(self, what: Clean, lost_files: Collection[str] = ()) -> Kept | None:
        """The row of the very same capture; None where there is none, or its record is lost,
        as those of `lost_files` are."""
        capture = what.capture
        row = self._first(_FIND, what.digest, capture.url, _time(capture))
        if row is None:
            return None
        capture_id, outcome, message, file, is_lost = row
        if is_lost or file in lost_files:
            return None
        return Kept(
            id=capture_id,
            known=True,
            outcome=outcome,
            message=message,
        )

    def has_like(self, capture: Capture) -> bool:
        """Whether there is a capture of this address at this time, whatever its body."""
        url = url_without_secrets(capture.url)
        return self._first(_HAS_LIKE, url, _time(capture)) is not None

    def original(self, digest: str) -> Original | None:
        """The capture that holds a body already; None where none does."""
        row = self._first(_ORIGINAL, digest)
        return Original(*row) if row else None

    def insert(
        self,
        what: Clean,
        location: RecordLocation,
        kind: str,
        refers_to: int | None = None,
    ) -> int:
        """Write the row of a new capture, as `pending`, or the place of one whose record was
        lost; its number."""
        capture = what.capture
        values = {
            "url": capture.url,
            "fetched_at": _time(capture),
            "status": capture.status if kind in _HTTP_KINDS else 0,
            "content_type": capture.header("content-type"),
            "size_bytes": what.size_bytes,
            "digest": what.digest,
            "file": location.file,
            "offset": location.offset,
            "length": location.length,
            "record": kind,
            "refers_to": refers_to,
            "blanked": int(what.is_blanked),
        }
        row = self._conn.execute(_INSERT, values).fetchone()
        return int(row[0])

    def settle(self, capture_id: int, verdict: Verdict) -> None:
        """Write down what became of a capture."""
        values = {
            "id": capture_id,
            "outcome": verdict.outcome,
            "kind": verdict.kind,
            "theme": verdict.theme,
            "message": verdict.message,
            "site_id": verdict.site_id,
            "thread_id": verdict.thread_id,
            "board_id": verdict.board_id,
            "page": verdict.page,
            "warnings": verdict.warnings,
            "field_counts": verdict.field_counts,
        }
        self._conn.execute(_SETTLE, values)

    def location(self, capture_id: int) -> tuple[RecordLocation, int | None]:
        """Where a capture lies, and the capture that holds its body where that is another.
        StorageError where its WARC record is missing."""
        row = self._first(_LOCATION, capture_id)
        if row is None or row[0] is None:
            raise StorageError(f"capture {capture_id}: its WARC record is not there")
        file, offset, length, refers_to = row
        return RecordLocation(file, offset, length), refers_to

    def pending(self) -> Iterator[int]:
        """Captures that no parser has looked at yet, oldest first: those of a run that was
        cut short."""
        row = self._first(_NEXT_PENDING, 0)
        while row is not None:
            capture_id = int(row[0])
            yield capture_id
            row = self._first(_NEXT_PENDING, capture_id)

    def read_before(self, failed_only: bool = False) -> array[int]:
        """Captures that a parser has looked at; pictures and redirects have nothing to read.

        Fuller layouts come first, in each the oldest: poorer ones tell some posts by the
        words of the fuller alone.
        """
        which = _FAILED if failed_only else _READ
        query = f"""
          SELECT id FROM captures WHERE {which} AND file IS NOT NULL AND theme = ?
          ORDER BY fetched_at, id"""
        themes = [theme for (theme,) in self._conn.execute(_THEMES)]
        themes.sort(key=rank_of, reverse=True)
        found = array("q")
        for theme in themes:
            for (capture_id,) in self._conn.execute(query, (theme,)):
                found.append(capture_id)
        return found

    def end_of(self, file: str, size_bytes: int = _NO_END) -> int:
        """Where the last recorded capture of a file ends, or the last within a size; 0 where
        it has none."""
        row = self._first(_END, file, size_bytes)
        return int(row[0]) if row else 0

    def first_in(self, file: str) -> int | None:
        """The first capture in a file; None where it has none."""
        row = self._first(_FIRST_IN, file)
        return int(row[0]) if row else None

    def digest_of(self, capture_id: int) -> str:
        """The digest of a capture's body, as it was kept."""
        row = self._first(_DIGEST, capture_id)
        return str(row[0]) if row else ""

    def url_of(self, capture_id: int) -> str:
        """The address of a capture; empty where there is no such."""
        row = self._first(_URL, capture_id)
        return str(row[0]) if row else ""

    def count_in(self, file: str, from_bytes: int = 0) -> int:
        """How many captures of a file end behind an offset."""
        row = self._first(_COUNT_IN, file, from_bytes)
        return int(row[0]) if row else 0

    def _first(self, query: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._conn.execute(query, values).fetchone()
        return row


def _time(capture: Capture) -> str:
    return iso(capture.fetched_at) or ""
