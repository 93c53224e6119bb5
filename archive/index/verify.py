"""Do the search index and the rows say the same? FTS5 cannot tell: a stale term is no damage to it.

Compared are the numbers of the rows, then for a sample (or all) of them how many words each
column has and that these words are there; `full` compares every word and its place, which
takes minutes for a million posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.index import segment
from archive.index.writer import INDEXES, Index, Tokens, index_version, pending

SAMPLED_ROWS = 500
_SHOWN = 10
_MASK = (1 << 64) - 1


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
        return f"{len(self.rows):,} {self.what}: {some}{' …' if len(self.rows) > _SHOWN else ''}"


def check(conn: sqlite3.Connection, *, full: bool = False) -> Report:
    """Compare; rows that wait to be indexed are no problem, but are counted out."""
    problems: list[str] = []
    version = index_version(conn)
    if version not in (None, segment.VERSION):
        problems.append(
            f"the index was made by version {version} of the rules for words, this is {segment.VERSION}"
        )
    rows = compared = 0
    for index in INDEXES:
        known = {row[0] for row in conn.execute(f"SELECT id FROM {index.name}_docsize")}
        waiting = {row[0] for row in conn.execute(f"SELECT id FROM {index.name}_dirty")}
        rows += len(known | waiting)
        findings, count = _compare(conn, index, known, waiting, full)
        compared += count
        problems += [finding.sentence() for finding in findings if finding.rows]
    if waits := pending(conn):
        problems.append(
            f"{waits:,} posts were changed by another program and wait to be indexed: run a search"
        )
    return Report(rows, compared, tuple(problems))


def _compare(
    conn: sqlite3.Connection,
    index: Index,
    known: set[int],
    waiting: set[int],
    full: bool,
) -> tuple[list[_Finding], int]:
    missing = _Finding(f"rows are not in {index.name}")
    extra = _Finding(f"rows of {index.name} have no row")
    wrong = _Finding(f"rows have other words in {index.name}")
    sums = dict(_sums(conn, index)) if full else {}
    step = 1 if full else max(1, len(known) // SAMPLED_ROWS)
    seen, compared = set(), 0
    for number, (row, *values) in enumerate(conn.execute(index.rows)):
        seen.add(row)
        if row in waiting:
            continue
        if row not in known:
            missing.rows.append(row)
        elif number % step == 0:
            compared += 1
            tokens = index.tokens(*values)
            is_same = (
                sums.get(row, 0) == _sum(index, tokens)
                if full
                else _holds(conn, index, row, tokens)
            )
            if not is_same:
                wrong.rows.append(row)
    extra.rows = sorted(known - seen - waiting)
    return [missing, extra, wrong], compared


def _holds(conn: sqlite3.Connection, index: Index, row: int, tokens: Tokens) -> bool:
    """Whether the index has as many words for a row as it should, and these."""
    size = conn.execute(
        f"SELECT sz FROM {index.name}_docsize WHERE id = ?", (row,)
    ).fetchone()[0]
    words = [column.split() for column in tokens]
    if list(_varints(size)) != [len(column) for column in words]:
        return False
    some = sorted({word for column in words for word in column})[:100]
    match = " AND ".join(f'"{word}"' for word in some)
    sql = f"SELECT 1 FROM {index.name} WHERE {index.name} MATCH ? AND rowid = ?"
    return not some or conn.execute(sql, (match, row)).fetchone() is not None


def _sums(conn: sqlite3.Connection, index: Index) -> Iterator[tuple[int, int]]:
    """For each row of the index: a sum over all its words and their places."""
    vocabulary = f"fts5vocab(main, {index.name}, instance)"
    conn.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index.name}_all USING {vocabulary}"
    )
    sums: dict[int, int] = {}
    for term, row, column, place in conn.execute(
        f"SELECT term, doc, col, offset FROM temp.{index.name}_all"
    ):
        sums[row] = sums.get(row, 0) + _mixed(term, column, place) & _MASK
    yield from sums.items()


def _sum(index: Index, tokens: Tokens) -> int:
    total = 0
    for column, text in zip(index.columns, tokens, strict=True):
        for place, term in enumerate(text.split()):
            total = total + _mixed(term, column, place) & _MASK
    return total


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
