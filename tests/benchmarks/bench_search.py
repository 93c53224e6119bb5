"""How good and how quick is the search? Prints tables of figures; nothing is asserted.

    python tests/benchmarks/bench_search.py [--posts N] [--queries N] [--seed N]
        [--rated N] [--scanned N] [--keep FILE [--build]]

An invented forum of N posts is stored and indexed. What is kept is made in pieces: where the
program is killed, the next run goes on, and `--build` does nothing else; so twenty million
posts can be made at idle priority. How fast the index is made is measured on the first
posts alone, beside a plain FTS5 table of the same rows with `unicode61` (what `sqlite-utils
enable-fts` makes).
Queries of eleven kinds are cut from the posts; recall and precision are against a scan of
the folded texts, of very many posts of some spread over all; of more than HUGE_POSTS, of
the first pages against the newest posts. Times are of the processor,
which a busy machine does not spoil, but for one row of the rates: by the clock, on all
cores. Those of queries are milliseconds for 20 hits. Twenty million posts take some 30 GB of
disk, and the memory of the answers that are compared with the scan.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from search_archive import folded_posts, make
from search_cases import Case, cases
from search_first_pages import first_pages, quality_table
from search_rates import rates

from archive.schema import open_archive
from archive.search import budget, limits
from archive.search.api import search
from archive.search.executor import look_up
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats

SAMPLE_POSTS = 200_000
"""Of so many posts, spread over all, the queries are cut."""


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


def _scan(conn: sqlite3.Connection, some: list[Case], every: int) -> list[array[int]]:
    """The numbers of the posts that fit each case, by reading each so manieth once."""
    fitting = [array("I") for _ in some]
    for number, row in folded_posts(conn, every):
        for case, numbers in zip(some, fitting, strict=True):
            if case.fits(*row):
                numbers.append(number)
    return fitting


def quality(
    conn: sqlite3.Connection, posts: int, some: list[Case], every: int
) -> Table:
    """Recall and precision by kind, of each so manieth post."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    usual = budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S
    # all hits are asked for here, not a page of them
    budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S = 10**12, 10**6, 10**6
    for case, fitting in zip(some, _scan(conn, some, every), strict=True):
        truth = set(fitting)
        root = parse(case.query).root
        assert root
        found_ids = look_up(conn, plan(root, IndexStats(conn)), "newest", posts, 0).ids
        ids = {post_id for post_id in found_ids if post_id % every == 0}
        found.setdefault(case.kind, []).append((len(truth), len(ids), len(truth & ids)))
    budget.MAX_STEPS, budget.MAX_CPU_S, budget.MAX_S = usual
    return quality_table(f"quality, against a scan of one post in {every}", found)


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
        "the rated posts",
    )
    for kind in [*dict.fromkeys(case.kind for case in all_cases), ""]:
        table.add_row(
            kind or "all", *(measured.text(column, kind) for column in columns)
        )
    slow.sort(reverse=True)
    return table, [f"{ms:.0f} ms {order} {query}" for ms, order, query in slow[:6]]


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
    parser.add_argument(
        "--rated",
        type=int,
        default=100_000,
        help="posts that tell how fast the index is made",
    )
    parser.add_argument(
        "--scanned",
        type=int,
        default=1_000_000,
        help="posts that they are checked against, spread over all",
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
    rated = min(given.posts, given.rated)
    console.print(rates(folder / "rated.db", plain, rated, given.seed))
    conn = open_archive(path).conn
    every = -(-given.posts // SAMPLE_POSTS)
    sample = [row for _, row in folded_posts(conn, every)]
    all_cases = list(cases(sample, given.queries, random.Random(given.seed)))
    if given.posts > limits.HUGE_POSTS:
        console.print(first_pages(conn, all_cases))
    else:
        one_in = -(-given.posts // given.scanned)
        console.print(quality(conn, given.posts, all_cases[: given.checked], one_in))
    table, slow = speeds(conn, plain, all_cases)
    console.print(table)
    console.print("slowest:", *slow, sep="\n  ")


if __name__ == "__main__":
    main()
