"""Archiver pages (`archiver/?tid-N.html`) of 4.0 to X3.5: threads, boards, the index, and
notices of 4.0 to 7.2.

No pid, no floor, no uid. A post that X withholds from guests has a head and nothing below
it, not even an empty `<h3>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

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
from scraper.themes import SURE, Theme

_REFUSALS = (
    "Sorry, Discuz! Archiver is not available",
    "Sorry, the bulletin board has been closed",
)
_NOT_FOUND = re.compile(
    r"不存在|已被删除|已被刪除|正在被审核|正在被審核|not exist|not found", re.I
)
_RELATIVE = re.compile(r"""<span\b[^<>]*\btitle="([^"<>]*)""")


def _recognise(page: Snapshot) -> int:
    return SURE if is_archiver(page.text) or page.text.startswith(_REFUSALS) else 0


def _read(page: Snapshot) -> Content:
    text = source_of(page.text)
    if text.startswith(_REFUSALS):
        return Notice(reason="closed", message=plain(text[:500]))
    for layout in LAYOUTS:
        if heads := list(layout.head.finditer(text)):
            return _thread(page, text, layout, heads)
    fid, name, start = breadcrumb(text)
    link, title, stop = full_version(text, start)
    content = text[start:stop]
    target = _target(page, link)
    if (
        target
        and target.kind == "board"
        and (has_thread_list(content) or thread_rows(content))
    ):
        here, pages = page_numbers(content)
        fid = target.id or fid
        return BoardPage(
            fid=fid,
            name=title or name,
            page=here,
            pages=pages,
            threads=thread_rows(content),
            boards=board_rows(content, fid),
        )
    if (target is None or target.kind != "thread") and (boards := board_rows(content)):
        return IndexPage(boards=boards)
    if message := words_of(content):
        return Notice(reason=_reason(message), message=message[:2_000])
    raise PageError("an archiver page without posts, threads or boards")


def _reason(message: str) -> Reason:
    """The old archivers say the same of what is missing and of what a guest may not see."""
    return "not_found" if _NOT_FOUND.search(message) else "other"


def _target(page: Snapshot, full_link: str) -> Target | None:
    """What the page is of: by its address, else by its link to the ordinary page."""
    target = page.target
    if target is None or target.kind not in ("thread", "board", "index"):
        target = parse_url(full_link.removeprefix("../"))
    return target


def _thread(
    page: Snapshot, text: str, layout: Layout, heads: list[re.Match[str]]
) -> ThreadPage:
    fid, board, start = breadcrumb(text)
    link, title, stop = full_version(text, max(start, heads[-1].end()))
    here, pages = (
        page_numbers(text[heads[-1].end() :])
        if layout is not LAYOUTS[-1]
        else page_numbers(text)
    )
    target = _target(page, link)
    posts = list(_posts(page, text, layout, heads, stop))
    if layout is LAYOUTS[0]:
        posts = take_quotes(posts, page.clock)
    if here == 1 and posts[0].subject == title:
        posts[0] = replace(posts[0], subject="")
    return ThreadPage(
        tid=target.id if target and target.kind == "thread" else None,
        fid=fid,
        board=board,
        title=title,
        page=here,
        pages=pages,
        posts=tuple(posts),
    )


def _posts(
    page: Snapshot, text: str, layout: Layout, heads: list[re.Match[str]], stop: int
) -> Iterator[Post]:
    for head, until in zip(
        heads, [*(head.start() for head in heads[1:]), stop], strict=True
    ):
        end = layout.end.search(text, head.end(), until)
        yield _post(
            page, layout, head, text[head.end() : end.start() if end else until]
        )


def _post(page: Snapshot, layout: Layout, head: re.Match[str], source: str) -> Post:
    subject = layout.subject.match(source)
    archived = _message(page, source, subject)
    message = archived.message
    name = head["author"]
    anonymous = name.startswith("<") or is_anonymous(name)
    return Post(
        author="" if anonymous else plain(name),
        anonymous=anonymous,
        posted_at=_time(head["time"], page),
        subject=plain(subject["subject"]) if subject else "",
        html=source[subject.end() if subject else 0 :].strip(),
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


def _message(page: Snapshot, source: str, subject: re.Match[str] | None) -> Archived:
    if subject:
        source = source[subject.end() :]
    elif "<strong>" in source or "<div" in source:
        return read_for_sale(source)
    if not source.strip():
        return Archived(Message())
    return read_archived(source, page.clock, unescape=page.encoding != "utf-8")


def _time(source: str, page: Snapshot) -> datetime | None:
    """When a post was made: a relative time has the absolute one in its title (X2 and later)."""
    absolute = _RELATIVE.search(source) if "<" in source else None
    return page.clock.parse(absolute[1] if absolute else source)


THEME = Theme(
    "archiver", _recognise, _read, site=site_of_archiver, prints=layouts.ARCHIVER
)
