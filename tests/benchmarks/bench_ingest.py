"""How many thread pages a second go from a WARC file to searchable rows on one core? Prints
a table; asserts nothing.

    python tests/benchmarks/bench_ingest.py [WARC...] [--pages N] [--posts MIN]

Takes the desktop thread pages of some WARC files (of `fixtures/` by default) that hold at
least MIN posts, writes N pages with numbers of their own made from them into a temporary
WARC file, and ingests it. The stages are measured apart from each other on the same pages,
in CPU time of this one process; `rows` is what the whole takes beyond the others. The last
column, times in bare lexbor trees of the same pages, means the same on any machine.
"""

from __future__ import annotations

import argparse
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from archive.intake.ingest import Ingest
from archive.intake.sources import read_captures, read_inputs
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures, clean
from archive.warc.files import WarcFolder
from archive.warc.records import pack, sha1_base32
from scraper.core.errors import PageError
from scraper.core.records import Capture, ThreadPage
from scraper.markup.snapshot import take_snapshot
from scraper.parsing import parse_capture

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_SAMPLE = 300
_PIDS = re.compile(
    rb"((?:\bpid=?|post_|postnum|authorposton|postmessage_|ratelog_|comment_|post_rate_div_)\s*)(\d+)"
)
_TIDS = re.compile(rb"((?:\b|p)tid(?:=| = |'?\s*[:=]\s*parseInt\('?)|thread-)(\d+)")


def thread_pages(paths: list[Path], posts: int) -> list[Capture]:
    """Desktop thread pages with at least so many posts; one page of each address."""
    found: dict[str, Capture] = {}
    for capture in read_captures(paths):
        try:
            page = parse_capture(capture)
        except PageError:
            continue
        if (
            page.theme == "x"
            and isinstance(page.content, ThreadPage)
            and len(page.content.posts) >= posts
        ):
            found.setdefault(capture.url, capture)
    if not found:
        raise SystemExit(f"no desktop thread page with {posts} posts or more")
    return list(found.values())


def renumbered(pages: list[Capture], count: int) -> Iterator[Capture]:
    """So many pages made from some: with each round through them, numbers of threads and
    posts grow."""
    for number in range(count):
        page = pages[number % len(pages)]
        offset = number // len(pages) * 1_000_000

        def moved(match: re.Match[bytes], offset: int = offset) -> bytes:
            return match[1] + str(int(match[2]) + offset).encode()

        body = _TIDS.sub(moved, _PIDS.sub(moved, page.body))
        yield replace(page, url=_TIDS.sub(moved, page.url.encode()).decode(), body=body)


def cpu_s(call: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


@dataclass(frozen=True, slots=True)
class Whole:
    """What an ingest brought and took: CPU seconds, and the most memory in MB."""

    pages: int
    posts: int
    cpu_s: float
    peak_mb: float


def ingest(warc: Path, db: Path) -> Whole:
    """Ingest a WARC file into a new archive."""
    archive = open_archive(db)
    pages = posts = 0
    start = time.process_time()
    with Captures(archive.conn) as captures:
        for visit in Ingest(archive.conn, captures, Store(archive.conn)).run(
            read_inputs([warc])
        ):
            pages += 1
            posts += visit.saved.new
    took_s = time.process_time() - start
    archive.close()
    return Whole(
        pages, posts, took_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    )


def in_a_process_of_its_own(warc: Path, db: Path) -> Whole:
    """The same, its memory unmixed with ours."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(ingest, warc, db).result()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warc", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--posts", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warcs = WarcFolder(Path(folder), "corpus")
        for page in renumbered(
            thread_pages(args.warc or [FIXTURES], args.posts), args.pages
        ):
            warcs.append(pack(page, "response", sha1_base32(page.body)))
        warcs.close()
        report(Path(folder) / "corpus-00001.warc.gz", Path(folder) / "bench.db")


def report(warc: Path, db: Path) -> None:
    """Measure the stages and the whole, and print them."""
    whole = in_a_process_of_its_own(warc, db)
    pages, posts, total = whole.pages, whole.posts, whole.cpu_s
    sample = list(islice(read_captures([warc]), _SAMPLE))
    texts = [take_snapshot(capture).text for capture in sample]
    stages = {
        "read the WARC": cpu_s(lambda: [None for _ in read_captures([warc])]) / pages,
        "parse": cpu_s(lambda: [parse_capture(capture) for capture in sample])
        / len(sample),
        "write the WARC": cpu_s(
            lambda: [
                pack((it := clean(capture)).capture, "response", it.digest)
                for capture in sample
            ]
        )
        / len(sample),
    }
    stages["rows and index"] = total / pages - sum(stages.values())
    stages["all"] = total / pages
    tree_s = cpu_s(lambda: [LexborHTMLParser(text) for text in texts]) / len(texts)
    size = sum(len(capture.body) for capture in sample) / len(sample) / 1024
    title = f"{pages} pages of {size:.0f} KiB, {posts / pages:.1f} new posts each"
    table = Table("stage", "ms/page", "trees", title=title)
    for name, seconds in stages.items():
        table.add_row(name, f"{1e3 * seconds:.2f}", f"{seconds / tree_s:.2f}")
    console = Console()
    console.print(table)
    speed = f"{pages / total:.0f} pages/s, {posts / total:.0f} posts/s on one core"
    console.print(f"{speed}; peak memory {whole.peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
