"""Lists of boards: the front page, a category, and the sub-boards on a board's page.

X: `table.fl_tb`, a row a board or, in columns, a cell a board (`td.fl_g`); 6.0 and 7.x: `table#category_N`, in columns
with the counts in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from scraper.desktop.posts import figure
from scraper.errors import PageError
from scraper.html import ancestor, attr, classes, words
from scraper.records import BoardRow, IndexPage
from scraper.snapshot import Snapshot
from scraper.urls import parse_url

LISTS = "table.fl_tb, table[id]"
_SUBFORUMS = re.compile(r"^(?:子版[块塊]|sub-?(?:forums|boards))\s*[:：]", re.I)
_MODERATORS = re.compile(r"^(?:版主|分[区區]版主|moderators?)\s*[:：]", re.I)
_LAST_POST = re.compile(r"^(?:最[后後][发發]表|last post)", re.I)
_THREADS = re.compile(r"(?:主题|主題|threads)\s*[:：]\s*(\d{1,18})", re.I)
_POSTS = re.compile(r"(?:帖数|帖數|帖子|posts)\s*[:：]\s*(\d{1,18})", re.I)
_SLASHED = re.compile(r"^\s*(\d{1,18})\s*/\s*(\d{1,18})\s*$")


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = boards_of(table for table in page.tree.css(LISTS) if is_list(table))
    if not boards:
        raise PageError("an index page without boards")
    return IndexPage(boards=boards)


def is_list(table: LexborNode) -> bool:
    """Whether a table found by `LISTS` lists boards: those of X have no number."""
    ident = table.id
    return not ident or ident.startswith(("category_", "subforum_"))


def boards_of(lists: Iterable[LexborNode]) -> tuple[BoardRow, ...]:
    """Every board of the lists, in order, each once; boards named below another are its sub-boards."""
    found: dict[int | None, BoardRow] = {}
    below: list[BoardRow] = []
    for table in lists:
        category = _category(table)
        for link in table.css("h2 a, dt a"):
            target = parse_url(attr(link, "href"))
            if target and target.kind == "board" and target.id and target.id not in found:
                found[target.id] = row = _row(link, target.id, category)
                below += _below(link, row)
    for row in below:
        found.setdefault(row.fid, row)
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
    line = ancestor(link, "tr")
    narrow = cell is not None and (cell.tag == "td" and "fl_g" in classes(cell))
    threads, posts = _counts(cell, None if narrow else line)
    description = ""
    moderators: tuple[str, ...] = ()
    for paragraph in cell.css("p") if cell is not None and not narrow else ():
        said = words(paragraph)
        if _MODERATORS.match(said):
            moderators = tuple(words(name) for name in paragraph.css("a"))
        elif not description and not (_SUBFORUMS.match(said) or _LAST_POST.match(said) or _THREADS.match(said)):
            description = said
    return BoardRow(fid=fid, name=words(link), category=category, threads=threads, posts=posts,
                    description=description, moderators=moderators)


def _below(link: LexborNode, above: BoardRow) -> Iterator[BoardRow]:
    """The sub-boards that a board's row names in one line."""
    cell = ancestor(link, "td") or ancestor(link, "th")
    for paragraph in cell.css("p") if cell is not None else ():
        if not _SUBFORUMS.match(words(paragraph)):
            continue
        for name in paragraph.css("a"):
            target = parse_url(attr(name, "href"))
            if target and target.kind == "board" and target.id:
                yield BoardRow(fid=target.id, name=words(name), parent_fid=above.fid, category=above.category)


def _counts(cell: LexborNode | None, line: LexborNode | None) -> tuple[int | None, int | None]:
    """Threads and posts; rounded figures (`5万`) have the exact ones in a title."""
    if cell is None:
        return None, None
    if line is not None and (box := line.css_first("td.fl_i, td.nums, td.forumnums")) is not None:
        return _figures(box, line)
    figures = [count for node in cell.css("dd em") if (count := figure(node)) is not None]
    if len(figures) > 1:
        return figures[0], figures[1]
    said = words(cell)
    threads, posts = _THREADS.search(said), _POSTS.search(said)
    return int(threads[1]) if threads else None, int(posts[1]) if posts else None


def _figures(box: LexborNode, line: LexborNode) -> tuple[int | None, int | None]:
    """X: two spans in `td.fl_i`; 7.x: `<em>15</em> / 108`; 6.0: two cells `td.nums`."""
    if "nums" in classes(box):
        cells = line.css("td.nums")
        return (figure(cells[0]), figure(cells[1])) if len(cells) > 1 else (None, None)
    spans = box.css("span.xi2, span.xg1")
    if len(spans) > 1:
        return figure(spans[0]), figure(spans[1])
    found = _SLASHED.match(words(box))
    return (int(found[1]), int(found[2])) if found else (None, None)
