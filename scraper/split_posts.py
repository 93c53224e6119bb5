"""An opening post that its author split into parts, of which a page shows one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scraper.core.census import POST_SPLIT, PageWarning
from scraper.core.records import ThreadPage
from scraper.markup.snapshot import Snapshot

# A post's own words cannot hold these: their quotes are escaped.
_CP = re.compile(r"[?&;]cp=(\d{1,4}|all)\b")
_PAGER_CALL = re.compile(r"show_threadpage\(\d+,\s*\d+,\s*(\d{1,4})\b")
_INDEX_PART = re.compile(r"""<a [^>]{0,100}?\bpage=["']?(\d{1,4})\b""")
_OF_SPLIT: Final = 'id="thread'
"""Begins the pager of a split post and its table of contents: one look for both."""
_PAGER: Final = 'page"'
_INDEX: Final = 'index"'
_PAGER_CHARS: Final = 1_000
_INDEX_CHARS: Final = 20_000


def split_posts(page: Snapshot, content: ThreadPage) -> Iterator[PageWarning]:
    """An opening post of which the page shows one part (X2 and later)."""
    if not _may_show_opening(content):
        return
    asked = _CP.search(page.url)
    part = asked[1] if asked else "1"
    if part == "all":
        return

    total = _parts(page.text)
    if total > 1:
        detail = f"part {part} of {total} of the opening post, all are at cp=all"
        yield PageWarning(kind=POST_SPLIT, detail=detail)


def _may_show_opening(content: ThreadPage) -> bool:
    if content.page == 1:
        return True
    return any(post.floor == 1 for post in content.posts)


def _parts(text: str) -> int:
    """How many parts of a post the pager below it, or its table of contents, tells of; 0
    where it has neither."""
    by_pager = by_index = 0
    at = text.find(_OF_SPLIT)
    while at >= 0:
        after = at + len(_OF_SPLIT)
        if text.startswith(_PAGER, after):
            by_pager = by_pager or _parts_by_pager(text, at)
        elif text.startswith(_INDEX, after):
            by_index = by_index or _parts_by_index(text, at)
        at = text.find(_OF_SPLIT, after)
    return max(by_pager, by_index)


def _parts_by_pager(text: str, start: int) -> int:
    """How many parts a pager counts."""
    last = start + _PAGER_CHARS
    pager = text[start:last]
    call = _PAGER_CALL.search(pager)
    if call:
        return int(call[1])
    pager, _, _ = pager.partition("</div></div>")
    parts = _CP.findall(pager)
    return _most(parts)


def _parts_by_index(text: str, start: int) -> int:
    """How many parts a table of contents leads to."""
    last = start + _INDEX_CHARS
    index = text[start:last]
    index, _, _ = index.partition("</div>")
    parts = _INDEX_PART.findall(index)
    parts += _CP.findall(index)
    return _most(parts)


def _most(numbers: Iterable[str]) -> int:
    most = 0
    for printed in numbers:
        if printed.isdigit():
            most = max(most, int(printed))
    return most
