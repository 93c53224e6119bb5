"""Which address a saved page had, as the page itself tells."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

from scraper.addresses.urls import parse_url

_HEAD_BYTES: Final = 64 << 10
_TAIL_BYTES: Final = 16 << 10
_URL = rb"""(https?://[^\s"'<>]+)"""
_SAVED_FROM = [
    re.compile(
        rb"<!--\s*saved from url=\(\d+\)\s*" + _URL
    ),  # browsers' "web page, complete"
    re.compile(rb"Page saved with SingleFile\s+url:\s*" + _URL),
]
_MIRRORED_FROM = re.compile(
    rb"<!-- Mirrored from ([^\s<>]{4,2000}) by HTTrack Website Copier"
)
_CANONICAL = [  # of X, a thread's first page whatever the page is
    re.compile(
        rb"""<link(?=[^<>]+?rel=["']canonical["'])[^<>]+?href=["']""" + _URL, re.I
    ),
    re.compile(
        rb"""<meta(?=[^<>]+?property=["']og:url["'])[^<>]+?content=["']""" + _URL, re.I
    ),
]
_SITE_ADDRESSES_IN_HEAD = [
    re.compile(rb"""<base[^<>]+?href=["']""" + _URL, re.I),
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
    rb"""<a href=["']([^"'<>]+)["'][^<>]*?\bid=["']thread_subject["']""", re.I
)
_ABSOLUTE_LINK = re.compile(
    rb"""href=["'](https?://[^\s"'<>]*?/)"""
    rb"""(?:forum\.php\?mod=viewthread|viewthread\.php\?tid|thread-\d+-\d+|archiver/)"""
)


def address_in(body: bytes, name: str = "", placed: str = "") -> str:
    """The address that a saved page had; where the page tells only its forum, the forum's
    with the file's name. `placed`: the address by where the file was put, where that says
    one: it knows which page of a thread it is, which other marks do not."""
    head = body[:_HEAD_BYTES]
    own = _own_address(head)
    if own:
        return own
    canonical = _first(_CANONICAL, head)
    if canonical:
        return _of_same_forum(placed, canonical) or canonical
    tail = body[-_TAIL_BYTES:]
    base = _site_in(head, tail)
    if not base:
        return placed
    return _of_same_forum(placed, base) or _address_below(base, body, name)


def _own_address(head: bytes) -> str:
    """The very address that was asked for, as whoever saved the page wrote it down, or the
    page itself."""
    saved_from = _first(_SAVED_FROM, head)
    if saved_from:
        return saved_from
    mirrored = _MIRRORED_FROM.search(head)
    if mirrored is not None:
        host, _, _ = mirrored[1].partition(b"/")
        is_https = b"https://" + host in head
        scheme = "https" if is_https else "http"
        return f"{scheme}://{_text(mirrored[1])}"
    return _reported_address(head)


def _of_same_forum(placed: str, told: str) -> str:
    """An address by place, with the scheme that the page tells; empty where it is none of a
    forum, or of another host."""
    told_scheme, _, told_rest = told.partition("://")
    _, _, rest = placed.partition("://")
    told_host, _, _ = told_rest.partition("/")
    host, _, _ = rest.partition("/")
    if host.lower() != told_host.lower() or parse_url(placed) is None:
        return ""
    return f"{told_scheme}://{rest}"


def _reported_address(head: bytes) -> str:
    """The page's own address, which X has in its script for reports."""
    found = _REPORT_URL.search(head)
    if found is None:
        return ""
    address = _unbase64(found[1])
    if not address.startswith("http"):
        return ""
    return address


def _address_below(base: str, body: bytes, name: str) -> str:
    """The address of a page of a forum, by the link of its title, else by its file's name."""
    own = _OWN_LINK.search(body)
    if own is not None:
        link = _text(own[1])
        if link.startswith("http"):
            return link
        return base + link.lstrip("/")
    address = base + name
    if parse_url(address) is not None:
        return address
    return base + quoted(name)


def _site_in(head: bytes, tail: bytes) -> str:
    """The address of the forum that a page is of, as it prints it."""
    address = _first(_SITE_ADDRESSES_IN_HEAD, head)
    if not address:
        address = _first(_SITE_ADDRESSES_IN_TAIL, tail)
    if address:
        return _folder(address)
    link = _ABSOLUTE_LINK.search(head)
    if link is None:
        link = _ABSOLUTE_LINK.search(tail)
    if link is None:
        return ""
    base = _text(link[1])
    return base.removesuffix("archiver/")


def _first(patterns: Iterable[re.Pattern[bytes]], text: bytes) -> str:
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None:
            return _text(found[1])
    return ""


def _unbase64(text: bytes) -> str:
    try:
        written = unquote(text.decode())
        decoded = base64.b64decode(written)
    except ValueError:
        return ""
    return decoded.decode("utf-8", "replace")


def quoted(name: str) -> str:
    """A file name as it stands in an address; its bytes may be of any encoding."""
    name_bytes = os.fsencode(name)
    return quote(name_bytes)


def _folder(url: str) -> str:
    if url.endswith("/"):
        return url
    has_path = url.count("/") > len("//")
    if has_path:
        url, _, _ = url.rpartition("/")
    return url + "/"


def _text(url: bytes) -> str:
    text = url.decode("utf-8", "replace")
    return text.replace("&amp;", "&")
