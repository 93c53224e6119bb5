"""Forms that are tables: all of them in a folder, or the posts alone in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archive.export.form import Part
from archive.export.job import Job
from archive.export.table_others import TABLES
from archive.export.table_posts import POSTS
from archive.export.tables import Table


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written."""

    suffix: str
    write_table: Callable[[Table, Job, BinaryIO], None]

    def write(self, job: Job, out: BinaryIO) -> None:
        """The posts."""
        self.write_table(POSTS, job, out)

    def parts(self, job: Job) -> Iterator[Part]:
        """A file for each table."""
        for table in TABLES:
            yield self._part(table, job)

    def _part(self, table: Table, job: Job) -> Part:
        def write(out: BinaryIO) -> None:
            self.write_table(table, job, out)

        name = f"{table.name}{self.suffix}"
        return Part(name, write)
