"""What becomes of each record of a WARC file: kept, left out, or with another body. Only
reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive.forgetting.judging import Blanked, Judge
from archive.store.sites import Sites
from archive.warc.rewriting import OldRecord, captures_in

_ROWS: Final = """
  SELECT offset, id, site_id, kind, refers_to, digest FROM captures WHERE file = ?"""
_DOOMED: Final = "SELECT capture_id FROM forgetting_captures"
_ORIGINAL: Final = """
  SELECT url, fetched_at, digest, size_bytes FROM captures WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """What is known of a capture in a file."""

    offset: int
    id: int
    site_id: int | None
    kind: str
    refers_to: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a capture that another refers to is: its address, time (stored form), digest and
    size."""

    url: str
    fetched_at: str
    digest: str
    size_bytes: int


@dataclass(slots=True)
class FilePlan:
    """What becomes of the captures of a file, by their places: `new` get another body,
    `revisits` refer to a body that is another now. `urls`: of all of them."""

    drop: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    revisits: set[int] = field(default_factory=set)
    urls: list[str] = field(default_factory=list)
    looked_at: int = 0

    def __bool__(self) -> bool:
        return bool(self.drop or self.new or self.revisits)


class Planner:
    """Plans for the WARC files of an archive. `tick` is told of every capture."""

    def __init__(
        self, conn: sqlite3.Connection, judge: Judge, tick: Callable[[], None]
    ) -> None:
        self._conn = conn
        self._judge = judge
        self._tick = tick
        self._sites = Sites(conn)

    def plan(self, path: Path, doomed: set[int] | None = None) -> FilePlan:
        """What becomes of a file. `doomed`: captures that go, as the archive has written
        down."""
        plan = FilePlan()
        if not path.is_file():
            return plan
        rows = rows_of(self._conn, path.name)
        if doomed is None:
            doomed = {number for (number,) in self._conn.execute(_DOOMED)}
        for old, _ in captures_in(path, sorted(rows)):
            self._tick()
            plan.looked_at += 1
            row = rows.get(old.offset)
            if self._is_doomed(old, row, doomed):
                plan.drop.add(old.offset)
                plan.urls.append(old.capture.url)
            elif old.kind == "revisit":
                self._plan_revisit(
                    old,
                    row,
                    plan,
                )
            elif row is None or row.kind != "media":
                self._plan_page(
                    old,
                    row,
                    plan,
                )
        return plan

    def judged(self, old: OldRecord, row: CaptureRow | None) -> Blanked | None:
        """A capture with what is forgotten blanked; None where it shows nothing of it."""
        page = self._judge.read(old.capture)
        site_id = self._site_of(old, row)
        return self._judge.judge(
            old.capture,
            site_id,
            page,
        )

    def _is_doomed(
        self, old: OldRecord, row: CaptureRow | None, doomed: set[int]
    ) -> bool:
        if row and (row.id in doomed or row.refers_to in doomed):
            return True
        site_id = self._site_of(old, row)
        return self._judge.names_member(old.capture.url, site_id)

    def _plan_revisit(
        self, old: OldRecord, row: CaptureRow | None, plan: FilePlan
    ) -> None:
        """A record without a body: it goes with the one that has it."""
        if row is None or row.refers_to is None:
            plan.drop.add(old.offset)
            return
        original = body_of(self._conn, row.refers_to)
        if original is not None and original.digest != row.digest:
            plan.revisits.add(old.offset)

    def _plan_page(
        self, old: OldRecord, row: CaptureRow | None, plan: FilePlan
    ) -> None:
        found = self.judged(old, row)
        if found is None:
            return
        plan.urls.append(old.capture.url)
        if found.is_all or row is None:
            plan.drop.add(old.offset)
        else:
            plan.new.add(old.offset)

    def _site_of(self, old: OldRecord, row: CaptureRow | None) -> int | None:
        if row and row.site_id is not None:
            return row.site_id
        return self._sites.find(old.capture.url)


def rows_of(conn: sqlite3.Connection, name: str) -> dict[int, CaptureRow]:
    """The captures of a file, by their places."""
    found = {}
    for row in map(_row, conn.execute(_ROWS, (name,))):
        found[row.offset] = row
    return found


def _row(values: tuple[Any, ...]) -> CaptureRow:
    return CaptureRow(*values)


def body_of(conn: sqlite3.Connection, capture_id: int | None) -> Body | None:
    """The capture that another refers to; None where it is gone."""
    row: tuple[Any, ...] | None
    row = conn.execute(_ORIGINAL, (capture_id,)).fetchone()
    return Body(*row) if row else None
