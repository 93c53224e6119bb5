"""The WARC files without what was forgotten: each that has something of it is written anew
under another name, the rows of its captures follow, and the old file goes.

A file that is being written is not one of the archive's until the transaction in which the
rows follow: whatever ends the program leaves either the old file or the new one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from archive.forgetting.judging import Judge
from archive.forgetting.planning import CaptureRow, FilePlan, Planner, body_of, rows_of
from archive.forgetting.requests import count_captures
from archive.schema import transaction
from archive.warc.ledger import Ledger
from archive.warc.lock import warc_folder
from archive.warc.records import (
    BLANKED_NOTE,
    Packed,
    pack,
    sha1_base32,
    with_note,
)
from archive.warc.rewriting import Fate, Moved, OldRecord, Rewriting
from archive.warc.rows import CaptureRows
from scraper.core.records import Capture

_TO_LOOK: Final = "SELECT name FROM forgetting_files WHERE step = 'look' ORDER BY name"
_TO_REMOVE: Final = "SELECT name FROM forgetting_files WHERE step = 'remove'"
_MADE: Final = "SELECT made FROM forgetting_files WHERE made <> '' AND step = 'look'"
_MAKE: Final = "UPDATE forgetting_files SET made = ? WHERE name = ?"
_LOOKED: Final = "DELETE FROM forgetting_files WHERE name = ?"
_REPLACED: Final = (
    "UPDATE forgetting_files SET step = 'remove', made = '' WHERE name = ?"
)
_LOOK_AGAIN: Final = """
  INSERT OR IGNORE INTO forgetting_files(name)
  SELECT DISTINCT c.file FROM captures c JOIN captures o ON o.id = c.refers_to
  WHERE c.file IS NOT NULL AND c.id NOT IN (SELECT capture_id FROM forgetting_captures)
    AND (c.digest <> o.digest
    OR o.id IN (SELECT capture_id FROM forgetting_captures))"""
_DOOM: Final = "INSERT OR IGNORE INTO forgetting_captures(capture_id) VALUES (?)"
_MOVE: Final = """
  UPDATE captures SET file = ?, offset = ?, length = ?, damaged = 0 WHERE id = ?"""
_BLANK: Final = """
  UPDATE captures SET digest = ?, size_bytes = ?, blanked = 1, warnings = '',
    field_counts = ''
  WHERE id = ?"""
_SAME: Final = """
  SELECT 1 FROM captures c JOIN captures r ON r.id = ?2
  WHERE c.digest = ?1 AND c.url = r.url AND c.fetched_at = r.fetched_at AND c.id <> r.id"""
_LOSE: Final = "UPDATE captures SET file = NULL WHERE file = ? AND id = ?"
_NOT_OURS: Final = """
  UPDATE warc_files SET is_ours = 0, size_bytes = 0, head_digest = '', tail_digest = '',
    is_closed = 1, trouble = '' WHERE name = ?"""
_OURS: Final = "UPDATE warc_files SET is_ours = 1 WHERE name = ?"
_DROPPED_ROWS: Final = (
    """UPDATE posts SET capture_id = NULL
       WHERE capture_id IN (SELECT capture_id FROM forgetting_captures)""",
    """UPDATE post_versions SET capture_id = NULL
       WHERE capture_id IN (SELECT capture_id FROM forgetting_captures)""",
    """UPDATE media SET capture_id = NULL, state = 'given_up', message = 'removed on request'
       WHERE capture_id IN (SELECT capture_id FROM forgetting_captures)""",
    """DELETE FROM captures WHERE refers_to IN (SELECT capture_id FROM forgetting_captures)
       AND id IN (SELECT capture_id FROM forgetting_captures)""",
    "DELETE FROM captures WHERE id IN (SELECT capture_id FROM forgetting_captures)",
    "DELETE FROM forgetting_captures",
)


@dataclass(slots=True)
class LookedThrough:
    """How many captures were looked at, and what became of them."""

    captures: int = 0
    blanked: int = 0
    removed: int = 0
    urls: list[str] = field(default_factory=list)

    def add(self, plan: FilePlan) -> None:
        """Count what becomes of one file."""
        self.captures += plan.looked_at
        self.blanked += len(plan.new)
        self.removed += len(plan.drop)
        self.urls += plan.urls


class WarcFiles:
    """The WARC files of an archive, while something is removed from them. `tick` is told of
    every capture."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        judge: Judge,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._conn = conn
        self._planner = Planner(
            conn,
            judge,
            tick,
        )
        self._folder = warc_folder(conn)
        self._ledger = Ledger(conn)
        self._captures = CaptureRows(conn)
        self._bodies: dict[int, tuple[str, int]] = {}
        self.found = LookedThrough()

    def measure(self, doomed: set[int]) -> LookedThrough:
        """Look through all files, and change nothing. `doomed`: captures that would go."""
        for known in self._ledger.files():
            if known.is_ours:
                plan = self._planner.plan(self._folder / known.name, doomed)
                self.found.add(plan)
        return self.found

    def clear_up(self) -> None:
        """Take away what an earlier run had begun to write, and what it had replaced."""
        for (name,) in self._conn.execute(_MADE).fetchall():
            (self._folder / name).unlink(missing_ok=True)
            self._part(name).unlink(missing_ok=True)
        for (name,) in self._conn.execute(_TO_REMOVE).fetchall():
            self._remove(name)

    def look_through(self) -> LookedThrough:
        """Write every file anew that has something of it."""
        while names := self._names():
            for name in names:
                self._look(name)
            with transaction(self._conn):
                self._conn.execute(_LOOK_AGAIN)
        with transaction(self._conn):
            for statement in _DROPPED_ROWS:
                self._conn.execute(statement)
        return self.found

    def _names(self) -> list[str]:
        return [name for (name,) in self._conn.execute(_TO_LOOK)]

    def _look(self, name: str) -> None:
        path = self._folder / name
        plan = self._planner.plan(path)
        self.found.add(plan)
        if not plan:
            with transaction(self._conn):
                self._conn.execute(_LOOKED, (name,))
            return
        self._bodies.clear()
        rows = rows_of(self._conn, name)
        new_name = self._reserve(name)
        rewriting = Rewriting(
            path=path,
            target=self._part(new_name),
            name=new_name,
            archive_id=self._captures.archive_id(),
            known_offsets=sorted(rows),
        )
        moved = rewriting.run(lambda old: self._fate(old, plan, rows))
        rewriting.target.rename(self._folder / new_name)
        with transaction(self._conn):
            self._follow(
                name,
                plan,
                rows,
                moved,
            )
            self._exchange(
                name,
                new_name,
                plan,
            )
        self._remove(name)

    def _fate(
        self, old: OldRecord, plan: FilePlan, rows: dict[int, CaptureRow]
    ) -> Fate:
        if old.offset in plan.drop:
            return "drop"
        row = rows.get(old.offset)
        if row is None:
            return "keep"
        if old.offset in plan.revisits:
            return lambda capture: self._revisit(capture, row)
        if old.offset not in plan.new:
            return "keep"
        found = self._planner.judged(old, row)
        assert found
        new = found.capture
        return lambda capture: self._blanked(replace(new, asked=capture.asked), old)

    def _blanked(self, capture: Capture, old: OldRecord) -> Packed:
        digest = sha1_base32(capture.body)
        self._bodies[old.offset] = (digest, len(capture.body))
        packed = pack(
            capture,
            old.kind,
            digest,
        )
        return with_note(packed, BLANKED_NOTE)

    def _revisit(self, capture: Capture, row: CaptureRow) -> Packed:
        """A revisit of a body that was blanked."""
        original = body_of(self._conn, row.refers_to)
        assert original
        self._bodies[row.offset] = (original.digest, original.size_bytes)
        referred = Capture(
            url=original.url,
            fetched_at=datetime.fromisoformat(original.fetched_at),
            body=b"",
        )
        return pack(
            capture,
            kind="revisit",
            digest=original.digest,
            original=referred,
            size_bytes=original.size_bytes,
        )

    def _follow(
        self,
        name: str,
        plan: FilePlan,
        rows: dict[int, CaptureRow],
        moved: list[Moved],
    ) -> None:
        """Let the rows of captures follow their records."""
        for each in moved:
            row = rows.get(each.old_offset)
            if row is None:
                continue
            place = (each.file, each.offset, each.length, row.id)
            self._conn.execute(_MOVE, place)
            if each.is_new:
                self._note_new(row)
        for offset in plan.drop & rows.keys():
            row = rows[offset]
            self._conn.execute(_DOOM, (row.id,))
            self._conn.execute(_LOSE, (name, row.id))

    def _note_new(self, row: CaptureRow) -> None:
        digest, size_bytes = self._bodies[row.offset]
        # two captures of one second may have differed in what is blanked alone
        if self._conn.execute(_SAME, (digest, row.id)).fetchone():
            self._conn.execute(_DOOM, (row.id,))
            return
        self._conn.execute(_BLANK, (digest, size_bytes, row.id))

    def _exchange(self, name: str, new_name: str, plan: FilePlan) -> None:
        """Make the new file the archive's, and the old one nobody's."""
        count_captures(
            self._conn,
            len(plan.new),
            len(plan.drop),
        )
        self._ledger.note(self._folder / new_name)
        self._conn.execute(_OURS, (new_name,))
        self._conn.execute(_NOT_OURS, (name,))
        self._conn.execute(_REPLACED, (name,))

    def _reserve(self, name: str) -> str:
        """A name for the file that is to take another's place; nobody's file until then."""
        number = self._ledger.last_number() + 1
        new_name = self._numbered(number)
        while self._ledger.find(new_name) or (self._folder / new_name).exists():
            number += 1
            new_name = self._numbered(number)
        with transaction(self._conn):
            self._ledger.begin(
                new_name,
                is_ours=False,
            )
            self._conn.execute(_MAKE, (new_name, name))
        return new_name

    def _numbered(self, number: int) -> str:
        return f"{self._folder.stem}-{number:05}.warc.gz"

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.part"

    def _remove(self, name: str) -> None:
        """Take away a file whose place another has taken."""
        (self._folder / name).unlink(missing_ok=True)
        with transaction(self._conn):
            self._conn.execute(_LOOKED, (name,))


def files_left(folder: Path) -> Iterator[Path]:
    """Files beside the archive's own that hold parts of them, which nobody can read."""
    yield from folder.glob("*.warc.gz.damaged-*")
