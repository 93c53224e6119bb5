"""How fast the search's index is made and kept, beside a plain FTS5 table of the same rows."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rich.table import Table
from search_archive import fill
from search_corpus import Corpus

from archive.index.rebuild import reindex
from archive.index.row_words import rows_tokens
from archive.index.writer import catch_up
from archive.processes.cores import usual_count
from archive.schema import open_archive, transaction

PAGE_POSTS = 20


def rates(path: Path, plain: sqlite3.Connection, posts: int, seed: int) -> Table:
    """How fast the index is made and kept, and sizes, in an archive of so many posts."""
    conn = open_archive(path).conn
    fill(conn, Corpus(seed).posts(posts))
    table = Table("", "ours", "unicode61", "ratio", title=f"index of {posts:,} posts")
    texts = [row[0] for row in conn.execute("SELECT text FROM posts LIMIT 20000")]
    cut = _seconds(lambda: rows_tokens(texts)) / len(texts)
    by_page = _seconds(lambda: _by_pages(conn, min(posts, 20_000))) / min(posts, 20_000)
    cores = usual_count()
    began_s = time.perf_counter()
    base = _seconds(lambda: _fill_plain(conn, plain)) / posts
    base_by_clock = (time.perf_counter() - began_s) / posts
    bulk = _seconds(lambda: reindex(conn)) / posts
    began_s = time.perf_counter()
    reindex(conn, jobs=cores)
    bulk_by_clock = (time.perf_counter() - began_s) / posts
    for of_what, ours_s, plain_s in (
        ("one process, of the processor", bulk, base),
        (f"{cores} processes, by the clock", bulk_by_clock, base_by_clock),
    ):
        table.add_row(
            f"posts a second, bulk, {of_what}",
            f"{1 / ours_s:,.0f}",
            f"{1 / plain_s:,.0f}",
            f"{plain_s / ours_s:.2f}",
        )
    table.add_row("µs a post, segmentation alone", f"{cut * 1e6:.0f}")
    table.add_row(
        "µs a post, pages of 20 in a transaction each", f"{by_page * 1e6:.0f}"
    )
    sizes = "SELECT sum(length(CAST(text AS BLOB)) + length(CAST(subject AS BLOB))) FROM posts"
    size = conn.execute(sizes).fetchone()[0]
    ours = conn.execute("SELECT sum(length(block)) FROM posts_fts_data").fetchone()[0]
    theirs = plain.execute("SELECT sum(length(block)) FROM f_data").fetchone()[0]
    table.add_row(
        "size / text",
        f"{ours / size:.2f}",
        f"{theirs / size:.2f}",
        f"{ours / theirs:.2f}",
    )
    conn.close()
    conn = open_archive(
        path
    ).conn  # FTS5 keeps the large hash table of the bulk load, and small writes clear all of it
    for name, sql in (
        ("update", "UPDATE posts SET text = text || '改了一点' WHERE id = ?"),
        ("delete", "UPDATE posts SET text = '' WHERE id = ?"),
    ):
        numbers = range(1, posts, posts // 200)
        times = [
            _seconds(lambda: _change(conn, sql, number)) * 1e3 for number in numbers
        ]
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        table.add_row(
            f"ms a post, {name}, a transaction each: p50 / p95",
            f"{p50:.2f} / {p95:.2f}",
        )
    return table


def _by_pages(conn: sqlite3.Connection, posts: int) -> None:
    """Index the first posts page by page, the rows being there."""
    with transaction(conn):
        conn.execute("INSERT INTO posts_fts(posts_fts) VALUES ('delete-all')")
        conn.execute("DELETE FROM posts_fts_dirty")
    for first in range(1, posts, PAGE_POSTS):
        with transaction(conn):
            numbers = [
                (number,) for number in range(first, min(first + PAGE_POSTS, posts + 1))
            ]
            conn.executemany("INSERT INTO posts_fts_dirty(id) VALUES (?)", numbers)
            catch_up(conn)


def _fill_plain(conn: sqlite3.Connection, plain: sqlite3.Connection) -> None:
    plain.execute(
        "CREATE VIRTUAL TABLE f USING fts5(text, subject, content='', tokenize='unicode61')"
    )
    plain.execute("INSERT INTO f(f, rank) VALUES ('hashsize', 67108864)")
    plain.execute("BEGIN")
    rows = conn.execute("SELECT id, text, subject FROM posts")
    plain.executemany("INSERT INTO f(rowid, text, subject) VALUES (?, ?, ?)", rows)
    plain.execute("INSERT INTO f(f) VALUES ('optimize')")
    plain.execute("COMMIT")


def _change(conn: sqlite3.Connection, sql: str, number: int) -> None:
    with transaction(conn):
        conn.execute(sql, (number,))
        catch_up(conn)


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
