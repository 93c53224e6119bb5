"""Any Discuz! page that no template claims: reads what all generations share, and nothing
that it would have to guess.

Posts by their numbered boxes (`pidN`, `post_N`) or messages (`postmessage_N`), times by
`authorpostonN`, floors by `postnumN`, authors by the first link to a member; threads of a
board by their numbered rows, else by their links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Content, Post, ThreadPage
from scraper.markup.floors import floor_number
from scraper.markup.html import attr, printed_time, words
from scraper.markup.signals import is_discuz
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.markup.withheld import withheld_reason
from scraper.pages import layouts
from scraper.pages.desktop.board import linked_threads, read_board
from scraper.pages.desktop.head import board_of, ids_of, page_numbers
from scraper.pages.desktop.links import links_to
from scraper.pages.desktop.location import location_beside
from scraper.themes import GENERIC, Theme

_NUMBERED = '[id^="pid"], [id^="post_"], [id^="postmessage_"]'
_NUMBER = re.compile(r"^(?:pid|post_|postmessage_)(\d{1,18})$")
_POSTS = re.compile(r"""\bid=["']?(?:pid|postmessage_)\d+""")
_ROWS = re.compile(r"""\bid=["']?(?:normalthread|stickthread)_\d+""")
_MESSAGES = ".t_f, .t_msgfont, .message, .postmessage"
_LEVELS_UP = 8
_MOST_WITHIN = 60
"""Numbered elements of one post: it has three or four, and may quote others."""


def _recognise(page: Snapshot) -> int:
    if not _is_thread(page) and not _is_board(page):
        return 0
    return GENERIC if is_discuz(page) else 0


def _is_thread(page: Snapshot) -> bool:
    return _POSTS.search(page.text) is not None


def _is_board(page: Snapshot) -> bool:
    if _ROWS.search(page.text):
        return True
    return page.target is not None and page.target.kind == "board"


def _read(page: Snapshot) -> Content:
    if _is_thread(page):
        return _thread(page)
    return _board(page)


def _thread(page: Snapshot) -> ThreadPage:
    posts = tuple(_posts(page))
    if not posts:
        raise PageError(
            "a Discuz! thread in a template of its own: no post could be read"
        )

    tree = page.tree
    tid, script_fid = ids_of(page)
    fid, board = board_of(tree)
    number, pages = page_numbers(tree)
    subject = words(tree.css_first("#thread_subject"))
    return ThreadPage(
        tid=tid,
        fid=fid or script_fid,
        board=board,
        title=subject or words(tree.css_first("h1")),
        page=number,
        pages=pages,
        posts=posts,
    )


def _posts(page: Snapshot) -> Iterator[Post]:
    seen: set[int] = set()
    for node in page.tree.css(_NUMBERED):
        found = _NUMBER.match(attr(node, "id"))
        pid = int(found[1]) if found else None
        if pid is None or pid in seen:
            continue
        seen.add(pid)
        box = _box_of(node, pid)
        if len(box.css(_NUMBERED)) > _MOST_WITHIN:  # each would hold all that follow
            raise PageError(f"a post with more than {_MOST_WITHIN} numbers within it")
        post = _post(box, pid, page)
        if post is not None:
            yield post


def _box_of(node: LexborNode, pid: int) -> LexborNode:
    """The element that holds a post's time too: the node itself, or one above it that holds
    no other post."""
    box = node
    for _ in range(_LEVELS_UP):
        above = box.parent
        if above is None or box.css_first(f"#authorposton{pid}") is not None:
            return box
        others = f'[id^="postmessage_"]:not(#postmessage_{pid})'
        if above.css_first(others) is not None:
            return box
        box = above
    return box


def _post(box: LexborNode, pid: int, page: Snapshot) -> Post | None:
    body = box.css_first(f"#postmessage_{pid}") or box.css_first(_MESSAGES)
    locked = box.css_first(".locked")
    if body is None and locked is None:
        return None

    message = Message()
    withheld = ""
    if body is not None:
        message = read_message(body, page.clock, page.encoding != "utf-8")
    else:
        withheld = words(locked)
    author, uid = _author(box)
    floor = box.css_first(f"#postnum{pid}, #postnum_{pid}")
    time = box.css_first(f"#authorposton{pid}")
    return Post(
        pid=pid,
        floor=floor_number(words(floor)),
        author=author,
        uid=uid,
        posted_at=page.clock.parse(printed_time(time)),
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
        location=location_beside(time),
    )


def _author(box: LexborNode) -> tuple[str, int | None]:
    for link, target in links_to("user", box):
        name = words(link)
        if name:
            return name, target.id
    return "", None


def _board(page: Snapshot) -> BoardPage:
    board = read_board(page)
    if board.threads:
        return board
    threads = linked_threads(page.tree.root)
    return replace(board, threads=tuple(threads))


THEME = Theme("generic", _recognise, _read, fallback=True, prints=layouts.SKIN)
