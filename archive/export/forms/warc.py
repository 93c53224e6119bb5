"""WARC 1.1: the pages of what is chosen as they were served, for any web archive."""

from __future__ import annotations

from typing import BinaryIO, Final

from archive.export.form import Form
from archive.export.job import Job
from archive.export.web_captures import write_captures


def _write(job: Job, out: BinaryIO) -> None:
    for _ in write_captures(job, out.write):
        pass


FORM: Final = Form(
    summary="WARC, the pages as they were served",
    suffixes=(".warc.gz",),
    write=_write,
    needs_posts=False,
)
