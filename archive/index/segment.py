"""Chinese text → tokens: fold what a reader takes for the same, then overlapping pairs of
characters.

Why pairs: Chinese has no blanks, a dictionary of words misses a word in seven, and single
characters make common words slow. A run of CJK characters 淘宝开店 becomes `淘宝 宝开 开店
店`, its last character alone once more, so that single characters and the ends of runs are
found by prefix. Letters and digits are tokens of their own (`rtx4090` → `rtx 4090`), an
emoji is one. What a run is, is decided here alone, for posts and for queries.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from archive.index.fold import HAN_AND_KANA, Folds, fold, joined, normalise
from archive.index.whole_words import (
    joined_words,
    name_endings,
    signed_words,
)

VERSION = 2
"""Raised whenever the same text gives other tokens: an archive with another number in its
index is reindexed."""

CJK = (
    f"\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff{HAN_AND_KANA}"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eff\u1000-\u1049\u1050-\u109f"
    "\u1780-\u17d3\u17d7\u17dc-\u17dd"
)
"""Scripts written without blanks, as the inside of a regular expression's brackets: Han,
kana, bopomofo, Hangul, Thai, Lao, Burmese, Khmer."""

SYMBOLS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff"
)
"""Characters that are a word each: emoji, arrows, signs."""

RUN = re.compile(f"([{CJK}]+)|([^\\W\\d_{CJK}{SYMBOLS}]+)|(\\d+)|([{SYMBOLS}])")
"""A run of folded text: 1 CJK, 2 letters of any other script, 3 digits, 4 one symbol."""

NO_RUN = f"(?:[^\\w{SYMBOLS}]|_)"
"""A character of folded text that belongs to no run, as a regular expression."""

CJK_RUN = 1
"""The number of a run of CJK characters in `RUN`."""

MARK = "¦"
"""Begins what is in the index but not a running word. In no text: it is neither letter,
digit nor symbol, and to FTS5's `ascii` tokenizer it is a letter, so that no phrase reaches
across."""

_BREAKS = " \n"
_SEPARATOR = "\x1f"
"""Stands for a sign between words; white space to `str.split`, as the breaks are."""
_CHUNK = re.compile(f"([^{_BREAKS}{_SEPARATOR}{CJK}]+)")
_COMPOUND = re.compile(r"(?<![a-z\d])(?:[a-z]++\d|\d++[a-z])[a-z\d]*+")
_SIGNS = re.compile(
    r"[-.#\uff0d\uff0e\uff03\ufe63\ufe52]|\+\+|\uff0b\uff0b|\d[,\uff0c]\d\d\d"
)
"""What may belong to a word; most posts have none, and are spared a second folding."""
_PIECE = re.compile(f"[^{HAN_AND_KANA}{_BREAKS}]++")
"""What stands between Han, kana and blanks: no word with signs reaches beyond, and most are
the same few."""
_KEPT_CHARS = 64
"""Longer ones are hardly twice the same."""
_NATIVE_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_BLANK = array("I", " ".encode(_NATIVE_UTF32))


class _Spaces(Folds):
    """The same with a separator for each character that belongs to no run and is no break."""

    def folded(self, char: str) -> str:
        spaced = ""
        for part in fold(char):
            is_kept = part in _BREAKS or RUN.match(part) is not None
            spaced += part if is_kept else _SEPARATOR
        return spaced


_SPACES = _Spaces()


def tokens(text: str) -> str:
    """The running words of a text, blank-separated, in their order."""
    spaced = joined(text, _SPACES)
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
    pieces, whole = _cut(text)
    _pair_up(pieces)
    if whole:
        pieces.append(f" {MARK} {' '.join(whole)}")
    return "".join(pieces)


def row_runs(text: str) -> str:
    """The same with runs of CJK characters as they are: a phrase of tokens is in
    `row_tokens` where its runs are here, for engines that find pieces of text."""
    if not text:
        return ""
    pieces, whole = _cut(text)
    runs = " ".join(pieces).split()
    if whole:
        runs += (MARK, *whole)
    return " ".join(runs)


def _cut(text: str) -> tuple[list[str], dict[str, None]]:
    """A text in pieces, the even ones CJK and blanks, the odd ones other words; and the
    words that are held whole."""
    spaced = joined(text, _SPACES)
    pieces = _CHUNK.split(spaced)
    whole: dict[str, None] = {}
    for at in range(1, len(pieces), 2):
        words, compounds = _chunk(pieces[at])
        pieces[at] = words
        whole.update(compounds)
    whole.update(_words_with_signs(text))
    return pieces, whole


def _words_with_signs(text: str) -> dict[str, None]:
    """What the index holds whole of words with signs in them."""
    if not _SIGNS.search(text):
        return {}
    signed: list[str] = []
    endings: list[str] = []
    without_signs: list[str] = []
    for piece in _PIECE.findall(text):
        words = _signed(piece) if len(piece) <= _KEPT_CHARS else _read_signed(piece)
        signed += words[0]
        endings += words[1]
        without_signs += words[2]
    return dict.fromkeys((*signed, *endings, *without_signs))


_Words = tuple[str, ...]


def _read_signed(piece: str) -> tuple[_Words, _Words, _Words]:
    """Words with signs, ends of names, and words whose signs may be left out."""
    folded = normalise(piece)
    return (
        tuple(signed_words(folded)),
        tuple(name_endings(folded)),
        tuple(each.word for each in joined_words(folded)),
    )


_signed = lru_cache(maxsize=16_384)(_read_signed)


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
    """A literal of a query as tokens that must follow each other. `runs` are the runs that
    they come of.

    `is_prefix`: the last one stands for every token that begins with it. `symbol_words`:
    tokens which the row must hold besides. `single_char`: the literal is one CJK character,
    which FTS5 can only find by looking at all pairs it begins.
    """

    tokens: tuple[str, ...]
    is_prefix: bool = False
    symbol_words: tuple[str, ...] = ()
    single_char: bool = False
    runs: tuple[str, ...] = ()

    @property
    def needle(self) -> str:
        """What stands in ` {row_runs} ` of each post with the phrase: a CJK run may begin
        before and go on behind it, words of letters and digits are whole."""
        if not self.runs:
            return ""
        first, last = self.runs[0], self.runs[-1]
        before = "" if _is_cjk(first) else " "
        is_open = self.is_prefix or _is_cjk(last)
        behind = "" if is_open else " "
        return f"{before}{' '.join(self.runs)}{behind}"

    def __bool__(self) -> bool:
        if self.tokens:
            return True
        return bool(self.symbol_words)


@lru_cache(maxsize=1024)
def phrase(literal: str, *, is_prefix: bool = False) -> Phrase:
    """What a user's words are in the index: substring for CJK, whole tokens for letters and digits.

    Falsy where the words hold nothing that the index knows (punctuation only).
    """
    spaced = joined(literal, _SPACES)
    runs = list(RUN.finditer(spaced))
    if not runs:
        return Phrase((), is_prefix=is_prefix)
    *earlier, last = runs
    found: list[str] = []
    for run in earlier:
        found += _tokens_of_run(run, is_last=False)
    found += _tokens_of_run(last, is_last=True)
    ends_in_one = _is_one_char(last)
    folded = normalise(literal)
    signed = signed_words(folded)
    return Phrase(
        tokens=tuple(found),
        is_prefix=is_prefix or ends_in_one,
        symbol_words=tuple(signed),
        single_char=ends_in_one and len(found) == 1,
        runs=tuple(run[0] for run in runs),
    )


def _tokens_of_run(run: re.Match[str], *, is_last: bool) -> Iterator[str]:
    """The tokens of a run of a query. A run of CJK characters may go on after the last one:
    its end stands alone in the index only where it does not."""
    text = run[0]
    if run.lastindex != CJK_RUN:
        yield text
        return
    for first, second in pairwise(text):
        yield first + second
    if not is_last or len(text) == 1:
        yield text[-1]


def _is_one_char(run: re.Match[str]) -> bool:
    """Whether a run is a single CJK character."""
    if run.lastindex != CJK_RUN:
        return False
    return len(run[0]) == 1


def _is_cjk(run: str) -> bool:
    found = RUN.match(run)
    return found is not None and found.lastindex == CJK_RUN
