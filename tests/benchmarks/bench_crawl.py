"""What a crawl costs: pages a second from loopback to searchable rows and WARC, and memory
with a huge frontier.

    python tests/benchmarks/bench_crawl.py pages
    python tests/benchmarks/bench_crawl.py pages http://127.0.0.1:8800/
    python tests/benchmarks/bench_crawl.py frontier 1000000

The first crawls a generated forum that it serves; the second any forum on loopback.

The processor time a page is this process's alone: on a machine that does other things too
it says more than the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from archive.crawl.backlog import Backlog
from archive.crawl.frontier import Frontier
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlSettings, Totals
from archive.schema import open_archive, transaction
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.fetch.fetcher import Fetcher, FetchSettings
from scraper.policy.plan import ANYTHING, THREAD, DiscoveredPage, Key

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fake_forum.generate import generated
from fake_forum.server import serve


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def peak_mb() -> int:
    """The most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _serve(line: Connection, threads: int) -> None:
    with serve(generated(boards=4, threads=threads // 4)) as site:
        line.send(site.url)
        line.recv()


@contextlib.contextmanager
def generated_forum(threads: int) -> Iterator[str]:
    """The address of a generated forum, served by a process of its own until the block ends."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, threads), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        server.join(10)


def pages(url: str, folder: Path) -> None:
    """Crawl a forum with eight connections and no pause."""
    conn = open_archive(folder / "bench.db").conn
    totals = Totals()
    with Captures(conn) as captures:
        crawl = Crawl(conn, captures, Store(conn), now)
        crawl.add(
            Fetcher(url, FetchSettings(delay_s=0.0, concurrency=8)), CrawlSettings(), 8
        )
        first_s = began_s = time.monotonic()
        first_cpu_s = 0.0
        for visit in crawl.run():
            if not totals.pages:
                first_s, first_cpu_s = time.monotonic(), time.process_time()
            totals.add(visit)
        ended_s = time.monotonic()
    page_ms = 1000 * (time.process_time() - first_cpu_s) / totals.pages
    print(
        f"{totals.pages} pages, {totals.new} posts in {ended_s - began_s:.2f} s; "
        f"after the first page "
        f"{(totals.pages - 1) / (ended_s - first_s):.0f} pages/s, {page_ms:.1f} ms of "
        f"processor time a page, "
        f"{peak_mb()} MB at most"
    )


def frontier(threads: int, folder: Path) -> None:
    """Enqueue many threads, then visit some: time of each step, memory."""
    conn = open_archive(folder / "bench.db").conn
    conn.execute(
        "INSERT INTO sites(base_url, first_seen_at, last_seen_at) VALUES ('http://a/', '', '')"
    )
    queue, at = Frontier(conn, 1, now()), now()
    before_mb, began_s = peak_mb(), time.monotonic()
    for start in range(0, threads, 20):
        with transaction(conn):
            queue.add(
                (
                    DiscoveredPage(
                        key=Key("thread", tid),
                        priority=THREAD,
                        fid=2,
                        listing_fingerprint="3 2024-06-01T00:00 a",
                    )
                    for tid in range(start + 1, start + 21)
                ),
                at,
            )
    added_s = time.monotonic()
    for _ in range(20_000):
        with transaction(conn):
            due = queue.take(1, at, ANYTHING)[0]
            queue.done(due.key, at, at + timedelta(days=30), "page")
    visited_s = time.monotonic()
    Backlog(conn, 1).count_due(at, ANYTHING)
    print(
        f"{threads} threads enqueued in {added_s - began_s:.1f} s; take and done "
        f"{(visited_s - added_s) / 20:.3f} ms "
        f"each; count {time.monotonic() - visited_s:.2f} s; {before_mb} MB before, "
        f"{peak_mb()} MB at most"
    )


def main() -> None:
    """Measure what the arguments name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(dest="what", required=True)
    crawled = what.add_parser(
        "pages", help="crawl a forum with eight connections and no pause"
    )
    crawled.add_argument(
        "url",
        nargs="?",
        help="a forum on loopback; without one a generated one is served",
    )
    crawled.add_argument(
        "--threads",
        type=int,
        default=1000,
        help="of the generated forum (default: 1000)",
    )
    queued = what.add_parser("frontier", help="enqueue many threads, then visit some")
    queued.add_argument("threads", nargs="?", type=int, default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        if args.what == "pages":
            pages(
                args.url or stack.enter_context(generated_forum(args.threads)),
                Path(place),
            )
        else:
            frontier(args.threads, Path(place))


if __name__ == "__main__":
    main()
