"""Floor labels → numbers: 楼主 沙发 板凳 地板, `5#`, `5楼`; a word of the forum's own says
nothing."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.markup.html import number, words

_NAMED = {
    "楼主": 1,
    "樓主": 1,
    "沙发": 2,
    "沙發": 2,
    "板凳": 3,
    "地板": 4,
    "1st": 1,
}
_MOST_DIGITS = 9
_STICKY = re.compile(r"(?:来自|來自|from)\s*(\d{1,9})(?!\d)", re.I)
_NUMBERED = re.compile(r"^(?:第|no\.?|#)?\s*(\d{1,9})(?:\s*[^\d\s]{0,4})?$", re.I)


def floor_number(label: str) -> int | None:
    """The number of a floor label; None for a custom word. A sticky reply (`顶 来自 7#`)
    keeps its own."""
    label = label.strip()
    name = label.rstrip("#＃楼樓层層.: ") or label
    if label in _NAMED or name in _NAMED:
        return _NAMED.get(label) or _NAMED[name]
    found = _NUMBERED.match(label) or _STICKY.search(label)
    if found is None:
        return None
    return number(found[1])


def floor_of(node: LexborNode | None) -> int | None:
    """The number in a floor's element: 7.0 and later have it in an `em`, whatever word of
    the forum's own follows it.

    A sticky reply has a picture, or a sign (X3.5: `em.replystick`), before words of any
    language and the number.
    """
    if node is None:
        return None
    is_sticky = False
    for child in node.iter():
        if child.tag == "em":
            text = words(child)
            if text.isdecimal() and len(text) <= _MOST_DIGITS:
                return int(text)
            is_sticky = True
        elif child.tag == "img":
            is_sticky = True

    label = words(node)
    return number(label) if is_sticky else floor_number(label)
