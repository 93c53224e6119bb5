"""Small rules about stored facts: times as text, which layout tells more, which words are
the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

DESKTOP, TOUCH, PRINT, ARCHIVER, TEXT, FEED = 5, 4, 3, 2, 1, 0
"""How full a layout is: a desktop page shows all that there is, a feed the beginnings of texts."""

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
_ALIKE: Final = 0.75
_NOT_WORDS = re.compile(r"[\W_]+")


def rank_of(theme: str) -> int:
    """How full the layout is that a theme reads, by the theme's name."""
    return next((rank for word, rank in _RANKS.items() if word in theme), DESKTOP)


def iso(value: date | None) -> str | None:
    """A time as it is stored: `2013-01-12T00:20:37Z` in UTC, or `2013-01-12` for a day."""
    if isinstance(value, datetime):
        return value.isoformat()[:19] + "Z"  # a fifth of strftime's time
    return value.isoformat() if value else None


def same_minute(one: str | None, other: str | None) -> bool:
    """Whether two stored times may be of one moment: pages print seconds, minutes (seconds
    00) or a day.

    A day is one of the forum's zone: in UTC it may be the day before or after.
    """
    if not one or not other:
        return False
    if len(one) != len(other):
        return (
            abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)
            <= 1
        )
    if one[17:19] not in ("", "00") and other[17:19] not in ("", "00"):
        return one == other
    return one[:16] == other[:16]


def finer(known: str | None, told: str | None) -> str | None:
    """The more exact of two statements of one time; the known one where they contradict
    each other."""
    if not known:
        return told
    if not told or not same_minute(known, told) or len(told) < len(known):
        return known
    return told if len(told) > len(known) or known[17:19] == "00" else known


def squeezed(text: str) -> str:
    """A text without white space: texts equal in this are the same."""
    return "".join(text.split())


def alike(one: str, other: str) -> bool:
    """Whether two layouts may show one text: three fourths of the shorter one's pairs of
    characters are in the other.

    Archiver pages lose code, hidden parts and markup and keep quotes: measured on 800 posts
    of two forums, 69 differ from the desktop page in more than white space, all but four by
    less than a fourth.
    """
    first, second = _pairs(one), _pairs(other)
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _pairs(text: str) -> set[str]:
    words = _NOT_WORDS.sub("", text)
    return {words[at : at + 2] for at in range(len(words) - 1)} or {words}


def update(
    known: Mapping[str, object], told: Mapping[str, object], newer: bool
) -> dict[str, object]:
    """The columns to write: what is told and was not known, and, from a newer page, what is
    told otherwise."""
    return {
        name: value
        for name, value in told.items()
        if not _empty(value) and value != known[name] and (newer or _empty(known[name]))
    }


def _empty(value: object) -> bool:
    return value is None or value == "" or value is False
