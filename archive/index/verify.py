"""Do the search index and the rows say the same? FTS5 cannot tell: a stale term is no damage to it.

Compared are the numbers of the rows, then for a sample (or all) of them how many words each
column has and that these words are there; `full` compares every word and its place, which
takes minutes for a million posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from archive.index import segment
from archive.index.rebuild import is_half_made
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
        self._full = full
        self._indexed = self._numbers("docsize")
        self._waiting = self._numbers("dirty")
        self.rows = len(self._indexed | self._waiting)
        self.compared = 0

    def problems(self) -> list[str]:
        """What is wrong, a sentence for each kind."""
        name = self._index.name
        missing = _Finding(f"rows are not in {name}")
        extra = _Finding(f"rows of {name} have no row")
        wrong = _Finding(f"rows have other words in {name}")
        sums = dict(_sums(self._conn, self._index)) if self._full else None
        step = 1 if self._full else max(1, len(self._indexed) // SAMPLED_ROWS)
        left = self._indexed - self._waiting
        rows = self._conn.execute(self._index.rows)
        for position, (row, *values) in enumerate(rows):
            left.discard(row)
            if row in self._waiting:
                continue
            if row not in self._indexed:
                missing.rows.append(row)
            elif position % step == 0:
                self.compared += 1
                if not self._is_right(row, self._index.tokens(*values), sums):
                    wrong.rows.append(row)
        extra.rows = sorted(left)
        return [each.sentence() for each in (missing, extra, wrong) if each.rows]

    def _numbers(self, table: str) -> set[int]:
        sql = f"SELECT id FROM {self._index.name}_{table}"
        return {row[0] for row in self._conn.execute(sql)}

    def _is_right(
        self, row: int, tokens: Tokens, sums: Mapping[int, int] | None
    ) -> bool:
        """Whether the index holds these tokens of a row; by the sums of all, if there are."""
        if sums is None:
            return self._holds(row, tokens)
        return sums.get(row, 0) == _sum(self._index, tokens)

    def _holds(self, row: int, tokens: Tokens) -> bool:
        """Whether the index has as many words for a row as it should, and these."""
        name = self._index.name
        sql = f"SELECT sz FROM {name}_docsize WHERE id = ?"
        sizes = self._conn.execute(sql, (row,)).fetchone()[0]
        words = [column.split() for column in tokens]
        if list(_varints(sizes)) != [len(column) for column in words]:
            return False

        different: set[str] = set()
        for column in words:
            different.update(column)
        asked = sorted(different)[:_WORDS_ASKED]
        if not asked:
            return True
        match = " AND ".join(f'"{word}"' for word in asked)
        sql = f"SELECT 1 FROM {name} WHERE {name} MATCH ? AND rowid = ?"
        return self._conn.execute(sql, (match, row)).fetchone() is not None


def _sums(conn: sqlite3.Connection, index: Index) -> Iterator[tuple[int, int]]:
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
    yield from sums.items()


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


def _varints(blob: bytes) -> Iterator[int]:
    """SQLite's variable-length numbers: seven bits a byte, the highest first."""
    value = 0
    for byte in blob:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0
