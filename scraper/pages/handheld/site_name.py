"""The forum's name on a hand-held page (common/header).

It stands before the layout's own word in the title, as in
`灌水 -  某某社区 -  手机版 - Powered by …`. A front page leaves it out there, and has it at the
end of its description.
"""

from __future__ import annotations

import html
import re

from scraper.core.site import SiteLine
from scraper.markup.flat import head_end
from scraper.markup.html import fold

_TITLE = re.compile(r"<title>((?:(?!</?title>).){0,1000}?) - Powered by Discuz", re.S)
_DESCRIPTION = re.compile(
    r'<meta name="description" content="[^"]{0,2000},([^",]{1,200})" />'
)


def site_of_handheld(text: str) -> SiteLine:
    """The forum as a touch or mobile page names it; empty for a page of another layout."""
    end = head_end(text)
    title = _TITLE.search(text, 0, end)
    if title is None:
        return SiteLine()

    # the desktop layout writes two spaces before `Powered`
    is_desktop = title[1].endswith(" ")
    if is_desktop:
        return SiteLine()

    parts = title[1].split(" -  ")
    if len(parts) > 2:
        return _named(parts[-2])

    description = _DESCRIPTION.search(text, 0, end)
    if description is None:
        return SiteLine()
    return _named(description[1])


def _named(name: str) -> SiteLine:
    unescaped = html.unescape(name)
    return SiteLine(name=fold(unescaped))
