"""The simple mobile layout of Discuz! X2 to X3.4 (`template/default/mobile`), recognised by
its document type."""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.core.records import Content, Other
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.handheld.mobile_lists import read_board, read_index
from scraper.pages.handheld.mobile_thread import read_thread
from scraper.pages.handheld.site_name import site_of_handheld
from scraper.themes import LIKELY, SURE, Theme

_SIGNS = re.compile(r"""DTD XHTML Mobile|name=["']MobileOptimized["']""")
_HEAD_CHARS = 1_500
_KINDS: tuple[tuple[re.Pattern[str], Callable[[Snapshot], Content]], ...] = tuple(
    (re.compile(rf"""<div class=["']{name}[ "']"""), reader)
    for name, reader in (
        ("vt", read_thread),
        ("tl", read_board),
        ("fl", read_index),
        ("box flif", read_board),
    )
)


def _reader(page: Snapshot) -> Callable[[Snapshot], Content] | None:
    start = page.text.find("<body")
    return next(
        (reader for mark, reader in _KINDS if mark.search(page.text, max(start, 0))),
        None,
    )


def _recognise(page: Snapshot) -> int:
    if not _SIGNS.search(page.text, 0, _HEAD_CHARS):
        return 0
    return SURE if _reader(page) else LIKELY


def _read(page: Snapshot) -> Content:
    reader = _reader(page)
    return reader(page) if reader else Other(message="mobile")


THEME = Theme("mobile", _recognise, _read, site=site_of_handheld, prints=layouts.MOBILE)
