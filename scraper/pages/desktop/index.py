"""Lists of boards: the front page, a category, and the sub-boards on a board's page.

X: `table.fl_tb`, a row a board or, in columns, a cell a board (`td.fl_g`); 6.0 and 7.x:
`table#category_N`, in columns with the counts in words; other skins: `board_cards.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.errors import PageError
from scraper.core.records import BoardRow, IndexPage
from scraper.markup.html import ancestor, attr, classes, figure, next_element, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.board_cards import THREADS, board_cards, counts_in_words
from scraper.pages.desktop.links import links_to, target_of

_SUBFORUMS = re.compile(r"^(?:子版[块塊]|sub-?(?:forums|boards))\s*[:：]", re.I)
_MODERATORS = re.compile(r"^(?:版主|分[区區]版主|moderators?)\s*[:：]", re.I)
_LAST_POST = re.compile(r"^(?:最[后後][发發]表|last post)", re.I)
_COUNT_CELLS = frozenset({"fl_i", "nums", "forumnums"})
_SENTENCE_ENDS = (".", "。", "!", "！")
_LEVELS_UP = 3  # from a list to the box with the heading of its category
_SLASHED = re.compile(r"^\s*(\d{1,18})\s*/\s*(\d{1,18})\s*$")


@dataclass(frozen=True, slots=True)
class Category:
    """What holds boards (分区): its name, and its number where a page links to it."""

    name: str
    fid: int | None


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = boards_of(page.tree) or _boards_in_cards(page.tree)
    if not boards:
        raise PageError("an index page without boards")
    return IndexPage(boards=boards)


def boards_of(tree: LexborHTMLParser) -> tuple[BoardRow, ...]:
    """Every board of the page's lists, in order, each once; boards named below another are
    its sub-boards."""
    rows: dict[int | str | None, BoardRow] = {}
    sub_boards: list[BoardRow] = []
    for table in tree.tags("table"):
        if not _is_list(table):
            continue
        category = _category_of(table)
        for link, target in links_to("board", table, "h2 a, dt a"):
            key = target.id or target.name
            if not key or key in rows:
                continue
            row, below = _row(link, target.id, category)
            rows[key] = row
            sub_boards += below

    for row in sub_boards:
        key = row.fid or row.name
        rows.setdefault(key, row)
    return tuple(rows.values())


def _boards_in_cards(tree: LexborHTMLParser) -> tuple[BoardRow, ...]:
    """The boards of a skin that has no tables."""
    rows = []
    for card, group in board_cards(tree):
        row = card
        category = _category_of(group) if group is not None else None
        if category is not None and category.name:
            row = replace(card, category=category.name, category_fid=category.fid)
        rows.append(row)
    return tuple(rows)


def _is_list(table: LexborNode) -> bool:
    ident = table.id
    if ident:
        return ident.startswith(("category_", "subforum_"))
    return "fl_tb" in attr(table, "class")


def _category_of(table: LexborNode) -> Category:
    """The category by the nearest heading before a list; its number is that of the
    heading's link to its own page (`gid=`)."""
    heading = _heading(table)
    if heading is None:
        return Category("", None)
    name = words(heading)
    for _, target in links_to("category", heading):
        return Category(name, target.id)
    return Category(name, None)


def _heading(table: LexborNode) -> LexborNode | None:
    node: LexborNode | None = table
    for _ in range(_LEVELS_UP):
        if node is None:
            return None
        heading = _heading_before(node)
        if heading is not None:
            return heading
        node = node.parent
    return None


def _heading_before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None:
        if before.is_element_node:
            if before.tag in ("h2", "h3"):
                return before
            heading = before.css_first("h2, h3")
            if heading is not None:
                return heading
        before = before.prev
    return None


def _row(
    link: LexborNode,
    fid: int | None,
    category: Category,
) -> tuple[BoardRow, list[BoardRow]]:
    """A board, and the sub-boards that its row names in one line."""
    row = BoardRow(
        fid=fid,
        name=words(link),
        category=category.name,
        category_fid=category.fid,
    )
    cell = ancestor(link, "td", levels=6)
    if cell is None:
        cell = ancestor(link, "th", levels=6)
    if cell is None:
        return row, []

    is_narrow = cell.tag == "td" and "fl_g" in classes(cell)
    line = cell.parent if not is_narrow else None
    threads, posts = _counts(cell, line)
    lines = _read_lines(cell, row, is_narrow)
    moderators = lines.moderators or _moderators_in_menu(cell)
    row = replace(
        row,
        threads=threads,
        posts=posts,
        description=lines.description,
        moderators=moderators,
    )
    return row, lines.sub_boards


@dataclass(slots=True)
class _Lines:
    """What the paragraphs below a board's name say."""

    description: str = ""
    moderators: tuple[str, ...] = ()
    sub_boards: list[BoardRow] = field(default_factory=list)


def _read_lines(cell: LexborNode, board: BoardRow, is_narrow: bool) -> _Lines:
    """`is_narrow`: a cell a board, which has no description and may name the last poster."""
    lines = _Lines()
    for paragraph in cell.css("p"):
        text = words(paragraph)
        kind = _kind_of_line(paragraph, text)
        if kind == "board":
            lines.sub_boards += _sub_boards(paragraph, board)
        elif kind == "moderators" or (kind == "user" and not is_narrow):
            lines.moderators = _linked_words(paragraph, "a")
        elif kind is not None and not lines.description and not is_narrow:
            lines.description = text
    return lines


def _linked_words(box: LexborNode, selector: str) -> tuple[str, ...]:
    links = box.css(selector)
    return tuple(words(link) for link in links)


def _moderators_in_menu(cell: LexborNode) -> tuple[str, ...]:
    """Where a forum puts the moderators into a menu."""
    return _linked_words(cell, 'ul[id^="mod"] a')


def _kind_of_line(paragraph: LexborNode, text: str) -> str | None:
    """What a line tells: by its label, else what its links lead to; None for what is told
    elsewhere (the last post, counts)."""
    kind = _kind_of_links(paragraph, text)
    if kind == "board" or _SUBFORUMS.match(text):
        return "board"
    if _MODERATORS.match(text):
        return "moderators"
    if kind == "user":
        return kind
    if _LAST_POST.match(text) or THREADS.match(text):
        return None
    return kind


def _kind_of_links(paragraph: LexborNode, text: str) -> str:
    """What all links of a paragraph lead to, in any language: sub-boards, or the members
    who moderate the board.

    A board's description (`p.xg2` in X) may have such links of its own.
    """
    if "xg2" in classes(paragraph) or text.endswith(_SENTENCE_ENDS):
        return ""
    kinds: set[str] = set()
    for link in paragraph.css("a"):
        target = target_of(link)
        if target is None:
            return ""
        kinds.add(target.kind)
    return kinds.pop() if len(kinds) == 1 else ""


def _sub_boards(paragraph: LexborNode, parent: BoardRow) -> Iterator[BoardRow]:
    for link, target in links_to("board", paragraph):
        if target.id or target.name:
            yield BoardRow(
                fid=target.id,
                name=words(link),
                parent_fid=parent.fid,
                category=parent.category,
                category_fid=parent.category_fid,
            )


def _counts(cell: LexborNode, line: LexborNode | None) -> tuple[int | None, int | None]:
    """Threads and posts; rounded figures (`5万`) have the exact ones in a title."""
    count_cell = _count_cell(line) if line is not None else None
    if count_cell is not None:
        return _counts_in_cell(count_cell)

    figures = []
    for node in cell.css("dd em"):
        count = figure(node)
        if count is not None:
            figures.append(count)
    if len(figures) > 1:
        return figures[0], figures[1]
    return counts_in_words(words(cell))


def _count_cell(line: LexborNode) -> LexborNode | None:
    for box in line.iter():
        if box.tag != "td":
            continue
        if not _COUNT_CELLS.isdisjoint(classes(box)):
            return box
    return None


def _counts_in_cell(box: LexborNode) -> tuple[int | None, int | None]:
    """X: two spans in `td.fl_i`; 7.x: `<em>15</em> / 108`; 6.0: two cells `td.nums`."""
    if "nums" in classes(box):
        return figure(box), figure(next_element(box))
    spans = [node for node in box.iter() if node.tag == "span"]
    if len(spans) > 1:
        threads, posts, *_ = map(figure, spans)
        return threads, posts
    found = _SLASHED.match(words(box))
    if not found:
        return None, None
    return int(found[1]), int(found[2])
