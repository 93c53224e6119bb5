"""Texts of posts → what the index holds of them: their words, then compounds and words with
signs whole.

Many texts are cut as one, which takes half the time of cutting each: they are laid behind
each other, a NUL between them.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from archive.index.fold import HAN_AND_KANA, joined, neighbours_joined, normalise
from archive.index.segment import (
    BREAKS,
    CJK,
    MARK,
    NUL,
    RUN,
    SEPARATOR,
    SPACES,
)
from archive.index.whole_words import (
    joined_words,
    name_endings,
    signed_words,
)

if TYPE_CHECKING:
    from archive.index.fold_table import FoldTable

_AT_ONCE_CHARS: Final = 30_000
"""What is cut at once stays in the processor's cache."""
_MANY_CHARS: Final = 20_000
"""From so many on a table folds them."""
_BETWEEN: Final = f"\n{NUL}\n"
_SIGN: Final = "|"
"""Cuts words as a NUL does."""

_CHUNK = re.compile(f"([^{BREAKS}{SEPARATOR}{CJK}]+)")
_COMPOUND = re.compile(r"(?<![a-z\d])(?:[a-z]++\d|\d++[a-z])[a-z\d]*+")
_SIGNS = re.compile(
    r"[-.#\uff0d\uff0e\uff03\ufe63\ufe52+\uff0b,\uff0c]"
    r"(?:(?<=[^+\uff0b,\uff0c])|(?<=\+)\+|(?<=\uff0b)\uff0b|(?<=\d.)\d\d\d)"
)
"""What may belong to a word; most posts have none, and are spared a second folding. All its
choices begin with the same set, for which `re` searches fast."""
_PIECE = re.compile(f"[^{HAN_AND_KANA}{BREAKS}]++")
"""What stands between Han, kana and blanks: no word with signs reaches beyond, and most are
the same few."""
_KEPT_CHARS = 64
"""Longer ones are hardly twice the same."""
_NATIVE_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_BLANK = array("I", " ".encode(_NATIVE_UTF32))


def tokens(text: str) -> str:
    """The running words of a text, blank-separated, in their order."""
    spaced = joined(text, SPACES)
    pieces = _CHUNK.split(spaced)
    chunks = pieces[1::2]
    pieces[1::2] = [_chunk(chunk)[0] for chunk in chunks]
    return _paired(pieces)


def row_tokens(text: str) -> str:
    """What the index holds of a text: its words, then its compounds whole, so that a query
    nobody cut finds them."""
    (held,) = rows_tokens([text])
    return held


def rows_tokens(texts: Sequence[str]) -> list[str]:
    """The same of each text."""
    return _held(texts, _tokens_of)


def rows_runs(texts: Sequence[str]) -> list[str]:
    """The same with runs of CJK characters as they are: a phrase of tokens is in
    `rows_tokens` where its runs are here, for engines that find pieces of text."""
    return _held(texts, _runs_of)


def _tokens_of(texts: list[str]) -> list[str]:
    pieces, whole = _cut(texts)
    rows = _paired(pieces).split(NUL)
    for row, words in whole.items():
        rows[row] += f" {MARK} {' '.join(words)}"
    return rows


def _runs_of(texts: list[str]) -> list[str]:
    pieces, whole = _cut(texts)
    rows = [row.split() for row in " ".join(pieces).split(NUL)]
    for row, words in whole.items():
        rows[row] += (MARK, *words)
    return [" ".join(row) for row in rows]


def _held(texts: Sequence[str], held_of: Callable[[list[str]], list[str]]) -> list[str]:
    """What is held of each text; of empty ones, which most titles are, nothing is asked."""
    filled = [text for text in texts if text]
    held = chain.from_iterable(map(held_of, _portions(filled)))
    return [next(held) if text else "" for text in texts]


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts that are cut at once."""
    some: list[str] = []
    chars = 0
    for text in texts:
        size = len(text) + len(_BETWEEN)
        if some and chars + size > _AT_ONCE_CHARS:
            yield some
            some = []
            chars = 0
        some.append(text)
        chars += size
    if some:
        yield some


_Whole = dict[str, None]


def _cut(texts: list[str]) -> tuple[list[str], dict[int, _Whole]]:
    """Texts in pieces, the even ones CJK and blanks, the odd ones other words, or the NUL
    between two texts; and, by the place of a text, the words that are held whole."""
    spaced = _spaced(texts)
    pieces = _CHUNK.split(spaced)
    whole: dict[int, _Whole] = {}
    row = 0
    for at in range(1, len(pieces), 2):
        piece = pieces[at]
        if piece == NUL:
            row += 1
            continue
        words, compounds = _chunk(piece)
        pieces[at] = words
        if compounds:
            whole.setdefault(row, {}).update(compounds)
    for row, text in enumerate(texts):
        signed = _words_with_signs(text)
        if signed:
            whole.setdefault(row, {}).update(signed)
    return pieces, whole


def _spaced(texts: list[str]) -> str:
    """All texts folded, with a NUL between them and for no other reason."""
    text = _BETWEEN.join(texts)
    if text.count(NUL) >= len(texts):
        some = [text.replace(NUL, _SIGN) for text in texts]
        text = _BETWEEN.join(some)
    if len(texts) == 1 or len(text) < _MANY_CHARS:
        return joined(text, SPACES)
    folded = _table().folded(text)
    return neighbours_joined(folded)


@cache
def _table() -> FoldTable:
    from archive.index.fold_table import FoldTable

    return FoldTable(SPACES)


@lru_cache(maxsize=65_536)
def _chunk(chunk: str) -> tuple[str, _Whole]:
    """Letters, digits and symbols that stand together: their tokens, and the compounds of
    letters and digits."""
    runs = [run[0] for run in RUN.finditer(chunk)]
    compounds = dict.fromkeys(_COMPOUND.findall(chunk))
    return " ".join(runs), compounds


def _words_with_signs(text: str) -> _Whole:
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


def _paired(pieces: list[str]) -> str:
    """The text of all pieces, the even ones (CJK and blanks) turned into pairs.

    All runs at once, by laying two shifted copies of the text and a blank over each other
    with strides: four times as fast as joining pair by pair, and pairs are most of the
    work. A NUL holds the place of each odd item meanwhile.
    """
    text = f" {NUL} ".join(pieces[0::2])
    runs = text.split()
    first = " ".join(runs)
    if not first:
        return ""
    rests = [run[1:] for run in runs]
    second = "  ".join(rests)
    second += " "
    places = 3 * len(first)
    laid = _BLANK * places
    laid[0::3] = _codes(first)
    laid[1::3] = _codes(second)
    encoded = laid.tobytes()
    paired = encoded.decode(_NATIVE_UTF32)
    pieces[0::2] = paired.split(NUL)
    return "".join(pieces)


def _codes(text: str) -> array[int]:
    """The code points of a text."""
    encoded = text.encode(_NATIVE_UTF32)
    return array("I", encoded)
