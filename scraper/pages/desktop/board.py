"""A desktop board page (forumdisplay) of any generation: its threads, its sub-boards, its
page list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, ThreadRow
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
    digest = page.target is not None and "filter=digest" in page.target.filter
    found = (read_row(body, page.clock, digest) for body in tree.tags("tbody"))
    threads = (
        tuple(row for row in found if row)
        or tuple(_pictures(tree))
        or tuple(_linked(tree))
    )
    boards = tuple(
        replace(board, parent_fid=board.parent_fid or fid, category="")
        for board in boards_of(tree)
        if board.fid != fid
    )
    if not threads and not boards and fid is None:
        raise PageError("a board page without threads and without its own number")
    here, pages = page_numbers(tree)
    return BoardPage(
        fid=fid, name=name, page=here, pages=pages, threads=threads, boards=boards
    )


def _linked(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """What a template for sorted information (分类信息) prints in place of rows: links to
    threads, each thread once."""
    box, seen = tree.css_first("#threadlist"), set[int]()
    for link in box.css("a") if box is not None else ():
        target = parse_url(attr(link, "href"))
        if (
            target
            and target.kind == "thread"
            and target.page == 1
            and isinstance(target.id, int)
            and (title := words(link))
            and target.id not in seen
        ):
            seen.add(target.id)
            yield ThreadRow(tid=target.id, title=title)


def _board(page: Snapshot) -> tuple[int | None, str]:
    """fid and name: the breadcrumb (X) or the heading (6.0, 7.x) names the board; the
    script or a link its number."""
    found = _FID.search(page.text, max(0, page.text.find("fid = parseInt(")))
    fid = int(found[1]) or None if found else None
    if fid is None and page.target and page.target.kind == "board":
        fid = page.target.id
    name = ""
    bar = page.tree.css_first("#pt, #nav")
    for link in bar.css("a") if bar is not None else ():
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board" and not target.filter:
            name = words(link)
            if target.id == fid or fid is None:
                fid = fid or target.id
                return fid, name
    heading = page.tree.css_first(
        "#forumheader h1, div.threadlist h1, h1 a[href*='forum']"
    )
    return fid, words(heading) or name


def _pictures(tree: LexborHTMLParser) -> Iterator[ThreadRow]:
    """A picture board: `ul#waterfall li`, with title, author and the count of replies."""
    for item in tree.css("ul#waterfall > li") or tree.css(
        "ul.ml.waterfall > li"
    ):  # a list names a node of both twice
        title = item.css_first("h3 a")
        target = parse_url(attr(title, "href")) if title is not None else None
        if title is None or target is None or target.kind != "thread" or not target.id:
            continue
        author, uid, replies = "", None, None
        for link in item.css("div.auth a, cite a"):
            other = parse_url(attr(link, "href"))
            if other and other.kind == "user":
                author, uid = words(link), other.id
            elif other and other.kind == "thread":
                replies = figure(link)
        yield ThreadRow(
            tid=target.id, title=words(title), author=author, uid=uid, replies=replies
        )
