"""Desktop pages of Discuz! X (1.5 to 3.5), recognised by the body's `nv_…` id and `pg_…`
class (common/header).

Personal spaces of X1.5 to X2.5 have a body of their own (`body#space`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from scraper.core.records import Content, Other
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.index import read_index
from scraper.pages.desktop.parts import DESKTOP_PARTS, PostParts
from scraper.pages.desktop.profile import names_member, read_follow, read_profile
from scraper.pages.desktop.thread import read_thread
from scraper.pages.login_form import other_or_login
from scraper.themes import SURE, Theme

_ID = re.compile(r"""\sid\s*=\s*["']?nv_(\w+)""", re.I)
_CLASS = re.compile(r"""\sclass\s*=\s*(?:["'][^"']*?)?\bpg_(\w+)""", re.I)
_SPACE = re.compile(r"""\sid\s*=\s*["']?space["'\s>]""", re.I)
_READERS: dict[tuple[str, str], Callable[[Snapshot], Content]] = {
    ("forum", "forumdisplay"): read_board,
    ("forum", "index"): read_index,
    ("home", "space"): read_profile,
    ("space", ""): read_profile,
}
_ACTIONS_BY_MARK = (
    (re.compile(r"""\bid=["']?postlist\b"""), "viewthread"),
    (re.compile(r"""\bid=["']?(?:threadlist|waterfall)\b"""), "forumdisplay"),
    (re.compile(r"""\bid=["']?category_\d"""), "index"),
)
_THREAD = ("forum", "viewthread")
_LONGEST_USUAL_TAG = 300
_LOGIN = ("member", "logging")
_OWN_BROADCASTS = ("view", "follow", "profile")
_BROADCASTS = ("home", "follow")


def page_kind(page: Snapshot) -> tuple[str, str]:
    """The script and the action that made the page (`forum`, `viewthread`); empty for a
    page that is not X."""
    body = page.body_tag
    if len(body) > _LONGEST_USUAL_TAG:
        return _kind_of(body)
    return _usual_kind_of(body)


def _kind_of(body: str) -> tuple[str, str]:
    script = _ID.search(body)
    if script is not None:
        action = _CLASS.search(body)
        return script[1], action[1] if action else ""
    if _SPACE.search(body):
        return "space", ""
    return "", ""


# All pages of a kind have the tag in common.
_usual_kind_of = lru_cache(maxsize=256)(_kind_of)


def read_page(page: Snapshot, parts: PostParts = DESKTOP_PARTS) -> Content:
    """Read any page of X. `parts`: the readers of a post's parts, for a skin that prints
    some of them elsewhere."""
    script, action = page_kind(page)
    if script in ("forum", "group") and not action:
        action = _action_by_content(page)
    name = f"{script}/{action}".rstrip("/")
    if (script, action) == _LOGIN:
        return other_or_login(page, name)
    nothing_to_keep = Other(message=name)
    if _is_part_of_thread(page):
        return nothing_to_keep

    # A group (群组) is a board of members.
    kind = ("forum" if script == "group" else script, action)
    if kind == _THREAD:
        return read_thread(page, parts)
    if kind == _BROADCASTS:
        return _broadcasts(page) or nothing_to_keep
    reader = _READERS.get(kind)
    if reader is None:
        return nothing_to_keep
    if reader is read_profile and not _is_profile(page):
        return nothing_to_keep
    return reader(page)


def _action_by_content(page: Snapshot) -> str:
    """What made a page whose body does not say so (an owner's skin may write a class of its
    own); empty where its content does not, either."""
    for mark, action in _ACTIONS_BY_MARK:
        if mark.search(page.text, page.head_end):
            return action
    return ""


def _broadcasts(page: Snapshot) -> Content | None:
    """A member, as their broadcasts show them; None for a list of other members."""
    asked = page.target.filter or page.target.name if page.target is not None else ""
    _, is_list, what = asked.partition("do=")
    if is_list and what not in _OWN_BROADCASTS:
        return None
    if names_member(page.tree):
        return read_profile(page)
    return read_follow(page)


def _is_part_of_thread(page: Snapshot) -> bool:
    """One article of a trade, or a thread's pictures alone, on a page of its own: the
    thread's first page has it."""
    if page.target is None:
        return False
    is_article = "do=tradeinfo" in page.target.filter
    return is_article or "from=album" in page.url


def _is_profile(page: Snapshot) -> bool:
    """Whether a space shows the member, rather than their threads, blogs or pictures."""
    target = page.target
    if target is not None:
        return target.kind == "user" and "do=" not in target.filter
    return names_member(page.tree)


def _recognise(page: Snapshot) -> int:
    script, _ = page_kind(page)
    return SURE if script else 0


THEME = Theme("x", _recognise, read_page, prints=layouts.DESKTOP)
