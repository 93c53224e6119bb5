"""A thread page of the touch layout, X3.0 to X3.5 (touch/forum/viewthread): its head and the
order of its posts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import Post, ThreadPage
from scraper.markup.html import attr, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import page_numbers
from scraper.pages.handheld.body import Body, PageContext, context_of
from scraper.pages.handheld.post_header import id_of, own_texts
from scraper.pages.handheld.touch_post import pid_of_box, read_post

_REPLY_LINK = re.compile(
    r"action=reply&(?:amp;)?fid=(\d{1,18})&(?:amp;)?tid=(\d{1,18})"
)
_BRACKETED = re.compile(r"^\[(.{1,100})\]$")
_MOST_REPEATED = 50  # boxes in boxes are damage
_MOST_UNNUMBERED = 500

_NumberedBox: TypeAlias = tuple[int | None, LexborNode]
_ReadPost: TypeAlias = tuple[Post, Body]


def read_thread(page: Snapshot) -> ThreadPage:
    """Read a thread page; PageError where it has no post."""
    tree = page.tree
    boxes = _boxes(tree)
    found = _each_once(boxes, context_of(page))
    if not found:
        raise PageError("a touch thread page without a single post that could be read")

    _, opening_box = boxes[0]
    _, opening = found[0]
    tid, fid = _ids(page)
    title, thread_type = _title(tree)
    here, pages = page_numbers(tree)
    views, replies = _counts(opening_box)
    return ThreadPage(
        tid=tid,
        fid=fid,
        board=_board(tree),
        title=title,
        page=here,
        pages=pages,
        type=thread_type,
        special=opening.special,
        views=views,
        replies=replies,
        filtered=bool(page.target and page.target.uid),
        fields=opening.fields,
        posts=_with_best_answer(found, opening.best_pid),
    )


def _boxes(tree: LexborHTMLParser) -> list[_NumberedBox]:
    """The boxes of posts with their numbers, in the order of the page; before X3.2 no box
    has one.

    They are looked for everywhere, not among the children of their list: the template of
    X3.4 leaves a `b` open after an anonymous author, and all that follows stands in it.
    """
    boxes = tree.css("div.plc")
    numbered: list[_NumberedBox] = []
    for box in boxes:
        pid = pid_of_box(box)
        if pid:
            numbered.append((pid, box))
    if numbered:
        return numbered

    posts = filter(_holds_post, boxes[:_MOST_UNNUMBERED])
    return [(None, box) for box in posts]


def _holds_post(box: LexborNode) -> bool:
    """Whether a box without a number is a post's: it has a head and a message, a reply form
    has neither."""
    head = box.css_first("ul.authi")
    message = box.css_first("div.message")
    return head is not None and message is not None


def _each_once(boxes: list[_NumberedBox], context: PageContext) -> list[_ReadPost]:
    """The posts in the order of the page. Sticky and recommended replies are printed again
    in their own place, with their floor."""
    found: dict[int | None, _ReadPost] = {}
    repeated = 0
    for at, (pid, box) in enumerate(boxes, 1):
        if pid is None:
            found[-at] = read_post(pid, box, context)
            continue
        if pid not in found:
            found[pid] = read_post(pid, box, context)
            continue

        post, body = found[pid]
        if post.floor is None and repeated < _MOST_REPEATED:
            repeated += 1
            in_place, _ = read_post(pid, box, context)
            post = replace(post, floor=in_place.floor)
            found[pid] = post, body
    return list(found.values())


def _with_best_answer(found: list[_ReadPost], best_pid: int | None) -> tuple[Post, ...]:
    """The posts, the best answer of a reward thread marked."""
    posts = []
    for post, _ in found:
        if post.pid and post.pid == best_pid:
            post = replace(post, best_answer=True)
        posts.append(post)
    return tuple(posts)


def _ids(page: Snapshot) -> tuple[int | None, int | None]:
    """tid and fid: from the reply form or button below the posts; tid else from the page's
    address."""
    last = page.text.rfind("action=reply")
    found = _REPLY_LINK.search(page.text, max(0, last))
    if found is not None:
        fid, tid = found.groups()
        return int(tid), int(fid)

    link = page.tree.css_first(".header a[href*='fid'], .header h2 a")
    board = parse_url(attr(link, "href"))
    tid = id_of(page.target, "thread")
    return tid, id_of(board, "board")


def _board(tree: LexborHTMLParser) -> str:
    name = tree.css_first(".header .name, .header h2")
    if name is None:
        name = tree.css_first(".header .nav > a.z + span")
    return words(name)


def _title(tree: LexborHTMLParser) -> tuple[str, str]:
    """Title and thread type: in `em` (X3.5), or on a line of its own; the last line is the
    title, which may begin with brackets itself."""
    heading = tree.css_first("div.view_tit, .postlist > h2")
    if heading is None:
        return "", ""

    lines = [""]
    for text in own_texts(heading):
        stripped = map(str.strip, text.split("\n"))
        lines += filter(None, stripped)

    *before, title = lines
    in_em = [words(mark) for mark in heading.css("em")]
    return title, _bracketed(in_em or before)


def _bracketed(marks: list[str]) -> str:
    """The first of some marks that stands in brackets; empty where none does."""
    for mark in marks:
        found = _BRACKETED.match(mark)
        if found:
            return found[1]
    return ""


def _counts(box: LexborNode) -> tuple[int | None, int | None]:
    """Views and replies, which X3.5 prints above its first post."""
    nodes = box.css(".pione .authi .mtime .y em")
    figures = [number(words(node)) for node in nodes]
    if len(figures) != 2:
        return None, None
    views, replies = figures
    return views, replies
