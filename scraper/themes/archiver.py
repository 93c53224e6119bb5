"""Archiver pages (`archiver/?tid-N.html`) of 4.0 to X3.5: threads, boards, the index, and
notices of 4.0 to 7.2.

No pid, no floor, no uid. A post that X withholds from guests has a head and nothing below
it, not even an empty `<h3>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Content,
    IndexPage,
    Notice,
    Post,
    Reason,
    ThreadPage,
)
from scraper.markup.flat import plain, source_of
from scraper.markup.line_times import around_time
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages import layouts
from scraper.pages.archiver_pages import (
    LAYOUTS,
    Layout,
    board_rows,
    breadcrumb,
    full_version,
    has_thread_list,
    is_archiver,
    page_numbers,
    site_of_archiver,
    thread_rows,
    words_of,
)
from scraper.pages.archiver_text import (
    Archived,
    read_archived,
    read_for_sale,
    take_quotes,
)
from scraper.pages.heads import time_in, with_ends
from scraper.themes import SURE, Theme

_REFUSALS = (
    "Sorry, Discuz! Archiver is not available",
    "Sorry, the bulletin board has been closed",
)
_NOT_FOUND = re.compile(
    r"不存在|已被删除|已被刪除|正在被审核|正在被審核|not exist|not found", re.I
)
_KINDS = frozenset({"thread", "board", "index"})
_REFUSAL_CHARS = 500
_MESSAGE_CHARS = 2_000


def _recognise(page: Snapshot) -> int:
    text = page.text
    is_ours = is_archiver(page) or text.startswith(_REFUSALS)
    return SURE if is_ours else 0


def _read(page: Snapshot) -> Content:
    text = source_of(page.text)
    if text.startswith(_REFUSALS):
        message = plain(text[:_REFUSAL_CHARS])
        return Notice(reason="closed", message=message)
    for layout in LAYOUTS:
        heads = list(layout.head.finditer(text))
        if heads:
            return _thread(page, text, layout, heads)
    return _list_or_notice(page, text)


def _list_or_notice(page: Snapshot, text: str) -> Content:
    """A page without posts: PageError where it has no threads, no boards and no words."""
    fid, name, start = breadcrumb(text)
    link, title, stop = full_version(text, start)
    content = text[start:stop]
    full = _full_target(link)
    if full is not None and full.kind == "thread":
        # What is missing or withheld has no link to its ordinary page.
        raise PageError("an archiver thread without a single post that could be read")

    target = _target(page, link)
    if target is not None and target.kind == "board":
        is_board = full is not None and full.kind == "board"
        if is_board or thread_rows(content) or has_thread_list(content):
            return _board(content, target.id or fid, title or name)
    if target is None or target.kind != "thread":
        boards = board_rows(content)
        if boards:
            return IndexPage(boards=boards)
    return _notice(content)


def _board(content: str, fid: int | None, name: str) -> BoardPage:
    here, pages = page_numbers(content)
    return BoardPage(
        fid=fid,
        name=name,
        page=here,
        pages=pages,
        threads=thread_rows(content),
        boards=board_rows(content, fid),
    )


def _notice(content: str) -> Notice:
    message = words_of(content)
    if not message:
        raise PageError("an archiver page without posts, threads or boards")
    return Notice(
        reason=_reason(message),
        message=message[:_MESSAGE_CHARS],
    )


def _reason(message: str) -> Reason:
    """The old archivers say the same of what is missing and of what a guest may not see."""
    if _NOT_FOUND.search(message):
        return "not_found"
    return "other"


def _target(page: Snapshot, full_link: str) -> Target | None:
    """What the page is of: by its address, else by its link to the ordinary page."""
    target = page.target
    if target is not None and target.kind in _KINDS:
        return target
    return _full_target(full_link)


def _full_target(link: str) -> Target | None:
    """What the link to the ordinary page leads to."""
    address = link.removeprefix("../")
    return parse_url(address) if address else None


def _thread(
    page: Snapshot, text: str, layout: Layout, heads: list[re.Match[str]]
) -> ThreadPage:
    fid, board, start = breadcrumb(text)
    last_head = heads[-1].end()
    link, title, stop = full_version(text, max(start, last_head))
    # The oldest layout has the page list above the posts, the others below.
    if layout is LAYOUTS[-1]:
        here, pages = page_numbers(text)
    else:
        here, pages = page_numbers(text[last_head:])

    posts = list(_posts(page, text, layout, heads, stop))
    if layout is LAYOUTS[0]:
        posts = take_quotes(posts, page.clock, _verb(heads[0]))
    first = posts[0]
    if here == 1 and first.subject == title:
        posts[0] = replace(first, subject="")
    return ThreadPage(
        tid=_tid(_target(page, link)),
        fid=fid,
        board=board,
        title=title,
        page=here,
        pages=pages,
        posts=tuple(posts),
    )


def _verb(head: re.Match[str]) -> str:
    """What a page says before the time of a post: `发表于`, in its language."""
    parts = around_time(plain(head["time"]))
    return parts[0] if parts is not None else ""


def _tid(target: Target | None) -> int | None:
    if target is None or target.kind != "thread":
        return None
    return target.id


def _posts(
    page: Snapshot, text: str, layout: Layout, heads: list[re.Match[str]], stop: int
) -> Iterator[Post]:
    for head, until in with_ends(heads, stop):
        start = head.end()
        end = layout.end.search(text, start, until)
        source = text[start : end.start() if end else until]
        yield _post(page, layout, head, source)


def _post(page: Snapshot, layout: Layout, head: re.Match[str], source: str) -> Post:
    subject = layout.subject.match(source)
    archived = _archived(page, source, subject)
    message = archived.message
    html = source[subject.end() :] if subject else source
    name = head["author"]
    anonymous = name.startswith("<") or is_anonymous(name)
    return Post(
        author="" if anonymous else plain(name),
        anonymous=anonymous,
        posted_at=time_in(head["time"], page.clock),
        subject=plain(subject["subject"]) if subject else "",
        html=html.strip(),
        text=message.text,
        withheld=archived.withheld,
        withheld_reason=withheld_reason(archived.withheld),
        quotes=message.quotes,
        attachments=message.attachments,
        images=message.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
    )


def _archived(
    page: Snapshot,
    source: str,
    subject: re.Match[str] | None,
) -> Archived:
    if subject:
        source = source[subject.end() :]
    elif "<strong>" in source or "<div" in source:
        return read_for_sale(source)
    if not source.strip():
        return Archived(Message())
    unescape = page.encoding != "utf-8"
    return read_archived(source, page.clock, unescape)


THEME = Theme(
    "archiver", _recognise, _read, site=site_of_archiver, prints=layouts.ARCHIVER
)
