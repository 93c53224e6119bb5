"""A login form in place of the page that was asked for: what touch, mobile and private
forums answer to a guest instead of a notice."""

from __future__ import annotations

import re
from typing import Final

from scraper.core.records import Notice, Other
from scraper.markup.html import fold, words
from scraper.markup.snapshot import Snapshot

_WORD: Final = "assword"
_PASSWORD = re.compile(r"""<input\b[^<>]{0,300}\btype=["']?password\b""", re.I)
_LOGIN_ADDRESSES: Final = ("logging", "login", "register", "connect")


def other_or_login(page: Snapshot, name: str = "") -> Other | Notice:
    """What a page is that shows nothing to keep: a notice where it is a login form and
    another page was asked for, else a page of the forum that has no reader (`name`).

    For pages whose template says nothing of a login form in their head: a forum's ordinary
    pages have one there.
    """
    if not _is_in_place(page) or not has_password_field(page):
        return Other(message=name)
    title = words(page.tree.css_first("title"))
    return Notice(reason="login", message=fold(title))


def has_password_field(page: Snapshot) -> bool:
    """Whether a page asks for a password anywhere."""
    text = page.text
    if _WORD not in text and _WORD.upper() not in text:
        return False
    start = page.head_end if page.body_tag else 0
    return _PASSWORD.search(text, start) is not None


def _is_in_place(page: Snapshot) -> bool:
    """Whether something else than a login form was asked for."""
    address = page.url.lower()
    return not any(word in address for word in _LOGIN_ADDRESSES)
