"""Lists of boards: the front page, a category, and the sub-boards on a board's page."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.desktop.posts import figure
from scraper.errors import PageError
from scraper.html import ancestor, attr, classes, words
from scraper.records import BoardRow, IndexPage
from scraper.snapshot import Snapshot
from scraper.urls import parse_url

_CATEGORY = re.compile(r"category_(\d+)$")
_LISTS = 'table.fl_tb, .forumlist table, table[id^="category"]'
_COUNTS = re.compile(r"(?:主题|主題|帖数|帖數|Threads)\s*[:：]?\s*([\d,万萬]+)", re.I)


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = read_boards(page.tree)
    if not boards:
        raise PageError("an index page without boards")
    return IndexPage(boards=boards)


def read_boards(tree: LexborHTMLParser) -> tuple[BoardRow, ...]:
    """Every board of the page's lists, in order, each once."""
    found: dict[int, BoardRow] = {}
    for table in tree.css(_LISTS):
        category = _category(table)
        for link in table.css("h2 a, h3 a, dt a"):
            target = parse_url(attr(link, "href"))
            if target and target.kind == "board" and isinstance(target.id, int) and target.id not in found:
                found[target.id] = _row(link, target.id, category)
    return tuple(found.values())


def _category(table: LexborNode) -> str:
    """The category's name: the heading of the box that holds the table."""
    box = table.parent
    for _ in range(4):
        if box is None:
            return ""
        heading = box.css_first("h3 a[href*='gid'], h2 a[href*='gid'], .bm_h h2")
        if heading is not None:
            return words(heading)
        box = box.parent
    return ""


def _row(link: LexborNode, fid: int, category: str) -> BoardRow:
    cell = ancestor(link, "td") or ancestor(link, "th")
    row = ancestor(link, "tr")
    narrow = cell is not None and "fl_g" in classes(cell)
    box = cell if narrow or row is None else row
    threads, posts = _counts(box, narrow) if box is not None else (None, None)
    text = cell.css_first("p.xg2, p") if cell is not None and not narrow else None
    names = (words(name) for name in (cell.css("p a[href*='username'], p.moderators a") if cell is not None else ()))
    return BoardRow(fid=fid, name=words(link), category=category, threads=threads, posts=posts,
                    description=words(text), moderators=tuple(names))


def _counts(box: LexborNode, narrow: bool) -> tuple[int | None, int | None]:
    """Threads and posts; rounded figures (`5万`) have the exact ones in a title."""
    if narrow:
        figures = [figure(node) for node in box.css("dd em, em")]
        figures = [figure for figure in figures if figure is not None]
        return (figures[0], figures[1]) if len(figures) > 1 else (None, None)
    cell = box.css_first("td.fl_i")
    if cell is not None:
        spans = list(cell.css("span.xi2, span.xg1"))
        return (figure(spans[0]), figure(spans[1])) if len(spans) > 1 else (None, None)
    cells = box.css("td.nums")
    return (figure(cells[0]), figure(cells[1])) if len(cells) > 1 else (None, None)
