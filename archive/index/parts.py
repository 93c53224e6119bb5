"""A part of an index, made apart from its archive: rows in, records of FTS5's out. Parts can
be made side by side, in processes of their own, while the archive is open to everybody; to
put one where it belongs is to copy its records.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from archive.index import fts5_records as records
from archive.index.writer import Change, Index

_HASH_BYTES: Final = 64 << 20
"""What FTS5 gathers before it writes: a part should be one segment from the beginning."""


@dataclass(frozen=True, slots=True)
class PartTask:
    """Rows of an index, to be made into a part as its table's statement says."""

    index: Index
    statement: str
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """The records of a segment: leaves by their id, the first words of leaves, sizes by row;
    None for a part without a word. `averages`: the number of rows, then of words by column."""

    segment: records.Segment | None
    leaves: list[tuple[int, bytes]]
    first_words: list[tuple[bytes, int]]
    sizes: list[tuple[int, bytes]]
    averages: list[int]


def make_part(task: PartTask) -> Part:
    """Index some rows."""
    index = task.index
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.execute(task.statement)
        index.set(conn, "hashsize", _HASH_BYTES)
        conn.execute("BEGIN")
        index.write(conn, changes_of(index, task.rows))
        conn.execute("COMMIT")
        index.command(conn, "optimize")
        return _read_part(conn, index)


def changes_of(index: Index, rows: list[tuple[Any, ...]]) -> list[Change]:
    """What is to be written of rows that are in no index."""
    if not rows:
        return []
    numbers, *columns = zip(*rows, strict=True)
    held = index.tokens(*columns)
    return [
        (number, None, tokens) for number, tokens in zip(numbers, held, strict=True)
    ]


def can_take_parts(conn: sqlite3.Connection, index: Index) -> bool:
    """Whether an index is of the form that is known here; a later SQLite may have another."""
    return _structure(conn, index) is not None


def take_part(conn: sqlite3.Connection, index: Index, part: Part) -> None:
    """Put a part into an index, beside what it holds. Part of a transaction. The index must
    hold none of its rows, and be such that `can_take_parts`."""
    if not part.sizes:
        return
    _forget_cached(conn, index)
    segment = _take_segment(conn, index, part)
    if segment is not None:
        _copy_leaves(conn, index, part, segment)
    sizes = f"INSERT INTO {index.name}_docsize(id, sz) VALUES (?, ?)"
    conn.executemany(sizes, part.sizes)
    _add_averages(conn, index, part.averages)


def _read_part(conn: sqlite3.Connection, index: Index) -> Part:
    structure = _structure(conn, index)
    assert structure, "the form was known when the table was made"
    averages = _record(conn, index, records.AVERAGES_ID)
    sizes = conn.execute(f"SELECT id, sz FROM {index.name}_docsize ORDER BY id")
    segment = next(iter(structure.segments), None)
    number = segment.number if segment else 0
    leaves = conn.execute(
        f"SELECT id, block FROM {index.name}_data WHERE id BETWEEN ? AND ? ORDER BY id",
        records.leaves_of(number),
    )
    first_words = conn.execute(
        f"SELECT term, pgno FROM {index.name}_idx WHERE segid = ? ORDER BY term",
        (number,),
    )
    return Part(
        segment=segment,
        leaves=leaves.fetchall() if segment else [],
        first_words=first_words.fetchall(),
        sizes=sizes.fetchall(),
        averages=records.read_averages(averages),
    )


def _take_segment(
    conn: sqlite3.Connection, index: Index, part: Part
) -> records.Segment | None:
    """Note the part's segment in the index's structure; returns it with its number there."""
    if part.segment is None:
        return None
    structure = _structure(conn, index)
    assert structure, "the caller has asked whether it can be read"
    structure, segment = structure.with_segment(part.segment)
    _write_record(
        conn,
        index,
        records.STRUCTURE_ID,
        records.write_structure(structure),
    )
    return segment


def _copy_leaves(
    conn: sqlite3.Connection, index: Index, part: Part, segment: records.Segment
) -> None:
    assert part.segment
    first, _ = records.leaves_of(segment.number)
    own_first, _ = records.leaves_of(part.segment.number)
    shift = first - own_first
    leaves = f"INSERT INTO {index.name}_data(id, block) VALUES (? + {shift}, ?)"
    conn.executemany(leaves, part.leaves)
    words = f"INSERT INTO {index.name}_idx(segid, term, pgno) VALUES ({segment.number}, ?, ?)"
    conn.executemany(words, part.first_words)


def _add_averages(conn: sqlite3.Connection, index: Index, added: list[int]) -> None:
    record = _record(conn, index, records.AVERAGES_ID)
    there = records.read_averages(record) or [0] * len(added)
    sums = map(sum, zip(there, added, strict=True))
    _write_record(
        conn,
        index,
        records.AVERAGES_ID,
        records.write_averages(sums),
    )


def _forget_cached(conn: sqlite3.Connection, index: Index) -> None:
    """Make FTS5 forget what it knows of the index: it reads its records again where another
    connection has written, and where something is rolled back."""
    conn.execute("SAVEPOINT forget")
    index.set(conn, "automerge", 0)
    conn.execute("ROLLBACK TO forget")
    conn.execute("RELEASE forget")


def _structure(conn: sqlite3.Connection, index: Index) -> records.Structure | None:
    record = _record(conn, index, records.STRUCTURE_ID)
    return records.read_structure(record)


def _record(conn: sqlite3.Connection, index: Index, number: int) -> bytes:
    sql = f"SELECT block FROM {index.name}_data WHERE id = ?"
    row = conn.execute(sql, (number,)).fetchone()
    return bytes(row[0])


def _write_record(
    conn: sqlite3.Connection, index: Index, number: int, record: bytes
) -> None:
    sql = f"UPDATE {index.name}_data SET block = ? WHERE id = ?"
    conn.execute(sql, (record, number))
