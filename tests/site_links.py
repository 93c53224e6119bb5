"""The links of a folder of pages: where each leads, and whether anything is there."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LINK = re.compile(r' (?:href|src|action)="([^"]*)"')
_ID = re.compile(r' id="([^"]+)"')


@dataclass(frozen=True)
class Link:
    """A link of a page: `target` is the file in the folder that it leads to, empty for one
    that leads out of it."""

    page: str
    address: str
    target: str
    fragment: str


def links(root: Path) -> list[Link]:
    """All links of all pages."""
    found = []
    for path in sorted(root.rglob("*.html")):
        page = path.relative_to(root).as_posix()
        for written in _LINK.findall(path.read_text("utf-8")):
            address = html.unescape(written)
            parts = urlsplit(address)
            target = ""
            if not parts.scheme:
                folder = posixpath.dirname(page)
                target = posixpath.normpath(
                    posixpath.join(folder, unquote(parts.path)) if parts.path else page
                )
            found.append(Link(page, address, target, parts.fragment))
    return found


def broken(root: Path) -> list[Link]:
    """Those that lead to no file of the folder, or to no place in it."""
    bad = []
    for link in links(root):
        if not link.target:
            continue
        path = root / link.target
        is_there = not link.address.startswith("/") and path.is_file()
        if is_there and link.fragment and path.suffix == ".html":
            is_there = link.fragment in _ID.findall(path.read_text("utf-8"))
        if not is_there:
            bad.append(link)
    return bad
