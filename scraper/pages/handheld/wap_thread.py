"""A thread's WAP pages, Discuz! 5 to 7.2 (wap/include/thread): its opening, and its replies'
first words.

What a card cuts short is no post's text: an opening longer than a card, and a reply's words
that end in `..`. Days are printed without a year (`1/12 08:20`) unless the forum's settings
say otherwise: then no time is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from scraper.core.errors import PageError
from scraper.core.records import Post, ThreadPage
from scraper.markup.dates import Clock
from scraper.markup.edit_mark import take_edit_mark
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages.handheld.wml import (
    Line,
    Piece,
    after_label,
    lines_of,
    page_numbers,
    with_line_below,
    words_of,
)
from scraper.pages.person import ANONYMOUS, Person

NUMBERED = re.compile(r"^#(\d{1,9})\s(.*)$", re.S)
_BY = re.compile(
    r"^\[(?P<author>.*?)\s(?P<time>(?=\S{0,20}\d)\S{1,40}+\s\d{1,2}:\d\d(?:\s?[APap]\.?[Mm]\.?)?)\]$"
)
_IN_PARENTHESES = re.compile(r"\((\d{1,9})\)\s*$")
_HIDDEN = re.compile(r"(?:\*\*\s*)?本(?:内容隐藏|內容隱藏)(?:\s*\*\*)?")
_EDITED = re.compile(
    r"\[?\s{0,4}(?:本帖)?最[后後]由\s*+(?P<by>.{1,60}?)[于於]\s*+(?P<at>\d[^\n]{3,30}?)"
    r"\s{0,8}+[编編][辑輯]\s{0,4}+\]?"
)
_ASKED_PID = re.compile(r"[?&]pid=(\d{1,18})(?!\d)")


def card_lines(page: Snapshot) -> list[Line]:
    """The lines of a card's first paragraph; the second is the same on every card."""
    paragraph = page.tree.css_first("card p, p")
    return lines_of(paragraph) if paragraph is not None else []


def link_of(line: Line, action: str, do: str = "") -> Piece | None:
    """The first link of a line that is for an action."""
    for piece in line:
        if piece.leads_to(action, do):
            return piece
    return None


def is_thread(lines: list[Line]) -> bool:
    """Whether the lines are a thread's: it always offers to reply."""
    return any(link_of(line, "post", "reply") for line in lines)


def is_reply(lines: list[Line]) -> bool:
    """Whether the lines are one reply's: its first names the thread, its second the author."""
    if len(lines) < 4:
        return False
    first = lines[0]
    begins_with_link = bool(first and first[0].query)
    return not begins_with_link and link_of(first, "thread") is not None


def read_thread(lines: list[Line], page: Snapshot) -> ThreadPage:
    """A thread's page; replies have their number in the thread. PageError where no post is
    on it."""
    end, reply_link = _reply_line(lines)
    opening_lines = lines[:end]
    reply_lines = lines[end:]
    here, pages = page_numbers(reply_lines)

    posts = list(_replies(reply_lines, page.clock))
    opening = _opening(opening_lines, page.clock) if here == 1 else None
    if opening is not None:
        posts.insert(0, opening)
    if not posts:
        raise PageError("a WAP thread without a post")

    return ThreadPage(
        tid=reply_link.number("tid"),
        fid=reply_link.number("fid"),
        title=after_label(lines[0]),
        page=here,
        pages=pages,
        replies=_reply_count(reply_lines),
        posts=tuple(posts),
    )


def _reply_line(lines: list[Line]) -> tuple[int, Piece]:
    """Where the opening ends: at the line that offers to reply; its index and the link."""
    for at, line in enumerate(lines):
        link = link_of(line, "post", "reply")
        if link is not None:
            return at, link
    raise PageError("a WAP thread that cannot be replied to")


def _reply_count(lines: list[Line]) -> int | None:
    """How many replies there are: in parentheses, soon after the link to reply."""
    for line in lines[1:4]:
        found = _IN_PARENTHESES.search(words_of(line))
        if found:
            return int(found[1])
    return None


def _opening(lines: list[Line], clock: Clock) -> Post | None:
    """Title, author, time, an empty line, the message, and links to its parts where it is
    longer than a card."""
    if len(lines) < 4:
        return None

    title, by, time, _, *message = lines
    author = _author(by)
    post = Post(
        floor=1,
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
        posted_at=clock.parse(after_label(time)),
        subject=after_label(title),
    )
    if _is_in_parts(message):
        return post
    return _with_message(post, _text_of(message), clock)


def _is_in_parts(lines: list[Line]) -> bool:
    """Whether a message is longer than a card: then links lead to its other parts."""
    pieces = chain.from_iterable(lines)
    return any(piece.get("offset") for piece in pieces)


def _text_of(lines: list[Line]) -> str:
    return "\n".join(map(words_of, lines))


def _author(line: Line) -> Person:
    """The author: an anonymous one's name is left out, or stands unlinked."""
    link = link_of(line, "my")
    if link is not None:
        name = fold(link.words)
        uid = link.number("uid")
    else:
        name = after_label(line)
        uid = None

    if not name or is_anonymous(name):
        return ANONYMOUS
    return Person(name, uid or None)


def _with_message(post: Post, text: str, clock: Clock) -> Post:
    """A post with its words, less the edit mark and the forum's stand-in for a hidden part."""
    text, edited_by, edited_at = take_edit_mark(text, clock)
    edited = _EDITED.search(text)
    if edited:
        edited_by = edited["by"].strip()
        edited_at = clock.parse(edited["at"])
        text = text.replace(edited[0], "", 1)

    hidden = _HIDDEN.search(text)
    text = _HIDDEN.sub("", text)
    text = text.strip()
    withheld = hidden[0] if hidden and not text else ""
    return replace(
        post,
        text=text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        edited_by=edited_by,
        edited_at=edited_at,
    )


def _replies(lines: list[Line], clock: Clock) -> Iterator[Post]:
    """Replies: `#2 words` as a link, and below it `[author 1/12 08:20]`."""
    for line, below in with_line_below(lines):
        link = _reply_link(line)
        if link is None:
            continue
        numbered = NUMBERED.match(link.words.strip())
        if numbered is None:
            continue

        number, text = numbered.groups()
        post = replace(
            _reply_head(below, clock),
            pid=link.number("pid"),
            floor=int(number) + 1,
        )
        is_cut = text.endswith("..")
        yield post if is_cut else _with_message(post, text, clock)


def _reply_link(line: Line) -> Piece | None:
    """The first link of a line to a reply by itself."""
    for piece in line:
        is_of_reply = piece.leads_to("thread", "reply")
        if is_of_reply and piece.get("pid"):
            return piece
    return None


def _reply_head(by_line: Line, clock: Clock) -> Post:
    """A reply with author and time only."""
    by = _BY.match(words_of(by_line))
    if by is None:
        return Post()

    name = by["author"]
    posted_at = clock.parse(by["time"])
    if is_anonymous(name):
        return Post(
            anonymous=True,
            posted_at=posted_at,
        )
    return Post(
        author=name,
        posted_at=posted_at,
    )


def read_reply(lines: list[Line], page: Snapshot) -> ThreadPage:
    """One reply by itself: the address has its number."""
    head, by, *rest = lines
    thread = link_of(head, "thread")
    message = _message_of_reply(rest)
    text = _text_of(message).strip()
    asked = _ASKED_PID.search(page.url)
    if thread is None or asked is None or not text:
        raise PageError("a WAP reply without its number or its words")

    author = _author(by)
    post = Post(
        pid=int(asked[1]),
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
    )
    is_cut = text.endswith(" ..") or text.startswith("..")
    if not is_cut:
        post = _with_message(post, text, page.clock)
    return ThreadPage(
        tid=thread.number("tid"),
        title=fold(thread.words),
        posts=(post,),
        filtered=True,
    )


def _message_of_reply(lines: list[Line]) -> list[Line]:
    """The lines before the first with a link; the first of all is the message's in any
    case."""
    message = lines[:1]
    for line in lines[1:]:
        if any(piece.query for piece in line):
            break
        message.append(line)
    return message
