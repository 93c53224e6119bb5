"""Writes the captures of what is chosen as one WARC file, and tells where each came to lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from archive.export.job import Job
from archive.forgetting.requests import steps_left
from archive.reading.chosen_captures import ChosenCapture, chosen_captures
from archive.warc.copying import RecordCopier
from archive.warc.records import pack_info
from scraper.core.errors import StorageError

_LOST: Final = "captures whose WARC record is lost"
_ABOUT: Final = {"description": "captures of a Discuz! forum, exported from an archive"}


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A capture's own record: where it lies in the file, and how long it is, in bytes."""

    capture: ChosenCapture
    offset: int
    length: int
    is_revisit: bool


def write_captures(
    job: Job, write: Callable[[bytes], object]
) -> Iterator[WrittenRecord]:
    """Write the records, each a gzip member; ask for the next to have it written."""
    if "pages" in steps_left(job.conn):
        raise StorageError(
            "a removal on request was cut short, and kept pages may still show it: "
            "run `discuz-archive forget DB` first"
        )
    thread_ids = list(_counted_threads(job))
    captures = chosen_captures(job.conn, job.choice, thread_ids)
    copier = RecordCopier(job.conn)
    info = pack_info("", about=_ABOUT)
    write(info)
    offset = len(info)
    for capture in captures:
        try:
            copied = copier.copy(capture.id)
        except (StorageError, OSError):
            job.told[_LOST] += 1
            continue
        record = copied.packed.record
        behind = copied.packed.request + copied.packed.note
        write(record)
        write(behind)
        yield WrittenRecord(
            capture=capture,
            offset=offset,
            length=len(record),
            is_revisit=copied.is_revisit,
        )
        job.told["captures"] += 1
        offset += len(record) + len(behind)


def _counted_threads(job: Job) -> Iterator[int]:
    for chosen in job.threads():
        posts = len(chosen.post_ids)
        job.told["posts"] += posts
        yield chosen.thread.id
        job.tick(posts)
