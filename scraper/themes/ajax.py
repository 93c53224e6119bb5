"""Answers to scripts (`inajax=1`: XML with the markup in CDATA) and the windows that the
same templates fill.

A post by itself (`viewpid`, forum_viewthread_node), a thread's preview (`from=preview`),
all ratings of a post (`viewratings`), a page of its comments (`commentmore`), the voters of
a poll's option (`viewvote`); 6.0 to X3.5. Notices in such answers are the notice theme's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from scraper.core.errors import PageError
from scraper.core.records import Content, Other, PostExtras, ThreadPage
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.ajax.nodes import read_nodes
from scraper.pages.ajax.windows import read_comments, read_ratings, read_voters
from scraper.pages.desktop.thread import page_numbers, read_thread
from scraper.themes import SURE, Theme

_ANSWER = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>\s*<root>\s*<!\[CDATA\[")
_CDATA_END: Final = "]]>"
_POST_TABLE = re.compile(r"""<table\b[^>]{0,200}\bid=["']?pid\d""")
_SOME_POSTS = re.compile(r"[?&](?:viewpid|authorid)=\d|[?&]from=preview\b")
_WINDOWS: Final = ("viewratings", "commentmore", "viewvote")
_MARKS: Final = {
    "viewratings": ('class="list"', 'class="mainbox"'),
    "commentmore": ('class="pstl', 'class="pgs'),
    "viewvote": ("viewvote&", 'class="userlist', "voterl"),
}
"""What must stand in an HTML page for it to be that window: the address may be answered by
anything."""


def _recognise(page: Snapshot) -> int:
    if _ANSWER.match(page.text):
        return SURE + 1
    window = _window(page)
    return (
        SURE + 1 if window and any(mark in page.text for mark in _MARKS[window]) else 0
    )


def _window(page: Snapshot) -> str:
    """Which window an address asks for; empty for none."""
    return next((name for name in _WINDOWS if f"action={name}" in page.url), "")


def _read(page: Snapshot) -> Content:
    inner = _unwrapped(page)
    window = _window(page)
    if window:
        return _extras(window, page, inner)
    if _POST_TABLE.search(inner.text):
        return _posts(page, inner)
    if posts := read_nodes(inner):
        return ThreadPage(tid=_number("tid", page), filtered=True, posts=posts)
    return Other(message="an answer to a script")


def _unwrapped(page: Snapshot) -> Snapshot:
    """The markup in an answer's CDATA as a page by itself; an HTML page as it is."""
    found = _ANSWER.match(page.text)
    if not found:
        return page
    return replace(
        page,
        text=page.text[found.end() :].rpartition(_CDATA_END)[0]
        or page.text[found.end() :],
    )


def _posts(page: Snapshot, inner: Snapshot) -> ThreadPage:
    """Posts as the thread's page has them; the answer names neither the thread nor its pages."""
    content = read_thread(inner)
    if not _SOME_POSTS.search(page.url):
        return content
    return replace(
        content, tid=content.tid or _number("tid", page), title="", filtered=True
    )


def _extras(window: str, page: Snapshot, inner: Snapshot) -> PostExtras:
    """PageError where a window has nothing of its kind; comments end at a page, so that
    none may be on the next."""
    here, pages = page_numbers(inner.tree)
    extras = PostExtras(
        tid=_number("tid", page), pid=_number("pid", page), page=here, pages=pages
    )
    if window == "viewvote":
        option, voters = read_voters(inner.tree)
        extras = replace(extras, option=option, voters=voters)
    elif window == "viewratings":
        extras = replace(extras, ratings=read_ratings(inner.tree, inner.clock))
    else:
        extras = replace(extras, comments=read_comments(inner.tree, inner.clock))
    if not (
        extras.ratings or extras.voters or extras.option or window == "commentmore"
    ):
        raise PageError(f"a window ({window}) without anything that could be read")
    if (
        not extras.comments
        and window == "commentmore"
        and not any(mark in inner.text for mark in _MARKS[window])
    ):
        raise PageError("an answer with comments that holds none")
    return extras


def _number(key: str, page: Snapshot) -> int | None:
    found = re.search(rf"[?&]{key}=(\d{{1,18}})(?!\d)", page.url)
    return int(found[1]) or None if found else None


THEME = Theme("ajax", _recognise, _read, prints=layouts.POSTS_ALONE)
