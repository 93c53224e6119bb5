"""The simple mobile layout of Discuz! X2 to X3.4 (`template/default/mobile`), recognised by its document type."""

from __future__ import annotations

from collections.abc import Callable

from scraper.handheld.mobile_lists import read_board, read_index
from scraper.handheld.mobile_thread import read_thread
from scraper.handheld.names import site_of_handheld
from scraper.records import Content, Other
from scraper.snapshot import Snapshot
from scraper.themes import LIKELY, SURE, Theme

_SIGNS = ("DTD XHTML Mobile", 'name="MobileOptimized"')
_HEAD_CHARS = 1_500
_KINDS: tuple[tuple[str, Callable[[Snapshot], Content]], ...] = (
    ('<div class="vt">', read_thread), ('<div class="tl">', read_board), ('<div class="fl">', read_index),
    ('<div class="box flif">', read_board),
)


def _reader(page: Snapshot) -> Callable[[Snapshot], Content] | None:
    start = page.text.find("<body")
    return next((reader for mark, reader in _KINDS if page.text.find(mark, start) > 0), None)


def _recognise(page: Snapshot) -> int:
    if not any(page.text.find(sign, 0, _HEAD_CHARS) >= 0 for sign in _SIGNS):
        return 0
    return SURE if _reader(page) else LIKELY


def _read(page: Snapshot) -> Content:
    reader = _reader(page)
    return reader(page) if reader else Other(message="mobile")


THEME = Theme("mobile", _recognise, _read, site=site_of_handheld)
