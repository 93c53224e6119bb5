"""Any Discuz! page that no template claims: reads what all generations share, and nothing
that it would have to guess.

Posts by their numbered boxes (`pidN`, `post_N`) or messages (`postmessage_N`), times by
`authorpostonN`, floors by
`postnumN`, authors by the first link to a member; threads of a board by their numbered rows, else by their links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Content, Post, ThreadPage, ThreadRow
from scraper.markup.floors import floor_number
from scraper.markup.html import attr, printed_time, words
from scraper.markup.signals import is_discuz
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.markup.withheld import withheld_reason
from scraper.pages import layouts
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.head import board_of, ids_of, page_numbers
from scraper.themes import GENERIC, Theme

_NUMBERED = '[id^="pid"], [id^="post_"], [id^="postmessage_"]'
_NUMBER = re.compile(r"^(?:pid|post_|postmessage_)(\d{1,18})$")
_POSTS = re.compile(r"""\bid=["']?(?:pid|postmessage_)\d+""")
_ROWS = re.compile(r"""\bid=["']?(?:normalthread|stickthread)_\d+""")
_MESSAGES = ".t_f, .t_msgfont, .message, .postmessage"
_LEVELS_UP = 8


def _recognise(page: Snapshot) -> int:
    if _is_thread(page) or _is_board(page):
        return GENERIC if is_discuz(page) else 0
    return 0


def _is_thread(page: Snapshot) -> bool:
    return _POSTS.search(page.text) is not None


def _is_board(page: Snapshot) -> bool:
    return _ROWS.search(page.text) is not None or (
        page.target is not None and page.target.kind == "board"
    )


def _read(page: Snapshot) -> Content:
    return _thread(page) if _is_thread(page) else _board(page)


def _thread(page: Snapshot) -> ThreadPage:
    posts = tuple(_posts(page))
    if not posts:
        raise PageError(
            "a Discuz! thread in a template of its own: no post could be read"
        )
    tid, fid = ids_of(page)
    board_fid, board = board_of(page.tree)
    here, pages = page_numbers(page.tree)
    title = words(page.tree.css_first("#thread_subject")) or words(
        page.tree.css_first("h1")
    )
    return ThreadPage(
        tid=tid,
        fid=board_fid or fid,
        board=board,
        title=title,
        page=here,
        pages=pages,
        posts=posts,
    )


def _posts(page: Snapshot) -> Iterator[Post]:
    seen: set[int] = set()
    for node in page.tree.css(_NUMBERED):
        found = _NUMBER.match(attr(node, "id"))
        if found and int(found[1]) not in seen:
            seen.add(int(found[1]))
            post = _post(_box(node, found[1]), int(found[1]), page)
            if post:
                yield post


def _box(node: LexborNode, pid: str) -> LexborNode:
    """The element that holds a post's time too: the node itself, or one above it that holds
    no other post."""
    box = node
    for _ in range(_LEVELS_UP):
        if box.css_first(f"#authorposton{pid}") is not None or box.parent is None:
            return box
        if len(box.parent.css('[id^="postmessage_"]')) > 1:
            return box
        box = box.parent
    return box


def _post(box: LexborNode, pid: int, page: Snapshot) -> Post | None:
    body = box.css_first(f"#postmessage_{pid}") or box.css_first(_MESSAGES)
    locked = box.css_first(".locked")
    if body is None and locked is None:
        return None
    message = (
        read_message(body, page.clock, page.encoding != "utf-8")
        if body is not None
        else Message()
    )
    withheld = words(locked) if body is None else ""
    author, uid = _author(box)
    return Post(
        pid=pid,
        floor=floor_number(words(box.css_first(f"#postnum{pid}, #postnum_{pid}"))),
        author=author,
        uid=uid,
        posted_at=page.clock.parse(printed_time(box.css_first(f"#authorposton{pid}"))),
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        quotes=message.quotes,
        attachments=message.attachments,
        images=message.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
    )


def _author(box: LexborNode) -> tuple[str, int | None]:
    for link in box.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "user" and (name := words(link)):
            return name, target.id
    return "", None


def _board(page: Snapshot) -> BoardPage:
    board = read_board(page)
    return (
        board
        if board.threads
        else BoardPage(
            fid=board.fid,
            name=board.name,
            page=board.page,
            pages=board.pages,
            threads=tuple(_linked(page)),
            boards=board.boards,
        )
    )


def _linked(page: Snapshot) -> Iterator[ThreadRow]:
    """Threads by the links to their first pages; the first link with words is the title."""
    seen: set[int] = set()
    for link in page.tree.css("a"):
        target = parse_url(attr(link, "href"))
        if (
            target is None
            or target.kind != "thread"
            or target.page != 1
            or not target.id
            or target.id in seen
        ):
            continue
        if title := words(link):
            seen.add(target.id)
            yield ThreadRow(tid=target.id, title=title)


THEME = Theme("generic", _recognise, _read, fallback=True, prints=layouts.SKIN)
