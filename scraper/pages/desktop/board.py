"""A desktop board page (forumdisplay) of any generation: its threads, its sub-boards, its
page list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, BoardRow, ThreadRow
from scraper.markup.html import attr, figure, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import page_numbers
from scraper.pages.desktop.index import boards_of
from scraper.pages.desktop.rows import read_row

_FID = re.compile(r"fid\s*=\s*parseInt\(['\"]?(\d{1,18})['\"]?\)")


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page; PageError where it has neither threads nor sub-boards and does not
    say which board it is."""
    tree = page.tree
    fid, name = _board(page)
    threads = _rows(page) or tuple(_pictures(tree)) or tuple(_linked(tree))
    boards = _sub_boards(tree, fid)
    if not threads and not boards and fid is None:
        raise PageError("a board page without threads and without its own number")
    number, pages = page_numbers(tree)
    return BoardPage(
        fid=fid,
        name=name,
        page=number,
        pages=pages,
        threads=threads,
        boards=boards,
    )


def _rows(page: Snapshot) -> tuple[ThreadRow, ...]:
    target = page.target
    only_digest = target is not None and "filter=digest" in target.filter
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
            parent_fid = board.parent_fid or fid
            rows.append(replace(board, parent_fid=parent_fid, category=""))
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
    heading = page.tree.css_first(
        "#forumheader h1, div.threadlist h1, h1 a[href*='forum']"
    )
    return fid, words(heading) or last_name


def _own_fid(page: Snapshot) -> int | None:
    """The board's number, by the page's script, else by its address."""
    start = max(0, page.text.find("fid = parseInt("))
    found = _FID.search(page.text, start)
    fid = int(found[1]) if found else 0
    if fid:
        return fid
    target = page.target
    return target.id if target is not None and target.kind == "board" else None


def _crumbs(tree: LexborHTMLParser) -> Iterator[tuple[int | None, str]]:
    """fid and name of each board that the breadcrumb names."""
    bar = tree.css_first("#pt, #nav")
    if bar is None:
        return
    for link in bar.css("a"):
        target = parse_url(attr(link, "href"))
        if target is not None and target.kind == "board" and not target.filter:
            yield target.id, words(link)


def _linked(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """What a template for sorted information (分类信息) prints in place of rows: links to
    threads, each thread once."""
    box = tree.css_first("#threadlist")
    if box is None:
        return
    seen: set[int] = set()
    for link in box.css("a"):
        target = parse_url(attr(link, "href"))
        if target is None or target.kind != "thread" or target.page != 1:
            continue
        title = words(link)
        if isinstance(target.id, int) and title and target.id not in seen:
            seen.add(target.id)
            yield ThreadRow(tid=target.id, title=title)


def _pictures(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """A picture board: `ul#waterfall li`, with title, author and the count of replies."""
    # One selector for both lists would name an item of both twice.
    items = tree.css("ul#waterfall > li") or tree.css("ul.ml.waterfall > li")
    for item in items:
        row = _picture(item)
        if row is not None:
            yield row


def _picture(item: LexborNode) -> ThreadRow | None:
    title = item.css_first("h3 a")
    target = parse_url(attr(title, "href"))
    if target is None or target.kind != "thread" or not target.id:
        return None

    author, uid, replies = "", None, None
    for link in item.css("div.auth a, cite a"):
        other = parse_url(attr(link, "href"))
        if other is None:
            continue
        if other.kind == "user":
            author, uid = words(link), other.id
        elif other.kind == "thread":
            replies = figure(link)
    return ThreadRow(
        tid=target.id,
        title=words(title),
        author=author,
        uid=uid,
        replies=replies,
    )
