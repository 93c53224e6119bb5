"""Lists of boards: the front page, a category, and the sub-boards on a board's page.

X: `table.fl_tb`, a row a board or, in columns, a cell a board (`td.fl_g`); 6.0 and 7.x:
`table#category_N`, in columns with the counts in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardRow, IndexPage
from scraper.markup.html import ancestor, attr, classes, figure, next_element, words
from scraper.markup.snapshot import Snapshot

_SUBFORUMS = re.compile(r"^(?:子版[块塊]|sub-?(?:forums|boards))\s*[:：]", re.I)
_MODERATORS = re.compile(r"^(?:版主|分[区區]版主|moderators?)\s*[:：]", re.I)
_LAST_POST = re.compile(r"^(?:最[后後][发發]表|last post)", re.I)
_THREADS = re.compile(r"(?:主题|主題|threads)\s*[:：]\s*(\d{1,18})", re.I)
_POSTS = re.compile(r"(?:帖数|帖數|帖子|posts)\s*[:：]\s*(\d{1,18})", re.I)
_FIGURES = frozenset({"fl_i", "nums", "forumnums"})
_SLASHED = re.compile(r"^\s*(\d{1,18})\s*/\s*(\d{1,18})\s*$")


@dataclass(frozen=True, slots=True)
class Category:
    """What holds boards (分区): its name, and its number where a page links to it."""

    name: str
    fid: int | None


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = boards_of(page.tree)
    if not boards:
        raise PageError("an index page without boards")
    return IndexPage(boards=boards)


def boards_of(tree: LexborHTMLParser) -> tuple[BoardRow, ...]:
    """Every board of the page's lists, in order, each once; boards named below another are
    its sub-boards."""
    found: dict[int | str | None, BoardRow] = {}
    below: list[BoardRow] = []
    for table in tree.tags("table"):
        if not _is_list(table):
            continue
        heading = _heading(table)
        category = Category(words(heading), _gid(heading))
        for link in table.css("h2 a, dt a"):
            target = parse_url(attr(link, "href"))
            if (
                target
                and target.kind == "board"
                and (key := target.id or target.name)
                and key not in found
            ):
                found[key], named = _row(link, target.id, category)
                below += named
    for row in below:
        found.setdefault(row.fid or row.name, row)
    return tuple(found.values())


def _is_list(table: LexborNode) -> bool:
    ident = table.id
    if ident:
        return ident.startswith(("category_", "subforum_"))
    return "fl_tb" in (table.attributes.get("class") or "")


def _heading(table: LexborNode) -> LexborNode | None:
    """The nearest heading before a list: that of its category."""
    node: LexborNode | None = table
    for _ in range(3):
        before = node.prev if node is not None else None
        while before is not None:
            if before.is_element_node:
                heading = (
                    before if before.tag in ("h2", "h3") else before.css_first("h2, h3")
                )
                if heading is not None:
                    return heading
            before = before.prev
        node = node.parent if node is not None else None
    return None


def _gid(heading: LexborNode | None) -> int | None:
    """The category's number, by the heading's link to its own page (`gid=`)."""
    for link in heading.css("a") if heading is not None else ():
        target = parse_url(attr(link, "href"))
        if target is not None and target.kind == "category":
            return target.id
    return None


def _row(
    link: LexborNode, fid: int | None, category: Category
) -> tuple[BoardRow, list[BoardRow]]:
    """A board, and the sub-boards that its row names in one line."""
    cell = ancestor(link, "td", levels=6) or ancestor(link, "th", levels=6)
    if cell is None:
        return BoardRow(
            fid=fid, name=words(link), category=category.name, category_fid=category.fid
        ), []
    narrow = cell.tag == "td" and "fl_g" in classes(cell)
    threads, posts = _counts(cell, None if narrow else cell.parent)
    description = ""
    moderators: tuple[str, ...] = ()
    below: list[BoardRow] = []
    for paragraph in cell.css("p"):
        said, kind = words(paragraph), _kind(paragraph)
        if kind == "board" or _SUBFORUMS.match(said):
            below += _named(paragraph, fid, category)
        elif (kind == "user" and not narrow) or _MODERATORS.match(said):
            moderators = tuple(words(name) for name in paragraph.css("a"))
        elif not (
            description or narrow or _LAST_POST.match(said) or _THREADS.match(said)
        ):
            description = said
    menu = (
        cell.css('ul[id^="mod"] a') if not moderators else []
    )  # where a forum puts them into a menu
    return BoardRow(
        fid=fid,
        name=words(link),
        category=category.name,
        category_fid=category.fid,
        threads=threads,
        posts=posts,
        description=description,
        moderators=moderators or tuple(words(name) for name in menu),
    ), below


def _kind(paragraph: LexborNode) -> str:
    """What all links of a paragraph lead to, in any language: sub-boards, or the members
    who moderate the board.

    A board's description (`p.xg2` in X) may have such links of its own.
    """
    if "xg2" in classes(paragraph):
        return ""
    targets = [parse_url(attr(link, "href")) for link in paragraph.css("a")]
    kinds = {target.kind if target is not None else "" for target in targets}
    return (
        kinds.pop() if len(kinds) == 1 and words(paragraph)[-1:] not in ".。!！" else ""
    )


def _named(
    paragraph: LexborNode, parent: int | None, category: Category
) -> Iterator[BoardRow]:
    for name in paragraph.css("a"):
        target = parse_url(attr(name, "href"))
        if target and target.kind == "board" and (target.id or target.name):
            yield BoardRow(
                fid=target.id,
                name=words(name),
                parent_fid=parent,
                category=category.name,
                category_fid=category.fid,
            )


def _counts(cell: LexborNode, line: LexborNode | None) -> tuple[int | None, int | None]:
    """Threads and posts; rounded figures (`5万`) have the exact ones in a title."""
    for box in line.iter() if line is not None else ():
        name = (
            next((word for word in classes(box) if word in _FIGURES), "")
            if box.tag == "td"
            else ""
        )
        if name:
            return _figures(box, name)
    figures = [
        count for node in cell.css("dd em") if (count := figure(node)) is not None
    ]
    if len(figures) > 1:
        return figures[0], figures[1]
    said = words(cell)
    threads, posts = _THREADS.search(said), _POSTS.search(said)
    return int(threads[1]) if threads else None, int(posts[1]) if posts else None


def _figures(box: LexborNode, name: str) -> tuple[int | None, int | None]:
    """X: two spans in `td.fl_i`; 7.x: `<em>15</em> / 108`; 6.0: two cells `td.nums`."""
    if name == "nums":
        other = next_element(box)
        return figure(box), figure(other)
    spans = [node for node in box.iter() if node.tag == "span"]
    if len(spans) > 1:
        return figure(spans[0]), figure(spans[1])
    found = _SLASHED.match(words(box))
    return (int(found[1]), int(found[2])) if found else (None, None)
