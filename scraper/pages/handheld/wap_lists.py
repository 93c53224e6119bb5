"""Board pages and board lists as WAP cards, Discuz! 5 to 7.2 (wap/include/forum, home)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, BoardRow, IndexPage, ThreadRow
from scraper.markup.html import fold
from scraper.pages.handheld.wap_thread import NUMBERED, link_of
from scraper.pages.handheld.wml import (
    Line,
    Piece,
    page_numbers,
    with_line_below,
    words_of,
)

_COUNTS = re.compile(
    r"^\[(?P<author>.*?)\s\D{0,12}?(?P<replies>\d{1,9})\s\D{0,12}?(?P<views>\d{1,9})\]$"
)


def is_board(lines: list[Line]) -> bool:
    """Whether the lines are a board's: below its name one can post there or see its digest."""
    if len(lines) < 2:
        return False
    return link_of(lines[1], "forum", "digest") is not None


def read_board(lines: list[Line]) -> BoardPage:
    """A board's page: its threads, and its sub-boards below them."""
    fid: int | None = None
    digest_link = link_of(lines[1], "forum", "digest")
    if digest_link is not None:
        fid = digest_link.number("fid")
    here, pages = page_numbers(lines)

    threads = []
    for line, below in with_line_below(lines):
        row = _row(line, below)
        if row is not None:
            threads.append(row)

    return BoardPage(
        fid=fid,
        name=words_of(lines[0]),
        page=here,
        pages=pages,
        threads=tuple(threads),
        boards=tuple(_sub_boards(lines, fid)),
    )


def _sub_boards(lines: list[Line], fid: int | None) -> Iterator[BoardRow]:
    for board in _boards(lines):
        if board.fid != fid:
            yield board


def _row(line: Line, below: Line) -> ThreadRow | None:
    """`#1 title`[顶], and below it `[author 回1 点18788]`; a title that the card cuts short
    is not the title."""
    link = link_of(line, "thread")
    if link is None:
        return None
    numbered = NUMBERED.match(link.words.strip())
    tid = link.number("tid")
    if numbered is None or tid is None:
        return None

    title = fold(numbered[2])
    is_cut = title.endswith(" ...")
    marks = words_of(piece for piece in line if not piece.query)
    row = ThreadRow(
        tid=tid,
        title="" if is_cut else title,
        excerpt=title if is_cut else "",
        sticky="顶" in marks or "頂" in marks,
        digest="精" in marks,
    )
    return _with_counts(row, below)


def _with_counts(row: ThreadRow, below: Line) -> ThreadRow:
    counts = _COUNTS.match(words_of(below))
    if counts is None:
        return row
    return replace(
        row,
        author=counts["author"],
        replies=int(counts["replies"]),
        views=int(counts["views"]),
    )


def read_index(lines: list[Line]) -> IndexPage:
    """A list of boards; PageError where there is none."""
    boards = _boards(lines)
    if not boards:
        raise PageError("a WAP index without boards")
    return IndexPage(boards=tuple(boards))


def _boards(lines: list[Line]) -> list[BoardRow]:
    """The boards that lines link to, each once."""
    found: dict[int, BoardRow] = {}
    for line in lines:
        for piece in line:
            fid = _linked_fid(piece)
            if fid is None or fid in found:
                continue
            name = fold(piece.words)
            found[fid] = BoardRow(
                fid=fid,
                name=name,
            )
    return list(found.values())


def _linked_fid(piece: Piece) -> int | None:
    """The board that a link leads to; None for a link to a further page."""
    if not piece.leads_to("forum"):
        return None
    if piece.get("page"):
        return None
    return piece.number("fid")
