"""Desktop pages of Discuz! X (1.5 to 3.5), recognised by the body's `nv_…` id and `pg_…` class (common/header)."""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.desktop.board import read_board
from scraper.desktop.index import read_index
from scraper.desktop.thread import read_thread
from scraper.records import Content, Other
from scraper.snapshot import Snapshot
from scraper.themes import SURE, Theme

_BODY = re.compile(r"""<body\b[^>]*\bid=["']?nv_(\w+)["']?(?:[^>]*\bclass=["']?pg_(\w+))?""")
_READERS: dict[str, Callable[[Snapshot], Content]] = {
    "viewthread": read_thread, "forumdisplay": read_board, "index": read_index,
}


def page_kind(page: Snapshot) -> tuple[str, str]:
    """The script and the action that made the page (`forum`, `viewthread`); empty for a page that is not X."""
    found = _BODY.search(page.body_tag)
    return (found[1], found[2] or "") if found else ("", "")


def _recognise(page: Snapshot) -> int:
    return SURE if page_kind(page)[0] else 0


def _read(page: Snapshot) -> Content:
    script, action = page_kind(page)
    reader = _READERS.get(action) if script == "forum" else None
    return reader(page) if reader else Other(message=f"{script}/{action}")


THEME = Theme("x", _recognise, _read)
