"""What a reader takes for the same: case, width, accents, simplified and traditional
characters, and a Chinese word with a blank or the end of a line in it.

Nearly all folding is of single characters, whatever stands beside them: this is what makes
any substring of a post find the post, and what lets plain SQL (`posts_fts_charmap`) and the
snippets do the same fold. Two things look at the neighbours: a kana and the voiced mark
behind it are one character (ｶﾞ is ガ), and a single break between two characters of a script
without blanks is left out (笔记本电⏎脑, 微 信), as hard-wrapped and spaced-out texts have it.

The price: a Korean syllable typed as separate letters (NFD) is not composed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

VARIANTS_FILE = Path(__file__).with_name("variants.txt")

HAN_AND_KANA: Final = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00016fe0-\U00018dff\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
"""Scripts whose words a break may cut, as the inside of a regular expression's brackets:
Han, kana, bopomofo."""

_VOICED_MARKS: Final = ("\u3099", "\u309a")
_VOICED: Final = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_BREAK: Final = re.compile(
    f"(?:\n(?<=[{HAN_AND_KANA}]\n) *| (?<=[{HAN_AND_KANA}] )(?: *\n *)?)"
    f"(?=[{HAN_AND_KANA}])"
)
"""One blank, or the end of one line with what blanks stand around it; the sign first, so
that the search runs from blank to blank."""
_VOICED_OR_BREAK: Final = re.compile(f"{_VOICED.pattern}|{_BREAK.pattern}")

_KEPT_WHOLE: Final = frozenset({"™", "ℹ", *_VOICED_MARKS})
_FIRST_SYLLABLE: Final = "\uac00"
_LAST_SYLLABLE: Final = "\ud7a3"
"""Of Hangul, which would fall apart into letters."""
_INVISIBLE: Final = frozenset({"Mn", "Me", "Cf"})
"""Categories of accents and of zero-width characters."""
_WITHOUT_STROKE: Final = {
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "ŧ": "t",
    "ƀ": "b",
    "ɨ": "i",
    "ɓ": "b",
    "ɗ": "d",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
"""Letters that Unicode takes apart into nothing, and writers without their keyboard do."""


@cache
def variants() -> dict[str, str]:
    """Character → the one that stands for it: traditional → simplified and other variants
    (`variants.txt`)."""
    found: dict[str, str] = {}
    listed = VARIANTS_FILE.read_text("utf-8")
    for line in listed.splitlines():
        if line.startswith("#"):
            continue
        standard = line[0]
        others = line[1:]
        for char in others:
            found[char] = standard
    return found


def fold(char: str) -> str:
    """One character as the index sees it: lower case, half width, simplified, no accents; a
    blank for each kind of blank but the end of a line. May be empty or several."""
    if char in _KEPT_WHOLE:
        return char
    if _FIRST_SYLLABLE <= char <= _LAST_SYLLABLE:
        return char
    standard = variants().get(char)
    if standard is not None:
        return standard
    lowered = char.casefold()
    parts = unicodedata.normalize("NFKD", lowered)
    folded_parts = map(_fold_part, parts)
    folded = "".join(folded_parts)
    if len(folded) > 1:
        folded = _composed(folded)
    if folded == char:
        return char
    folded_again = map(fold, folded)
    return "".join(folded_again)


def _fold_part(char: str) -> str:
    if char in _KEPT_WHOLE:
        return char
    standard = variants().get(char)
    if standard is not None:
        return standard
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    if char.isspace() and char != "\n":
        return " "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return _WITHOUT_STROKE.get(char, char)


def _composed(text: str) -> str:
    """The text with each kana and the voiced mark behind it as one character."""
    voiced, half_voiced = _VOICED_MARKS
    if voiced not in text and half_voiced not in text:
        return text
    return _VOICED.sub(_one_kana, text)


def _one_kana(pair: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", pair[0])


class Folds(dict[int, int | str]):
    """A table for `str.translate` that learns each character when it first occurs: all of
    Unicode takes seconds."""

    def __missing__(self, code: int) -> int | str:
        char = chr(code)
        folded = self.folded(char)
        value = code if folded == char else folded
        self[code] = value
        return value

    def folded(self, char: str) -> str:
        return fold(char)


_FOLDS: Final = Folds()


def normalise(text: str) -> str:
    """Text as the index compares it, punctuation included. Folding twice changes nothing more."""
    if text.isascii():
        return text.lower()
    return joined(text, _FOLDS)


def joined(text: str, folds: Folds) -> str:
    """Text folded character by character, then what needs a look at the neighbours."""
    return neighbours_joined(text.translate(folds))


def neighbours_joined(folded: str) -> str:
    """Text whose characters are folded: kana and their marks as one, breaks within Chinese
    words left out."""
    if folded.isascii():
        return folded
    composed = _composed(folded)
    return _BREAK.sub("", composed)


def origins(text: str) -> Sequence[int]:
    """For each character of `normalise(text)`, the place in the text that it comes from."""
    places = _places(text)
    folded = text.translate(_FOLDS)
    if folded.isascii():
        return places
    kept: list[int] = []
    at = 0
    for start, end in _left_out(folded):
        kept += places[at:start]
        at = end
    if not at:
        return places
    kept += places[at:]
    return kept


def _left_out(folded: str) -> Iterator[tuple[int, int]]:
    """Where characters vanish that were folded by themselves: breaks, and marks that become
    one with their kana."""
    for found in _VOICED_OR_BREAK.finditer(folded):
        start, end = found.span()
        if not _VOICED.fullmatch(found[0]):
            yield start, end
        elif len(_one_kana(found)) == 1:
            yield start + 1, end


def _places(text: str) -> Sequence[int]:
    """For each folded character, the place that it comes from, neighbours not looked at."""
    lengths = {char: _folded_length(char) for char in set(text)}
    if all(length == 1 for length in lengths.values()):
        return range(len(text))  # nearly all texts, and a hundredth of the time
    places: list[int] = []
    for place, char in enumerate(text):
        places += [place] * lengths[char]
    return places


def _folded_length(char: str) -> int:
    """How many characters one is folded to."""
    folded = _FOLDS[ord(char)]
    return 1 if isinstance(folded, int) else len(folded)
