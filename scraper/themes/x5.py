"""Board pages of X5.0's own template (`discuzx5`); its other pages are those of `x`."""

from __future__ import annotations

from scraper.core.records import Content
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.x5_rows import read_x5_rows
from scraper.themes import SURE, Theme
from scraper.themes.x import page_kind

_MARKS = ('class="kmlist', 'class="dz_waterfall')


def _recognise(page: Snapshot) -> int:
    """One surer than `x`, whose marks these pages have, too."""
    _, action = page_kind(page)
    if action != "forumdisplay":
        return 0
    has_rows = any(mark in page.text for mark in _MARKS)
    return SURE + 1 if has_rows else 0


def _read(page: Snapshot) -> Content:
    return read_board(page, read_x5_rows)


THEME = Theme("x5", _recognise, _read, prints=layouts.X5)
