"""The forum's notice that stands in place of a page, and whether two say the same."""

from __future__ import annotations

import re
from typing import Final

from scraper.addresses.urls import leads_to_login
from scraper.core.records import Capture, Notice
from scraper.fetch.redirects import redirect_target_of
from scraper.markup.snapshot import take_snapshot
from scraper.themes import notice

# What differs between two showings of one notice: counts, times, white space.
_VARYING = re.compile(r"[\d\s]+")
_LEAST_CHARS: Final = 4


def notice_of(capture: Capture) -> Notice | None:
    """The notice that a capture is, a redirect to the login form included; None for every
    other page."""
    location = redirect_target_of(capture)
    if location:
        return notice.LOGIN_WANTED if leads_to_login(location) else None

    page = take_snapshot(capture)
    if not notice.THEME.recognise(page):
        return None
    content = notice.THEME.read(page)
    if not isinstance(content, Notice) or not content.message:
        return None
    return content


def same_words(one: str, other: str) -> bool:
    """Whether two notices say the same, but for numbers and for what one of them goes on
    to say: the ways back differ by page."""
    short, long = sorted((_core(one), _core(other)), key=len)
    return len(short) >= _LEAST_CHARS and long.startswith(short)


def _core(message: str) -> str:
    return _VARYING.sub("", message)
