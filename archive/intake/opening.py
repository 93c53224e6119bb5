"""What a user names as input, opened: a file, standard input (`-`), an open stream, an
address."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias
from urllib.parse import urlsplit

from archive.intake.inputs import printable
from archive.intake.source import Source, file_source, held_copy, window

_ADDRESS: Final = re.compile(r"\A[a-z][a-z0-9+.-]{0,30}://", re.I)
STANDARD_INPUT: Final = "-"
Named: TypeAlias = str | Path | BinaryIO
"""A path, `-`, an address (`https:`, `s3:`), or a stream that is open."""


def folder_of(named: Named) -> Path | None:
    """The folder that is named; None where it is something else."""
    if not isinstance(named, str | Path) or is_address(named):
        return None
    path = Path(named)
    return path if path.is_dir() else None


def name_of(named: Named) -> str:
    """An input as people are told of it."""
    if named == STANDARD_INPUT:
        return "standard input"
    if isinstance(named, str | Path):
        return printable(named)
    return printable(str(getattr(named, "name", "a stream")))


def opened(named: Named) -> Source:
    """An input. OSError, FetchError or InputError where it cannot be had.

    A stream that cannot be sought in is read to its end first: pages are told apart by their
    beginnings, and pictures are read once more.
    """
    if named == STANDARD_INPUT:
        return _of_stream(sys.stdin.buffer, name_of(named))
    if not isinstance(named, str | Path):
        return _of_stream(named, name_of(named))
    if not is_address(named):
        return file_source(Path(named))
    # few inputs are elsewhere, and what asks for them takes a while to import
    from scraper.fetch.remote import open_remote

    address = str(named)
    file, size_bytes = open_remote(address)
    return _of_file(file, size_bytes, address)


def is_address(named: str | Path) -> bool:
    """Whether a name is an address, and not that of a file of this machine."""
    return isinstance(named, str) and _ADDRESS.match(named) is not None


def _of_stream(stream: BinaryIO, name: str) -> Source:
    if stream.seekable():
        return _of_file(stream, stream.seek(0, io.SEEK_END), name)
    held = held_copy(stream)
    return _of_file(held, held.tell(), name, _modified_s(stream))


def _of_file(
    file: BinaryIO, size_bytes: int, name: str, modified_s: float | None = None
) -> Source:
    if modified_s is None:
        modified_s = _modified_s(file)
    return Source(
        name=name,
        place=urlsplit(name).path.rpartition("/")[2],
        open=lambda: window(file, 0, size_bytes),
        size_bytes=size_bytes,
        modified_s=modified_s,
    )


def _modified_s(stream: BinaryIO) -> float:
    """When a stream's file was changed, or its pipe was; the beginning of time where it has
    neither."""
    try:
        return os.fstat(stream.fileno()).st_mtime
    except (OSError, AttributeError):
        return 0.0
