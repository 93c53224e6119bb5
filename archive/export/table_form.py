"""Forms that are tables: all of them in a folder, or the posts alone in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from archive.export.form import Part
from archive.export.job import Job
from archive.export.table_others import TABLES
from archive.export.table_posts import POSTS
from archive.export.tables import Chunks, Table


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written."""

    suffix: str
    write_rows: Callable[[Table, Chunks, BinaryIO], None]

    def write(self, job: Job, out: BinaryIO) -> None:
        """The posts."""
        self.write_rows(POSTS, POSTS.rows(job), out)

    def parts(self, job: Job) -> Iterator[Part]:
        """A file for each table."""
        for table in TABLES:
            yield self.part(table, partial(table.rows, job))

    def part(self, table: Table, rows: Callable[[], Chunks]) -> Part:
        """The file of a table; its rows are read when it is written."""

        def write(out: BinaryIO) -> None:
            self.write_rows(table, rows(), out)

        name = f"{table.name}{self.suffix}"
        return Part(name, write)
