"""How much dearer is a page's record than its bare tree? Prints a table of ratios; nothing is asserted.

    python tests/benchmarks/bench_parse.py [WARC...] [--rounds N]

For each theme and kind of page: the time from bytes to records, over the time that lexbor alone takes for the tree of
the same decoded page. Both are the best of some rounds over the same pages in this one process, so that the ratio
means the same on any machine. Without WARC files it reads the pages of `fixtures/`.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from archive.sources import read_captures
from scraper.errors import PageError
from scraper.parse import parse
from scraper.records import Capture
from scraper.snapshot import take_snapshot

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def groups(captures: Sequence[Capture]) -> dict[tuple[str, str], list[Capture]]:
    """The captures by the theme and kind that they parse to; pages that no theme reads are left out."""
    found: dict[tuple[str, str], list[Capture]] = defaultdict(list)
    for capture in captures:
        try:
            page = parse(capture)
        except PageError:
            continue
        if page.theme:
            found[page.theme, page.content.kind].append(capture)
    return found


def best_s(call: Callable[[], object], rounds: int) -> float:
    """The shortest of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(pages: Sequence[Capture], rounds: int) -> tuple[float, float]:
    """Seconds for bytes → records and for the bare trees of the same pages."""
    texts = [take_snapshot(page).text for page in pages]
    return best_s(lambda: each(parse, pages), rounds), best_s(lambda: each(LexborHTMLParser, texts), rounds)


def each(call: Callable[[Any], object], values: Sequence[Any]) -> None:
    """Call for each value, and let go of what it gives, as a crawl does: trees kept alive cost memory, not parsing."""
    for value in values:
        call(value)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warc", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=int, default=300, help="pages of one kind at the most")
    args = parser.parse_args()
    captures = [capture for capture in read_captures(args.warc or [FIXTURES]) if capture.body]
    table = Table("theme", "kind", "pages", "KiB/page", "parse ms", "lexbor ms", "ratio")
    total_parse = total_tree = 0.0
    for (theme, kind), pages in sorted(groups(captures).items()):
        pages = pages[: args.most]
        parse_s, tree_s = measure(pages, args.rounds)
        total_parse, total_tree = total_parse + parse_s, total_tree + tree_s
        size = sum(len(page.body) for page in pages) / len(pages) / 1024
        table.add_row(theme, kind, str(len(pages)), f"{size:.1f}", f"{1e3 * parse_s / len(pages):.2f}",
                      f"{1e3 * tree_s / len(pages):.2f}", f"{parse_s / tree_s:.2f}")
    table.add_row("all", "", "", "", "", "", f"{total_parse / total_tree:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
