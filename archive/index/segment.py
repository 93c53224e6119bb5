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
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from archive.index.fold import HAN_AND_KANA, Folds, fold, joined, normalise
from archive.index.whole_words import signed_words

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

BREAKS = " \n"
SEPARATOR = "\x1f"
"""Stands for signs between words; white space to `str.split`, as the breaks are."""
NUL = "\0"
"""Stands between texts that are folded together."""


class _Spaces(Folds):
    """The same with a separator for characters that belong to no run and are no break."""

    def folded(self, char: str) -> str:
        if char == NUL:
            return char
        spaced = ""
        for part in fold(char):
            if part in BREAKS or RUN.match(part) is not None:
                spaced += part
            elif not spaced.endswith(SEPARATOR):
                spaced += SEPARATOR
        return spaced


SPACES = _Spaces()


def month_token(posted_at: str | None) -> str:
    """The month of a time as the index has it: `2024-05-17T…` → `¦202405`; for no time `¦`."""
    if not posted_at:
        return MARK
    month = posted_at[:7]
    digits = month.replace("-", "")
    return MARK + digits


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
    spaced = joined(literal, SPACES)
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
