"""Posts and threads that stand in a page's bytes and did not come out, whatever the page was
taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from scraper.core.census import SEVERAL, PageWarning
from scraper.core.records import BoardPage, Content, IndexPage, Other, ThreadPage
from scraper.markup.snapshot import Snapshot

Marks: TypeAlias = list[tuple[str, str]]
"""Numbers of posts and marks of a split post's pager, one of the two empty."""

# Begins with a plain word, which `re` looks for twenty times as fast as for a `\b` before it;
# the longer the word, the fewer places are tried.
_MARKED = re.compile(
    r"""id="(?:p(?:id|ost_|ostmessage_)(\d{1,18})\b|(thread(?:page|index)"))"""
)
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
    found = _MARKED.findall(page.text, page.head_end)
    return found or _MARKED_OTHERWISE.findall(page.text, page.head_end)


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
