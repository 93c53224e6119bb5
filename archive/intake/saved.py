"""A saved file → a capture: which address the page had and when it was saved, as the file
itself tells."""

from __future__ import annotations

import base64
import email
import email.policy
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import quote, unquote

from scraper.addresses.urls import parse_url
from scraper.core.records import Capture

_HEAD_BYTES: Final = 64 << 10
_TAIL_BYTES: Final = 16 << 10
_MAX_OFFSET_HOURS: Final = 14.0
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_URL = rb"""(https?://[^\s"'<>]+)"""
_SAVED_FROM = [
    re.compile(
        rb"<!--\s*saved from url=\(\d+\)\s*" + _URL
    ),  # browsers' "web page, complete"
    re.compile(rb"Page saved with SingleFile\s+url:\s*" + _URL),
]
_CANONICAL = [  # of X, a thread's first page whatever the page is
    re.compile(rb"""<link[^>]+rel=["']canonical["'][^>]*href=["']""" + _URL, re.I),
    re.compile(
        rb"""<link[^>]+href=["']""" + _URL + rb"""["'][^>]*rel=["']canonical["']""",
        re.I,
    ),
    re.compile(rb"""<meta[^>]+property=["']og:url["'][^>]*content=["']""" + _URL, re.I),
]
_SITE_ADDRESSES_IN_HEAD = [
    re.compile(rb"""<base[^>]+href=["']""" + _URL, re.I),
    re.compile(rb"""SITEURL\s*=\s*['"]""" + _URL),
]
_SITE_ADDRESSES_IN_TAIL = [  # a print page ends so
    re.compile(
        rb"""\((https?://[^\s"'<>()]+/)(?:</a>)?\)\s*(?:</|$)""",
        re.I | re.M,
    ),
]
_REPORT_URL = re.compile(
    rb"""REPORTURL\s*=\s*['"]([A-Za-z0-9+/=%]{16,4000})['"]"""
)  # X writes each page's own address
_OWN_LINK = re.compile(
    rb"""<a href=["']([^"'<>]+)["'][^>]*\bid=["']thread_subject["']""", re.I
)
_ABSOLUTE_LINK = re.compile(
    rb"""href=["'](https?://[^\s"'<>]*?/)"""
    rb"""(?:forum\.php\?mod=viewthread|viewthread\.php\?tid|thread-\d+-\d+|archiver/)"""
)
_FOOTER_TIME = re.compile(
    rb"GMT\s*([+-]?[\d.]*)\s*,[^<\d]{0,40}"
    rb"(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{2})(?:\s*([AP])M)?",
    re.I,
)
_HTML_TAG = re.compile(rb"<(?:html|body|div|table|head)\b")
_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(https?://?.+)")


def read_saved(
    body: bytes, name: str, modified_s: float, url: str = "", at: datetime | None = None
) -> Capture:
    """The capture that a saved HTML, MHTML, JSON, XML or text file is. `url` and `at` are
    the user's and come first."""
    if _is_mhtml(body):
        return _read_mhtml(body, name, modified_s, url, at)
    address, archived_at = _unwrap(url or address_in(body, name))
    saved_at = at or archived_at
    if saved_at is None:
        modified_at = datetime.fromtimestamp(modified_s, UTC).replace(microsecond=0)
        saved_at = _saved_at(body, modified_at)
    return Capture(
        url=address or f"file:///{_quoted(name)}",
        fetched_at=saved_at,
        body=body,
        status=200,
        headers=(("Content-Type", _content_type(body)),),
    )


def address_in(body: bytes, name: str = "") -> str:
    """The address that a saved page had; where the page tells only its forum, the forum's
    with the file's name."""
    head = body[:_HEAD_BYTES]
    if address := _first(_SAVED_FROM, head):
        return address
    if found := _REPORT_URL.search(head):
        address = _unbase64(found[1])
        if address.startswith("http"):
            return address
    if address := _first(_CANONICAL, head):
        return address
    base = _site_in(head, body[-_TAIL_BYTES:])
    if not base:
        return ""
    if own := _OWN_LINK.search(body):
        link = _text(own[1])
        return link if link.startswith("http") else base + link.lstrip("/")
    return base + name if parse_url(base + name) else base + _quoted(name)


def _first(patterns: Iterable[re.Pattern[bytes]], text: bytes) -> str:
    for pattern in patterns:
        if found := pattern.search(text):
            return _text(found[1])
    return ""


def time_in(body: bytes) -> datetime | None:
    """When the forum made the page, as its footer says (`GMT+8, 2013-1-12 08:20`); to the
    minute."""
    tail_at = max(0, len(body) - _TAIL_BYTES)
    found = _FOOTER_TIME.search(body, tail_at)
    if not found:
        return None
    try:
        offset, *numbers, half = found.groups()
        offset_hours = float(offset or 0)
        offset_hours = max(-_MAX_OFFSET_HOURS, min(_MAX_OFFSET_HOURS, offset_hours))
        zone = timezone(timedelta(hours=offset_hours))
        year, month, day, hour, minute = map(int, numbers)
        if half:
            is_afternoon = half in b"pP"
            hour = hour % 12 + 12 * is_afternoon
        printed = datetime(year, month, day, hour, minute, tzinfo=zone)
        return printed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _saved_at(body: bytes, modified_at: datetime) -> datetime:
    """The footer's time, unless the file is older than the page claims to be; then the file's."""
    printed = time_in(body)
    if printed is None or printed >= modified_at + timedelta(days=1):
        return modified_at
    return printed


def _site_in(head: bytes, tail: bytes) -> str:
    """The address of the forum that a page is of, as it prints it."""
    address = _first(_SITE_ADDRESSES_IN_HEAD, head)
    address = address or _first(_SITE_ADDRESSES_IN_TAIL, tail)
    if address:
        return _folder(address)
    link = _ABSOLUTE_LINK.search(head) or _ABSOLUTE_LINK.search(tail)
    if link is None:
        return ""
    return _text(link[1]).removesuffix("archiver/")


def _unbase64(text: bytes) -> str:
    try:
        return base64.b64decode(unquote(text.decode())).decode("utf-8", "replace")
    except ValueError:
        return ""


def _quoted(name: str) -> str:
    """A file name as it stands in an address; its bytes may be of any encoding."""
    return quote(os.fsencode(name))


def _folder(url: str) -> str:
    if url.endswith("/"):
        return url
    has_path = url.count("/") > len("//")
    return url.rpartition("/")[0] + "/" if has_path else url + "/"


def _text(url: bytes) -> str:
    return url.decode("utf-8", "replace").replace("&amp;", "&")


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
    start = body[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and b"<html" not in start:
        return "text/xml"
    if start.startswith((b"{", b"[{")):
        return "application/json"
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "text/html"
    return "text/html" if _HTML_TAG.search(start) else "text/plain"


def _is_mhtml(body: bytes) -> bool:
    head = body[:4096].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def _read_mhtml(
    body: bytes, name: str, modified_s: float, url: str, at: datetime | None
) -> Capture:
    """The first HTML part of an MHTML file (RFC 2557), its address from
    Snapshot-Content-Location."""
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    part = _html_part(message)
    payload = part.get_payload(decode=True)
    page = payload if isinstance(payload, bytes) else b""
    if not url:
        snapshot_url = message.get("Snapshot-Content-Location")
        url = str(snapshot_url or part.get("Content-Location") or "")
    saved_at = at or _mail_date(message.get("Date"))
    capture = read_saved(page, name, modified_s, url, saved_at)
    content_type = str(part.get("Content-Type", "text/html"))
    one_line = " ".join(content_type.split())
    return Capture(
        url=capture.url,
        fetched_at=capture.fetched_at,
        body=page,
        status=200,
        headers=(("Content-Type", one_line),),
    )


def _html_part(message: Message) -> Message:
    """The first HTML part of a message, or the message itself."""
    for part in message.walk():
        if part.get_content_type() in _HTML_TYPES:
            return part
    return message


def _mail_date(date: str | None) -> datetime | None:
    if not date:
        return None
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
