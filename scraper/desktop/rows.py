"""One row of a board's list of threads (forumdisplay_list): a `tbody#normalthread_N`, read cell by cell.

X has cells `icn`, `by`, `num`, `by` around the `th`; 6.0 and 7.x `folder`, `icon`, `author`, `nums`, `lastpost`. A row
that only points to a moved thread prints `-` for its counts; in 6.0 and 7.x even its number is the target's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from selectolax.lexbor import LexborNode

from scraper.dates import Clock
from scraper.desktop.posts import figure
from scraper.html import attr, words
from scraper.records import ThreadRow
from scraper.urls import parse_url
from scraper.withheld import is_anonymous

_TID = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll|fico-vote)|(?P<trade>商品|trade|fico-cart)|(?P<reward>[悬懸][赏賞]|reward)"
    r"|(?P<activity>活[动動]|activity|fico-group)|(?P<debate>[辩辯][论論]|debate|fico-vs)", re.I)
_DIGEST = re.compile(r"digest|精[华華]", re.I)
_CLOSED = re.compile(r"folder_lock|fico-lock|关闭的主题|關閉的主題", re.I)
_CELLS = {"by": "by", "author": "by", "lastpost": "last", "num": "num", "nums": "num"}


def read_row(body: LexborNode, clock: Clock, digest: bool = False) -> ThreadRow | None:
    """A row of threads; None for one that has no title. `digest`: the page lists digest threads only."""
    found = _TID.match(body.id or "")
    if found is None:
        return None
    cells = _Cells(body)
    if cells.title is None:
        return None
    tid = int(found[1])
    special, _, locked = _meaning(cells.icons)
    _, marked, _ = _meaning(cells.marks)
    author, uid = _person(cells.author, cells.author_link)
    return ThreadRow(
        tid=tid, title=words(cells.title), author=author, uid=uid, created_on=_day(_stamp(cells.created), clock),
        replies=figure(cells.replies), views=figure(cells.views), last_post_at=clock.parse(_stamp(cells.last)),
        last_author=_person(cells.last_author, cells.last_link)[0], type=cells.type, special=special,
        sticky=found[0].startswith("stick"), digest=digest or marked, closed=locked or cells.locked,
        moved_to=_moved_to(cells, tid),
    )


class _Cells:
    """A row's parts, told by the cell they stand in, in one pass over its elements."""

    __slots__ = ("author", "author_link", "created", "icons", "last", "last_author", "last_link", "locked", "marks",
                 "replies", "title", "type", "views")

    def __init__(self, body: LexborNode) -> None:
        self.title: LexborNode | None = None
        self.author: LexborNode | None = None
        self.author_link: LexborNode | None = None
        self.created: LexborNode | None = None
        self.replies: LexborNode | None = None
        self.views: LexborNode | None = None
        self.last_author: LexborNode | None = None
        self.last_link: LexborNode | None = None
        self.last: LexborNode | None = None
        self.type = self.icons = self.marks = ""
        self.locked = False
        place, box = _PLACES[""], ""
        for node in body.css("*"):
            tag = node.tag or ""
            if tag == "td":
                place, box = self._place_of(node), ""
            elif tag == "th":
                place, box = _PLACES["subject"], ""
                self.locked = "lock" in attr(node, "class").split()
            else:
                if tag == "cite" or tag == "em":
                    box = tag
                place(self, node, tag, box)

    def _place_of(self, cell: LexborNode) -> _Place:
        """The kind of a cell, by its first class; the second `by` is the last post's."""
        name = _CELLS.get(attr(cell, "class").split(" ", 1)[0], "")
        if name == "by" and self.author is not None:
            name = "last"
        return _PLACES[name]

    def _icon(self, node: LexborNode, tag: str, box: str) -> None:
        if tag == "img" or tag == "i" or tag == "a":
            self.icons += _said(node.attributes)

    def _subject(self, node: LexborNode, tag: str, box: str) -> None:
        """Title, type and icons, in the row's head cell."""
        if tag == "a":
            at = node.attributes
            if "xst" in (at.get("class") or "") or (self.title is None and _is_title(node, at.get("href") or "")):
                self.title = node
        elif tag == "img" or tag == "i" or tag == "span":
            self.marks += _said(node.attributes)
        elif tag == "em" and self.title is None and not self.type:
            self.type = words(node).removeprefix("[").removesuffix("]")

    def _by(self, node: LexborNode, tag: str, box: str) -> None:
        if tag == "cite":
            self.author = node
        elif tag == "em":
            self.created = node
        elif tag == "a" and box == "cite" and self.author_link is None:
            self.author_link = node

    def _last_post(self, node: LexborNode, tag: str, box: str) -> None:
        if tag == "cite":
            self.last_author = node
        elif tag == "em":
            self.last = node
        elif tag == "a" and box == "cite" and self.last_link is None:
            self.last_link = node

    def _count(self, node: LexborNode, tag: str, box: str) -> None:
        if tag == "em":
            self.views = node
        elif self.replies is None:
            self.replies = node


_Place = Callable[[_Cells, LexborNode, str, str], None]
_PLACES: dict[str, _Place] = {
    "": _Cells._icon, "subject": _Cells._subject, "by": _Cells._by, "last": _Cells._last_post, "num": _Cells._count,
}


def _is_title(link: LexborNode, href: str) -> bool:
    target = parse_url(href)
    return target is not None and target.kind == "thread" and bool(words(link))


def _said(at: dict[str, str | None]) -> str:
    """What an icon says: its words, its picture, its class."""
    return f" {at.get('title') or ''} {at.get('alt') or ''} {at.get('src') or ''} {at.get('class') or ''}"


@lru_cache(maxsize=4096)
def _meaning(icons: str) -> tuple[str, bool, bool]:
    """Special kind, digest, closed: by what icons say; few are different on a forum."""
    special = _SPECIAL.search(icons)
    return (special.lastgroup or "" if special else "", _DIGEST.search(icons) is not None,
            _CLOSED.search(icons) is not None)


def _stamp(node: LexborNode | None) -> str:
    """The time of an `em`; a relative one has the absolute one in the title of a `span` within."""
    inner = node
    while inner is not None:
        inner = next(inner.iter(), None)
        if inner is not None and (title := inner.attributes.get("title")):
            return title
    return words(node)


def _day(printed: str, clock: Clock) -> date | None:
    if found := _DAY.match(printed):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    return clock.parse_day(printed)


def _person(cite: LexborNode | None, link: LexborNode | None) -> tuple[str, int | None]:
    """Name and uid; the last poster has a name only. An anonymous one is nobody."""
    name = words(link if link is not None else cite)
    if not name or is_anonymous(name):
        return "", None
    target = parse_url(attr(link, "href")) if link is not None else None
    return name, target.id if target and target.kind == "user" else None


def _moved_to(cells: _Cells, tid: int) -> int | None:
    target = parse_url(attr(cells.title, "href"))
    if target is None or (target.id == tid and words(cells.replies) != "-"):
        return None
    return target.id
