"""Posts and threads that stand in a page's bytes and did not come out, whatever the page was
taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from scraper.core.census import SEVERAL, PageWarning
from scraper.core.records import BoardPage, Content, IndexPage, Other, ThreadPage
from scraper.markup.snapshot import Snapshot

Marks: TypeAlias = list[tuple[str, str]]
"""Numbers of posts and marks of a split post's pager, one of the two empty."""

_NUMBERED: Final = ('id="pid', 'id="post_', 'id="postmessage_')
_OF_PAGER: Final = ('id="threadpage"', 'id="threadindex"')
"""To find each of these words takes less time than to find them all by one pattern."""
_NUMBER = re.compile(r"\d{1,18}\b")
_MARKED_OTHERWISE = re.compile(
    r"""id='?(?:p(?:id|ost_|ostmessage_)(\d{1,18})\b|(thread(?:page|index)\b))"""
)
_THREAD_LINK = re.compile(
    r"""href=["']?[^"'\s<>]{0,200}?\b(?:tid=|thread-|tid-)(\d{1,10})\b"""
)
_NO_ROWS = re.compile(
    "无主题|無主題|没有(?:主题|帖子)|沒有(?:主題|帖子)|no threads", re.I
)
"""A board's own words for having none: what links there are stand beside it."""
_PARTS = ("do=tradeinfo", "from=album")
"""Addresses of a part of a thread, which the thread's first page has."""


def may_print_pids(content: ThreadPage) -> bool:
    """Whether a page's layout has numbers of posts: any in the bytes of one without are of
    pasted markup."""
    if not content.posts:
        return True
    return any(post.pid is not None for post in content.posts)


def marks_of_posts(page: Snapshot) -> Marks:
    """The numbers of posts in a page's bytes, and the marks of a split post's pager."""
    text = page.text
    start = page.head_end
    marks: Marks = []
    for word in _NUMBERED:
        for number in _numbers_after(word, text, start):
            mark = (number, "")
            marks.append(mark)
    for word in _OF_PAGER:
        at = text.find(word, start)
        if at >= 0:
            mark = ("", word)
            marks.append(mark)
    return marks or _MARKED_OTHERWISE.findall(text, start)


def _numbers_after(word: str, text: str, start: int) -> Iterator[str]:
    at = text.find(word, start)
    while at >= 0:
        after = at + len(word)
        number = _NUMBER.match(text, after)
        if number is not None:
            yield number[0]
        at = text.find(word, after)


def missed_posts(marks: Marks, content: ThreadPage) -> Iterator[PageWarning]:
    """Posts whose numbers stand in the page's bytes and that did not come out."""
    printed = {int(pid) for pid, _ in marks if pid}
    came = {post.pid for post in content.posts if post.pid is not None}
    if missed := printed - came:
        detail = f"{len(missed)} of {len(printed | came)} posts did not come out"
        yield PageWarning(kind="posts-missed", detail=detail)


def missed_records(page: Snapshot, content: Content) -> Iterator[PageWarning]:
    """What did not come out of a page that is a thread or a board by its address."""
    kind = page.target.kind if page.target is not None else ""
    if kind not in ("thread", "board") or any(part in page.url for part in _PARTS):
        return
    if isinstance(content, Other | IndexPage):
        detail = f"nothing was read of what is a {kind}'s page by its address"
        yield PageWarning(kind="page-missed", detail=detail)
    elif isinstance(content, BoardPage) and not content.threads:
        yield from _missed_rows(page)


def _missed_rows(page: Snapshot) -> Iterator[PageWarning]:
    """A board without threads that links to some, and does not say that it has none."""
    linked = set(_THREAD_LINK.findall(page.text, page.head_end))
    if len(linked) < SEVERAL or _NO_ROWS.search(page.text, page.head_end):
        return
    detail = f"no thread was read of a board's page that links to {len(linked)}"
    yield PageWarning(kind="rows-missed", detail=detail)
