"""How much more does a page's record cost than its bare tree? Prints a table of ratios; nothing
is asserted.

    python tests/benchmarks/bench_parse.py [WARC...] [--rounds N]

For each theme and kind of page: the time from bytes to records, over the time that lexbor
alone takes for the tree of the same decoded page. Both are the best of some rounds over the
same pages in this one process, so that the ratio means the same on any machine. Without
WARC files it reads the pages of `fixtures/`.

Below it pages of 1 MB: a thread page whose posts are there again and again, each time with
other numbers, one message of words and line breaks, and one of all that messages hold.
"""

from __future__ import annotations

import argparse
import gc
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from archive.intake.sources import read_captures
from scraper.core.errors import PageError
from scraper.core.records import Capture
from scraper.markup.snapshot import take_snapshot
from scraper.parsing import parse_capture

LARGE_BYTES = 1_000_000
_POST = re.compile(rb'<div id="post_\d')
_NUMBER = re.compile(
    rb"(pid|post_|postnum|authorposton|postmessage_|comment_|ratelog_|rate_|userinfo)(\d+)"
)
_MESSAGE = re.compile(rb'(<td class="t_f" id="postmessage_\d+">).*?</td>', re.S)
_WORDS = "这台收音机是修好的，晚上能收到很远的台。<br />\n".encode()
_MARKUP = (
    '<div class="quote"><blockquote><font size="2"><a '
    'href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=5&amp;'
    'ptid=1"><font color="#999999">甲 发表于 2012-3-4 05:06</font></a></font><br />'
    "引文</blockquote></div><b>粗</b>"
    '<font color="red">红</font><font class="jammer">x7</font><br />\n<img '
    'src="static/image/smiley/default/lol.gif" '
    'smilieid="12" alt="" /><ul><li>一<li>二</ul><a href="https://example.net/x" '
    'target="_blank">链接</a>'
    '<div class="blockcode"><div><ol><li>a = 1<br />\n<li>b = 2</ol></div></div>'
).encode()
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def groups(captures: Sequence[Capture]) -> dict[tuple[str, str], list[Capture]]:
    """The captures by the theme and kind that they parse to; pages that no theme reads are
    left out."""
    found: dict[tuple[str, str], list[Capture]] = defaultdict(list)
    for capture in captures:
        try:
            page = parse_capture(capture)
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
    return best_s(lambda: each(parse_capture, pages), rounds), best_s(
        lambda: each(LexborHTMLParser, texts), rounds
    )


def each(call: Callable[[Any], object], values: Sequence[Any]) -> None:
    """Call for each value, and let go of what it gives, as a crawl does: trees kept alive
    cost memory, not parsing."""
    for value in values:
        call(value)


def large(captures: Sequence[Capture]) -> dict[str, Capture]:
    """Pages of 1 MB, by what they are made of; none where no capture is a thread page of X."""
    threads = [one for one in captures if b'id="postlistreply"' in one.body]
    page = max(threads, key=lambda one: len(one.body), default=None)
    first = _POST.search(page.body) if page is not None else None
    if page is None or first is None:
        return {}
    head, tail = (
        page.body[: first.start()],
        page.body[page.body.find(b'<div id="postlistreply"') :],
    )
    posts, size = (
        page.body[first.start() : -len(tail)],
        LARGE_BYTES - len(head) - len(tail),
    )
    many = b"".join(
        _NUMBER.sub(
            lambda found, at=at: found[1] + b"%d" % (int(found[2]) + 10**6 * at), posts
        )
        for at in range(size // len(posts) + 1)
    )
    return {
        "many posts": replace(page, body=head + many + tail),
        "one message of words": replace(
            page, body=_with_message(head, posts, tail, _WORDS * (size // len(_WORDS)))
        ),
        "one message of markup": replace(
            page,
            body=_with_message(head, posts, tail, _MARKUP * (size // len(_MARKUP))),
        ),
    }


def _with_message(head: bytes, posts: bytes, tail: bytes, message: bytes) -> bytes:
    """The page with its first message replaced."""
    return (
        head
        + _MESSAGE.sub(lambda found: found[1] + message + b"</td>", posts, count=1)
        + tail
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warc", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--most", type=int, default=300, help="pages of one kind at the most"
    )
    args = parser.parse_args()
    captures = [
        capture for capture in read_captures(args.warc or [FIXTURES]) if capture.body
    ]
    table = Table(
        "theme", "kind", "pages", "KiB/page", "parse ms", "lexbor ms", "ratio"
    )
    total_parse = total_tree = 0.0
    for (theme, kind), pages in sorted(groups(captures).items()):
        pages = pages[: args.most]
        parse_s, tree_s = measure(pages, args.rounds)
        total_parse, total_tree = total_parse + parse_s, total_tree + tree_s
        size = sum(len(page.body) for page in pages) / len(pages) / 1024
        table.add_row(
            theme,
            kind,
            str(len(pages)),
            f"{size:.1f}",
            f"{1e3 * parse_s / len(pages):.2f}",
            f"{1e3 * tree_s / len(pages):.2f}",
            f"{parse_s / tree_s:.2f}",
        )
    table.add_row("all", "", "", "", "", "", f"{total_parse / total_tree:.2f}")
    console = Console(width=100)
    console.print(table)
    table = Table("page of 1 MB", "KB", "parse ms", "lexbor ms", "ratio")
    for name, page in large(captures).items():
        parse_s, tree_s = measure([page], args.rounds)
        table.add_row(
            name,
            f"{len(page.body) / 1_000:.0f}",
            f"{1e3 * parse_s:.0f}",
            f"{1e3 * tree_s:.0f}",
            f"{parse_s / tree_s:.2f}",
        )
    console.print(table)


if __name__ == "__main__":
    main()
