"""The pages of forums, one forum after the other, to the rows of its tables: stored in an
archive of its own that lasts as long as that takes, by the very step that `ingest` has.

What makes two posts one, which view is the fuller, what an edit is: nothing of it is said a
second time here.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from archive.corpus.numbers import FORUM, Numbers
from archive.corpus.page_rows import Origin, host_of
from archive.export.job import Job
from archive.export.table_others import TABLES
from archive.export.tables import Values
from archive.intake.page_parser import Parsed
from archive.intake.page_step import PageStep
from archive.reading.chosen import Choice, chosen_threads
from archive.reading.forums import list_forums
from archive.schema import connect, transaction
from archive.store.save import Store
from archive.warc.captures import Captures
from archive.warc.files import RecordLocation
from archive.warc.rows import CaptureRows
from scraper.core.closing import Closing
from scraper.core.records import Page

PROBLEMS: Final = "problems"
FoundPage: TypeAlias = tuple[Origin, Page]
_NO_DISK_WAITS: Final = """
  PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"""
"""What is lost with the machine is made again."""
_NO_TIME: Final = datetime.fromtimestamp(0, UTC)
"""No folder of an export is begun here."""
_PAGES_TOGETHER: Final = 200


@dataclass(frozen=True, slots=True)
class MergedRows:
    """Rows of one table of one forum."""

    table: str
    rows: list[Values]


class ForumMerger(Closing):
    """Merges forums in a folder of its own, one after the other. A context."""

    def __init__(self, utc_offset_minutes: int | None = None) -> None:
        self._utc_offset_minutes = utc_offset_minutes
        self._held = tempfile.TemporaryDirectory(prefix="corpus-")
        self._folder = Path(self._held.name)
        self._empty = self._folder / "empty.db"
        with closing(connect(self._empty)) as conn:
            conn.execute("PRAGMA journal_mode = DELETE")  # one file that can be copied

    def close(self) -> None:
        """Delete the folder."""
        self._held.cleanup()

    def merge(self, pages: Iterable[FoundPage]) -> Iterator[MergedRows]:
        """The rows of all tables of one forum (or several that share a host), of its pages
        in the order of their times; last, as rows of `problems`, what could not be stored.
        """
        with self._archive() as conn:
            taken = _Taken(conn, self._utc_offset_minutes)
            taken.take(pages)
            yield from _rows(conn)
        if taken.problems:
            yield MergedRows(PROBLEMS, taken.problems)

    @contextmanager
    def _archive(self) -> Iterator[sqlite3.Connection]:
        path = self._folder / "forum.db"
        shutil.copyfile(self._empty, path)
        try:
            with closing(connect(path)) as conn:
                conn.executescript(_NO_DISK_WAITS)
                yield conn
        finally:
            path.unlink()


class _Taken:
    """Takes pages into an archive."""

    def __init__(
        self, conn: sqlite3.Connection, utc_offset_minutes: int | None
    ) -> None:
        self._conn = conn
        self._captures = CaptureRows(conn)
        store = Store(
            conn,
            utc_offset_minutes,
            is_indexed=False,
        )
        self._step = PageStep(
            conn,
            Captures(conn),
            store,
        )
        self.problems: list[Values] = []

    def take(self, pages: Iterable[FoundPage]) -> None:
        """Store all of them, some hundreds in a transaction."""
        iterator = iter(pages)
        while group := list(islice(iterator, _PAGES_TOGETHER)):
            with transaction(self._conn):
                for origin, page in group:
                    self._take_one(origin, page)

    def _take_one(self, origin: Origin, page: Page) -> None:
        capture_id = self._captures.insert(
            origin.cleaned(),
            _location_of(origin),
            kind="response",
        )
        outcome = self._step.settle(Parsed(page), capture_id)
        if outcome.fault:
            problem = {
                FORUM: host_of(page.site_url) or host_of(page.url),
                "url": origin.url,
                "reason": outcome.fault,
            }
            self.problems.append(problem)


def _location_of(origin: Origin) -> RecordLocation:
    return RecordLocation(
        origin.file,
        0,
        0,
    )


def _rows(conn: sqlite3.Connection) -> Iterator[MergedRows]:
    """All rows of an archive's tables, with numbers that are their own in the world."""
    choice = Choice()
    job = Job(
        conn=conn,
        choice=choice,
        forums={forum.id: forum for forum in list_forums(conn)},
        thread_ids=chosen_threads(conn, choice),
        now=_NO_TIME,
    )
    numbers = Numbers(conn)
    for table in TABLES:
        for rows in table.rows(job):
            for row in rows:
                numbers.put_into(row)
            if rows:
                yield MergedRows(table.name, rows)
