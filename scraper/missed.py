"""Posts and threads that stand in a page's bytes and did not come out, whatever the page was
taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scraper.core.census import SEVERAL, PageWarning
from scraper.core.records import BoardPage, Content, IndexPage, Other, ThreadPage
from scraper.markup.snapshot import Snapshot

_POST: Final = 'id="pid'
_BOX: Final = 'id="post_'
"""Of a post in the simple mobile layout, which has no other."""
_MESSAGE: Final = 'id="postmessage_'
_MARKED = re.compile(r"""id="p(?:id|ost_|ostmessage_)(\d{1,18})\b""")
_MARKED_OTHERWISE = re.compile(r"""id='?p(?:id|ost_|ostmessage_)(\d{1,18})\b""")
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


def missed_posts(page: Snapshot, content: ThreadPage) -> Iterator[PageWarning]:
    """Posts whose numbers stand in the page's bytes and that did not come out."""
    came = {post.pid for post in content.posts if post.pid is not None}
    if came and _prints_as_many(page, len(came)):
        return
    printed = _printed_pids(page)
    missed = printed - came
    if missed:
        detail = f"{len(missed)} of {len(printed | came)} posts did not come out"
        yield PageWarning(kind="posts-missed", detail=detail)


def _prints_as_many(page: Snapshot, posts: int) -> bool:
    """Whether a page has the boxes of so many posts, and messages of no more: to count them
    costs a third of reading their numbers."""
    text = page.text
    boxes = text.count(_POST, page.head_end) or text.count(_BOX, page.head_end)
    if boxes != posts:
        return False
    return text.count(_MESSAGE, page.head_end) <= posts


def _printed_pids(page: Snapshot) -> set[int]:
    """The numbers of posts in a page's bytes."""
    found = _MARKED.findall(page.text, page.head_end)
    if not found:
        found = _MARKED_OTHERWISE.findall(page.text, page.head_end)
    return set(map(int, found))


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
