"""Chinese words by their sound: which characters a syllable of pinyin, or its first letter,
may be (`pinyin.txt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SYLLABLES_FILE = Path(__file__).with_name("pinyin.txt")
MOST_SYLLABLES: Final = 6
_LONGEST: Final = 6
_LETTERS: Final = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Characters:
    """What is read as one syllable: the common characters, and others."""

    common: str
    others: str

    @property
    def all(self) -> str:
        """The common ones first."""
        return self.common + self.others


@cache
def syllables() -> dict[str, Characters]:
    """Each syllable, and its characters."""
    found: dict[str, Characters] = {}
    listed = SYLLABLES_FILE.read_text("utf-8")
    for line in listed.splitlines():
        if line.startswith("#"):
            continue
        syllable, common, others = line.split(" ")
        found[syllable] = Characters(common, others)
    return found


@cache
def by_initial() -> dict[str, str]:
    """First letter → all characters that are read with it."""
    found: dict[str, str] = {}
    for syllable, chars in syllables().items():
        initial = syllable[0]
        others = found.get(initial, "")
        found[initial] = others + chars.all
    return found


def readings(text: str) -> Iterator[tuple[str, ...]]:
    """The ways in which lower letters are two syllables of pinyin or more: `xianshi` is
    xian shi and xi an shi."""
    if not _LETTERS.fullmatch(text):
        return
    for split in _splits(text, MOST_SYLLABLES):
        if len(split) > 1:
            yield split


def _splits(text: str, most: int) -> Iterator[tuple[str, ...]]:
    """The long syllables first."""
    if not text:
        yield ()
        return
    if not most:
        return
    longest = min(_LONGEST, len(text))
    for size in range(longest, 0, -1):
        syllable = text[:size]
        if syllable not in syllables():
            continue
        for rest in _splits(text[size:], most - 1):
            yield syllable, *rest


def is_initials(text: str) -> bool:
    """Whether letters may be the first letters of a word's syllables."""
    if not 2 <= len(text) <= 4:
        return False
    return all(letter in by_initial() for letter in text)
