"""Inputs read into an archive within the test's own process, and what became of each."""

from __future__ import annotations

from pathlib import Path

from archive.intake.ingest import Ingest
from archive.intake.inputs import Hints
from archive.intake.results import IngestResult
from archive.intake.sources import read_inputs
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures


def ingested(db: Path, *inputs: Path, hints: Hints | None = None) -> list[IngestResult]:
    """Read inputs into an archive, made if it is not there."""
    archive = open_archive(db)
    try:
        with Captures(archive.conn) as captures:
            ingest = Ingest(archive.conn, captures, Store(archive.conn))
            return list(ingest.run(read_inputs(inputs, hints)))
    finally:
        archive.close()
