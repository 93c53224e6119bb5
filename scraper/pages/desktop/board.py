"""A desktop board page (forumdisplay) of any generation: its threads, its sub-boards, its
page list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.records import BoardPage, BoardRow, ThreadRow
from scraper.markup.html import figure, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import fid_in_script, page_numbers
from scraper.pages.desktop.index import boards_of
from scraper.pages.desktop.links import crumb_of, links_to, target_of_kind
from scraper.pages.desktop.rows import read_row

_CRUMBS = "#pt, #nav"
RowReader: TypeAlias = Callable[[Snapshot], tuple[ThreadRow, ...]]


def read_board(page: Snapshot, read_rows: RowReader | None = None) -> BoardPage:
    """Read a board page, which may say nothing.

    `read_rows`: reads the rows of a template that has them in a form of its own; where it
    finds none they are looked for in the usual forms.
    """
    tree = page.tree
    fid, name = _board(page)
    threads = read_rows(page) if read_rows is not None else ()
    boards = _sub_boards(tree, fid)
    number, pages = page_numbers(tree)
    return BoardPage(
        fid=fid,
        name=name,
        page=number,
        pages=pages,
        threads=threads or _threads(page),
        boards=boards,
    )


def lists_only_digest(page: Snapshot) -> bool:
    """Whether a board page was asked for its digest threads alone."""
    return page.target is not None and "filter=digest" in page.target.filter


def _threads(page: Snapshot) -> tuple[ThreadRow, ...]:
    """By rows, else as pictures, else as bare links."""
    rows = _rows(page)
    if rows:
        return rows
    pictures = tuple(_pictures(page.tree))
    if pictures:
        return pictures
    return tuple(_linked(page.tree))


def _rows(page: Snapshot) -> tuple[ThreadRow, ...]:
    only_digest = lists_only_digest(page)
    rows = []
    for body in page.tree.tags("tbody"):
        row = read_row(body, page.clock, only_digest)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _sub_boards(tree: LexborHTMLParser, fid: int | None) -> tuple[BoardRow, ...]:
    rows = []
    for board in boards_of(tree):
        if board.fid != fid:
            row = replace(
                board,
                parent_fid=board.parent_fid or fid,
                category="",
            )
            rows.append(row)
    return tuple(rows)


def _board(page: Snapshot) -> tuple[int | None, str]:
    """fid and name: the breadcrumb (X) or the heading (6.0, 7.x) names the board; the
    script or a link its number."""
    fid = _own_fid(page)
    last_name = ""
    for crumb_fid, name in _crumbs(page.tree):
        last_name = name
        if fid is None or crumb_fid == fid:
            return fid or crumb_fid, name
    own_crumb = crumb_of(page.tree.css_first(_CRUMBS), fid)
    if own_crumb:
        return fid, own_crumb
    heading = page.tree.css_first(
        "#forumheader h1, div.threadlist h1, h1 a[href*='forum']"
    )
    return fid, words(heading) or last_name


def _own_fid(page: Snapshot) -> int | None:
    """The board's number, by the page's script, else by its address."""
    fid = fid_in_script(page)
    if fid:
        return fid
    target = page.target
    if target is None or target.kind != "board":
        return None
    return target.id


def _crumbs(tree: LexborHTMLParser) -> Iterator[tuple[int | None, str]]:
    """fid and name of each board that the breadcrumb names."""
    bar = tree.css_first(_CRUMBS)
    for link, target in links_to("board", bar):
        if not target.filter:
            yield target.id, words(link)


def _linked(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """What a template for sorted information (分类信息) prints in place of rows: links to
    threads, each thread once."""
    box = tree.css_first("#threadlist")
    yield from linked_threads(box)


def linked_threads(box: LexborNode | None) -> Iterator[ThreadRow]:
    """Threads by the links to their first pages; the first link with words is the title."""
    seen: set[int] = set()
    for link, target in links_to("thread", box):
        tid = target.id
        if target.page != 1 or not tid or tid in seen:
            continue
        title = words(link)
        if title:
            seen.add(tid)
            yield ThreadRow(tid=tid, title=title)


def _pictures(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """A picture board: `ul#waterfall li`, with title, author and the count of replies."""
    # One selector for both lists would name an item of both twice.
    items = tree.css("ul#waterfall > li")
    if not items:
        items = tree.css("ul.ml.waterfall > li")
    for item in items:
        row = _picture(item)
        if row is not None:
            yield row


def _picture(item: LexborNode) -> ThreadRow | None:
    title = item.css_first("h3 a")
    target = target_of_kind(title, "thread")
    if target is None or not target.id:
        return None

    beside = "div.auth a, cite a"
    author, uid, replies = "", None, None
    for link, member in links_to("user", item, beside):
        author = words(link)
        uid = member.id
    for link, _ in links_to("thread", item, beside):
        replies = figure(link)
    return ThreadRow(
        tid=target.id,
        title=words(title),
        author=author,
        uid=uid,
        replies=replies,
    )
