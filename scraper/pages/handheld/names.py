"""The forum's name on a hand-held page: it stands before the layout's own word in the title, as in
`灌水 -  某某社区 -  手机版 - Powered by …`; a front page leaves it out, and has it at the end of its description
(common/header)."""

from __future__ import annotations

import html
import re

from scraper.core.site import SiteLine
from scraper.markup.html import fold

_HEAD_CHARS = 6_000
_TITLE = re.compile(r"<title>([^<]{0,1000}?) - Powered by Discuz")
_DESCRIPTION = re.compile(
    r'<meta name="description" content="[^"]{0,2000},([^",]{1,200})" />'
)


def site_of_handheld(text: str) -> SiteLine:
    """The forum as a touch or mobile page names it; empty for a page of another layout."""
    title = _TITLE.search(text, 0, _HEAD_CHARS)
    if title is None or title[1].endswith(
        " "
    ):  # the desktop layout writes two spaces before `Powered`
        return SiteLine()
    parts = title[1].split(" -  ")
    found = _DESCRIPTION.search(text, 0, _HEAD_CHARS) if len(parts) < 3 else None
    name = parts[-2] if len(parts) > 2 else found[1] if found else ""
    return SiteLine(name=fold(html.unescape(name)))
