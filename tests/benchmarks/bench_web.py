"""How quick are the browser's pages? Prints a table of milliseconds and ratios; nothing is
asserted.

    python tests/benchmarks/bench_web.py [--posts N] [--rounds N] [--keep FILE]

An invented forum of N posts, its biggest thread of 10,000, is read through Datasette within
this process: what is timed is a request from its first byte in to its last byte out,
without sockets. Each kind of page is asked for at many places, in turn with the others;
beside them, in the same run, a bare Datasette table page of the same file, without our
plugin and without facets: what Datasette costs by itself. Times are of the processor.
`first` is a page's first request by the clock, when no counts are remembered.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from datasette.app import Datasette
from datasette.plugins import pm
from rich.console import Console
from rich.table import Table
from web_archive import Shape, make

from archive import web
from archive.commands.serve import SETTINGS
from archive.web import cache

BARE = "Datasette's table page, bare"


def addresses(
    conn: sqlite3.Connection, rng: random.Random, count: int
) -> dict[str, list[str]]:
    """What to ask for, by kind of page."""

    def some(sql: str) -> list[str]:
        rows = [str(row[0]) for row in conn.execute(sql)]
        return [rng.choice(rows) for _ in range(count)]

    threads = some("SELECT tid FROM threads WHERE id > 1 ORDER BY random() LIMIT 500")
    users = some("SELECT uid FROM users ORDER BY random() LIMIT 500")
    posts = some("SELECT pid FROM posts WHERE id % 1999 = 1")
    words = some("SELECT substr(text, 5, 2) FROM posts WHERE id % 4001 = 1")
    edited = some(
        "SELECT p.pid FROM post_versions v JOIN posts p ON p.id = v.post_id LIMIT 500"
    )
    deep = conn.execute(
        "SELECT count(*) / 50 FROM threads WHERE board_id = 2"
    ).fetchone()[0]
    keys = [rng.randrange(1, deep + 1) for _ in range(count)]
    mine = some("""SELECT posted_at || '~' || id FROM posts WHERE id % 997 = 1
        AND user_id = (SELECT id FROM users WHERE name = '用户1')""")
    busiest = conn.execute("SELECT uid FROM users WHERE name = '用户1'").fetchone()[0]
    biggest = conn.execute(
        "SELECT count(*) / 20 FROM posts WHERE thread_id = 1"
    ).fetchone()[0]
    pages = [rng.randrange(1, biggest + 1) for _ in range(count)]
    return {
        "home, board tree": ["/"] * count,
        "board, first page": [
            f"/f/1/board/{rng.randrange(1, 31)}" for _ in range(count)
        ],
        "biggest board, anywhere": [
            f"/f/1/board/2?sort=reply&show=all&page={key}" for key in keys
        ],
        "biggest board, sorted": [
            f"/f/1/board/2?sort={rng.choice(['start', 'replies', 'views'])}"
            for _ in keys
        ],
        "biggest board, filtered": [
            f"/f/1/board/2?show={rng.choice(['digest', 'poll', 'gone', 'trade'])}"
            for _ in keys
        ],
        "thread, first page": [f"/f/1/thread/{tid}" for tid in threads],
        "biggest thread, anywhere": [f"/f/1/thread/1?page={page}" for page in pages],
        "biggest thread, last page": [f"/f/1/thread/1?page={biggest}"] * count,
        "biggest thread, one author": [
            f"/f/1/thread/1?by={rng.randrange(1, 700)}" for _ in range(count)
        ],
        "post, where it is": [f"/f/1/post/{pid}" for pid in posts],
        "versions": [f"/f/1/post/{pid}/versions" for pid in edited],
        "similar posts": [f"/f/1/post/{pid}/similar" for pid in posts],
        "user": [f"/f/1/user/{uid}" for uid in users],
        "busiest user, anywhere": [f"/f/1/user/{busiest}?posts={key}" for key in mine],
        "old address": [f"/thread-{tid}-1-1.html" for tid in threads],
        "search": [f"/search?q={word}" for word in words],
        "search, newest first": [f"/search?q={word}&order=newest" for word in words],
        "search, page 5": [f"/search?q={word}&page=5" for word in words],
        "feed of a search": [f"/search.atom?q={word}" for word in words],
        "pictures": ["/pictures"] * count,
        "a picture": [
            f"/pictures/{rng.choice(['months', 'boards', 'hours', 'authors'])}.svg?site=1"
            for _ in keys
        ],
        "growth of a thread": [f"/pictures/growth?thread={tid}" for tid in threads],
        "growth of the biggest": ["/pictures/growth?thread=1"] * count,
        "health": ["/health"] * count,
    }


@dataclass(slots=True)
class Timed:
    """Milliseconds of a kind of page: of its first request by the clock, of the others by
    processor and clock."""

    kind: str
    first: float
    cpu: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)


class Pages:
    """An archive in Datasette, with our plugin or without."""

    def __init__(self, path: Path, with_ours: bool) -> None:
        self.with_ours = with_ours
        self.turn()
        settings = {
            name: int(value) for name, value in SETTINGS.items() if value.isdecimal()
        }
        self.datasette = Datasette(
            [str(path)], settings={**settings, "suggest_facets": False}
        )

    def turn(self) -> None:
        """Have our plugin there, or not: Datasette asks for plugins at every request."""
        if pm.is_registered(web) and not self.with_ours:
            pm.unregister(web)
        elif self.with_ours and not pm.is_registered(web):
            pm.register(web, name="discuz_archive")

    def ask(self, address: str) -> tuple[float, float]:
        """Milliseconds of the processor, and by the clock."""
        self.turn()
        return asyncio.run(self._ask(address))

    async def _ask(self, address: str) -> tuple[float, float]:
        cpu, clock = time.process_time(), time.perf_counter()
        answer = await self.datasette.client.get(address)
        if answer.status_code not in (200, 301, 302):
            raise SystemExit(f"{address}: status {answer.status_code}")
        return (time.process_time() - cpu) * 1e3, (time.perf_counter() - clock) * 1e3


def measure(path: Path, rounds: int) -> list[Timed]:
    """Ask for every kind of page, in turn."""
    bare, ours = Pages(path, False), Pages(path, True)
    rows = f"/{path.stem}/posts?_size=20&_nofacet=1&_nocount=1&_next="
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as conn:
        asked = {
            BARE: [rows + str(1_000 + each) for each in range(rounds)],
            **addresses(conn, random.Random(1), rounds),
        }
    timed = []
    for kind, some in asked.items():
        cache.forget()
        timed.append(Timed(kind, (bare if kind == BARE else ours).ask(some[0])[1]))
    for kind, some in asked.items():
        (bare if kind == BARE else ours).ask(some[0])
    cache.settle()
    for at in range(rounds):
        for each in timed:
            cpu, clock = (bare if each.kind == BARE else ours).ask(asked[each.kind][at])
            each.cpu.append(cpu)
            each.clock.append(clock)
    return timed


def main() -> None:
    """Make or open the forum, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument(
        "--keep", type=Path, help="keep the archive here, and use it again"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "bench.db"
        if not path.exists():
            make(path, Shape.of(given.posts))
        found = measure(path, given.rounds)
    base = statistics.median(found[0].cpu)
    table = Table(
        "page",
        "first",
        "p50",
        "p95",
        "max",
        "p95 by the clock",
        "p50 / bare table",
        title=f"milliseconds, {path.name}",
    )
    for each in found:
        p50, p95 = statistics.median(each.cpu), statistics.quantiles(each.cpu, n=20)[-1]
        table.add_row(
            each.kind,
            f"{each.first:.0f}",
            f"{p50:.1f}",
            f"{p95:.1f}",
            f"{max(each.cpu):.0f}",
            f"{statistics.quantiles(each.clock, n=20)[-1]:.1f}",
            f"{p50 / base:.2f}",
        )
    Console(file=sys.stdout, width=120).print(table)


if __name__ == "__main__":
    main()
