"""JSON of other scrapers (Scrapy, Crawlee): an object a line, a file or an entry of a list,
each a page with its address and its raw body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from archive.intake.containers import Container, Items, Reading
from archive.intake.inputs import Hints, InputRecord, PassedOver, Problem
from archive.intake.json_values import part, text_part, values_at
from archive.intake.packing import Head
from archive.intake.source import Source
from scraper.core.records import Capture

_ADDRESSES: Final = ("url", "loadedUrl", "response_url")
_BODIES: Final = ("body", "html", "content", "response_body", "raw_html")
_TIMES: Final = ("fetched_at", "crawled_at", "loadedAt", "timestamp", "date", "time")
_STATUSES: Final = ("status", "statusCode", "status_code")
_BEGINNING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*+(\[?)\s*+\{\s*+\"")
_PAGE = re.compile(
    rb'"(?:body|html|content|response_body|raw_html)"\s*+:\s*+"(?:\\[nrtu]|[\s\w])*+<'
)


def _is_pages(head: Head) -> bool:
    is_json = _BEGINNING.match(head.raw) is not None
    return is_json and _PAGE.search(head.raw) is not None


def _read(source: Source, reading: Reading) -> Items:
    beginning = _BEGINNING.match(source.head())
    place = "item" if beginning and beginning[1] else ""
    with source.open() as file:
        for value in values_at(file, place, reading.hints.max_bytes):
            yield _item(source, value, reading.hints)


def _item(
    source: Source, value: dict[str, Any], hints: Hints
) -> InputRecord | PassedOver | Problem:
    body = _first_text(value, _BODIES).encode("utf-8", "replace")
    if not body:
        return PassedOver(source.name, "entries without a page")
    url = _first_text(value, _ADDRESSES)
    if not url:
        return Problem(source.name, "an entry that does not tell its address")
    reason = hints.too_big(len(body))
    if reason:
        return Problem(source.name, reason, url)
    capture = Capture(
        url=url,
        fetched_at=_time(value) or _modified_at(source),
        body=body,
        status=_status(value),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    )
    return InputRecord(source.name, capture)


def _first_text(value: dict[str, Any], names: Iterable[str]) -> str:
    for name in names:
        if found := text_part(value, name):
            return found
    return ""


def _status(value: dict[str, Any]) -> int:
    for name in _STATUSES:
        status = part(value, name)
        if isinstance(status, int):
            return status
    return 200


def _time(value: dict[str, Any]) -> datetime | None:
    """When the page was fetched, as the entry says; None where it does not."""
    stamp = _first_text(value, _TIMES)
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone(UTC).replace(microsecond=0)


def _modified_at(source: Source) -> datetime:
    modified_at = datetime.fromtimestamp(source.modified_s, UTC)
    return modified_at.replace(microsecond=0)


CONTAINER = Container("JSON of pages", _is_pages, _read)
