"""Chinese text → tokens: fold what a reader takes for the same, then overlapping pairs of
characters.

Why pairs: Chinese has no blanks, a dictionary of words misses a word in seven, and single
characters make common words slow. A run of CJK characters 淘宝开店 becomes `淘宝 宝开 开店
店`, its last character alone once more, so that single characters and the ends of runs are
found by prefix. Letters and digits are tokens of their own (`rtx4090` → `rtx 4090`), an
emoji is one. What a run is, is decided here alone, for posts and for queries.

Every character folds by itself, whatever stands beside it: this is what makes any substring
of a post find the post, and what lets plain SQL (`posts_fts_charmap`) and the snippets do
the same fold. The price: a Korean syllable typed as separate letters (NFD) is not composed.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

VERSION = 1
"""Raised whenever the same text gives other tokens: an archive with another number in its
index is reindexed."""

VARIANTS_FILE = Path(__file__).with_name("variants.txt")

CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00018dff\U0001b000-\U0001b2ff"
    "\U00020000-\U0003ffff"
)
"""Scripts written without blanks, as the inside of a regular expression's brackets: Han,
kana, bopomofo, Hangul."""

SYMBOLS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff"
)
"""Characters that are a word each: emoji, arrows, signs."""

RUN = re.compile(f"([{CJK}]+)|([^\\W\\d_{CJK}{SYMBOLS}]+)|(\\d+)|([{SYMBOLS}])")
"""A run of folded text: 1 CJK, 2 letters of any other script, 3 digits, 4 one symbol."""

_CJK_RUN = 1
"""The number of a run of CJK characters in `RUN`."""

MARK = "¦"
"""Begins what is in the index but not a running word. In no text: it is neither letter,
digit nor symbol, and to FTS5's `ascii` tokenizer it is a letter, so that no phrase reaches
across."""

_CHUNK = re.compile(f"([^ {CJK}]+)")
_COMPOUND = re.compile(r"(?<![a-z\d])(?:[a-z]++\d|\d++[a-z])[a-z\d]*+")
_SIGNED = re.compile(
    r"(?<![a-z\d.+#])((?:[a-z][a-z\d]*(?:\+\++|#)|[.#][a-z\d]+))\.*(?![a-z\d.+#])"
)
_SIGN_LETTERS = str.maketrans(".+#", "．＋＃")
_KEPT_WHOLE = frozenset("™ℹ\u3099\u309a")
_FIRST_SYLLABLE = "\uac00"
_LAST_SYLLABLE = "\ud7a3"
"""Of Hangul, which would fall apart into letters."""
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
"""Categories of accents and of zero-width characters."""
_NATIVE_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_BLANK = array("I", " ".encode(_NATIVE_UTF32))


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
    """One character as the index sees it: lower case, half width, simplified, no accents;
    may be empty or several."""
    if char in _KEPT_WHOLE:
        return char
    if _FIRST_SYLLABLE <= char <= _LAST_SYLLABLE:
        return char
    lowered = char.casefold()
    parts = unicodedata.normalize("NFKD", lowered)
    folded_parts = map(_fold_part, parts)
    folded = "".join(folded_parts)
    if folded == char:
        return char
    folded_again = map(fold, folded)
    return "".join(folded_again)


def _fold_part(char: str) -> str:
    if char in _KEPT_WHOLE:
        return char
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    standards = variants()
    return standards.get(char, char)


class _Folds(dict[int, int | str]):
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


class _Spaces(_Folds):
    """The same with a blank for each character that belongs to no run."""

    def folded(self, char: str) -> str:
        spaced = ""
        for part in fold(char):
            is_of_run = RUN.match(part) is not None
            spaced += part if is_of_run else " "
        return spaced


_FOLDS = _Folds()
_SPACES = _Spaces()


def normalise(text: str) -> str:
    """Text as the index compares it, punctuation included. Folding twice changes nothing more."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDS)


def folded_lengths(text: str) -> Iterator[int]:
    """For each character of a text, how many of `normalise(text)` come from it: the way
    back to the original."""
    for char in text:
        code = ord(char)
        folded = _FOLDS[code]
        if isinstance(folded, int):
            yield 1
        else:
            yield len(folded)


def tokens(text: str) -> str:
    """The running words of a text, blank-separated, in their order."""
    spaced = text.translate(_SPACES)
    pieces = _CHUNK.split(spaced)
    _pair_up(pieces)
    chunks = pieces[1::2]
    pieces[1::2] = [_chunk(chunk)[0] for chunk in chunks]
    return "".join(pieces)


def row_tokens(text: str) -> str:
    """What the index holds of a text: its words, then its compounds whole, so that a query
    nobody cut finds them."""
    if not text:
        return ""
    spaced = text.translate(_SPACES)
    pieces = _CHUNK.split(spaced)
    _pair_up(pieces)
    whole: dict[str, None] = {}
    for at in range(1, len(pieces), 2):
        words, compounds = _chunk(pieces[at])
        pieces[at] = words
        whole.update(compounds)
    if _may_have_signed_words(text):
        signed = signed_words(text)
        whole.update(dict.fromkeys(signed))
    if whole:
        pieces.append(f" {MARK} {' '.join(whole)}")
    return "".join(pieces)


def _may_have_signed_words(text: str) -> bool:
    """Whether there is a sign that may belong to a word; a search for each is quicker than
    one expression for all."""
    return (
        "." in text
        or "#" in text
        or "++" in text
        or "．" in text
        or "＃" in text
        or "＋＋" in text
    )


def month_token(posted_at: str | None) -> str:
    """The month of a time as the index has it: `2024-05-17T…` → `¦202405`; for no time `¦`."""
    if not posted_at:
        return MARK
    month = posted_at[:7]
    digits = month.replace("-", "")
    return MARK + digits


@lru_cache(maxsize=65_536)
def _chunk(chunk: str) -> tuple[str, dict[str, None]]:
    """Letters, digits and symbols that stand together: their tokens, and the compounds of
    letters and digits."""
    runs = [run[0] for run in RUN.finditer(chunk)]
    compounds = dict.fromkeys(_COMPOUND.findall(chunk))
    return " ".join(runs), compounds


def signed_words(text: str) -> Iterator[str]:
    """Words whose signs matter, as one token each: `c++` → `c＋＋`, `.net` → `．net`, `#1` → `＃1`.

    The full-width sign cannot come from a text, where it is folded, and is a letter to the
    tokenizer.
    """
    folded = normalise(text)
    for word in _SIGNED.findall(folded):
        yield word.translate(_SIGN_LETTERS)


def _pair_up(pieces: list[str]) -> None:
    """Turn the even items (CJK and blanks) into pairs, in place; the odd ones stay.

    All runs at once, by laying two shifted copies of the text and a blank over each other
    with strides: four times as fast as joining pair by pair, and pairs are most of the
    work. A NUL holds the place of each odd item meanwhile.
    """
    text = " \0 ".join(pieces[0::2])
    runs = text.split()
    first = " ".join(runs)
    if not first:
        return
    rests = [run[1:] for run in runs]
    second = "  ".join(rests)
    second += " "
    places = 3 * len(first)
    laid = _BLANK * places
    laid[0::3] = _codes(first)
    laid[1::3] = _codes(second)
    encoded = laid.tobytes()
    paired = encoded.decode(_NATIVE_UTF32)
    pieces[0::2] = paired.split("\0")


def _codes(text: str) -> array[int]:
    """The code points of a text."""
    encoded = text.encode(_NATIVE_UTF32)
    return array("I", encoded)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A literal of a query as tokens that must follow each other.

    `is_prefix`: the last one stands for every token that begins with it. `symbol_words`:
    tokens which the row must hold besides. `single_char`: the literal is one CJK character,
    which FTS5 can only find by looking at all pairs it begins.
    """

    tokens: tuple[str, ...]
    is_prefix: bool = False
    symbol_words: tuple[str, ...] = ()
    single_char: bool = False

    def __bool__(self) -> bool:
        if self.tokens:
            return True
        return bool(self.symbol_words)


@lru_cache(maxsize=1024)
def phrase(literal: str, *, is_prefix: bool = False) -> Phrase:
    """What a user's words are in the index: substring for CJK, whole tokens for letters and digits.

    Falsy where the words hold nothing that the index knows (punctuation only).
    """
    spaced = literal.translate(_SPACES)
    runs = list(RUN.finditer(spaced))
    if not runs:
        return Phrase((), is_prefix=is_prefix)
    *earlier, last = runs
    found: list[str] = []
    for run in earlier:
        found += _tokens_of_run(run, is_last=False)
    found += _tokens_of_run(last, is_last=True)
    ends_in_one = _is_one_char(last)
    signed = signed_words(literal)
    return Phrase(
        tokens=tuple(found),
        is_prefix=is_prefix or ends_in_one,
        symbol_words=tuple(signed),
        single_char=ends_in_one and len(found) == 1,
    )


def _tokens_of_run(run: re.Match[str], *, is_last: bool) -> Iterator[str]:
    """The tokens of a run of a query. A run of CJK characters may go on after the last one:
    its end stands alone in the index only where it does not."""
    text = run[0]
    if run.lastindex != _CJK_RUN:
        yield text
        return
    for first, second in pairwise(text):
        yield first + second
    if not is_last or len(text) == 1:
        yield text[-1]


def _is_one_char(run: re.Match[str]) -> bool:
    """Whether a run is a single CJK character."""
    if run.lastindex != _CJK_RUN:
        return False
    return len(run[0]) == 1
