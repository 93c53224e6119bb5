"""Words that the index holds whole beside their parts, so that they are found however they
are typed: `C++`, `.exe`, `wifi` for Wi-Fi, `nodejs` for node.js, `3000` for 3,000.

All of it looks at text folded by `fold.normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_AT_START: Final = r"(?<![a-z\d.+#])"
_SIGNED: Final = re.compile(
    rf"{_AT_START}(?:[a-z][a-z\d]*(?:\+{{2,}}+(?!\#)|\#(?![+#]))|[.#][a-z\d]+(?=\.*(?![a-z\d.+#])))"
)
"""`c++`, `c#`, `.net`, `#1`."""
_ENDING: Final = re.compile(r"(?<=[a-z\d])\.[a-z][a-z\d]{1,4}(?![a-z\d.])")
"""The end of a file's name, such as `.exe`."""
_SIGN_LETTERS: Final = str.maketrans(".+#", "．＋＃")

_PIECE: Final = re.compile(r"(?:[a-z\d.@/:\-]|(?<=\d),(?=\d))+")
"""What stands together of letters, digits and the signs of words and addresses."""
_OUTSIDE: Final = ".@/:-"
_JOINED: Final = re.compile(
    r"(?<![a-z\d])(?:[a-z][a-z\d]*+(?:(?:-[a-z\d]++){1,2}|\.[a-z]{2,4})|[a-z](?:\.[a-z]){1,4})"
)
"""`wi-fi`, `node.js`, `u.s.a`."""
_NUMBER: Final = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)(?:\.\d*)?")
"""`3,000`, `1,299.00`."""
_JOINTS: Final = str.maketrans("", "", "-.,")
_LONGEST_JOINED: Final = 24
"""Characters; what is longer is an address, not a word."""


@dataclass(frozen=True, slots=True)
class JoinedWord:
    """A word with signs in it: where it stands in the folded text, and how it reads without
    them."""

    start: int
    end: int
    word: str


def joined_words(folded: str) -> Iterator[JoinedWord]:
    """Words and numbers whose signs many writers leave out."""
    if not _may_have_joints(folded):
        return
    for piece in _PIECE.finditer(folded):
        whole = piece[0]
        inner = whole.strip(_OUTSIDE)
        if inner.isalnum() or len(inner) > _LONGEST_JOINED:
            continue
        number = _NUMBER.fullmatch(inner)
        if number is None and not _JOINED.fullmatch(inner):
            continue
        word = number[1] if number else inner
        start = piece.start() + whole.index(inner)
        yield JoinedWord(
            start=start,
            end=start + len(word),
            word=word.translate(_JOINTS),
        )


def without_joints(folded: str) -> str:
    """The text with the signs in its words and numbers left out."""
    kept: list[str] = []
    at = 0
    for each in joined_words(folded):
        kept += (folded[at : each.start], each.word)
        at = each.end
    kept.append(folded[at:])
    return "".join(kept)


def signed_words(folded: str) -> Iterator[str]:
    """Words whose signs matter, as one token each: `c++` → `c＋＋`, `.net` → `．net`, `#1` → `＃1`.

    The full-width sign cannot come from a text, where it is folded, and is a letter to the
    tokenizer.
    """
    if not _may_have_signs(folded):
        return
    for word in _SIGNED.findall(folded):
        yield word.translate(_SIGN_LETTERS)


def signed_words_in_posts(folded: str) -> Iterator[str]:
    """The same with the ends of names: a post with `setup.exe` is found by `.exe`, while
    who asks for `setup.exe` asks for no more than these two words in a row."""
    yield from signed_words(folded)
    yield from name_endings(folded)


def name_endings(folded: str) -> Iterator[str]:
    """The ends of files' names: `setup.exe` → `．exe`."""
    if "." not in folded:
        return
    for ending in _ENDING.findall(folded):
        yield ending.translate(_SIGN_LETTERS)


def _may_have_joints(folded: str) -> bool:
    """Whether there is a sign that may join; a search for each is quicker than one
    expression for all."""
    return "-" in folded or "." in folded or "," in folded


def _may_have_signs(folded: str) -> bool:
    return "." in folded or "#" in folded or "++" in folded
