"""Is a search right, and what does it read, where nothing of the file is in memory?

    python tests/benchmarks/bench_cold.py --keep FILE [--posts N] [--queries N] [--delay-us N]

The invented forum of bench_search.py is made, gone on with, or used again. Each query runs
twice: warm, and on a connection of its own with the file out of the system's cache, every
page that SQLite reads taking `--delay-us` more. The cold answer must be the warm one, or say
that it was stopped; posts that it shows must fit. Printed are wrong answers and pages read,
by kind; exit code 1 where an answer is wrong. Linux alone: it builds slow_reads.c with `cc`,
and runs itself again with it loaded.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from search_archive import folded_posts, make, posts_in
from search_cases import Case, cases

from archive.index.fold import normalise
from archive.schema import open_to_read
from archive.search.api import Order, Results, search
from archive.search.hints import hints

LOADED = "SLOW_READS"
ORDERS: tuple[Order, ...] = ("best", "newest")
SAMPLE_POSTS = 100_000
"""Of so many posts, spread over all, queries are cut: all of a million would fill the memory."""


class Disk:
    """The pages that SQLite reads, counted and delayed by slow_reads.c."""

    def __init__(self, path: Path, delay_us: int) -> None:
        library = ctypes.CDLL(None)
        self._count = library.slow_reads_count
        self._count.restype = ctypes.c_long
        self._delay = library.slow_reads_delay
        self._path = path
        self._delay_us = delay_us

    def forget(self) -> None:
        """Take the file out of the system's cache."""
        for path in (self._path, Path(f"{self._path}-wal")):
            if not path.exists():
                continue
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def be_slow(self, *, is_slow: bool) -> None:
        self._delay(ctypes.c_long(self._delay_us if is_slow else 0))

    @property
    def pages(self) -> int:
        return int(self._count())


@dataclass(slots=True)
class Measured:
    """Pages by (order, kind) of query, and what was wrong."""

    pages: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    stopped: int = 0
    slowest_s: float = 0.0

    def of(self, order: str, kind: str) -> list[int]:
        return [
            count
            for key, counts in self.pages.items()
            if key == (order, kind or key[1])
            for count in counts
        ]


def load_self(argv: list[str]) -> int:
    """Run this program again with slow_reads.c loaded."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "slow_reads.so"
        source = Path(__file__).with_name("slow_reads.c")
        build = [
            "cc",
            "-shared",
            "-fPIC",
            "-O2",
            "-o",
            str(library),
            str(source),
            "-ldl",
        ]
        subprocess.run(build, check=True)
        environment = {**os.environ, "LD_PRELOAD": str(library), LOADED: "1"}
        done = subprocess.run(
            [sys.executable, *argv],
            env=environment,
            check=False,
        )
    return done.returncode


def draw(path: Path, count: int, seed: int) -> list[Case]:
    """Queries of all kinds, cut from some of the posts."""
    conn = open_to_read(path)
    every = -(-posts_in(conn) // SAMPLE_POSTS)
    folded = [row for _, row in folded_posts(conn, every)]
    conn.close()
    return list(cases(folded, count, random.Random(seed)))


def answer(path: Path, query: str, order: Order) -> Results:
    """The answer of a process that opens the archive for it; with hints where it is empty."""
    conn = open_to_read(path)
    try:
        found = search(conn, query, order=order)
        if not found.hits and not found.was_stopped:
            hints(conn, found.query)
        return found
    finally:
        conn.close()


def pages_of_search(
    disk: Disk, path: Path, query: str, order: Order
) -> tuple[Results, int]:
    """The answer, and the pages read for it once the schema is known."""
    conn = open_to_read(path)
    conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    before = disk.pages
    found = search(conn, query, order=order)
    pages = disk.pages - before
    conn.close()
    return found, pages


def differs(warm: Results, cold: Results) -> bool:
    """Whether the cold answer is another one without saying why."""
    warm_ids = [hit.post_id for hit in warm.hits]
    cold_ids = [hit.post_id for hit in cold.hits]
    if warm_ids == cold_ids and warm.total == cold.total:
        return False
    return not cold.was_stopped


def unfit(conn: sqlite3.Connection, case: Case, found: Results) -> int:
    """How many of the posts that are shown do not belong to the query, but where it is said
    that they have some of its words."""
    if found.is_partial:
        return 0
    wrong = 0
    sql = "SELECT text, subject, author, posted_at FROM posts WHERE id = ?"
    for hit in found.hits:
        text, subject, author, posted_at = conn.execute(sql, (hit.post_id,)).fetchone()
        folded = normalise(f"{text}\n{subject}")
        wrong += not case.fits(folded, author, posted_at)
    return wrong


def measure(path: Path, disk: Disk, some: list[Case]) -> Measured:
    """Each query warm, and then cold on a slow disk."""
    measured = Measured()
    conn = open_to_read(path)
    for case in some:
        for order in ORDERS:
            disk.be_slow(is_slow=False)
            warm = answer(path, case.query, order)
            disk.forget()
            disk.be_slow(is_slow=True)
            start = time.monotonic()
            cold, pages = pages_of_search(disk, path, case.query, order)
            measured.slowest_s = max(measured.slowest_s, time.monotonic() - start)
            disk.be_slow(is_slow=False)
            measured.pages.setdefault((order, case.kind), []).append(pages)
            measured.stopped += cold.was_stopped
            if differs(warm, cold) or unfit(conn, case, cold):
                measured.wrong.append(f"{order} {case.query}")
    conn.close()
    return measured


def report(measured: Measured, page_bytes: int, console: Console) -> None:
    """Pages by kind of query, and the wrong answers."""
    title = f"pages of {page_bytes >> 10} KB read for 20 hits: p50 / p95 / max"
    table = Table("kind", *ORDERS, title=title)
    kinds = [kind for _, kind in measured.pages]
    for kind in [*dict.fromkeys(kinds), ""]:
        cells = [_quantiles(measured.of(order, kind)) for order in ORDERS]
        table.add_row(kind or "all", *cells)
    console.print(table)
    console.print(f"slowest: {measured.slowest_s:.1f} s; stopped: {measured.stopped}")
    console.print(f"wrong: {len(measured.wrong)}", *measured.wrong[:20], sep="\n  ")


def _quantiles(values: list[int]) -> str:
    if len(values) < 2:
        return ""
    p95 = statistics.quantiles(values, n=20, method="inclusive")[-1]
    return f"{statistics.median(values):.0f} / {p95:.0f} / {max(values)}"


def main() -> int:
    """Make or open the forum, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=220)
    parser.add_argument("--delay-us", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if LOADED not in os.environ:
        return load_self(sys.argv)
    make(given.keep, given.posts, given.seed)
    some = draw(given.keep, given.queries, given.seed)
    disk = Disk(given.keep, given.delay_us)
    measured = measure(given.keep, disk, some)
    conn = open_to_read(given.keep)
    page_bytes = conn.execute("PRAGMA page_size").fetchone()[0]
    conn.close()
    report(measured, page_bytes, Console(file=sys.stdout))
    return 1 if measured.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
