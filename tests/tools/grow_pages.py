"""Grow pages from HTML's own expensive rules, parse them, and show their posts: does any take
too long, too much memory, or an error but the parser's own?

    python tests/tools/grow_pages.py [--count N] [--seed N] [--size BYTES]

Formatting elements left open, tables with words where none may stand, attributes by the ten
thousand, entities, comments, select and svg nests, deep BBCode, words without end, in each
encoding; each seed makes the same pages. Prints the slowest page of each kind of growth (the
processor's time) and the peak of memory. The exit code is 1 where a reader broke, a page took
two seconds, or memory went over 500 MB.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from break_pages import MOST_MB, MOST_S, peak_mb
from rich.console import Console
from rich.table import Table

from archive.store.markdown import to_markdown
from archive.web.message import MessageContext, render_message
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page, ThreadPage
from scraper.parsing import parse_capture

SIZE: Final = 1_000_000
AT: Final = datetime(2026, 1, 2, tzinfo=UTC)
CONTEXT: Final = MessageContext(link=str, picture=lambda address: ("", address))

_X_HEAD: Final = (
    '<html><head><title>题 - 坛 - Powered by Discuz!</title></head><body id="nv_forum" '
    'class="pg_viewthread"><div id="postlist">'
)
_X_POST: Final = (
    '<div id="post_{n}"><table id="pid{n}"><tr><td class="pls"></td><td class="plc">'
    '<div class="authi"><em id="authorposton{n}">发表于 2024-5-20 10:00</em></div>'
    '<table><tr><td class="t_f" id="postmessage_{n}">'
)
_STARTS: Final = (
    _X_HEAD + _X_POST.format(n=1),
    '<body id="viewthread"><form><div class="mainbox"><div id="postmessage_1" '
    'class="t_msgfont">',
    "<body><div id=nav><a href=../>坛</a></div><div id=content><p class=author>"
    "<strong>甲</strong> 发表于 2012-1-1 10:00</p><h3>题</h3>",
    "<html><head><title>题 - Powered by Discuz!</title></head><body>"
    "<b>作者: </b>甲 &nbsp; <b>时间: </b>2012-1-1 10:00 &nbsp; <b>标题: </b>题<br><br>",
    '<?xml version="1.0"?><rss version="2.0"><channel><item><description><![CDATA[',
    '<?xml version="1.0"?><root><![CDATA[<div id="post_1"><div id="postmessage_1">',
    '{"Version":"4","Charset":"UTF-8","Variables":{"postlist":[{"message":"',
    "",
)
_ADDRESSES: Final = (
    "https://bbs.example.net/thread-1-1-1.html",
    "https://bbs.example.net/forum.php?mod=viewthread&tid=1&mobile=2",
    "https://bbs.example.net/forum.php?mod=viewthread&action=printable&tid=1",
    "https://bbs.example.net/archiver/tid-1.html",
    "https://bbs.example.net/api/mobile/index.php?module=viewthread&tid=1",
    "https://bbs.example.net/forum-2-1.html",
)
_ENCODINGS: Final = ("utf-8", "utf-8", "gb18030", "big5", "utf-16")
_FORMATS: Final = [
    "b",
    "i",
    "u",
    "s",
    "em",
    "strong",
    "font",
    "big",
    "small",
    "tt",
    "nobr",
    "code",
    "strike",
    "a",
]
_BLOCKS: Final = [
    "p",
    "div",
    "li",
    "td",
    "blockquote",
    "center",
    "ul",
    "table",
    "h1",
    "form",
    "dd",
    "address",
]
_TABLE: Final = [
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "colgroup",
    "col",
    "thead",
]
_FOREIGN: Final = [
    "svg",
    "math",
    "foreignObject",
    "mi",
    "mtext",
    "desc",
    "annotation-xml",
    "title",
]
_NESTS: Final = (
    '<div class="quote"><blockquote>',
    '<div class="blockcode"><ol><li>',
    '<div class="locked">',
    '<div class="sign">',
    '<i class="pstatus">本帖最后由 甲 于 ',
    "<ignore_js_op>",
    '<dl class="tattl"><dd>',
    "<ul><li>",
    "<ol><li>甲<br>",
    "<dl><dd>",
    "<pre>\n",
    "<fieldset><legend>",
    "<ruby><rt>",
)
_PIECES: Final = (
    "&lt;",
    "&#38;",
    "&#x1F600;",
    "&notanentity",
    "&#0;",
    "&#xD800;",
    "\0",
    "\ufffe",
    " ",
    "\xa0",
    "甲",
    "aaaa",
    "1 ",
    "<",
    "</",
    "<!--",
    "<!-->",
    "]]>",
    "<![CDATA[",
    "<?",
    "<br>",
    "于 ",
    "发表于 ",
    "2024-1-1 ",
    "[quote]",
    "[b]",
    "[i=s] 本帖最后由 ",
    "[url=",
    "[/",
    "http://",
    "Powered by ",
    '<img src="a.png">',
    '<a href="thread-1-1-1.html">',
    '<img smilieid="1" src="a.gif">',
    '<div id="post_2">',
    '<td class="plc">',
    "<script>",
    "</script>",
    "<textarea>",
    "<plaintext>",
    "<frameset><frame>",
    "<body class=x>",
)

Growth = Callable[[random.Random, int], str]


def _formats(chance: random.Random, size: int) -> str:
    """Formatting elements, some of them closed in the wrong order, and blocks after them."""
    count = chance.choice((30, 300, 3_000, size // 16))
    kinds = chance.sample(_FORMATS, chance.randint(1, 4))
    attribute = chance.choice(("", " id={n}", " class=x", " color='red'"))
    opened = [f"<{chance.choice(kinds)}{attribute.format(n=n)}>" for n in range(count)]
    block = f"<{chance.choice(_BLOCKS)}>"
    end = f"</{chance.choice(kinds)}>" if chance.random() < 0.5 else ""
    return _filled("".join(opened)[:size], f"{block}字{end}", size)


def _tables(chance: random.Random, size: int) -> str:
    """Tables within tables, with what must be moved out of them."""
    tags = [f"<{tag}>" for tag in chance.sample(_TABLE, chance.randint(1, 4))]
    stray = chance.choice(
        ("字", "<b>", "<div>", "<input type=hidden>", "<a href=x>", "")
    )
    return _filled("", "<table>" * chance.randint(0, 2) + "".join(tags) + stray, size)


def _attributes(chance: random.Random, size: int) -> str:
    """Elements of many attributes, alike or not."""
    each = chance.choice((10, 1_000, 15_000, 50_000))
    names = [f"a{n if chance.random() < 0.9 else 0}=1" for n in range(each)]
    separator = chance.choice((" ", "/", "\n"))
    tag = f"<{chance.choice(_FORMATS + _BLOCKS)} {separator.join(names)}>"
    return _filled("", tag, size)


def _nests(chance: random.Random, size: int) -> str:
    """What forums nest, nested on; some of it closed again."""
    opening = "".join(chance.sample(_NESTS, chance.randint(1, 3)))
    depth = chance.choice((50, 900, 9_000, size))
    unit = (opening * depth)[:size] + "字"
    if chance.random() < 0.5:
        unit += "</div>" * depth
    return _filled("", unit, size)


def _selects(chance: random.Random, size: int) -> str:
    """Options, templates and foreign elements within each other."""
    kinds = ["select", "option", "optgroup", "template", *_FOREIGN]
    tags = [f"<{tag}>" for tag in chance.sample(kinds, chance.randint(1, 4))]
    return _filled("", "".join(tags), size)


def _pieces(chance: random.Random, size: int) -> str:
    """A few pieces over and over."""
    unit = "".join(chance.sample(_PIECES, chance.randint(1, 3)))
    return _filled("", unit, size)


def _soup(chance: random.Random, size: int) -> str:
    """Everything at once, a little of each, repeated."""
    parts = [*_PIECES, *_NESTS]
    parts += [f"<{tag}>" for tag in _FORMATS + _BLOCKS + _TABLE + _FOREIGN]
    parts += [f"</{tag}>" for tag in _FORMATS + _BLOCKS + _TABLE + _FOREIGN]
    unit = "".join(chance.choices(parts, k=chance.choice((5, 50, 2_000))))
    return _filled("", unit, size)


def _posts(chance: random.Random, size: int) -> str:
    """Posts without end, their parts empty or long."""
    inner = chance.choice(("", "字<br>", '<div class="quote">', "</td></tr></table>"))
    posts = []
    left = size
    number = 2
    while left > 0:
        posts.append(_X_POST.format(n=number) + inner)
        left -= len(posts[-1])
        number += 1
    return "".join(posts)


GROWTHS: Final[dict[str, Growth]] = {
    "formats": _formats,
    "tables": _tables,
    "attributes": _attributes,
    "nests": _nests,
    "selects": _selects,
    "pieces": _pieces,
    "soup": _soup,
    "posts": _posts,
}


def _filled(start: str, unit: str, size: int) -> str:
    """The start, then the unit as often as there is room."""
    left = max(0, size - len(start))
    return start + unit * (left // len(unit) + 1)


@dataclass(slots=True)
class Tally:
    """How grown pages ended, the slowest of each kind (seconds, number), readers that broke."""

    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    broke: list[str] = field(default_factory=list)


def grown(
    count: int, seed: int, size: int = SIZE
) -> Iterator[tuple[int, str, Capture]]:
    """So many pages of up to `size` characters: number, kind, page. The number alone, with
    the seed, makes a page again."""
    for number in range(count):
        yield number, *_page(random.Random(f"{seed}/{number}"), size)


def _page(chance: random.Random, size: int) -> tuple[str, Capture]:
    kind = chance.choice(list(GROWTHS))
    text = chance.choice(_STARTS)
    shares = chance.randint(1, 3)
    of_page = chance.choice((size, size, size // 10, size // 100))
    for share in range(shares):
        growth = GROWTHS[kind] if share == 0 else GROWTHS[chance.choice(list(GROWTHS))]
        text += growth(chance, of_page // shares)[: of_page // shares]
    if chance.random() < 0.5:
        text += "</td></tr></table></div></body></html>"
    encoding = chance.choice(_ENCODINGS)
    body = text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "replace")
    headers = (("Content-Type", f"text/html; charset={encoding}"),)
    capture = Capture(chance.choice(_ADDRESSES), AT, body, headers=headers)
    return kind, capture


def run(pages: Iterator[tuple[int, str, Capture]]) -> Tally:
    """Parse each page, and show its posts as readers of an archive get them."""
    tally = Tally()
    for number, kind, capture in pages:
        start = time.process_time()
        outcome = "read"
        try:
            _show(parse_capture(capture))
        except PageError as error:
            outcome = "PageError"
            if " reader broke " in str(error):
                tally.broke.append(f"page {number} ({kind}): {error}")
        seconds = time.process_time() - start
        tally.ended[kind, outcome] += 1
        slowest = tally.slowest.get(kind, (0.0, number))
        tally.slowest[kind] = max(slowest, (seconds, number))
    return tally


def _show(page: Page) -> None:
    if not isinstance(page.content, ThreadPage):
        return
    for post in page.content.posts:
        render_message(post.html, CONTEXT)
        to_markdown(post.html)


def main() -> int:
    """Grow pages, print how they ended."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=SIZE)
    args = parser.parse_args()
    before = peak_mb()
    tally = run(grown(args.count, args.seed, args.size))
    table = Table("growth", "read", "PageError", "slowest s", "its number")
    for kind in GROWTHS:
        seconds, number = tally.slowest.get(kind, (0.0, 0))
        counts = [str(tally.ended[kind, how]) for how in ("read", "PageError")]
        table.add_row(kind, *counts, f"{seconds:.2f}", str(number))
    console = Console(width=120)
    console.print(table)
    console.print(
        f"memory at the most {peak_mb():.0f} MB, {before:.0f} MB before the first; "
        f"readers that broke: {len(tally.broke)}"
    )
    for line in tally.broke[:20]:
        console.print(line, markup=False)
    slowest_s = max((seconds for seconds, _ in tally.slowest.values()), default=0.0)
    is_too_much = slowest_s >= MOST_S or peak_mb() >= MOST_MB
    return int(bool(tally.broke) or is_too_much)


if __name__ == "__main__":
    sys.exit(main())
