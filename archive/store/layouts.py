"""Which layout of a page is fuller: a desktop page shows all that there is, a feed the
beginnings of texts."""

from __future__ import annotations

from functools import cache
from typing import Final

DESKTOP: Final = 5
TOUCH: Final = 4
PRINT: Final = 3
ARCHIVER: Final = 2
TEXT: Final = 1
FEED: Final = 0

_RANKS: Final = {
    "text": TEXT,
    "feed": FEED,
    "rss": FEED,
    "archiver": ARCHIVER,
    "wap": ARCHIVER,
    "wml": ARCHIVER,
    "print": PRINT,
    "touch": TOUCH,
    "mobile": TOUCH,
    "api": TOUCH,
    "generic": TOUCH,
}


@cache
def rank_of(theme: str) -> int:
    """How full the layout is that a theme reads, by the theme's name: 5 desktop … 0 feed."""
    for word, rank in _RANKS.items():
        if word in theme:
            return rank
    return DESKTOP
