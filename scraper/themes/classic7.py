"""Desktop pages of Discuz! 7.0 to 7.2, recognised by the body's id, which is the script's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from scraper.core.records import Content, Other
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.index import read_index
from scraper.pages.desktop.profile import read_profile
from scraper.pages.desktop.thread import read_thread
from scraper.pages.login_form import other_or_login
from scraper.themes import SURE, Theme

_BODY = re.compile(r"""^<body\b[^>]*\bid=["']?(\w+)""", re.I)
_READERS: dict[str, Callable[[Snapshot], Content]] = {
    "viewthread": read_thread,
    "forumdisplay": read_board,
    "index": read_index,
    "profile": read_profile,
}
_OTHERS: Final = frozenset(
    {
        "logging",
        "search",
        "misc",
        "stats",
        "faq",
        "member",
        "register",
        "memcp",
        "my",
        "pm",
        "tag",
        "announcement",
        "digest",
        "post",
        "attachment",
    }
)
_SIGNS: Final = ("Discuz!", "discuz_uid")


def _script(page: Snapshot) -> str:
    found = _BODY.match(page.body_tag)
    return found[1] if found else ""


def _recognise(page: Snapshot) -> int:
    script = _script(page)
    if script not in _READERS and script not in _OTHERS:
        return 0
    if "pg_" in page.body_tag:
        # X's own: the touch layout names its scripts alike.
        return 0
    return SURE if _has_sign(page) else 0


def _has_sign(page: Snapshot) -> bool:
    """Whether title, generator or script name the software; an owner may take it out of
    the title."""
    text = page.text
    return any(text.find(sign, 0, page.head_end) >= 0 for sign in _SIGNS)


def _read(page: Snapshot) -> Content:
    script = _script(page)
    reader = _READERS.get(script)
    if script == "logging":
        return other_or_login(page, script)
    if reader is None:
        return Other(message=script)
    return reader(page)


THEME = Theme("classic7", _recognise, _read, prints=layouts.DESKTOP)
