"""Inputs as captures: WARC files, saved HTML and MHTML pages, text extractions, folders of them.

What cannot be read is a value too, a Problem with its reason: one bad file or record never
stops the others.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from archive.intake.foreign import read_warc
from archive.intake.inputs import MAX_BYTES, Hints, InputRecord, Problem, printable
from archive.intake.saved import read_saved
from scraper.core.errors import InputError
from scraper.core.records import Capture
from scraper.fetch.codings import CodingError, decoded

_HEAD_BYTES: Final = 4096
_PAGE_SUFFIXES: Final = frozenset(
    {
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".php",
        ".asp",
        ".aspx",
        ".txt",
        ".text",
        ".mht",
        ".mhtml",
        ".json",
        ".xml",
        ".rss",
        ".wml",
        ".warc",
        ".wet",
        ".gz",
        ".zst",
        ".lz4",
    }
)
_COMPRESSED_WARC: Final = (
    b"\x28\xb5\x2f\xfd",  # zstd
    b"\x5d\x2a\x4d\x18",  # its dictionary
    b"\x04\x22\x4d\x18",  # lz4
)
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_PICTURES_AND_SUCH: Final = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"RIFF": "a media file",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"SQLite format 3": "an SQLite file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
}


def read_captures(
    paths: Iterable[str | Path], *, url: str = "", max_bytes: int = MAX_BYTES
) -> Iterator[Capture]:
    """All captures of some files, in order; InputError at the end names what could not be read."""
    problems = []
    for item in read_inputs(paths, Hints(url, max_bytes=max_bytes)):
        if isinstance(item, Problem):
            problems.append(f"{item.source}: {item.reason}")
        else:
            yield item.capture
    if problems:
        raise InputError("; ".join(problems))


def read_inputs(
    paths: Iterable[str | Path], hints: Hints | None = None
) -> Iterator[InputRecord | Problem]:
    """Everything that some files and folders hold, in the order given; folders in the order
    of names."""
    hints = hints or Hints()
    for path in map(Path, paths):
        if path.is_dir():
            yield from _read_folder(path, hints)
        else:
            yield from read_file(path, hints)


def read_file(path: Path, hints: Hints) -> Iterator[InputRecord | Problem]:
    """The captures in one file, told apart by its first bytes and not by its name."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        yield Problem(printable(path), f"cannot be read: {error.strerror}")
        return
    read = read_warc(path, hints) if _is_warc(head) else _read_single(path, head, hints)
    try:
        yield from read
    except ImportError:
        raise
    except Exception as error:  # one file never stops the others, whatever is in it
        reason = f"cannot be read: {type(error).__name__}: {error}"
        yield Problem(printable(path), printable(reason))


def _read_folder(folder: Path, hints: Hints) -> Iterator[InputRecord | Problem]:
    """Pages below a folder; the pictures, scripts and styles that browsers save beside a
    page are passed over."""
    files = sorted(filter(_may_hold_pages, folder.rglob("*")))
    if not files:
        yield Problem(printable(folder), "holds no saved pages")
    for file in files:
        if not _is_hidden(file.relative_to(folder)):
            yield from read_file(file, hints)


def _may_hold_pages(path: Path) -> bool:
    return path.suffix.lower() in _PAGE_SUFFIXES and path.is_file()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _is_warc(head: bytes) -> bool:
    if head.startswith(_COMPRESSED_WARC):
        return True
    return _inflated(head).startswith(b"WARC/")


def _inflated(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    unpacker = zlib.decompressobj(31)
    try:
        return unpacker.decompress(head, _HEAD_BYTES)
    except zlib.error:
        return b""


def _read_single(
    path: Path, head: bytes, hints: Hints
) -> Iterator[InputRecord | Problem]:
    source = printable(path)
    reason = _why_not(path, _inflated(head), hints)
    if reason:
        yield Problem(source, reason)
        return
    try:
        body = _body(path, hints.max_bytes)
    except CodingError as error:
        reason = f"cannot be read: {error}"
        if error.reason == "too_large":
            reason = hints.too_big(hints.max_bytes + 1)
        yield Problem(source, reason)
        return
    except OSError as error:
        yield Problem(source, f"cannot be read: {error}")
        return
    capture = read_saved(
        body,
        name=path.name,
        modified_s=path.stat().st_mtime,
        url=hints.url,
        at=hints.captured_at,
    )
    content_type = capture.header("content-type")
    is_text = content_type.startswith("text/plain")
    yield InputRecord(source, capture, "conversion" if is_text else "resource")


def _body(path: Path, max_bytes: int) -> bytes:
    """What a file holds, unpacked. CodingError where it is broken or unpacks to more than
    may be."""
    return decoded(path.read_bytes(), "gzip", max_bytes)


def _why_not(path: Path, head: bytes, hints: Hints) -> str:
    if not head.strip():
        return "an empty file"
    for magic, what in _PICTURES_AND_SUCH.items():
        if head.startswith(magic):
            return f"{what}, not a saved page"
    if reason := hints.too_big(path.stat().st_size):
        return reason
    if b"\0" in head and not head.startswith(_UTF16):
        return "not text"
    return ""
