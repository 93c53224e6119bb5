"""WAP cards (WML) of Discuz! 5 to 7.2, recognised by the card's id (wap/include/global.func)."""

from __future__ import annotations

import html
import re

from scraper.core.records import Content, Notice, Other
from scraper.core.site import SiteLine
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.handheld.wap_lists import is_board, read_board, read_index
from scraper.pages.handheld.wap_thread import (
    card_lines,
    is_reply,
    is_thread,
    read_reply,
    read_thread,
)
from scraper.themes import SURE, Theme
from scraper.themes.notice import reason_of

_CARD = 'id="discuz_wml"'
_HEAD_CHARS = 1_000
_TITLE = re.compile(r'<card id="discuz_wml" title="([^"]{1,200})"')


def _recognise(page: Snapshot) -> int:
    return SURE if page.text.find(_CARD, 0, _HEAD_CHARS) >= 0 else 0


def _read(page: Snapshot) -> Content:
    lines = card_lines(page)
    if is_thread(lines):
        return read_thread(lines, page)
    if is_reply(lines):
        return read_reply(lines, page)
    if is_board(lines):
        return read_board(lines)
    pieces = [piece for line in lines for piece in line]
    if any(piece.leads_to("forum") for piece in pieces):
        return read_index(lines)
    if page.tree.css_first("input") is not None:
        return Other(message="wap")
    message = fold(" ".join(piece.words for piece in pieces))
    return Notice(message=message, reason=reason_of(message))


def _site(text: str) -> SiteLine:
    """The forum's name: every card has it as its title."""
    found = _TITLE.search(text, 0, _HEAD_CHARS)
    return SiteLine(name=fold(html.unescape(found[1]))) if found else SiteLine()


THEME = Theme("wap", _recognise, _read, site=_site, prints=layouts.WAP)
