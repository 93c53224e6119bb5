"""MHTML files (RFC 2557): a page that a browser saved, with its pictures in the same file."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from functools import partial

from archive.intake.beside import Load, files_beside
from archive.intake.containers import Container, Items, Reading
from archive.intake.inputs import Problem
from archive.intake.packing import Head
from archive.intake.saved import is_mhtml, mhtml_message
from archive.intake.single import saved_record
from archive.intake.source import Source


def _is_mhtml(head: Head) -> bool:
    return is_mhtml(head.raw)


def _read(source: Source, reading: Reading) -> Items:
    hints = reading.hints
    reason = hints.too_big(source.size_bytes)
    if reason:
        yield Problem(source.name, reason)
        return
    body = source.read(hints.max_bytes)
    record = saved_record(source, body, hints)
    yield record
    parts = dict(_parts(mhtml_message(body)))
    yield from files_beside(source, record.capture, parts)


def _parts(message: Message) -> Iterator[tuple[str, Load]]:
    """What lies beside the page, by each name that the page may have for it."""
    for part in message.walk():
        if part.is_multipart() or part.get_content_maintype() == "text":
            continue
        load = partial(_decoded, part)
        location = str(part.get("Content-Location", ""))
        if location:
            yield location, load
        content_id = str(part.get("Content-ID", "")).strip("<>")
        if content_id:
            yield f"cid:{content_id}", load


def _decoded(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


CONTAINER = Container("MHTML", _is_mhtml, _read)
