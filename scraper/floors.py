"""Floor labels → numbers: 楼主 沙发 板凳 地板, `5#`, `5楼`; a word of the forum's own says nothing."""

from __future__ import annotations

import re

from scraper.html import number

_NAMED = {
    "楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4, "1st": 1,
}
_STICKY = re.compile(r"(?:来自|來自|from)\s*(\d{1,9})\s*(?:#|楼|樓)", re.I)
_NUMBERED = re.compile(r"^(?:第\s*)?(\d{1,9})\s*(?:#|楼|樓|f|层|層)?$", re.I)


def floor_number(label: str) -> int | None:
    """The number of a floor label; None for a custom word. A sticky reply (`顶 来自 7#`) keeps its own."""
    label = label.strip()
    if label in _NAMED:
        return _NAMED[label]
    found = _NUMBERED.match(label) or _STICKY.search(label)
    return number(found[1]) if found else None
