"""Writes a merged corpus in the forms that are made of tables or of threads, by the writers
that an archive's exports have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

import pyarrow.parquet as pq

from archive.corpus.copies_job import COPIES
from archive.corpus.merged_tables import MergedTables, MergedThreads
from archive.corpus.outputs import Output
from archive.export.form import Part, Write
from archive.export.forms import load_module
from archive.export.job import ChosenThread
from archive.export.table_form import TableForm
from archive.export.table_others import TABLES
from archive.export.table_posts import POSTS
from archive.export.tables import Table
from scraper.core.errors import InputError

if TYPE_CHECKING:
    from archive.export.forms.mnbvc import Corpus

THREADS_FORM: Final = "mnbvc"
FORMS: Final = ("csv", "jsonl", THREADS_FORM, "parquet")
"""The others are made of captures, or of what only an archive has."""


@dataclass(frozen=True, slots=True)
class Written:
    """What makes the file of a form, or the files of a folder; `threads`, of a form of
    threads, counts what should be told."""

    write: Write
    parts: Iterator[Part]
    threads: MergedThreads | None = None


def written_as(
    form: str, tables: MergedTables, out: Output, *, personal: bool
) -> Written:
    """A corpus in a form; `personal`: with personal data. InputError where a library that
    the form needs is missing, or no corpus has this form."""
    if form not in FORMS:
        listed = ", ".join(FORMS)
        raise InputError(
            f"a corpus can be written as {listed}; for {form}, `ingest` its pages into an "
            "archive and `export` that"
        )
    module = load_module(form)
    if form == THREADS_FORM:
        threads = MergedThreads(tables, not personal)
        corpus: Corpus = module.Corpus(threads, KnownCopies.of(out))
        return Written(
            partial(module.write_all, corpus),
            module.parts_of(corpus),
            threads,
        )
    return _of_tables(module.TABLES, tables)


def _of_tables(form: TableForm, tables: MergedTables) -> Written:
    def write(out: BinaryIO) -> None:
        form.write_rows(_unsorted(POSTS), tables.rows(POSTS), out)

    parts = (
        form.part(_unsorted(table), partial(tables.rows, table)) for table in TABLES
    )
    return Written(write, parts)


def _unsorted(table: Table) -> Table:
    """Forums come in the order of a hash of their names, and not of their numbers."""
    return replace(table, sorted_by=())


@dataclass(slots=True)
class KnownCopies:
    """The copies that `corpus copies` has found: a thread (its row) → the first that it
    repeats."""

    of_threads: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, out: Output) -> KnownCopies:
        """Those of a corpus; none where they were not looked for."""
        if not out.has(COPIES):
            return cls()
        with out.open(COPIES) as stream:
            rows = pq.read_table(stream).to_pylist()
        found = {}
        for row in rows:
            number = row["of_tid"]
            if number is None:
                number = -row["of_thread_id"]
            found[row["thread_id"]] = f"{row['of_forum']} {number}"
        return cls(found)

    def earlier(self, chosen: ChosenThread, text: str) -> list[str]:
        """The earlier thread that a thread repeats."""
        found = self.of_threads.get(chosen.thread.id)
        return [found] if found else []
