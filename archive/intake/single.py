"""A file that is no container: a saved page, or two that were joined, or nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator

from archive.intake import documents
from archive.intake.beside import files_beside
from archive.intake.file_kinds import SIGNATURES, UTF16
from archive.intake.inputs import FoundFile, Hints, InputRecord, Problem
from archive.intake.packing import Head
from archive.intake.saved import read_saved
from archive.intake.saved_place import address_below, address_by_place, own_name
from archive.intake.source import Source
from scraper.fetch.codings import CodingError, decoded


def read_single(
    source: Source, head: Head, hints: Hints
) -> Iterator[InputRecord | FoundFile | Problem]:
    """The pages of a saved file, each with the files beside it that it shows."""
    reason = why_not(source, head, hints)
    if reason:
        yield Problem(source.name, reason)
        return
    try:
        body = _body(source, hints)
    except CodingError as error:
        reason = f"cannot be read: {error}"
        if error.reason == "too_large":
            reason = hints.too_big(hints.max_bytes + 1)
        yield Problem(source.name, reason)
        return
    pages = documents.documents_in(body)
    reason = _why_not_all(pages, hints)
    if reason:
        yield Problem(source.name, reason)
        return
    for page in pages:
        record = saved_record(source, page, hints)
        yield record
        yield from files_beside(source, record.capture)


def why_not(source: Source, head: Head, hints: Hints) -> str:
    """Why a file cannot be a page; empty where it may be one."""
    plain = head.plain
    if not plain.strip():
        return "an empty file"
    for mark, what in SIGNATURES.items():
        if plain.startswith(mark):
            return f"{what}, not a saved page"
    if reason := hints.too_big(source.size_bytes):
        return reason
    if b"\0" in plain and not plain.startswith(UTF16):
        return "not text"
    return ""


def _why_not_all(pages: list[bytes], hints: Hints) -> str:
    """Why the pages of one file cannot be told apart."""
    if len(pages) > documents.MOST:
        return f"more than {documents.MOST:,} pages in one file"
    if len(pages) > 1 and hints.url:
        return f"{len(pages)} pages in one file, and --url is the address of one"
    return ""


def _body(source: Source, hints: Hints) -> bytes:
    """What a file holds, unpacked. CodingError where it is broken or unpacks to more than
    may be."""
    packed = source.read(hints.max_bytes)
    return decoded(packed, "gzip", hints.max_bytes)


def saved_record(source: Source, page: bytes, hints: Hints) -> InputRecord:
    """A page of a saved file, as the file and its place tell of it."""
    placed = address_by_place(source)
    if hints.folder_url:
        placed = address_below(hints.folder_url, source)
    capture = read_saved(
        page,
        name=own_name(source.file_name),
        modified_s=source.modified_s,
        url=hints.url,
        at=hints.captured_at,
        placed=placed,
    )
    content_type = capture.header("content-type")
    is_text = content_type.startswith("text/plain")
    return InputRecord(source.name, capture, "conversion" if is_text else "resource")
