"""The touch layout of Discuz! X, 3.0 to 3.5 (`mobile=2`, `template/default/touch`).

X3.5 names script and action in the body's id and class; before it the body is `class="bg"`
and the page is known by its list. Of a forum's own skin only a thread page is claimed that
keeps the boxes of the posts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from scraper.core.records import Content
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.handheld.site_name import site_of_handheld
from scraper.pages.handheld.touch_board import read_board
from scraper.pages.handheld.touch_lists import read_index, read_profile
from scraper.pages.handheld.touch_thread import read_thread
from scraper.pages.login_form import has_password_field, other_or_login
from scraper.themes import LIKELY, SURE, Theme

_BODY = re.compile(
    r"""<body\s+(?:id=["'](?P<script>\w+)["']\s+class=["'][^"'<>]{0,60}?pg_(?P<action>\w*)"""
    r"""|class=["'](?:[^"'<>]{0,60} )?bg[ "'])"""
)
_MARKS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "viewthread",
        ("plc cl",),
        re.compile(r"""class=["'](?:[^"'<>]{0,60} )?plc cl\b"""),
    ),
    (
        "forumdisplay",
        ("threadlist", "forumdisplay-top", "subname_list"),
        re.compile(
            r"""class=["'](?:threadlist|forumdisplay-top)|id=["']subname_list["']"""
        ),
    ),
    (
        "index",
        ("sub_forum", "sub-forum"),
        re.compile(r"""class=["']sub[_-]forum"""),
    ),
    (
        "profile",
        ("userinfo",),
        re.compile(r"""class=["']userinfo["' ]"""),
    ),
)
"""What shows a page's kind: words, and where they stand (a skin may add classes). To look for
the words alone first takes a tenth of the time."""
_LEAD_CHARS = 80
"""As far as an attribute begins before a word in it."""
_KEPT = (re.compile(r"""class=["']?authi\b"""), re.compile(r"""id=["']?pid\d"""))
_Reader: TypeAlias = Callable[[Snapshot], Content]
_SCRIPTS = frozenset({"forum", "member", "home", "search", "portal", "misc", "group"})
_READERS: dict[str, _Reader] = {
    "viewthread": read_thread,
    "forumdisplay": read_board,
    "index": read_index,
    "profile": read_profile,
}


def page_kind(page: Snapshot) -> str:
    """What the page shows; `other` for a page of this layout that shows none of it, empty
    for another layout."""
    body = _BODY.match(page.body_tag)
    if body is None or not _is_mobile(page, body):
        return ""
    return _shown_kind(page, body)


def _shown_kind(page: Snapshot, body: re.Match[str]) -> str:
    for kind, words, mark in _MARKS:
        if any(_stands(word, mark, page) for word in words):
            return kind
    if not body["script"] and has_password_field(page):
        return "other"
    return "" if _is_claimed(body) else "other"


def _stands(word: str, mark: re.Pattern[str], page: Snapshot) -> bool:
    """Whether a mark stands in a page's body around one of its words."""
    text = page.text
    at = text.find(word, page.head_end)
    while at >= 0:
        start = max(page.head_end, at - _LEAD_CHARS)
        after = at + len(word)
        if mark.search(text, start, after + 1):
            return True
        at = text.find(word, after)
    return False


def _is_claimed(body: re.Match[str]) -> bool:
    """Whether the body says that the page is of a kind that has a reader, or says nothing:
    a page of that kind without its marks is another layout's."""
    if not body["script"]:
        return True
    return body["script"] == "forum" and body["action"] in _READERS


def _is_mobile(page: Snapshot, body: re.Match[str] | None) -> bool:
    """Whether the body names its script as this layout alone does (a desktop page says
    `nv_forum`, a space of X1.5 `space`), or the head asks for the layout's own style and
    script (`static/image/mobile/`, `static/js/mobile/`)."""
    script = body["script"] if body is not None else None
    if script in _SCRIPTS:
        return True
    return page.text.find("/mobile/", 0, page.head_end) >= 0


def _is_kept(page: Snapshot) -> bool:
    """Whether a skin kept the thread page as it is, and changed the frame only."""
    text = page.text
    if "plc cl" not in text:
        return False
    return all(part.search(text) for part in _KEPT)


def _recognise(page: Snapshot) -> int:
    body = _BODY.match(page.body_tag)
    if not _is_mobile(page, body):
        return 0
    kind = _shown_kind(page, body) if body is not None else ""
    if kind and kind != "other":
        return SURE
    if kind or _is_kept(page):
        return LIKELY
    return 0


def _read(page: Snapshot) -> Content:
    kind = page_kind(page)
    if kind == "other":
        return other_or_login(page, "touch")
    reader = _READERS.get(kind, read_thread)
    return reader(page)


THEME = Theme("touch", _recognise, _read, site=site_of_handheld, prints=layouts.TOUCH)
