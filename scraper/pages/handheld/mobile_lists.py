"""Board pages and board lists of the simple mobile layout, X2 to X3.4
(mobile/forum/forumdisplay, discuz).

A setting (精简版, `simpletype`) leaves out dates, counts and icons.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, BoardRow, IndexPage, ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, fold, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.thread import page_numbers
from scraper.pages.handheld.heads import NOBODY, linked_person, own_texts

_MARKS = re.compile(
    r"/(?:(?P<special>poll|trade|reward|activity|debate)small|(?P<sticky>pin_\d)|(?P<digest>digest_\d)"
    r"|(?P<closed>folder_lock))\."
)
_GAP = re.compile(r"[ \t\r\n]{2,}")


def crumb(tree: LexborHTMLParser) -> tuple[int | None, str]:
    """The board that the path above the page names last: fid and name. A sub-board's own
    page names it unlinked."""
    bar = tree.css_first(".wp > .box")
    fid, name = None, ""
    for link in bar.css("a") if bar is not None else ():
        if target := _board(link):
            fid, name = target.id, words(link)
    return fid, name


def _board(link: LexborNode) -> Target | None:
    target = parse_url(attr(link, "href"))
    return target if target and target.kind == "board" and not target.filter else None


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page; PageError where it has neither threads nor sub-boards nor its own
    number."""
    tree = page.tree
    fid, name = _own_board(page)
    rows = tuple(
        row for item in tree.css(".tl .bm_c") if (row := _row(item, page.clock))
    )
    boards = tuple(board for board in _boards(tree) if board.fid != fid)
    if not rows and not boards and fid is None:
        raise PageError(
            "a mobile board page without threads and without its own number"
        )
    here, pages = page_numbers(tree)
    return BoardPage(
        fid=fid, name=name, page=here, pages=pages, threads=rows, boards=boards
    )


def _own_board(page: Snapshot) -> tuple[int | None, str]:
    """fid and name: the list's head names the board before a link to it in another order;
    else the path above."""
    head = page.tree.css_first(".tl .bm_h")
    link = head.css_first("a") if head is not None else None
    other = parse_url(attr(link, "href")) if link is not None else None
    fid, name = crumb(page.tree)
    if other and other.kind == "board":
        fid = other.id
    elif page.target and page.target.kind == "board":
        fid = page.target.id
    return fid, (
        fold(own_texts(head)[0]) if head is not None and own_texts(head) else ""
    ) or name


def _row(item: LexborNode, clock: Clock) -> ThreadRow | None:
    """A thread's row: its link with the title, then (not in 精简版) author, day and replies."""
    for link in item.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "thread" and target.id is not None:
            break
    else:
        return None
    marks = [
        found for icon in item.css("img") if (found := _MARKS.search(attr(icon, "src")))
    ]
    kinds = {mark.lastgroup: mark[mark.lastgroup or 0] for mark in marks}
    lines = [
        line for line in link.text().split("\n") if line.strip()
    ]  # `[置顶]` has a line of its own in 精简版
    row = ThreadRow(
        tid=target.id,
        title=fold(lines[-1]) if lines else "",
        sticky="sticky" in kinds or len(lines) > 1,
        special=kinds.get("special", ""),
        digest="digest" in kinds,
        closed="closed" in kinds,
    )
    foot = item.css_first("span.xg1")
    return _with_foot(row, foot, clock) if foot is not None else row


def _with_foot(row: ThreadRow, foot: LexborNode, clock: Clock) -> ThreadRow:
    link = foot.css_first("a")
    person = linked_person(link) if link is not None else NOBODY
    parts = [
        part for text in own_texts(foot) for part in _GAP.split(text) if part.strip()
    ]
    day = next((at for at, part in enumerate(parts) if clock.parse_day(part)), None)
    if day is None:
        return replace(row, author=person.name, uid=person.uid)
    return replace(
        row,
        author=person.name,
        uid=person.uid,
        created_on=clock.parse_day(parts[day]),
        replies=number(parts[day + 1]) if len(parts) > day + 1 else None,
    )


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
            target = _board(link)
            if target and target.id is not None and target.id not in found:
                found[target.id] = BoardRow(
                    fid=target.id, name=words(link), category=category
                )
    return list(found.values())
