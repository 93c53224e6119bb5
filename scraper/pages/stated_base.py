"""The forum's own address, as the head of a page states it."""

from __future__ import annotations

import re
from typing import Final

_STATED_BASE = re.compile(
    r"""\bSITEURL\s*=\s*['"]([^'"\s]+)['"]|<base\s[^<>]*?href=["']?([^"'\s>]+)""", re.I
)
_MOST_CHARS_OF_HEAD: Final = 20_000
_SCHEMES: Final = ("http://", "https://")
_ARCHIVER: Final = "archiver/"


def stated_base(text: str) -> str:
    """The forum's own address as the head of a page states it; empty where it does not."""
    found = _STATED_BASE.search(text, 0, _MOST_CHARS_OF_HEAD)
    if found is None:
        return ""
    base = found[1] or found[2]
    base = base.removesuffix(_ARCHIVER)
    if not base.startswith(_SCHEMES):
        return ""
    if not base.endswith("/"):
        return ""
    return base
