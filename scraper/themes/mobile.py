"""The simple mobile layout of Discuz! X2 to X3.4 (`template/default/mobile`), recognised by
its document type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from scraper.core.records import Content
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.handheld.mobile_lists import read_board, read_index
from scraper.pages.handheld.mobile_thread import read_thread
from scraper.pages.handheld.site_name import site_of_handheld
from scraper.pages.login_form import other_or_login
from scraper.themes import LIKELY, SURE, Theme

_SIGNS = ("DTD XHTML Mobile", 'name="MobileOptimized"', "name='MobileOptimized'")
_IN_SIGNS = "obile"
"""Stands in each sign: one look is enough for most pages."""

_Reader: TypeAlias = Callable[[Snapshot], Content]

_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (re.compile(r"""<div class=["']vt[ "']"""), read_thread),
    (re.compile(r"""<div class=["']tl[ "']"""), read_board),
    (re.compile(r"""<div class=["']fl[ "']"""), read_index),
    (re.compile(r"""<div class=["']box flif[ "']"""), read_board),
)


def _reader(page: Snapshot) -> _Reader | None:
    """The reader of what the page shows, told by the class of its main box."""
    start = max(0, page.text.find("<body"))
    for mark, reader in _READERS:
        if mark.search(page.text, start):
            return reader
    return None


def _has_sign(page: Snapshot) -> bool:
    text = page.text
    if text.find(_IN_SIGNS, 0, page.head_end) < 0:
        return False
    return any(text.find(sign, 0, page.head_end) >= 0 for sign in _SIGNS)


def _recognise(page: Snapshot) -> int:
    if not _has_sign(page):
        return 0
    return SURE if _reader(page) else LIKELY


def _read(page: Snapshot) -> Content:
    reader = _reader(page)
    if reader is None:
        return other_or_login(page, "mobile")
    return reader(page)


THEME = Theme("mobile", _recognise, _read, site=site_of_handheld, prints=layouts.MOBILE)
