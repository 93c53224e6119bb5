"""Words for one thing that differ by region: 软件 in mainland China, 軟體 in Taiwan."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from archive.index.fold import normalise

WORDS_FILE = Path(__file__).with_name("regional_words.txt")
_LONGEST: Final = 12


def other_words(text: str) -> Iterator[str]:
    """The text as other regions say it, one word of it changed: 杀毒软体 for 杀毒软件. Folded,
    each once."""
    folded = normalise(text)
    seen = {folded}
    for start, end in _places(folded):
        before = folded[:start]
        word = folded[start:end]
        after = folded[end:]
        for other in regional_words()[word]:
            changed = f"{before}{other}{after}"
            if changed not in seen:
                seen.add(changed)
                yield changed


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where regional words stand in a text, the longest at each place; none within another."""
    known = regional_words()
    at = 0
    while at < len(text):
        last = min(at + _LONGEST, len(text))
        for end in range(last, at + 1, -1):
            if text[at:end] in known:
                yield at, end
                at = end - 1
                break
        at += 1


@cache
def regional_words() -> dict[str, tuple[str, ...]]:
    """Word → what others say for it, both ways, folded."""
    found: dict[str, dict[str, None]] = {}
    listed = WORDS_FILE.read_text("utf-8")
    for line in listed.splitlines():
        if line.startswith("#"):
            continue
        word, *others = line.split()
        for other in others:
            found.setdefault(word, {})[other] = None
            found.setdefault(other, {})[word] = None
    return {word: tuple(others) for word, others in found.items()}
