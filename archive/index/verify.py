"""Do the search index and the rows say the same? FTS5 cannot tell: a stale term is no damage to it.

Compared are the numbers of the rows, then for a sample (or all) of them how many words each
column has and that these words are there; `full` compares every word and its place, which
takes minutes for a million posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from archive.index import segment
from archive.index.fts5_records import read_varints
from archive.index.half_made import is_half_made
from archive.index.writer import INDEXES, Index, Tokens, index_version, pending

SAMPLED_ROWS: Final = 500
_SHOWN: Final = 10
_WORDS_ASKED: Final = 100
_MASK: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared, and what is wrong: one sentence each, with the numbers of some rows."""

    rows: int
    compared: int
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Finding:
    """A kind of trouble and the rows that have it."""

    what: str
    rows: list[int] = field(default_factory=list)

    def sentence(self) -> str:
        some = ", ".join(map(str, self.rows[:_SHOWN]))
        more = " …" if len(self.rows) > _SHOWN else ""
        return f"{len(self.rows):,} {self.what}: {some}{more}"


def check(conn: sqlite3.Connection, *, full: bool = False) -> Report:
    """Compare; rows that wait to be indexed are no problem, but are counted out."""
    problems: list[str] = []
    version = index_version(conn)
    if version not in (None, segment.VERSION):
        problems.append(
            f"the index was made by version {version} of the rules for words, "
            f"this is {segment.VERSION}"
        )
    rows = 0
    compared = 0
    for index in INDEXES:
        comparison = _Comparison(conn, index, full)
        problems += comparison.problems()
        rows += comparison.rows
        compared += comparison.compared
    waiting = pending(conn)
    if waiting:
        problems.append(
            f"{waiting:,} posts were changed by another program and wait to be indexed: "
            "run a search"
        )
    if is_half_made(conn):
        problems.append(
            "a reindex is under way, or was broken off and left its half in the file"
        )
    return Report(rows, compared, tuple(problems))


class _Comparison:
    """One index beside its rows. `rows` and `compared` count them."""

    def __init__(self, conn: sqlite3.Connection, index: Index, full: bool) -> None:
        self._conn = conn
        self._index = index
        self._indexed = self._numbers("docsize")
        self._waiting = self._numbers("dirty")
        self._step = max(1, len(self._indexed) // SAMPLED_ROWS)
        self._sums: Mapping[int, int] | None = None
        if full:
            self._step = 1
            self._sums = _sums(conn, index)
        self.rows = len(self._indexed | self._waiting)
        self.compared = 0

    def problems(self) -> list[str]:
        """What is wrong, a sentence for each kind."""
        name = self._index.name
        missing = _Finding(f"rows are not in {name}")
        extra = _Finding(f"rows of {name} have no row")
        wrong = _Finding(f"rows have other words in {name}")
        left = self._indexed - self._waiting
        rows = self._conn.execute(self._index.rows)
        for position, (row, *values) in enumerate(rows):
            left.discard(row)
            if row in self._waiting:
                continue
            if row not in self._indexed:
                missing.rows.append(row)
                continue
            is_compared = position % self._step == 0
            if is_compared and not self._is_right(row, values):
                wrong.rows.append(row)
        extra.rows = sorted(left)
        found = (missing, extra, wrong)
        return [finding.sentence() for finding in found if finding.rows]

    def _numbers(self, table: str) -> set[int]:
        sql = f"SELECT id FROM {self._index.name}_{table}"
        rows = self._conn.execute(sql)
        return {row[0] for row in rows}

    def _is_right(self, row: int, values: list[Any]) -> bool:
        """Whether the index holds the words of a row; by the sums of all, if there are."""
        self.compared += 1
        tokens = self._index.tokens_of_row(values)
        if self._sums is None:
            return self._holds(row, tokens)
        expected = _sum(self._index, tokens)
        return self._sums.get(row, 0) == expected

    def _holds(self, row: int, tokens: Tokens) -> bool:
        """Whether the index has as many words for a row as it should, and these."""
        words = [column.split() for column in tokens]
        if self._sizes(row) != [len(column) for column in words]:
            return False

        different: set[str] = set()
        for column in words:
            different.update(column)
        asked = sorted(different)[:_WORDS_ASKED]
        if not asked:
            return True
        name = self._index.name
        match = " AND ".join(f'"{word}"' for word in asked)
        sql = f"SELECT 1 FROM {name} WHERE {name} MATCH ? AND rowid = ?"
        found = self._conn.execute(sql, (match, row)).fetchone()
        return found is not None

    def _sizes(self, row: int) -> list[int]:
        """How many words each column of a row has in the index."""
        sql = f"SELECT sz FROM {self._index.name}_docsize WHERE id = ?"
        (blob,) = self._conn.execute(sql, (row,)).fetchone()
        return list(read_varints(blob))


def _sums(conn: sqlite3.Connection, index: Index) -> dict[int, int]:
    """For each row of the index: a sum over all its words and their places."""
    conn.execute(
        f"""CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index.name}_all
        USING fts5vocab(main, {index.name}, instance)"""
    )
    sums: dict[int, int] = {}
    sql = f"SELECT term, doc, col, offset FROM temp.{index.name}_all"
    for term, row, column, place in conn.execute(sql):
        total = sums.get(row, 0) + _mixed(term, column, place)
        sums[row] = total & _MASK
    return sums


def _sum(index: Index, tokens: Tokens) -> int:
    """The same sum of the tokens that a row should have."""
    total = 0
    for column, text in zip(index.columns, tokens, strict=True):
        for place, term in enumerate(text.split()):
            total += _mixed(term, column, place)
    return total & _MASK


def _mixed(term: str, column: str, place: int) -> int:
    """A hash of text: those of tuples add up to the same when two words change places."""
    return hash(f"{place} {column} {term}")
