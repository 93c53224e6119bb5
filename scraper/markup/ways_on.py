"""Where a page sends its readers: by itself after a moment, and by its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from scraper.addresses.urls import absolute
from scraper.markup.snapshot import Snapshot

# A page that only sends its readers on is short; scripts of whole pages do so on a click.
_SENDING_CHARS: Final = 8_000
_META = re.compile(r"<meta\b[^<>]*>", re.I)
_IS_REFRESH = re.compile(r"""http-equiv\s*=\s*["']?refresh\b""", re.I)
_REFRESH_URL = re.compile(r"""url\s*+=\s*+["']?\s*+([^"'<>\s]+)""", re.I)
_SCRIPTED = re.compile(
    r"""\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\(|\.href\s*=)\s*["']([^"'<>\s]+)["']"""
)
_HREF = re.compile(r"""<a\b[^<>]*?\bhref\s*=\s*["']?([^"'<>\s]+)""", re.I)
_MOST_LINKS: Final = 500


def refresh_of(page: Snapshot) -> str:
    """Where a short page sends its readers by itself (a meta refresh, a script that sets
    `location`); empty where it does not."""
    if len(page.text) > _SENDING_CHARS:
        return ""
    for meta in _META.findall(page.text):
        if _IS_REFRESH.search(meta):
            target = _REFRESH_URL.search(meta)
            if target:
                return _address(page, target[1])

    scripted = _SCRIPTED.search(page.text)
    return _address(page, scripted[1]) if scripted else ""


def links_of(page: Snapshot) -> Iterator[str]:
    """The addresses that a page links to, in order, each once, 500 at most."""
    hrefs = _HREF.findall(page.text)
    for href in list(dict.fromkeys(hrefs))[:_MOST_LINKS]:
        yield _address(page, href)


def _address(page: Snapshot, href: str) -> str:
    return absolute(page.url, unescape(href)).partition("#")[0]
