"""Board pages and board lists of the simple mobile layout, X2 to X3.4
(mobile/forum/forumdisplay, discuz).

A setting (精简版, `simpletype`) leaves out dates, counts and icons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, BoardRow, IndexPage, ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, fold, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import page_numbers
from scraper.pages.handheld.post_header import id_of, linked_person, own_texts
from scraper.pages.person import ANONYMOUS

_ICON = re.compile(
    r"/(?:(?P<special>poll|trade|reward|activity|debate)small|(?P<sticky>pin_\d)"
    r"|(?P<digest>digest_\d)|(?P<closed>folder_lock))\."
)
_GAP = re.compile(r"[ \t\r\n]{2,}")


def crumb(tree: LexborHTMLParser) -> tuple[int | None, str]:
    """The board that the path above the page names last: fid and name. A sub-board's own
    page names it unlinked."""
    fid: int | None = None
    name = ""
    path = tree.css_first(".wp > .box")
    if path is None:
        return fid, name

    for link in path.css("a"):
        target = linked_board(link)
        if target:
            fid = target.id
            name = words(link)
    return fid, name


def linked_board(link: LexborNode) -> Target | None:
    """The board whose whole list a link leads to; None for any other link."""
    target = parse_url(attr(link, "href"))
    if target is None or target.kind != "board":
        return None
    return None if target.filter else target


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page, which may say nothing."""
    tree = page.tree
    fid, name = _own_board(page)
    threads = tuple(_rows(tree, page.clock))
    boards = tuple(_sub_boards(tree, fid))
    here, pages = page_numbers(tree)
    return BoardPage(
        fid=fid,
        name=name,
        page=here,
        pages=pages,
        threads=threads,
        boards=boards,
    )


def _rows(tree: LexborHTMLParser, clock: Clock) -> Iterator[ThreadRow]:
    for item in tree.css(".tl .bm_c"):
        row = _row(item, clock)
        if row is not None:
            yield row


def _sub_boards(tree: LexborHTMLParser, fid: int | None) -> Iterator[BoardRow]:
    for board in _boards(tree):
        if board.fid != fid:
            yield board


def _own_board(page: Snapshot) -> tuple[int | None, str]:
    """fid and name: the list's head names the board before a link to it in another order;
    else the path above."""
    fid, name_in_path = crumb(page.tree)
    fid = id_of(page.target, "board") or fid

    head = page.tree.css_first(".tl .bm_h")
    if head is None:
        return fid, name_in_path

    link = head.css_first("a")
    other_order = parse_url(attr(link, "href"))
    fid = id_of(other_order, "board") or fid

    texts = own_texts(head)
    name = fold(texts[0]) if texts else ""
    return fid, name or name_in_path


def _row(item: LexborNode, clock: Clock) -> ThreadRow | None:
    """A thread's row: its link with the title, then (not in 精简版) author, day and replies."""
    found = _thread_link(item)
    if found is None:
        return None

    link, tid = found
    icons = _icons(item)
    title, has_mark = _title(link)
    row = ThreadRow(
        tid=tid,
        title=title,
        sticky="sticky" in icons or has_mark,
        special=icons.get("special", ""),
        digest="digest" in icons,
        closed="closed" in icons,
    )
    foot = item.css_first("span.xg1")
    if foot is None:
        return row
    return _with_foot(row, foot, clock)


def _thread_link(item: LexborNode) -> tuple[LexborNode, int] | None:
    """The first link to a thread, and the thread's number."""
    for link in item.css("a"):
        target = parse_url(attr(link, "href"))
        tid = id_of(target, "thread")
        if tid is not None:
            return link, tid
    return None


def _title(link: LexborNode) -> tuple[str, bool]:
    """The title, and whether a mark stands before it: in 精简版 `[置顶]` has a line of its
    own."""
    text = link.text().strip()
    *marks, title = text.split("\n")
    return fold(title), bool(marks)


def _icons(item: LexborNode) -> dict[str, str]:
    """What a row's pictures say, by the names of the groups of `_ICON`."""
    found: dict[str, str] = {}
    for picture in item.css("img"):
        icon = _ICON.search(attr(picture, "src"))
        if icon and icon.lastgroup:
            found[icon.lastgroup] = icon[icon.lastgroup]
    return found


def _with_foot(row: ThreadRow, foot: LexborNode, clock: Clock) -> ThreadRow:
    """The row with what stands below its title: author, day, replies."""
    link = foot.css_first("a")
    person = linked_person(link) if link is not None else ANONYMOUS
    row = replace(
        row,
        author=person.name,
        uid=person.uid,
    )

    parts = _printed_parts(foot)
    for part in parts:
        day = clock.parse_day(part)
        if day is None:
            continue
        after_day = next(parts, "")
        return replace(
            row,
            created_on=day,
            replies=number(after_day),
        )
    return row


def _printed_parts(foot: LexborNode) -> Iterator[str]:
    """The texts that stand directly in the foot, parted by more than one space."""
    for text in own_texts(foot):
        for part in _GAP.split(text):
            if part.strip():
                yield part


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page; PageError where no board is on it."""
    boards = tuple(_boards(page.tree))
    if not boards:
        raise PageError("a mobile index page without boards")
    return IndexPage(boards=boards)


def _boards(tree: LexborHTMLParser) -> list[BoardRow]:
    """Every board of the lists, in order, each once; `(N)` beside it are today's posts."""
    found: dict[int, BoardRow] = {}
    for box in tree.css(".fl > .bm"):
        category = words(box.css_first(".bm_h"))
        for link in box.css(".bm_c a"):
            target = linked_board(link)
            fid = target.id if target else None
            if fid is None or fid in found:
                continue
            found[fid] = BoardRow(
                fid=fid,
                name=words(link),
                category=category,
            )
    return list(found.values())
