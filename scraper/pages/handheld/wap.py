"""WAP pages of Discuz! 5 to 7.2 (wap/include/thread, forum, home): a thread's opening and
its replies' first words.

What a card cuts short is no post's text: an opening longer than a card, and a reply's words
that end in `..`. Days are printed without a year (`1/12 08:20`) unless the forum's settings
say otherwise: then no time is certain.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    BoardRow,
    IndexPage,
    Post,
    ThreadPage,
    ThreadRow,
)
from scraper.markup.dates import Clock
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages.handheld.cards import (
    Line,
    after_label,
    lines_of,
    page_numbers,
    words_of,
)

_REPLY = re.compile(r"^#(\d{1,9})\s(.*)$", re.S)
_BY = re.compile(
    r"^\[(?P<author>.*?)\s(?P<time>\S*\d\S*\s\d{1,2}:\d\d(?:\s?[APap]\.?[Mm]\.?)?)\]$"
)
_COUNTS = re.compile(
    r"^\[(?P<author>.*?)\s\D{0,12}?(?P<replies>\d{1,9})\s\D{0,12}?(?P<views>\d{1,9})\]$"
)
_IN_PARENTHESES = re.compile(r"\((\d{1,9})\)\s*$")
_HIDDEN = re.compile(r"(?:\*\*\s*)?本(?:内容隐藏|內容隱藏)(?:\s*\*\*)?")
_EDITED = re.compile(
    r"\[?\s*(?:本帖)?最[后後]由\s*(?P<by>.{1,60}?)\s*[于於]\s*(?P<at>\d[^\n]{3,30}?)\s*[编編][辑輯]\s*\]?"
)


def card_lines(page: Snapshot) -> list[Line]:
    """The lines of a card's first paragraph; the second is the same on every card."""
    paragraph = page.tree.css_first("card p, p")
    return lines_of(paragraph) if paragraph is not None else []


def is_thread(lines: list[Line]) -> bool:
    """Whether the lines are a thread's: it always offers to reply."""
    return any(piece.leads_to("post", "reply") for line in lines for piece in line)


def is_reply(lines: list[Line]) -> bool:
    """Whether the lines are one reply's: its first names the thread, its second the author."""
    return (
        len(lines) > 3
        and any(piece.leads_to("thread") for piece in lines[0])
        and not lines[0][0].query
    )


def is_board(lines: list[Line]) -> bool:
    """Whether the lines are a board's: below its name one can post there or see its digest."""
    return len(lines) > 1 and any(
        piece.leads_to("forum", "digest") for piece in lines[1]
    )


def read_thread(lines: list[Line], page: Snapshot) -> ThreadPage:
    """A thread's page; replies have their number in the thread. PageError where no post is
    on it."""
    end = next(
        at
        for at, line in enumerate(lines)
        if any(piece.leads_to("post", "reply") for piece in line)
    )
    asked = next(piece for piece in lines[end] if piece.leads_to("post", "reply"))
    here, pages = page_numbers(lines[end:])
    first = _opening(lines[:end], page.clock) if here == 1 else None
    posts = [*([first] if first else []), *_replies(lines[end:], page.clock)]
    if not posts:
        raise PageError("a WAP thread without a post")
    counted = next(
        (
            int(found[1])
            for line in lines[end + 1 : end + 4]
            if (found := _IN_PARENTHESES.search(words_of(line)))
        ),
        None,
    )
    return ThreadPage(
        tid=asked.number("tid"),
        fid=asked.number("fid"),
        title=after_label(lines[0]),
        page=here,
        pages=pages,
        replies=counted,
        posts=tuple(posts),
    )


def _opening(lines: list[Line], clock: Clock) -> Post | None:
    """Title, author, time, an empty line, the message, and links to its parts where it is
    longer than a card."""
    if len(lines) < 4:
        return None
    author, uid, anonymous = _author(lines[1])
    cut = any(piece.get("offset") for line in lines[4:] for piece in line)
    text = "" if cut else "\n".join(words_of(line) for line in lines[4:])
    return _with_message(
        Post(
            floor=1,
            author=author,
            uid=uid,
            anonymous=anonymous,
            posted_at=clock.parse(after_label(lines[2])),
            subject=after_label(lines[0]),
        ),
        text,
        clock,
    )


def _author(line: Line) -> tuple[str, int | None, bool]:
    """Name, uid, anonymous: an anonymous one's name is left out, or stands unlinked."""
    link = next((piece for piece in line if piece.leads_to("my")), None)
    name = fold(link.words) if link is not None else after_label(line)
    if not name or is_anonymous(name):
        return "", None, True
    return name, link.number("uid") or None if link is not None else None, False


def _with_message(post: Post, text: str, clock: Clock) -> Post:
    """A post with its words, less the edit mark and the forum's stand-in for a hidden part."""
    edited = _EDITED.search(text)
    if edited:
        text = text[: edited.start()] + text[edited.end() :]
    hidden = _HIDDEN.search(text)
    text = _HIDDEN.sub("", text).strip()
    withheld = hidden[0] if hidden and not text else ""
    return replace(
        post,
        text=text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        edited_by=edited["by"] if edited else "",
        edited_at=clock.parse(edited["at"]) if edited else None,
    )


def _replies(lines: list[Line], clock: Clock) -> list[Post]:
    posts = []
    for at, line in enumerate(lines):
        link = next(
            (
                piece
                for piece in line
                if piece.leads_to("thread", "reply") and piece.get("pid")
            ),
            None,
        )
        found = _REPLY.match(link.words.strip()) if link is not None else None
        if link is None or found is None:
            continue
        by = _BY.match(words_of(lines[at + 1])) if at + 1 < len(lines) else None
        name = by["author"] if by else ""
        post = Post(
            pid=link.number("pid"),
            floor=int(found[1]) + 1,
            author="" if is_anonymous(name) else name,
            anonymous=is_anonymous(name),
            posted_at=clock.parse(by["time"]) if by else None,
        )
        cut = found[2].endswith("..")
        posts.append(_with_message(post, "" if cut else found[2], clock))
    return posts


def read_reply(lines: list[Line], page: Snapshot) -> ThreadPage:
    """One reply by itself: the address has its number."""
    thread = next(piece for piece in lines[0] if piece.leads_to("thread"))
    end = next(
        (
            at
            for at, line in enumerate(lines)
            if at > 2 and any(piece.query for piece in line)
        ),
        len(lines),
    )
    author, uid, anonymous = _author(lines[1])
    pid = _asked(page.url, "pid")
    text = "\n".join(words_of(line) for line in lines[2:end]).strip()
    if pid is None or not text:
        raise PageError("a WAP reply without its number or its words")
    cut = text.endswith(" ..") or text.startswith("..")
    post = _with_message(
        Post(pid=pid, author=author, uid=uid, anonymous=anonymous),
        "" if cut else text,
        page.clock,
    )
    return ThreadPage(
        tid=thread.number("tid"), title=fold(thread.words), posts=(post,), filtered=True
    )


def _asked(url: str, key: str) -> int | None:
    found = re.search(rf"[?&]{key}=(\d{{1,18}})(?!\d)", url)
    return int(found[1]) if found else None


def read_board(lines: list[Line]) -> BoardPage:
    """A board's page: its threads, and its sub-boards below them."""
    fid = next(
        piece.number("fid") for piece in lines[1] if piece.leads_to("forum", "digest")
    )
    here, pages = page_numbers(lines)
    rows = [
        row
        for at, line in enumerate(lines)
        if (row := _row(line, lines[at + 1 : at + 2]))
    ]
    boards = tuple(board for board in _boards(lines) if board.fid != fid)
    return BoardPage(
        fid=fid,
        name=words_of(lines[0]),
        page=here,
        pages=pages,
        threads=tuple(rows),
        boards=boards,
    )


def _row(line: Line, below: list[Line]) -> ThreadRow | None:
    """`#1 title`[顶], and below it `[author 回1 点18788]`; a title that the card cuts short
    is not the title."""
    link = next((piece for piece in line if piece.leads_to("thread")), None)
    found = _REPLY.match(link.words.strip()) if link is not None else None
    tid = link.number("tid") if link is not None else None
    if found is None or tid is None:
        return None
    title, marks = fold(found[2]), words_of(piece for piece in line if not piece.query)
    counts = _COUNTS.match(words_of(below[0])) if below else None
    cut = title.endswith(" ...")
    return ThreadRow(
        tid=tid,
        title="" if cut else title,
        excerpt=title if cut else "",
        author=counts["author"] if counts else "",
        replies=int(counts["replies"]) if counts else None,
        views=int(counts["views"]) if counts else None,
        sticky="顶" in marks or "頂" in marks,
        digest="精" in marks,
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
            fid = (
                piece.number("fid")
                if piece.leads_to("forum") and not piece.get("page")
                else None
            )
            if fid is not None:
                found.setdefault(fid, BoardRow(fid=fid, name=fold(piece.words)))
    return list(found.values())
