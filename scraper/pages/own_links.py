"""Links of a page whose meaning their place tells, for learning a forum's own forms of
addresses: those that no known form reads as what they are.

Rows of threads have the tid in their id, posts the pid in theirs, the page's script or its
form of replies has tid and fid, page lists have page numbers, avatars and `authorid=` have
the uid. A board on an index has no number but in its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.address_shapes import without_extra
from scraper.addresses.urls import absolute, base_of, parse_url
from scraper.core.site import AddressPair, LinkKind
from scraper.markup.html import attr, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.links import has_number
from scraper.pages.desktop.nodes import outermost

_STATED_BASE = re.compile(
    r"""\bSITEURL\s*=\s*['"]([^'"\s]+)['"]|<base\s[^>]*?href=["']?([^"'\s>]+)""", re.I
)
_STATED_FID = re.compile(r"action=(?:reply|newthread|moderate)&(?:amp;)*fid=(\d{1,18})")
_STATED_TID = re.compile(r"action=reply&(?:amp;)*fid=\d{1,18}&(?:amp;)*tid=(\d{1,18})")
_SCRIPT_FID = re.compile(r"\bfid\s*=\s*parseInt\(['\"]?(\d{1,18})")
_SCRIPT_TID = re.compile(r"\btid\s*=\s*parseInt\(['\"]?(\d{1,18})")
_ROW = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_ROWS = '[id^="normalthread_"], [id^="stickthread_"]'
_CATEGORY = re.compile(r"category_(\d{1,18})$")
_POST = re.compile(r"pid(\d{1,18})$")
_AUTHORID = re.compile(r"[?&;]authorid=(\d{1,18})")
_AVATAR = re.compile(r"[?&;]uid=(\d{1,18})|/(\d{3})/(\d\d)/(\d\d)/(\d\d)_avatar", re.I)
# A post's own address, or that of a thread's last page, may be the thread's.
_MAY_LEAD_TO_THREAD = ("post", "last")
_MOST_PLACES = 1_000  # enough for any page that a forum prints
_MOST_CHARS_OF_HEAD = 20_000
_ARCHIVER = "archiver/"


@dataclass(frozen=True, slots=True)
class _Place:
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


def own_pairs(page: Snapshot) -> tuple[AddressPair, ...]:
    """The links in forms that are not known, each once, with what their places say."""
    stated = stated_base(page.text)
    base = stated or _base_of(page)
    pairs: dict[AddressPair, None] = {}
    for place in islice(_places(page), _MOST_PLACES):
        if _is_understood(place):
            continue
        whole = absolute(stated or page.url, place.href)
        address = _below(base, whole)
        if not address:
            continue
        pair = AddressPair(
            place.kind,
            address,
            place.number,
            place.page,
            place.name,
        )
        pairs[pair] = None
    return tuple(pairs)


def stated_base(text: str) -> str:
    """The forum's own address as the head of a page states it; empty where it does not."""
    found = _STATED_BASE.search(text, 0, _MOST_CHARS_OF_HEAD)
    if found is None:
        return ""
    base = found[1] or found[2]
    base = base.removesuffix(_ARCHIVER)
    is_whole = base.startswith(("http://", "https://")) and base.endswith("/")
    return base if is_whole else ""


def _base_of(page: Snapshot) -> str:
    """The forum's address by that of its page; the whole host where that is of no form."""
    base = base_of(page.url)
    if page.target is not None:
        return base
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"


def _is_understood(place: _Place) -> bool:
    """Whether an address is read as what its place says, or is none to learn from."""
    target = parse_url(place.href)
    if target is None:
        return not place.href
    if place.kind in _MAY_LEAD_TO_THREAD or target.kind == "other":
        return True
    return target.kind == place.kind and place.number in (target.id, None)


def _below(base: str, address: str) -> str:
    """A link's address below the forum's; empty where it leads elsewhere."""
    address = address.partition("#")[0]
    _, _, whole = address.partition("://")
    _, _, own = base.partition("://")
    whole = whole.removeprefix("www.")
    own = own.removeprefix("www.")
    if not own or not whole.startswith(own):
        return ""
    return without_extra(whole.removeprefix(own))


def _places(page: Snapshot) -> Iterator[_Place]:
    tree = page.tree
    numbers = _numbers(page)
    for row in outermost(tree.css(_ROWS)):
        yield from _of_row(row)
    for table in outermost(tree.css('table[id^="pid"]')):
        yield from _of_post(table)
    yield from _of_page(page, numbers)
    yield from _of_boards(tree)


def _numbers(page: Snapshot) -> _Numbers:
    """tid and fid of the page, by its script, else by its forms, else by its address."""
    tid = _first(_SCRIPT_TID, page.text) or _first(_STATED_TID, page.text)
    fid = _first(_SCRIPT_FID, page.text) or _first(_STATED_FID, page.text)
    current = page.tree.css_first("div.pg > strong, div.pages > strong")
    return _Numbers(
        tid=tid or _addressed(page, "thread"),
        fid=fid or _addressed(page, "board"),
        page=number(words(current)) or 1,
    )


def _addressed(page: Snapshot, kind: LinkKind) -> int | None:
    target = page.target
    if target is None or target.kind != kind:
        return None
    return target.id


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found is not None else 0


def _of_row(row: LexborNode) -> Iterator[_Place]:
    """A thread in a board's list: title, page numbers, author, last post."""
    found = _ROW.match(row.id or "")
    if found is None:
        return
    tid = int(found[1])
    replies = row.css_first("td.num a, td.num strong, td.nums strong, .kmpl")
    is_pointer = words(replies) == "-"
    if not is_pointer:
        yield from _titles(row, tid)
    for link in row.css('td[class^="by"] em a, td.lastpost em a')[-1:]:
        if not is_pointer:
            yield _Place("last", attr(link, "href"), tid)
    for link in row.css("td.by cite a, td.author cite a, .kmfoot a"):
        name = words(link)
        if name:
            yield _Place("user", attr(link, "href"), name=name)
            return


def _titles(row: LexborNode, tid: int) -> Iterator[_Place]:
    title = row.css_first("a.xst, a.kmtit, span[id^=thread_] a")
    if title is not None:
        yield _Place("thread", attr(title, "href"), tid, 1)
    for link in row.css(".tps a, .threadpages a"):
        page = _page_number(words(link))
        if page:
            yield _Place("thread", attr(link, "href"), tid, page)


def _of_post(table: LexborNode) -> Iterator[_Place]:
    """The author, and the post's own address."""
    found = _POST.match(table.id or "")
    if found is None:
        return
    pid = int(found[1])
    floor = table.css_first(f"a#postnum{pid}")
    if floor is not None:
        yield _Place("post", attr(floor, "href"), pid)

    for link in table.css(".authi a, cite a, .postinfo a"):
        name = words(link)
        href = attr(link, "href")
        if name and not _AUTHORID.search(href):
            yield _Place("user", href, _uid(table), name=name)
            return


def _uid(table: LexborNode) -> int | None:
    """The author's number, by the link to their posts alone, else by their picture."""
    for link in table.css('a[href*="authorid="]'):
        found = _AUTHORID.search(attr(link, "href"))
        if found is not None:
            return int(found[1])
    for image in table.css(".avatar img"):
        found = _AVATAR.search(attr(image, "src"))
        if found is not None:
            return int("".join(digits for digits in found.groups() if digits))
    return None


def _of_page(page: Snapshot, numbers: _Numbers) -> Iterator[_Place]:
    """The page itself, its further pages, and its breadcrumb."""
    tree = page.tree
    kind: LinkKind = "thread" if numbers.tid else "board"
    own_number = numbers.tid or numbers.fid
    if own_number is None:
        return

    yield _Place(kind, page.url, own_number, numbers.page)
    for link in tree.css('link[rel="canonical"]'):
        yield _Place(kind, attr(link, "href"), own_number, numbers.page)
    for link in tree.css("div.pg a, div.pages a"):
        number_of_page = _linked_page(link, numbers.page)
        if number_of_page:
            yield _Place(kind, attr(link, "href"), own_number, number_of_page)

    yield from _of_crumbs(tree, numbers)


def _of_crumbs(tree: LexborHTMLParser, numbers: _Numbers) -> Iterator[_Place]:
    """Which link of a breadcrumb is the board's, its number alone tells."""
    for link in tree.css("#pt a, #nav a, h1 a"):
        href = attr(link, "href")
        if parse_url(href) is not None:
            continue
        if has_number(href, numbers.fid):
            yield _Place("board", href, numbers.fid)
        if has_number(href, numbers.tid):
            yield _Place("thread", href, numbers.tid)


def _linked_page(link: LexborNode, here: int) -> int | None:
    if attr(link, "class") == "nxt":
        return here + 1
    return _page_number(words(link))


def _page_number(printed: str) -> int | None:
    """A page list's number; those at its ends have dots: `... 12`."""
    digits = printed.strip(". ")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else None


def _of_boards(tree: LexborHTMLParser) -> Iterator[_Place]:
    """Boards of an index, and its categories."""
    for link in tree.css(
        'table.fl_tb h2 a, table.fl_tb dt a, table[id^="category_"] h2 a'
    ):
        yield _Place("board", attr(link, "href"), page=1, name=words(link))
    for box in tree.css('[id^="category_"]'):
        found = _CATEGORY.match(box.id or "")
        heading = box.parent.css_first("h2 a, h3 a") if box.parent is not None else None
        if found is not None and heading is not None:
            yield _Place("category", attr(heading, "href"), int(found[1]))
