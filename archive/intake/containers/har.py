"""HAR files: what a browser's developer tools record, as JSON (HAR 1.2)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from archive.intake.containers import Container, Items, Reading
from archive.intake.inputs import Hints, InputRecord, PassedOver, Problem
from archive.intake.json_values import part, text_part, values_at
from archive.intake.packing import Head
from archive.intake.source import Source
from scraper.core.records import Capture

_START = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*+\{\s*+"log"\s*+:\s*+\{')
_ENTRIES: Final = "log.entries.item"
_CONTENT: Final = ("response", "content")
_FETCHES: Final = ("GET", "")
_NOT_OF_BODY: Final = frozenset(
    {
        "",
        "content-encoding",
        "content-length",
        "content-type",
        "transfer-encoding",
    }
)
"""Headers of how a body travelled: a HAR holds it unpacked. Its type stands beside it."""
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def _is_har(head: Head) -> bool:
    return _START.match(head.raw) is not None


def _read(source: Source, reading: Reading) -> Items:
    hints = reading.hints
    with source.open() as file:
        entries = values_at(file, _ENTRIES, hints.max_bytes)
        for entry in entries:
            yield _item(source.name, entry, hints)


def _item(
    name: str, entry: dict[str, Any], hints: Hints
) -> InputRecord | PassedOver | Problem:
    url = text_part(entry, "request", "url")
    method = text_part(entry, "request", "method")
    is_page = method in _FETCHES and url.startswith("http")
    if not is_page:
        return PassedOver(name, "requests that fetch no page (POST, data: …)")
    text = text_part(entry, *_CONTENT, "text")
    if not text:
        return PassedOver(name, "answers recorded without their bodies")
    try:
        body = _body(entry, text)
    except ValueError:
        return Problem(name, "a body that is no base64", url)
    reason = hints.too_big(len(body))
    if reason:
        return Problem(name, reason, url)
    headers = _headers(entry)
    capture = Capture(
        url=url,
        fetched_at=_started_at(entry),
        body=body,
        status=_status(entry),
        headers=tuple(headers),
    )
    return InputRecord(name, capture)


def _body(entry: dict[str, Any], text: str) -> bytes:
    """The body. One that is kept as text was decoded by the browser: it is UTF-8 now."""
    if _is_base64(entry):
        return base64.b64decode(text)
    return text.encode("utf-8", "replace")


def _headers(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The headers, the type of the content as it is now first."""
    content_type = text_part(entry, *_CONTENT, "mimeType")
    if not _is_base64(entry):
        kind, _, _ = content_type.partition(";")
        content_type = f"{kind}; charset=utf-8"
    yield "Content-Type", content_type
    headers = part(entry, "response", "headers")
    if not isinstance(headers, list):
        return
    for header in headers:
        name = text_part(header, "name")
        value = text_part(header, "value")
        if name.lower() not in _NOT_OF_BODY:
            yield name, value


def _is_base64(entry: dict[str, Any]) -> bool:
    encoding = text_part(entry, *_CONTENT, "encoding")
    return encoding == "base64"


def _status(entry: dict[str, Any]) -> int:
    status = part(entry, "response", "status")
    return status if isinstance(status, int) else 0


def _started_at(entry: dict[str, Any]) -> datetime:
    """When the request was sent; the beginning of time where that is not to be read."""
    try:
        stamp = text_part(entry, "startedDateTime")
        started = datetime.fromisoformat(stamp)
        started = started.astimezone(UTC)
    except (ValueError, OverflowError):
        return _EPOCH
    return started.replace(microsecond=0)


CONTAINER = Container("HAR", _is_har, _read)
