"""The ways in which what a user typed may be written in posts.

Between two Chinese characters of a literal may stand a sign, a break, or nothing (`"极速 退"`
finds 极速退, 极速，退 and 极速⏎⏎退); `Wi-Fi` is also wifi, `node.js` nodejs, `3,000` is 3000.
The index knows the reverse by itself (`archive/index/whole_words.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from archive.index.fold import HAN_AND_KANA, normalise
from archive.index.row_words import tokens
from archive.index.segment import NO_RUN
from archive.index.whole_words import without_joints

_GAP: Final = re.compile(f"(?<=[{HAN_AND_KANA}]){NO_RUN}+(?=[{HAN_AND_KANA}])")
"""What is no word, between two characters that one run may hold."""
_SIGN: Final = "|"
"""Stands for any sign that is no break."""


@lru_cache(maxsize=1024)
def writings(text: str) -> tuple[str, ...]:
    """How a literal may be written, as typed first: with a sign in each of its gaps, and
    with nothing in any gap or word."""
    folded = normalise(text)
    apart = _GAP.sub(_SIGN, text)
    together = _GAP.sub("", folded)
    joined = without_joints(together)
    by_tokens: dict[str, str] = {}
    for each in (text, apart, joined):
        by_tokens.setdefault(tokens(each), each)
    return tuple(by_tokens.values())
