"""A saved file → a capture: which address the page had and when it was saved, as the file
itself tells."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote

from archive.intake.saved_address import address_in, quoted
from scraper.core.records import Capture

_HEAD_BYTES: Final = 64 << 10
_TAIL_BYTES: Final = 16 << 10
_DATE_FORM: Final = "%b %d %Y %H:%M:%S %z"
_MAX_OFFSET_HOURS: Final = 14.0
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_FOOTER_TIME = re.compile(
    rb"GMT\s*+([+-]?[\d.]{0,6}+)\s*+,[^<\d]{0,40}+"
    rb"(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{2})(?:\s*([AP])M)?",
    re.I,
)
# `Sat Mar 02 2024 18:00:00 GMT+0800`, as JavaScript writes it.
_SAVED_DATE = re.compile(
    rb"saved date: \w{3} (\w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})"
)
_MIRRORED_DATE = re.compile(
    rb"<!-- Mirrored from [^<>]{1,2200}?, (\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT) -->"
)
_HTML_TAG = re.compile(rb"<(?:html|body|div|table|head)\b")
_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(https?://?.+)")


def read_saved(
    body: bytes,
    name: str,
    modified_s: float,
    url: str = "",
    at: datetime | None = None,
    placed: str = "",
) -> Capture:
    """The capture that a saved HTML, MHTML, JSON, XML or text file is. `url` and `at` are
    the user's and come first; `placed`: its address by where it was put."""
    if is_mhtml(body):
        return _read_mhtml(body, name, modified_s, url, at)
    printed_url = url or address_in(body, name, placed)
    address, archived_at = _unwrap(printed_url)
    if not address:
        address = f"file:///{quoted(name)}"
    saved_at = at or archived_at or saved_date_in(body)
    if saved_at is None:
        saved_at = _saved_at(body, modified_s)
    content_type = _content_type(body)
    return Capture(
        url=address,
        fetched_at=saved_at,
        body=body,
        status=200,
        headers=(("Content-Type", content_type),),
    )


def saved_date_in(body: bytes) -> datetime | None:
    """When a page was saved, as the program that did it wrote down (SingleFile, HTTrack)."""
    head = body[:_HEAD_BYTES]
    mirrored = _MIRRORED_DATE.search(head)
    if mirrored is not None:
        return _mail_date(mirrored[1].decode("ascii", "replace"))
    saved = _SAVED_DATE.search(head)
    if saved is None:
        return None
    date = f"{saved[1].decode()} {saved[2].decode()}"
    try:
        return datetime.strptime(date, _DATE_FORM).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def time_in(body: bytes) -> datetime | None:
    """When the forum made the page, as its footer says (`GMT+8, 2013-1-12 08:20`); to the
    minute."""
    tail_at = max(0, len(body) - _TAIL_BYTES)
    found = _FOOTER_TIME.search(body, tail_at)
    if not found:
        return None
    try:
        offset, *numbers, half = found.groups()
        zone = _zone(offset)
        year, month, day, hour, minute = map(int, numbers)
        if half:
            hour %= 12
            if half in b"pP":
                hour += 12
        printed = datetime(
            year,
            month,
            day,
            hour,
            minute,
            tzinfo=zone,
        )
        return printed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(offset: bytes) -> timezone:
    """The time zone that a footer prints; of one that no forum can have, the nearest that may
    be. ValueError for what is no number."""
    hours = float(offset or 0)
    hours = min(hours, _MAX_OFFSET_HOURS)
    hours = max(hours, -_MAX_OFFSET_HOURS)
    return timezone(timedelta(hours=hours))


def _saved_at(body: bytes, modified_s: float) -> datetime:
    """The footer's time, unless the file is older than the page claims to be; then the file's."""
    modified_at = datetime.fromtimestamp(modified_s, UTC)
    modified_at = modified_at.replace(microsecond=0)
    printed = time_in(body)
    if printed is None:
        return modified_at
    day_after = modified_at + timedelta(days=1)
    if printed >= day_after:
        return modified_at
    return printed


def _unwrap(url: str) -> tuple[str, datetime | None]:
    """An address within the Wayback Machine is the forum's own address at the time it names."""
    found = _WAYBACK.match(url)
    if not found:
        return url, None
    try:
        when = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        when = None
    own_url = found[2]
    if "%3A" in own_url:
        own_url = unquote(own_url)
    return own_url, when


def _content_type(body: bytes) -> str:
    start = body[:_HEAD_BYTES]
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    start = start.lower()
    if start.startswith(b"<?xml") and b"<html" not in start:
        return "text/xml"
    if start.startswith((b"{", b"[{")):
        return "application/json"
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "text/html"
    if _HTML_TAG.search(start) is not None:
        return "text/html"
    return "text/plain"


def is_mhtml(body: bytes) -> bool:
    """Whether a file's first bytes are those of an MHTML file."""
    head = body[:4096]
    head = head.lower()
    if b"mime-version:" not in head:
        return False
    return b"multipart/related" in head


def _read_mhtml(
    body: bytes, name: str, modified_s: float, url: str, at: datetime | None
) -> Capture:
    """The first HTML part of an MHTML file (RFC 2557), its address from
    Snapshot-Content-Location."""
    message = mhtml_message(body)
    part = _html_part(message)
    payload = part.get_payload(decode=True)
    page = payload if isinstance(payload, bytes) else b""
    if not url:
        url = _address_of_part(message, part)
    date = message.get("Date")
    saved_at = at or _mail_date(date)
    capture = read_saved(
        page,
        name,
        modified_s,
        url,
        saved_at,
    )
    content_type = str(part.get("Content-Type", "text/html"))
    one_line = " ".join(content_type.split())
    return Capture(
        url=capture.url,
        fetched_at=capture.fetched_at,
        body=page,
        status=200,
        headers=(("Content-Type", one_line),),
    )


def mhtml_message(body: bytes) -> Message:
    """An MHTML file as a message of parts."""
    return email.message_from_bytes(body, policy=email.policy.compat32)


def _address_of_part(message: Message, part: Message) -> str:
    address = message.get("Snapshot-Content-Location")
    if not address:
        address = part.get("Content-Location", "")
    return str(address)


def _html_part(message: Message) -> Message:
    """The first HTML part of a message, or the message itself."""
    for part in message.walk():
        content_type = part.get_content_type()
        if content_type in _HTML_TYPES:
            return part
    return message


def _mail_date(date: str | None) -> datetime | None:
    if not date:
        return None
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
