"""Board pages of the touch layout, X3.0 to X3.5 (touch/forum/forumdisplay)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import BoardPage, BoardRow, ThreadRow
from scraper.markup.html import attr, classes, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import page_numbers
from scraper.pages.handheld.post_header import id_of, own_words, person_of
from scraper.pages.handheld.touch_lists import read_boards

_PARTS = (
    "a, .by, .num, .icon_top img, .muser h3, .mtime, .micon, .threadlist_tit > em, "
    ".list_top em, .threadlist_foot i, .threadlist_foot li.mr, .threadlist_mes"
)
# steps to children: a page may be nested thousands deep
_SUB_BOARDS = "#subname_list > ul > li, .sub-forum > ul > li"
_NEW_THREAD = re.compile(r"action=newthread&(?:amp;)?fid=(\d{1,18})")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll)|(?P<trade>商品|出售|trade)|(?P<reward>[悬懸][赏賞]|reward)"
    r"|(?P<activity>活[动動]|activity)|(?P<debate>[辩辯][论論]|debate)",
    re.I,
)


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page, which may say nothing."""
    tree = page.tree
    fid = _fid(page)
    threads = tuple(_rows(page))
    boards = tuple(_sub_boards(page, fid))
    heading = tree.css_first(
        ".header .category .tit, .header .category .name, .header h2"
    )
    name = words(heading)
    here, pages = page_numbers(tree)
    return BoardPage(
        fid=fid,
        name=name,
        page=here,
        pages=pages,
        threads=threads,
        boards=boards,
    )


def _rows(page: Snapshot) -> Iterator[ThreadRow]:
    for item in page.tree.css(".threadlist > ul > li"):
        row = _row(item, page)
        if row is not None:
            yield row


def _sub_boards(page: Snapshot, fid: int | None) -> Iterator[BoardRow]:
    for board in read_boards(page.tree, _SUB_BOARDS):
        if board.fid != fid:
            yield board


def _fid(page: Snapshot) -> int | None:
    """From the button for a new thread, else from the page's address."""
    text = page.text
    first = text.find("action=newthread")
    found = _NEW_THREAD.search(text, max(0, first))
    if found:
        return int(found[1])

    return id_of(page.target, "board")


@dataclass(slots=True)
class _RowParts:
    """What one pass over a row found. `link` leads to the thread; `figures`: counts by the
    class of their icon; `icons`: the addresses of the pictures."""

    tid: int | None = None
    link: LexborNode | None = None
    title: LexborNode | None = None
    author: LexborNode | None = None
    time: LexborNode | None = None
    replies: LexborNode | None = None
    excerpt: LexborNode | None = None
    type: str = ""
    icons: str = ""
    marks: list[LexborNode] = field(default_factory=list)
    figures: dict[str, int | None] = field(default_factory=dict)


def _row(item: LexborNode, page: Snapshot) -> ThreadRow | None:
    """A thread's row. X3.5 writes the title in `em`; before it is the link's own text, the
    author in it."""
    parts = _RowParts()
    for node in item.css(_PARTS):
        _take(parts, node)
    if parts.tid is None or parts.link is None:
        return None
    if parts.title is None:
        return _row_before_x35(parts, parts.tid, parts.link)
    return _row_of_x35(parts, parts.tid, page, item)


def _take(parts: _RowParts, node: LexborNode) -> None:
    """Keep a part, told by its tag or class. Of the title and the author the first is kept,
    since a plugin may add more."""
    tag = node.tag
    attributes = node.attributes  # a new dict with every access
    if tag == "a":
        _take_link(parts, node, attributes.get("href"))
        return

    class_names = attributes.get("class") or ""
    names = class_names.split()
    if tag == "em":
        parts.title = parts.title or node
    elif tag == "h3" or "by" in names:
        parts.author = parts.author or node
    elif tag == "i":
        parts.figures[class_names] = number(words(node.parent))
    elif tag == "img":
        parts.icons += attr(node, "src")
    else:
        _take_other(parts, node, names)


def _take_link(parts: _RowParts, link: LexborNode, href: str | None) -> None:
    if parts.tid is not None or not href:
        return
    target = parse_url(href)
    if target and target.kind == "thread":
        parts.tid = target.id
        parts.link = link


def _take_other(parts: _RowParts, node: LexborNode, names: list[str]) -> None:
    if node.tag == "li":
        parts.type = words(node).removeprefix("#")
    elif "mtime" in names:
        parts.time = node
    elif "num" in names:
        parts.replies = node
    elif "micon" in names:
        parts.marks.append(node)
    else:
        parts.excerpt = node


def _row_before_x35(parts: _RowParts, tid: int, link: LexborNode) -> ThreadRow:
    return ThreadRow(
        tid=tid,
        title=own_words(link),
        author=words(parts.author),
        replies=number(words(parts.replies)),
        sticky="icon_top." in parts.icons,
        digest="icon_digest" in parts.icons,
    )


def _row_of_x35(
    parts: _RowParts, tid: int, page: Snapshot, item: LexborNode
) -> ThreadRow:
    in_list_of_sticky = "list_top" in attr(item, "class")
    mark_classes: set[str] = set()
    for mark in parts.marks:
        mark_classes.update(classes(mark))

    person = person_of(parts.author)
    return ThreadRow(
        tid=tid,
        title=words(parts.title),
        author=person.name,
        uid=person.uid,
        created_on=page.clock.parse_day(words(parts.time)),
        replies=parts.figures.get("dm-chat-s-fill"),
        views=parts.figures.get("dm-eye-fill"),
        type=parts.type,
        special="" if in_list_of_sticky else _special(parts.marks),
        sticky=in_list_of_sticky or "top" in mark_classes,
        digest="digest" in mark_classes,
        closed="lock" in mark_classes,
        excerpt=words(parts.excerpt),
    )


def _special(marks: list[LexborNode]) -> str:
    """The kind of thread that the marks beside a title name."""
    printed = " ".join(map(words, marks))
    found = _SPECIAL.search(printed)
    if found is None:
        return ""
    return found.lastgroup or ""
