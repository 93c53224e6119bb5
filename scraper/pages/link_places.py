"""Links of a page whose meaning their place tells, whatever their addresses look like.

Rows of threads have the tid in their id, posts the pid in theirs, the page's script or its
form of replies has tid and fid, page lists have page numbers, avatars and `authorid=` have
the uid. A board on an index has no number but in its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.site import LinkKind
from scraper.markup.html import attr, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.links import has_number
from scraper.pages.desktop.nodes import outermost

_STATED_FID = re.compile(r"action=(?:reply|newthread|moderate)&(?:amp;)*fid=(\d{1,18})")
_STATED_TID = re.compile(r"action=reply&(?:amp;)*fid=\d{1,18}&(?:amp;)*tid=(\d{1,18})")
_SCRIPT_FID = re.compile(r"\bfid\s*=\s*parseInt\(['\"]?(\d{1,18})")
_SCRIPT_TID = re.compile(r"\btid\s*=\s*parseInt\(['\"]?(\d{1,18})")
_ROW = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_CATEGORY = re.compile(r"category_(\d{1,18})$")
_POST = re.compile(r"pid(\d{1,18})$")
_AUTHORID = re.compile(r"[?&;]authorid=(\d{1,18})")
_AVATAR = re.compile(r"[?&;]uid=(\d{1,18})|/(\d{3})/(\d\d)/(\d\d)/(\d\d)_avatar", re.I)

_ROWS: Final = '[id^="normalthread_"], [id^="stickthread_"]'
_REPLIES: Final = "td.num a, td.num strong, td.nums strong, .kmpl"
_LAST_POST: Final = 'td[class^="by"] em a, td.lastpost em a'
_ROW_AUTHOR: Final = "td.by cite a, td.author cite a, .kmfoot a"
_ROW_TITLE: Final = "a.xst, a.kmtit, span[id^=thread_] a"
_POST_AUTHOR: Final = ".authi a, cite a, .postinfo a"
_BOARDS: Final = 'table.fl_tb h2 a, table.fl_tb dt a, table[id^="category_"] h2 a'
_CURRENT_PAGE: Final = "div.pg > strong, div.pages > strong"
_POINTER: Final = "-"
"""What the row of a moved thread prints for its replies."""
_MOST_PAGE_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A link, and what its place says: as an `AddressPair`, the address as written."""

    kind: LinkKind
    href: str
    number: int | None = None
    page: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What a page says of itself: of a thread's page both numbers."""

    tid: int | None
    fid: int | None
    page: int


def places(page: Snapshot) -> Iterator[Place]:
    """The links of a page whose place tells what they are."""
    tree = page.tree
    numbers = _numbers(page)
    rows = tree.css(_ROWS)
    for row in outermost(rows):
        yield from _of_row(row)
    tables = tree.css('table[id^="pid"]')
    for table in outermost(tables):
        yield from _of_post(table)
    yield from _of_page(page, numbers)
    yield from _of_boards(tree)
    yield from _of_categories(tree)


def _numbers(page: Snapshot) -> _Numbers:
    """tid and fid of the page, by its script, else by its forms, else by its address."""
    text = page.text
    tid = _first(_SCRIPT_TID, text) or _first(_STATED_TID, text)
    fid = _first(_SCRIPT_FID, text) or _first(_STATED_FID, text)
    current = page.tree.css_first(_CURRENT_PAGE)
    printed = number(words(current))
    return _Numbers(
        tid=tid or _addressed(page, "thread"),
        fid=fid or _addressed(page, "board"),
        page=printed or 1,
    )


def _addressed(page: Snapshot, kind: LinkKind) -> int | None:
    target = page.target
    if target is None:
        return None
    if target.kind != kind:
        return None
    return target.id


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    if found is None:
        return 0
    return int(found[1])


def _of_row(row: LexborNode) -> Iterator[Place]:
    """A thread in a board's list: title, page numbers, author, last post."""
    found = _ROW.match(row.id or "")
    if found is None:
        return
    tid = int(found[1])
    replies = row.css_first(_REPLIES)
    if words(replies) != _POINTER:
        yield from _of_thread(row, tid)
    links = row.css(_ROW_AUTHOR)
    author = _first_member(links)
    if author is not None:
        yield author


def _of_thread(row: LexborNode, tid: int) -> Iterator[Place]:
    title = row.css_first(_ROW_TITLE)
    if title is not None:
        yield Place(
            kind="thread",
            href=attr(title, "href"),
            number=tid,
            page=1,
        )
    for link in row.css(".tps a, .threadpages a"):
        page = _page_number(link)
        if page is None:
            continue
        yield Place(
            kind="thread",
            href=attr(link, "href"),
            number=tid,
            page=page,
        )
    last_posts = row.css(_LAST_POST)
    for link in last_posts[-1:]:
        href = attr(link, "href")
        yield Place("last", href, tid)


def _of_post(table: LexborNode) -> Iterator[Place]:
    """The author, and the post's own address."""
    found = _POST.match(table.id or "")
    if found is None:
        return
    pid = int(found[1])
    floor = table.css_first(f"a#postnum{pid}")
    if floor is not None:
        href = attr(floor, "href")
        yield Place("post", href, pid)

    links = table.css(_POST_AUTHOR)
    to_members = filter(_is_to_member, links)
    author = _first_member(to_members)
    if author is not None:
        yield replace(author, number=_uid(table))


def _is_to_member(link: LexborNode) -> bool:
    """Whether a link beside a post is not one to its author's posts alone."""
    href = attr(link, "href")
    return _AUTHORID.search(href) is None


def _first_member(links: Iterable[LexborNode]) -> Place | None:
    """The member that the first link with words names."""
    for link in links:
        name = words(link)
        if name:
            href = attr(link, "href")
            return Place("user", href, name=name)
    return None


def _uid(table: LexborNode) -> int | None:
    """The author's number, by the link to their posts alone, else by their picture."""
    for link in table.css('a[href*="authorid="]'):
        href = attr(link, "href")
        found = _AUTHORID.search(href)
        if found is not None:
            return int(found[1])
    for image in table.css(".avatar img"):
        source = attr(image, "src")
        found = _AVATAR.search(source)
        if found is not None:
            digits = filter(None, found.groups())
            return int("".join(digits))
    return None


def _of_page(page: Snapshot, numbers: _Numbers) -> Iterator[Place]:
    """The page itself, its further pages, and its breadcrumb."""
    kind: LinkKind = "thread" if numbers.tid else "board"
    own_number = numbers.tid or numbers.fid
    if own_number is None:
        return

    yield Place(
        kind=kind,
        href=page.url,
        number=own_number,
        page=numbers.page,
    )
    tree = page.tree
    for link in tree.css('link[rel="canonical"]'):
        yield Place(
            kind=kind,
            href=attr(link, "href"),
            number=own_number,
            page=numbers.page,
        )
    for link in tree.css("div.pg a, div.pages a"):
        linked_page = _linked_page(link, numbers.page)
        if linked_page is None:
            continue
        yield Place(
            kind=kind,
            href=attr(link, "href"),
            number=own_number,
            page=linked_page,
        )

    yield from _of_crumbs(tree, numbers)


def _of_crumbs(tree: LexborHTMLParser, numbers: _Numbers) -> Iterator[Place]:
    """Which link of a breadcrumb is the board's, its number alone tells."""
    for link in tree.css("#pt a, #nav a, h1 a"):
        href = attr(link, "href")
        if parse_url(href) is not None:
            continue
        if has_number(href, numbers.fid):
            yield Place("board", href, numbers.fid)
        if has_number(href, numbers.tid):
            yield Place("thread", href, numbers.tid)


def _linked_page(link: LexborNode, here: int) -> int | None:
    if attr(link, "class") == "nxt":
        return here + 1
    return _page_number(link)


def _page_number(link: LexborNode) -> int | None:
    """A page list's number from 1; those at its ends have dots: `... 12`."""
    printed = words(link)
    digits = printed.strip(". ")
    if not digits.isdecimal():
        return None
    if len(digits) > _MOST_PAGE_DIGITS:
        return None
    return int(digits) or None


def _of_boards(tree: LexborHTMLParser) -> Iterator[Place]:
    """Boards of an index."""
    for link in tree.css(_BOARDS):
        yield Place(
            kind="board",
            href=attr(link, "href"),
            page=1,
            name=words(link),
        )


def _of_categories(tree: LexborHTMLParser) -> Iterator[Place]:
    """Categories of an index."""
    for box in tree.css('[id^="category_"]'):
        found = _CATEGORY.match(box.id or "")
        if found is None:
            continue
        if box.parent is None:
            continue
        heading = box.parent.css_first("h2 a, h3 a")
        if heading is None:
            continue
        category = int(found[1])
        href = attr(heading, "href")
        yield Place("category", href, category)
