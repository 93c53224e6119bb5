"""How good and how quick is the search? Prints tables of figures; nothing is asserted.

    python tests/benchmarks/bench_search.py [--posts N] [--queries N] [--seed N]
        [--keep FILE [--build]]

An invented forum of N posts is stored and indexed. What is kept is made in pieces: where the
program is killed, the next run goes on, and `--build` does nothing else; so twenty million
posts can be made at idle priority. How fast the index is made is measured on the first
posts alone, beside a plain FTS5 table of the same rows with `unicode61` (what `sqlite-utils
enable-fts` makes).
Queries of eleven kinds are cut from the posts; recall and precision are against a scan of
the folded texts. Times are of the processor, which a busy machine does not spoil; those of
queries are milliseconds for 20 hits. Twenty million posts take some 20 GB of disk, and the
memory of the answers that are compared with the scan.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from search_archive import fill, make
from search_cases import Case, cases
from search_corpus import Corpus

from archive.index import segment
from archive.index.fold import normalise
from archive.index.rebuild import reindex
from archive.index.writer import catch_up
from archive.schema import open_archive, transaction
from archive.search import budget
from archive.search.api import search
from archive.search.executor import look_up
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats

PAGE_POSTS = 20
RATED_POSTS = 100_000
"""So many posts tell how fast the index is made."""
SAMPLE_POSTS = 200_000
"""Of so many posts, spread over all, the queries are cut."""
Folded = tuple[str, str, str]


@dataclass(slots=True)
class Measured:
    """Times in milliseconds by (what, kind)."""

    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def time(self, what: str, kind: str, call: Callable[[], object]) -> None:
        start = time.process_time()
        call()
        self.times.setdefault((what, kind), []).append(
            (time.process_time() - start) * 1e3
        )

    def text(self, what: str, kind: str) -> str:
        """p50 / p95 / max; of all kinds where `kind` is empty."""
        values = [
            ms
            for key, times in self.times.items()
            if key == (what, kind or key[1])
            for ms in times
        ]
        if len(values) < 2:
            return ""
        p95 = statistics.quantiles(values, n=20)[-1]
        return f"{statistics.median(values):.1f} / {p95:.1f} / {max(values):.0f}"


def folded_posts(
    conn: sqlite3.Connection, every: int = 1
) -> Iterator[tuple[int, Folded]]:
    """Number, folded text with title, author and time of each so manieth post."""
    rows = conn.execute(
        "SELECT id, text, subject, author, posted_at FROM posts WHERE id % ? = 0",
        (every,),
    )
    for number, text, subject, author, at in rows:
        yield number, (normalise(f"{text}\n{subject}"), author, at)


def _scan(conn: sqlite3.Connection, some: list[Case]) -> list[array[int]]:
    """The numbers of the posts that fit each case, by reading all of them once."""
    fitting = [array("I") for _ in some]
    for number, row in folded_posts(conn):
        for case, numbers in zip(some, fitting, strict=True):
            if case.fits(*row):
                numbers.append(number)
    return fitting


def quality(conn: sqlite3.Connection, posts: int, some: list[Case]) -> Table:
    """Recall and precision by kind, and whether newest-first is exact."""
    table = Table(
        "kind",
        "queries",
        "hits",
        "recall",
        "precision",
        title="quality, against a scan",
    )
    found: dict[str, list[tuple[int, int, int]]] = {}
    usual = budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S
    # all hits are asked for here, not a page of them
    budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S = 10**12, 10**6, 10**6
    for case, fitting in zip(some, _scan(conn, some), strict=True):
        truth = set(fitting)
        root = parse(case.query).root
        assert root
        ids = set(look_up(conn, plan(root, IndexStats(conn)), "newest", posts, 0).ids)
        found.setdefault(case.kind, []).append((len(truth), len(ids), len(truth & ids)))
    for kind, counts in found.items():
        right, got, both = (sum(column) for column in zip(*counts, strict=True))
        recall, precision = both / right if right else 1.0, both / got if got else 1.0
        table.add_row(
            kind, str(len(counts)), f"{right:,}", f"{recall:.4f}", f"{precision:.4f}"
        )
    budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S = usual
    return table


def speeds(
    conn: sqlite3.Connection, plain: sqlite3.Connection, all_cases: list[Case]
) -> tuple[Table, list[str]]:
    """Times by kind; and the slowest queries."""
    measured, slow = Measured(), []
    for case in all_cases:
        for order in ("best", "newest"):
            start = time.process_time()
            root = parse(case.query).root
            assert root
            measured.time(
                order,
                case.kind,
                lambda: look_up(conn, plan(root, IndexStats(conn)), order, 20, 0),
            )
            slow.append(((time.process_time() - start) * 1e3, order, case.query))
        found = re.findall(r"[^\W_]+", case.query)
        words = " ".join(
            f'"{word}"' for word in found if word not in ("OR", "作者", "date")
        )
        for order, sql in (
            ("plain best", "ORDER BY rank"),
            ("plain newest", "ORDER BY rowid DESC"),
        ):
            statement = f"SELECT rowid FROM f WHERE f MATCH ? {sql} LIMIT 20"
            measured.time(
                order, case.kind, lambda: plain.execute(statement, (words,)).fetchall()
            )
        measured.time("with snippets", case.kind, lambda: search(conn, case.query))
    columns = ("best", "newest", "with snippets", "plain best", "plain newest")
    table = Table(
        "kind",
        *columns,
        title="ms for 20 hits: p50 / p95 / max; plain = unicode61, which finds less, of "
        f"{RATED_POSTS:,} posts at most",
    )
    for kind in [*dict.fromkeys(case.kind for case in all_cases), ""]:
        table.add_row(
            kind or "all", *(measured.text(column, kind) for column in columns)
        )
    slow.sort(reverse=True)
    return table, [f"{ms:.0f} ms {order} {query}" for ms, order, query in slow[:6]]


def rates(path: Path, plain: sqlite3.Connection, posts: int, seed: int) -> Table:
    """How fast the index is made and kept, and sizes, in an archive of so many posts."""
    conn = open_archive(path).conn
    fill(conn, Corpus(seed).posts(posts))
    table = Table("", "ours", "unicode61", "ratio", title=f"index of {posts:,} posts")
    texts = [row[0] for row in conn.execute("SELECT text FROM posts LIMIT 20000")]
    cut = _seconds(lambda: [segment.row_tokens(text) for text in texts]) / len(texts)
    by_page = _seconds(lambda: _by_pages(conn, min(posts, 20_000))) / min(posts, 20_000)
    bulk = _seconds(lambda: reindex(conn)) / posts
    base = _seconds(lambda: _fill_plain(conn, plain)) / posts
    table.add_row(
        "posts a second, bulk",
        f"{1 / bulk:,.0f}",
        f"{1 / base:,.0f}",
        f"{base / bulk:.2f}",
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


def main() -> None:
    """Make or open the forum, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=1_100)
    parser.add_argument(
        "--checked",
        type=int,
        default=110,
        help="queries that are checked against a scan",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, help="keep the archive here, and use it again"
    )
    parser.add_argument(
        "--build", action="store_true", help="make what is kept, and measure nothing"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "bench.db"
        make(path, given.posts, given.seed)
        if not given.build:
            measure(path, Path(folder), given)


def measure(path: Path, folder: Path, given: argparse.Namespace) -> None:
    console = Console(file=sys.stdout)
    plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
    rated = min(given.posts, RATED_POSTS)
    console.print(rates(folder / "rated.db", plain, rated, given.seed))
    conn = open_archive(path).conn
    every = -(-given.posts // SAMPLE_POSTS)
    sample = [row for _, row in folded_posts(conn, every)]
    all_cases = list(cases(sample, given.queries, random.Random(given.seed)))
    console.print(quality(conn, given.posts, all_cases[: given.checked]))
    table, slow = speeds(conn, plain, all_cases)
    console.print(table)
    console.print("slowest:", *slow, sep="\n  ")


if __name__ == "__main__":
    main()
