"""Parts of an index, made apart and put side by side, are what is written in one go."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.index import fts5_records as records
from archive.index.parts import (
    PartTask,
    can_take_parts,
    changes_of,
    make_part,
    take_part,
)
from archive.index.writer import POSTS

TABLE = """CREATE VIRTUAL TABLE posts_fts USING fts5(
    body, title, month, content='', tokenize='ascii', detail=full)"""

Row = tuple[int, str, str, str]
texts = st.text(st.sampled_from("淘宝开店手机 \na1.😀"), max_size=12)
rows_by_part = st.lists(
    st.lists(st.tuples(texts, texts), max_size=6), min_size=1, max_size=6
)


def empty_index() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute(TABLE)
    conn.execute("CREATE VIRTUAL TABLE words USING fts5vocab(posts_fts, 'instance')")
    return conn


def numbered(parts: list[list[tuple[str, str]]]) -> list[list[Row]]:
    number = 0
    all_rows = []
    for part in parts:
        rows: list[Row] = []
        for text, subject in part:
            number += 3
            rows.append((number, text, subject, "2024-05-17T00:00:00+00:00"))
        all_rows.append(rows)
    return all_rows


def write(conn: sqlite3.Connection, rows: list[Any]) -> None:
    conn.execute("BEGIN")
    POSTS.write(conn, changes_of(POSTS, rows))
    conn.execute("COMMIT")


def take(conn: sqlite3.Connection, rows: list[Any]) -> None:
    part = make_part(PartTask(POSTS, TABLE, rows))
    conn.execute("BEGIN")
    take_part(conn, POSTS, part)
    conn.execute("COMMIT")


def content(conn: sqlite3.Connection) -> tuple[list[Any], ...]:
    """All that an index says: each word's places, sizes by row, averages."""
    POSTS.command(conn, "integrity-check")
    return (
        conn.execute("SELECT * FROM words ORDER BY term, doc, col, offset").fetchall(),
        conn.execute("SELECT * FROM posts_fts_docsize ORDER BY id").fetchall(),
        conn.execute("SELECT block FROM posts_fts_data WHERE id = 1").fetchall(),
    )


@settings(max_examples=60, deadline=None)
@given(rows_by_part, st.booleans())
def test_parts_side_by_side_are_one_index(
    parts: list[list[tuple[str, str]]], with_others: bool
) -> None:
    whole, apart = empty_index(), empty_index()
    other = (1, "手机 abc", "", "")
    if with_others:
        write(whole, [other])
        write(apart, [other])
    for rows in numbered(parts):
        write(whole, rows)
        take(apart, rows)
        assert content(apart) == content(whole)
    POSTS.command(apart, "optimize")
    assert content(apart) == content(whole)
    if with_others:
        for conn in (whole, apart):
            conn.execute("BEGIN")
            POSTS.write(conn, [(1, POSTS.tokens_of_row(other[1:]), None)])
            conn.execute("COMMIT")
        assert content(apart) == content(whole)


def test_a_part_is_found_at_once_where_the_index_was_read_before() -> None:
    conn = empty_index()
    take(conn, [(1, "手机", "", "")])
    ask = "SELECT rowid FROM posts_fts('手机')"
    assert conn.execute(ask).fetchall() == [(1,)]
    take(conn, [(2, "手机 abc", "", "")])
    assert conn.execute(ask).fetchall() == [(1,), (2,)]


def test_a_list_longer_than_many_leaves_is_copied_whole() -> None:
    whole, apart = empty_index(), empty_index()
    rows = [(number, f"手机 {number}", "", "") for number in range(1, 9_000)]
    write(whole, rows)
    take(apart, rows)
    leaves = "SELECT count(*) FROM posts_fts_data WHERE id >> 36 & 1"
    assert apart.execute(leaves).fetchone()[0] > 0  # the index within a long list
    assert content(apart) == content(whole)


numbers = st.integers(0, 2**40)
segments = st.builds(records.Segment, st.integers(1, 2_000), numbers, numbers)
levels = st.builds(records.Level, st.just(0), st.lists(segments, max_size=5).map(tuple))


@given(st.binary(min_size=4, max_size=4), numbers, st.lists(levels).map(tuple))
def test_a_structure_is_read_as_it_was_written(
    cookie: bytes, written: int, all_levels: tuple[records.Level, ...]
) -> None:
    structure = records.Structure(cookie, written, all_levels)
    assert records.read_structure(records.write_structure(structure)) == structure


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\0\0\0\0",
        b"\0\0\0\0\1\1\1\0\1\1\1",  # breaks off
        b"\0\0\0\0\1\1\1\0\1\1\1\1\1",  # something behind it
        b"\0\0\0\0\xff\0\0\1\1\1\1\0\1\1\1\1\1\1\0\0\0",  # with tombstones, SQLite 3.43
    ],
)
def test_a_structure_of_another_form_is_not_understood(record: bytes) -> None:
    assert records.read_structure(record) is None


def test_an_index_of_another_form_takes_no_parts() -> None:
    conn = empty_index()
    assert can_take_parts(conn, POSTS)
    conn.execute("UPDATE posts_fts_data SET block = x'00000000ff000001' WHERE id = 10")
    assert not can_take_parts(conn, POSTS)


def test_more_segments_than_fts5_has_numbers_for() -> None:
    level = records.Level(
        0, tuple(records.Segment(n, 1, 1) for n in range(1, 2_001) if n != 77)
    )
    full = records.Structure(b"\0\0\0\0", 0, (level,))
    fuller, added = full.with_segment(records.Segment(1, 1, 9))
    assert added == records.Segment(77, 1, 9)
    assert fuller.levels[0].segments[-1] == added
