"""Words of a query as conditions: what the text index is asked for, and what must be seen in
the runs of the posts that it finds.

The index holds words of letters and digits, single CJK characters and pairs of them. From
three characters on, and for words in a row, posts with all pieces are read: the pieces may
stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from archive.clickhouse import literals
from archive.clickhouse.columns import TITLE
from archive.clickhouse.conditions import Condition, all_of, having, one_of
from archive.index.segment import CJK_RUN, RUN, Phrase
from archive.search.filter_keys import Scope
from archive.search.tree import Words

_TEXT_RUNS: Final = f"substring(runs, 1, position(runs, '{TITLE}') - 1)"
_RUNS: Final[dict[Scope, str]] = {
    "any": "runs",
    "text": _TEXT_RUNS,
    "title": "title_runs",
    "quotes": "quote_runs",
}


_WHOLE: Final[tuple[Scope, ...]] = ("any", "quotes")
"""Places of which the index holds all words, and no others."""


class Beginnings(Protocol):
    """What knows the words of posts that begin so."""

    def words_beginning(self, beginning: str) -> tuple[str, ...] | None:
        """These words; None where they are too many."""


@dataclass(frozen=True, slots=True)
class AskedWords:
    """Words as a condition; `candidates` is the part of it that the text index answers."""

    condition: Condition
    candidates: Condition


def words_sql(words: Words, known: Beginnings) -> AskedWords:
    """Words, in any of their writings, as a condition."""
    writings = [_writing(words, phrase, known) for phrase in words.phrases]
    return AskedWords(
        condition=one_of([each.condition for each in writings]),
        candidates=one_of([each.candidates for each in writings]),
    )


def _writing(words: Words, phrase: Phrase, known: Beginnings) -> AskedWords:
    """One way in which words are written."""
    grams = "quote_grams" if words.scope == "quotes" else "grams"
    is_symbol_word = bool(phrase.symbol_words) and len(phrase.tokens) == 1
    tokens = list(phrase.symbol_words)
    needles = [f" {each} " for each in phrase.symbol_words]
    beginning = ""
    if phrase.runs and not is_symbol_word:
        tokens += _tokens(phrase)
        needles.append(phrase.needle)
        beginning = _beginning(phrase)

    parts = [having(grams, token) for token in tokens]
    begun: tuple[str, ...] | None = ()
    if beginning:
        begun = known.words_beginning(beginning)
        if begun is not None:
            parts.append(_has_any(grams, begun))
    candidates = all_of(parts)
    is_one = is_symbol_word or _is_one_token(phrase)
    is_told = is_one and begun is not None
    if is_told and words.scope in _WHOLE:
        return AskedWords(candidates, candidates)
    runs = _RUNS[words.scope]
    read = [_stands_in(runs, needle) for needle in needles]
    return AskedWords(all_of([*parts, *read]), candidates)


def _stands_in(runs: str, needle: str) -> Condition:
    return Condition(f"position({runs}, {literals.text(needle)}) > 0")


def _has_any(grams: str, tokens: Sequence[str]) -> Condition:
    return one_of([having(grams, token) for token in tokens])


def marked(marks: Sequence[str]) -> Condition:
    """Posts with one of the marks that the index holds behind signs: `@author`, `?image`."""
    return _has_any("grams", marks)


def _tokens(phrase: Phrase) -> Iterator[str]:
    """The tokens of a phrase, its last word left out where it is the beginning of one."""
    runs = phrase.runs
    if _beginning(phrase):
        runs = runs[:-1]
    for run in runs:
        is_cjk = _is_cjk(run)
        if not is_cjk or len(run) == 1:
            yield run
            continue
        for first, second in pairwise(run):
            yield first + second


def _is_one_token(phrase: Phrase) -> bool:
    if len(phrase.runs) != 1 or phrase.symbol_words:
        return False
    (run,) = phrase.runs
    return len(run) < 3 if _is_cjk(run) else True


def _beginning(phrase: Phrase) -> str:
    """The last word where it may go on, of letters or digits: `iph*`; else empty."""
    if not phrase.runs or not phrase.is_prefix:
        return ""
    last = phrase.runs[-1]
    return "" if _is_cjk(last) else last


def _is_cjk(run: str) -> bool:
    found = RUN.match(run)
    return found is not None and found.lastindex == CJK_RUN
