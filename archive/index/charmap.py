"""The folding of archive/index/segment.py as two small tables, so that a stock SQLite can
read a query as we do."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from archive.index.fold import HAN_AND_KANA, fold, normalise, variants
from archive.index.segment import CJK_RUN, RUN

_FOLDING = (
    range(0x80, 0x3400),
    range(0xA000, 0xAC00),
    range(0xF900, 0x20000),
    range(0x2F800, 0x2FA20),
    range(0xE0000, 0xE01F0),
)
"""Where characters fold by the rules of Unicode; ideographs fold by `variants` only, and
nothing lies behind."""
_KANA = (range(0x3041, 0x3100), range(0xFF66, 0xFF9E))
_MARKS = "\u3099\u309a\uff9e\uff9f"
_UNASSIGNED = "Cn"
_SELDOM_FOLDED = frozenset({"Lo", "So", "Po"})
"""Categories of which only composed characters fold."""
KEEPS_BREAKS = 5
"""Kind of the scripts without blanks in which a break is one: to `RUN` they are of kind 1."""
_JOINED = re.compile(f"([{HAN_AND_KANA}]+)|[^{HAN_AND_KANA}]+")
_IDEOGRAPHS = ((0x20000, 1), (0x40000, 0))
"""From here on every code point is an ideograph, up to where nothing is a word any more."""


def fill_charmap(conn: sqlite3.Connection) -> None:
    """Write `posts_fts_charmap` and `posts_fts_kinds` anew."""
    conn.execute("DELETE FROM posts_fts_charmap")
    conn.execute("DELETE FROM posts_fts_kinds")
    conn.executemany("INSERT INTO posts_fts_charmap VALUES (?, ?)", folds())
    conn.executemany("INSERT INTO posts_fts_kinds VALUES (?, ?)", kinds())


@cache
def folds() -> tuple[tuple[str, str], ...]:
    """Each character beyond ASCII that folds to something else, and what, and each kana with
    its mark; SQLite's lower() does A–Z."""
    found: list[tuple[str, str]] = []
    for char in dict.fromkeys(_candidates()):
        folded = fold(char)
        if folded != char:
            found.append((char, folded))
    found += _voiced_kana()
    return tuple(found)


@cache
def kinds() -> tuple[tuple[int, int], ...]:
    """(first code point, kind) of each range of characters of one kind, as `RUN` numbers
    them, and `KEEPS_BREAKS`; 0 is no word."""
    first_ideograph, _ = _IDEOGRAPHS[0]
    before_them = "".join(map(chr, range(first_ideograph)))
    return (*_changes(_runs(before_them)), *_IDEOGRAPHS)


def _voiced_kana() -> Iterator[tuple[str, str]]:
    """Each kana with a mark of its own behind it, and the one character that both are."""
    for base in map(chr, chain.from_iterable(_KANA)):
        for mark in _MARKS:
            folded = normalise(base + mark)
            if len(folded) == 1:
                yield base + mark, folded


def _candidates() -> Iterator[str]:
    """Characters that may fold to something else."""
    yield from variants()
    for char in map(chr, chain.from_iterable(_FOLDING)):
        category = unicodedata.category(char)
        if category == _UNASSIGNED:
            continue
        is_often_folded = category not in _SELDOM_FOLDED
        if is_often_folded or not unicodedata.is_normalized("NFKD", char):
            yield char


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """(start, kind) of each run of a text, and of what lies between runs."""
    end = 0
    for run in RUN.finditer(text):
        start = run.start()
        if start > end:
            yield end, 0
        if run.lastindex == CJK_RUN:
            yield from _cjk_parts(run)
        else:
            yield start, run.lastindex or 0
        end = run.end()
    if end < len(text):
        yield end, 0


def _cjk_parts(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """(start, kind) of the parts of a run in which a break counts and does not."""
    for part in _JOINED.finditer(run[0]):
        is_joined = part.lastindex is not None
        yield run.start() + part.start(), CJK_RUN if is_joined else KEEPS_BREAKS


def _changes(codes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those of the code points, in order, where another kind begins."""
    before = -1
    for code, kind in codes:
        if kind != before:
            yield code, kind
            before = kind
