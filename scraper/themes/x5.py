"""Board pages of X5.0's own template (`discuzx5`); its other pages are those of `x`."""

from __future__ import annotations

from dataclasses import replace

from scraper.core.errors import PageError
from scraper.core.records import Content
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.desktop.board import board_of_page, is_nothing
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
    board = board_of_page(page)
    digest = page.target is not None and "filter=digest" in page.target.filter
    threads = tuple(read_x5_rows(page.tree, page.clock, digest))
    board = replace(board, threads=threads or board.threads)
    if is_nothing(board):
        raise PageError(
            "a board page without threads and without its own number and name"
        )
    return board


THEME = Theme("x5", _recognise, _read, prints=layouts.X5)
