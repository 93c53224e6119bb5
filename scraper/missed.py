"""Posts and threads that stand in a page's bytes and did not come out, whatever the page was
taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scraper.core.census import SEVERAL, PageWarning
from scraper.core.records import BoardPage, Content, IndexPage, Other, ThreadPage
from scraper.markup.flat import ends_of
from scraper.markup.snapshot import Snapshot

_POST_IDS_BEGIN: Final = 'id="p'
_POST_IDS_END = re.compile(r"(?:id|ost_|ostmessage_)(\d{1,18})\b")
_POST_IDS_OTHERWISE = re.compile(r"""id='?p(?:id|ost_|ostmessage_)(\d{1,18})\b""")
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
    printed = _printed_pids(page)
    came = {post.pid for post in content.posts if post.pid is not None}
    if missed := printed - came:
        detail = f"{len(missed)} of {len(printed | came)} posts did not come out"
        yield PageWarning(kind="posts-missed", detail=detail)


def _printed_pids(page: Snapshot) -> set[int]:
    """The numbers of posts in a page's bytes: `id="pid7"`, `id="post_7"`,
    `id="postmessage_7"`."""
    text = page.text
    pids = set[int]()
    for end in ends_of(text, _POST_IDS_BEGIN, page.head_end):
        found = _POST_IDS_END.match(text, end)
        if found is not None:
            pids.add(int(found[1]))
    if pids:
        return pids
    otherwise = _POST_IDS_OTHERWISE.findall(text, page.head_end)
    return {int(pid) for pid in otherwise}


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
