"""WARC files, WET among them: plain, or packed with gzip, zstd or lz4."""

from __future__ import annotations

from archive.intake.containers import Container, Items, Reading
from archive.intake.foreign import read_warc
from archive.intake.packing import Head
from archive.intake.source import Source


def _is_warc(head: Head) -> bool:
    return head.plain.startswith(b"WARC/")


def _read(source: Source, reading: Reading) -> Items:
    return read_warc(source, reading.hints)


CONTAINER = Container("WARC", _is_warc, _read)
