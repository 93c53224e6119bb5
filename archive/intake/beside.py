"""The pictures and files that a saved page shows and that were saved with it: in the folder
beside it, in the same file, or in the page itself (`data:`)."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

from archive.intake.inputs import MAX_BYTES, FoundFile
from archive.intake.source import Source
from scraper.addresses.urls import absolute, base_of
from scraper.core.records import Capture
from scraper.markup.inlined import NAMED, bytes_of_inlined, name_of_inlined

_TAG = re.compile(rb"<(img|a)\b([^<>]*+)>", re.I)
_ATTRIBUTE = re.compile(
    rb"""\b(?:src|file|zoomfile|data-original|href)\s*+=\s*+"""
    rb"""(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""",
    re.I,
)
_FILE_LINK: Final = b"attach"
_IN_PAGE: Final = "data:image/"
_ELSEWHERE: Final = (
    "http:",
    "https:",
    "//",
    "javascript:",
    "mailto:",
    "#",
    "data:",
    "cid:",
    "blob:",
)
_KEPT: Final = ("http", NAMED)
_MOST_TAGS: Final = 5_000
_SAFE: Final = "/:?&=%#@!$'()*+,;~[]"

Load: TypeAlias = Callable[[], bytes]
"""Reads a file; OSError or ValueError where that cannot be done."""
Addresses: TypeAlias = tuple[str, ...]
"""Of one picture, as a page has them: real ones (`file=`), and those that a browser put in
their place (`src=`)."""


def files_beside(
    source: Source, page: Capture, parts: Mapping[str, Load] | None = None
) -> Iterator[FoundFile]:
    """What a page shows and brings along, under each address that the page has for it.
    `parts`: what lies in one file with the page, by its address there (`cid:…`)."""
    known = set[str]()
    base = base_of(page.url)
    for addresses in _shown(page.body):
        load = _part(parts or {}, addresses) or _loader(source, addresses)
        if load is None:
            continue
        for address in addresses:
            url = name_of_inlined(address) or absolute(base, address)
            if url in known or not url.startswith(_KEPT):
                continue
            known.add(url)
            capture = partial(_capture, page, url, load)
            yield FoundFile(source.name, url, capture)


def _shown(body: bytes) -> Iterator[Addresses]:
    """What a page shows, each once."""
    known = set[Addresses]()
    for found in _TAG.finditer(body):
        tag, attributes = found.groups()
        is_link = tag in b"aA"
        if is_link and _FILE_LINK not in attributes:
            continue
        addresses = tuple(_addresses(attributes))
        if not addresses or addresses in known:
            continue
        known.add(addresses)
        yield addresses
        if len(known) > _MOST_TAGS:
            return


def _addresses(attributes: bytes) -> Iterator[str]:
    for found in _ATTRIBUTE.finditer(attributes):
        value = found[1] or found[2] or found[3]
        if not value:
            continue
        text = value.decode("utf-8", "replace")
        text = html.unescape(text)
        yield text.strip()


def _part(parts: Mapping[str, Load], addresses: Addresses) -> Load | None:
    for address in addresses:
        if address in parts:
            return parts[address]
    return None


def _loader(source: Source, addresses: Addresses) -> Load | None:
    """How to read what a tag shows; None for what is not here."""
    for address in addresses:
        if address.startswith(_IN_PAGE):
            return partial(bytes_of_inlined, address)
        if not address or address.startswith(_ELSEWHERE):
            continue
        found = _beside(source, address)
        if found is not None:
            return partial(found.read, MAX_BYTES)
    return None


def _beside(source: Source, address: str) -> Source | None:
    """The file that an address leads to which was made for the copy; None where there is no
    such."""
    if source.folder is None:
        return None
    folder = posixpath.dirname(source.place)
    address, _, _ = address.partition("#")
    names = {address, unquote(address)}
    for name in names:
        place = posixpath.join(folder, name)
        place = posixpath.normpath(place)
        found = source.folder.find(place)
        if found is not None:
            return found
    return None


def _capture(page: Capture, url: str, load: Load) -> Capture:
    content_type = ("Content-Type", "application/octet-stream")
    return Capture(
        url=quote(url, safe=_SAFE),
        fetched_at=page.fetched_at,
        body=load(),
        status=200,
        headers=(content_type,),
    )
