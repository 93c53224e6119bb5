"""Desktop pages of Discuz! 6.0, whose body tells nothing: recognised, and told one from
another, by their boxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.core.records import Content, Post
from scraper.markup.dates import Clock
from scraper.markup.html import next_element, tree_of, words
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.pages import layouts
from scraper.pages.desktop.board import read_board
from scraper.pages.desktop.index import read_index
from scraper.pages.desktop.location import has_cell_labels
from scraper.pages.desktop.nodes import PageContext
from scraper.pages.desktop.polls import read_poll
from scraper.pages.desktop.profile import read_space
from scraper.pages.desktop.ratings import user_of
from scraper.pages.desktop.thread import read_thread
from scraper.pages.login_form import other_or_login
from scraper.themes import SURE, Theme

_BODY_MARKS = re.compile(r"""\s(?:id|class|vlink)\s*=""", re.I)
_BOX = re.compile(  # a print page has none
    r"""<\w{1,9}\s[^<>]{0,200}?(?:class|id)=["']?[^"'<>]{0,60}\b(?:mainbox|module_userinfo)\b"""
)
_BOX_NAMES = ("mainbox", "module_userinfo")
_SIGNS = (
    "Discuz! 6",
    "Powered by Discuz!",
    "forumdisplay.php?fid=",
    "viewthread.php?tid=",
    "space.php?uid=",
)
_LEAD_CHARS = 300  # as far as a tag begins before the name of its box
_NOT_THE_MESSAGE = "form#poll, h2, #bestpost, div.box, button"


def _recognise(page: Snapshot) -> int:
    if not page.body_tag or _BODY_MARKS.search(page.body_tag):
        return 0
    if not _has_box(page):
        return 0
    has_sign = any(sign in page.text for sign in _SIGNS)
    return SURE if has_sign else 0


def _has_box(page: Snapshot) -> bool:
    """Whether a box of this version stands anywhere: a forum's own head may be long."""
    text = page.text
    for name in _BOX_NAMES:
        at = text.find(name, page.head_end)
        if at < 0:
            continue
        start = max(page.head_end, at - _LEAD_CHARS)
        if _BOX.search(text, start):
            return True
    return False


def _read(page: Snapshot) -> Content:
    tree = page.tree
    box = tree.css_first("div.mainbox, #module_userinfo")
    if box is None:
        return other_or_login(page)
    if box.id == "module_userinfo":
        return read_space(page)
    for box_of_page, reader in _READERS:
        if tree.css_first(box_of_page) is not None:
            return reader(page)
    return other_or_login(page)


def _thread(page: Snapshot) -> Content:
    """This version turns `&amp;#N;` of its messages into characters by itself, where it
    wants to show them so."""
    lead = None
    special = page.tree.css_first("div.specialthread")
    if special is not None:
        lead = _lead(special, page)
    context = PageContext(
        page.clock,
        classic=True,
        has_cell_labels=has_cell_labels(page),
    )
    return read_thread(page, context=context, lead=lead)


def _lead(box: LexborNode, page: Snapshot) -> Post | None:
    """The opening post of a poll, reward, debate …, which has no number and its author on
    the right."""
    cell = box.css_first("td.postcontent")
    body = cell.css_first("div.postmessage") if cell is not None else None
    if cell is None or body is None:
        return None

    message = _message_of_lead(body, page)
    author, uid, posted_at = _author_of_lead(box, page.clock)
    poll = cell.css_first("form#poll")
    return Post(
        author=author,
        uid=uid,
        posted_at=posted_at,
        html=message.html,
        text=message.text,
        quotes=message.quotes,
        images=message.images,
        links=message.links,
        attachments=message.attachments,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        hidden=message.hidden,
        poll=read_poll(poll) if poll is not None else None,
    )


def _message_of_lead(body: LexborNode, page: Snapshot) -> Message:
    """The message without what stands within its box and is no part of it."""
    copy = tree_of(body.html or "")
    for node in copy.css(_NOT_THE_MESSAGE):
        node.decompose()
    own = copy.css_first("div.postmessage")
    return read_message(own if own is not None else body, page.clock)


def _author_of_lead(
    box: LexborNode,
    clock: Clock,
) -> tuple[str, int | None, datetime | None]:
    """Name, uid and time: the first linked value, and the first that is a time."""
    author, uid, posted_at = "", None, None
    side = box.css_first("td.postauthor dl")
    if side is None:
        return author, uid, posted_at
    for name in side.css("dt"):
        value = next_element(name)
        if value is None:
            continue
        if not author and value.css_first("a") is not None:
            author, uid = user_of(value)
        if posted_at is None:
            posted_at = clock.parse(words(value))
    return author, uid, posted_at


_READERS: tuple[tuple[str, Callable[[Snapshot], Content]], ...] = (
    ("div.viewthread", _thread),
    ("div.threadlist", read_board),
    ("div.forumlist", read_index),
)
THEME = Theme("classic6", _recognise, _read, prints=layouts.DESKTOP)
