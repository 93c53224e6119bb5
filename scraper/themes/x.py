"""Desktop pages of Discuz! X (1.5 to 3.5), recognised by the body's `nv_…` id and `pg_…`
class (common/header).

Personal spaces of X1.5 to X2.5 have a body of their own (`body#space`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.core.records import Content, Other
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.index import read_index
from scraper.pages.desktop.profile import names_member, read_profile
from scraper.pages.desktop.thread import read_thread
from scraper.themes import SURE, Theme

_ID = re.compile(r"""\sid\s*=\s*["']?nv_(\w+)""", re.I)
_CLASS = re.compile(r"""\sclass\s*=\s*(?:["'][^"']*?)?\bpg_(\w+)""", re.I)
_SPACE = re.compile(r"""\sid\s*=\s*["']?space["'\s>]""", re.I)
_READERS: dict[tuple[str, str], Callable[[Snapshot], Content]] = {
    ("forum", "viewthread"): read_thread,
    ("forum", "forumdisplay"): read_board,
    ("forum", "index"): read_index,
    ("home", "space"): read_profile,
    ("space", ""): read_profile,
}


def page_kind(page: Snapshot) -> tuple[str, str]:
    """The script and the action that made the page (`forum`, `viewthread`); empty for a
    page that is not X."""
    body = page.body_tag
    script = _ID.search(body)
    if script is None:
        return ("space", "") if _SPACE.search(body) else ("", "")
    action = _CLASS.search(body)
    return script[1], action[1] if action else ""


def _recognise(page: Snapshot) -> int:
    return SURE if page_kind(page)[0] else 0


def _read(page: Snapshot) -> Content:
    script, action = page_kind(page)
    reader = _READERS.get(
        ("forum" if script == "group" else script, action)
    )  # a group (群组) is a board of members
    if (
        reader is None
        or (reader is read_profile and not _is_profile(page))
        or _is_part(page)
    ):
        return Other(message=f"{script}/{action}".rstrip("/"))
    return reader(page)


def _is_part(page: Snapshot) -> bool:
    """One article of a trade, or a thread's pictures alone, on a page of its own: the
    thread's first page has it."""
    return page.target is not None and (
        "do=tradeinfo" in page.target.filter or "from=album" in page.url
    )


def _is_profile(page: Snapshot) -> bool:
    """Whether a space shows the member, rather than their threads, blogs or pictures."""
    if page.target is not None:
        return page.target.kind == "user" and "do=" not in page.target.filter
    return names_member(page.tree)


THEME = Theme("x", _recognise, _read)
