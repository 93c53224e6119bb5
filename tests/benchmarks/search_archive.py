"""The archive of the search's benchmarks: made in pieces, each of which stays where the program
is killed, so that millions of posts can be made at idle priority, some today and some tomorrow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path

from search_corpus import BenchPost, Corpus

from archive.index.fold import normalise
from archive.index.half_made import is_half_made
from archive.index.rebuild import reindex
from archive.index.writer import index_version, pending
from archive.processes.cores import usual_count
from archive.schema import open_archive, transaction
from archive.search import limits

PIECE_POSTS = 20_000
_STATE = (
    "CREATE TABLE IF NOT EXISTS bench_corpus (seed INTEGER PRIMARY KEY, state BLOB)"
)
"""How far the corpus has come: a larger one is made by going on."""


def make(path: Path, posts: int, seed: int) -> None:
    """The archive with its index, or what it lacks of it."""
    if posts > limits.HUGE_POSTS and not path.exists():
        _begin_with_large_pages(path)
    conn = open_archive(path).conn
    if posts_in(conn) < posts:
        _fill_in_pieces(conn, posts, seed)
    is_indexed = index_version(conn) is not None and not is_half_made(conn)
    if not is_indexed or pending(conn):
        reindex(conn, jobs=usual_count())
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _begin_with_large_pages(path: Path) -> None:
    """An empty file, as the README advises for very large archives."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA page_size = 65536")
        conn.execute("VACUUM")


def posts_in(conn: sqlite3.Connection) -> int:
    """How many posts there are: they are numbered from one on."""
    row = conn.execute("SELECT max(id) FROM posts").fetchone()
    return row[0] or 0


def folded_posts(
    conn: sqlite3.Connection, every: int
) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Number, folded text with title, author and time of each so manieth post."""
    sql = "SELECT text, subject, author, posted_at FROM posts WHERE id = ?"
    for number in range(every, posts_in(conn) + 1, every):
        text, subject, author, at = conn.execute(sql, (number,)).fetchone()
        yield number, (normalise(f"{text}\n{subject}"), author, at)


def _fill_in_pieces(conn: sqlite3.Connection, posts: int, seed: int) -> None:
    corpus = Corpus(seed)
    with transaction(conn):
        conn.execute(_STATE)
    state = conn.execute("SELECT state FROM bench_corpus WHERE seed = ?", (seed,))
    for (known,) in state.fetchall():
        corpus.go_on(known)
    if corpus.made != posts_in(conn):
        raise SystemExit("the archive holds other posts than those of this corpus")
    while corpus.made < posts:
        with transaction(conn):
            first = corpus.made + 1
            piece: list[BenchPost] = []
            while corpus.made < posts and len(piece) < PIECE_POSTS:
                piece += corpus.thread(posts - corpus.made)
            _store(conn, piece, first)
            row = (seed, corpus.state)
            conn.execute("INSERT OR REPLACE INTO bench_corpus VALUES (?, ?)", row)


def fill(conn: sqlite3.Connection, posts: Iterable[BenchPost]) -> None:
    """Store the posts as the archive does, without indexing, in pieces."""
    rest = iter(posts)
    first = 1
    while piece := list(islice(rest, PIECE_POSTS)):
        with transaction(conn):
            _store(conn, piece, first)
        first += len(piece)


def _store(conn: sqlite3.Connection, posts: list[BenchPost], first: int) -> None:
    """Some posts, of which the first has this number; what they belong to is there, or made."""
    site = {"id": 1, "name": "论坛", "base_url": "https://bbs.example/"}
    boards = [
        {"id": number, "site_id": 1, "fid": number, "name": f"版块{number}"}
        for number in range(1, 31)
    ]
    threads = [next(group) for _, group in groupby(posts, lambda post: post.thread)]
    _insert(conn, "sites", [site])
    _insert(conn, "boards", boards)
    _insert(conn, "threads", map(_thread_row, threads))
    _insert(conn, "posts", _post_rows(posts, first))


def _thread_row(post: BenchPost) -> dict[str, object]:
    return {
        "id": post.thread,
        "site_id": 1,
        "tid": post.thread,
        "title": post.subject,
        "board_id": post.board,
    }


def _post_rows(posts: list[BenchPost], first: int) -> Iterator[dict[str, object]]:
    for number, post in enumerate(posts, first):
        yield {
            "site_id": 1,
            "thread_id": post.thread,
            "pid": number,
            "author": post.author,
            "subject": post.subject,
            "posted_at": post.posted_at,
            "text": post.text,
            "opening": int(bool(post.subject)),
        }


def _insert(
    conn: sqlite3.Connection, table: str, rows: Iterable[dict[str, object]]
) -> None:
    needed = [
        (name, 0 if kind == "INTEGER" else "")
        for _, name, kind, needed, default, key in conn.execute(
            f"PRAGMA table_info({table})"
        )
        if needed and default is None and not key
    ]
    filled: Iterator[dict[str, object]] = ({**dict(needed), **row} for row in rows)
    first = next(filled)
    marks = ", ".join("?" * len(first))
    sql = f"INSERT OR IGNORE INTO {table}({', '.join(first)}) VALUES ({marks})"
    conn.execute(sql, tuple(first.values()))
    conn.executemany(sql, (tuple(row.values()) for row in filled))
