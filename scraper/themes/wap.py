"""WAP cards (WML) of Discuz! 5 to 7.2, recognised by the card's id (wap/include/global.func)."""

from __future__ import annotations

import html
import re
from itertools import chain

from scraper.core.records import Content, Notice
from scraper.core.site import SiteLine
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.handheld.wap_lists import is_board, read_board, read_index
from scraper.pages.handheld.wap_thread import (
    card_lines,
    is_reply,
    is_thread,
    link_of,
    read_reply,
    read_thread,
)
from scraper.pages.handheld.wml import Line
from scraper.pages.login_form import other_or_login
from scraper.themes import SURE, Theme
from scraper.themes.notice import reason_of

_CARD = 'id="discuz_wml"'
_TITLE = re.compile(r'<card id="discuz_wml" title="([^"]{1,200})"')


def _recognise(page: Snapshot) -> int:
    if page.body_tag:
        return 0
    return SURE if _CARD in page.text else 0


def _read(page: Snapshot) -> Content:
    lines = card_lines(page)
    if is_thread(lines):
        return read_thread(lines, page)
    if is_reply(lines):
        return read_reply(lines, page)
    if is_board(lines):
        return read_board(lines)
    if any(link_of(line, "forum") for line in lines):
        return read_index(lines)
    if page.tree.css_first("input") is not None:
        return other_or_login(page, "wap")
    return _notice(lines)


def _notice(lines: list[Line]) -> Notice:
    pieces = chain.from_iterable(lines)
    printed = " ".join(piece.words for piece in pieces)
    message = fold(printed)
    return Notice(
        message=message,
        reason=reason_of(message),
    )


def _site(text: str) -> SiteLine:
    """The forum's name: every card has it as its title."""
    found = _TITLE.search(text)
    if found is None:
        return SiteLine()
    name = html.unescape(found[1])
    return SiteLine(name=fold(name))


THEME = Theme("wap", _recognise, _read, site=_site, prints=layouts.WAP)
