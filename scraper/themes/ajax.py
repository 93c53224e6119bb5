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
from scraper.pages.desktop.head import page_numbers
from scraper.pages.desktop.thread import read_thread
from scraper.themes import SURE, Theme

_ANSWER = re.compile(r"^\s*+<\?xml\b[^>]{0,200}\?>\s*+<root>\s*+<!\[CDATA\[")
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
    if window and _has_marks(window, page):
        return SURE + 1
    return 0


def _window(page: Snapshot) -> str:
    """Which window an address asks for; empty for none."""
    for name in _WINDOWS:
        if f"action={name}" in page.url:
            return name
    return ""


def _has_marks(window: str, page: Snapshot) -> bool:
    return any(mark in page.text for mark in _MARKS[window])


def _read(page: Snapshot) -> Content:
    inner = _unwrapped(page)
    window = _window(page)
    if window:
        return _extras(window, page, inner)
    if _POST_TABLE.search(inner.text):
        return _posts(page, inner)

    posts = read_nodes(inner)
    if not posts:
        return Other(message="an answer to a script")
    return ThreadPage(
        tid=_number("tid", page),
        filtered=True,
        posts=posts,
    )


def _unwrapped(page: Snapshot) -> Snapshot:
    """The markup in an answer's CDATA as a page by itself; an HTML page as it is."""
    found = _ANSWER.match(page.text)
    if not found:
        return page
    rest = page.text[found.end() :]
    inner, _, _ = rest.rpartition(_CDATA_END)
    return page.part(inner or rest)


def _posts(page: Snapshot, inner: Snapshot) -> ThreadPage:
    """Posts as the thread's page has them; the answer names neither the thread nor its pages."""
    content = read_thread(inner)
    if not _SOME_POSTS.search(page.url):
        return content
    return replace(
        content,
        tid=content.tid or _number("tid", page),
        title="",
        filtered=True,
    )


def _extras(window: str, page: Snapshot, inner: Snapshot) -> PostExtras:
    """PageError where a window has nothing of its kind; comments end at a page, so that
    none may be on the next."""
    here, pages = page_numbers(inner.tree)
    extras = PostExtras(
        tid=_number("tid", page),
        pid=_number("pid", page),
        page=here,
        pages=pages,
    )
    if window == "commentmore":
        return _with_comments(extras, inner)
    if window == "viewratings":
        return _with_ratings(extras, inner)
    return _with_voters(extras, inner)


def _with_comments(extras: PostExtras, inner: Snapshot) -> PostExtras:
    comments = read_comments(inner.tree, inner.clock)
    if not comments and not _has_marks("commentmore", inner):
        raise PageError("an answer with comments that holds none")
    return replace(extras, comments=comments)


def _with_ratings(extras: PostExtras, inner: Snapshot) -> PostExtras:
    ratings = read_ratings(inner.tree, inner.clock)
    if not ratings:
        raise PageError("a window of ratings that holds none")
    return replace(extras, ratings=ratings)


def _with_voters(extras: PostExtras, inner: Snapshot) -> PostExtras:
    option, voters = read_voters(inner.tree)
    if not option and not voters:
        raise PageError("a window of a poll's voters that holds none")
    return replace(
        extras,
        option=option,
        voters=voters,
    )


def _number(key: str, page: Snapshot) -> int | None:
    found = re.search(rf"[?&]{key}=(\d{{1,18}})(?!\d)", page.url)
    if found is None:
        return None
    return int(found[1]) or None


THEME = Theme("ajax", _recognise, _read, prints=layouts.POSTS_ALONE)
