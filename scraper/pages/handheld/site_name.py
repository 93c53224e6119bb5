"""The forum's name on a hand-held page (common/header).

It stands before the layout's own word in the title, as in
`灌水 -  某某社区 -  手机版 - Powered by …`. A front page leaves it out there, and has it at the
end of its description.
"""

from __future__ import annotations

import html
import re
from typing import Final

from scraper.core.site import SiteLine
from scraper.markup.flat import head_end
from scraper.markup.html import fold

_TITLE: Final = "<title>"
_TITLE_END: Final = " - Powered by Discuz"
_LONGEST_TITLE: Final = 1_000
_DESCRIPTION = re.compile(
    r'<meta name="description" content="[^"]{0,2000},([^",]{1,200})" />'
)


def site_of_handheld(text: str) -> SiteLine:
    """The forum as a touch or mobile page names it; empty for a page of another layout."""
    end = head_end(text)
    title = _title(text, end)
    # the desktop layout writes two spaces before `Powered`
    if title is None or title.endswith(" "):
        return SiteLine()

    parts = title.split(" -  ")
    if len(parts) > 2:
        return _named(parts[-2])

    description = _DESCRIPTION.search(text, 0, end)
    if description is None:
        return SiteLine()
    return _named(description[1])


def _title(text: str, end: int) -> str | None:
    """What stands before the software in a page's title; None where it is not named."""
    opening = text.find(_TITLE, 0, end)
    if opening < 0:
        return None
    start = opening + len(_TITLE)
    stop = text.find(_TITLE_END, start, end)
    if stop < 0:
        return None
    title = text[start:stop]
    if "title>" in title or len(title) > _LONGEST_TITLE:
        return None
    return title


def _named(name: str) -> SiteLine:
    unescaped = html.unescape(name)
    return SiteLine(name=fold(unescaped))
