"""One row of a board's list of threads (forumdisplay_list): a `tbody#normalthread_N`, read
cell by cell.

X has cells `icn`, `by`, `num`, `by` around the `th`; 6.0 and 7.x `folder`, `icon`,
`author`, `nums`, `lastpost`. A row that only points to a moved thread prints `-` for its
counts; in 6.0 and 7.x even its number is the target's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, figure, words
from scraper.markup.withheld import is_anonymous

_TID = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll|fico-vote)|(?P<trade>商品|trade|fico-cart)|(?P<reward>[悬懸][赏賞]|reward)"
    r"|(?P<activity>活[动動]|activity|fico-group)|(?P<debate>[辩辯][论論]|debate|fico-vs)",
    re.I,
)
_DIGEST = re.compile(r"digest|精[华華]", re.I)
_CLOSED = re.compile(r"folder_lock|fico-lock|关闭的主题|關閉的主題", re.I)
_CELLS = {"by": "by", "author": "by", "lastpost": "last", "num": "num", "nums": "num"}


def read_row(body: LexborNode, clock: Clock, digest: bool = False) -> ThreadRow | None:
    """A row of threads; None for one that has no title. `digest`: the page lists digest
    threads only."""
    found = _TID.match(body.id or "")
    if found is None:
        return None
    cells = _Cells(body)
    if cells.title is None:
        return None
    tid = int(found[1])
    special, _, locked = _meaning(cells.icons)
    _, marked, _ = _meaning(cells.marks)
    author, uid = _person(cells.author_link)
    return ThreadRow(
        tid=tid,
        title=words(cells.title),
        author=author,
        uid=uid,
        created_on=_day(_stamp(cells.created), clock),
        replies=figure(cells.replies),
        views=figure(cells.views),
        last_post_at=clock.parse(_stamp(cells.last)),
        last_author=_person(cells.last_link)[0],
        type=cells.type,
        special=special,
        sticky=found[0].startswith("stick"),
        digest=digest or marked,
        closed=locked or cells.locked,
        moved_to=_moved_to(cells, tid),
    )


class _Cells:
    """A row's parts, told by the cell they stand in, in one pass over its elements."""

    __slots__ = (
        "author",
        "author_link",
        "created",
        "icons",
        "last",
        "last_link",
        "locked",
        "marks",
        "replies",
        "sorted",
        "title",
        "type",
        "views",
    )

    def __init__(self, body: LexborNode) -> None:
        self.title: LexborNode | None = None
        self.author: LexborNode | None = None
        self.author_link: LexborNode | None = None
        self.created: LexborNode | None = None
        self.replies: LexborNode | None = None
        self.views: LexborNode | None = None
        self.last_link: LexborNode | None = None
        self.last: LexborNode | None = None
        self.type = self.icons = self.marks = ""
        self.locked = self.sorted = False
        place, in_cite = _PLACES[""], False
        for node in body.css("*"):
            tag = node.tag or ""
            if tag == "td" or tag == "th":
                place = self._place_of(node, tag)
            elif tag == "a":
                self._link(node, place, in_cite)
            elif (part := place.get(tag)) is not None:
                in_cite = tag == "cite"
                part(self, node)

    def _place_of(self, cell: LexborNode, tag: str) -> _Place:
        """What a cell may hold, by its class; the second `by` is the last post's."""
        names = cell.attributes.get("class") or ""
        if tag == "th":
            self.locked = "lock" in names.split()
            return _PLACES["subject"]
        name = _CELLS.get(names) or next(
            (_CELLS[word] for word in names.split() if word in _CELLS), ""
        )
        return _PLACES["last" if name == "by" and self.author is not None else name]

    def _link(self, node: LexborNode, place: _Place, in_cite: bool) -> None:
        if place is _SUBJECT:
            at = node.attributes
            if "xst" in (at.get("class") or "") or (
                self.title is None and _is_title(node, at.get("href") or "")
            ):
                self.title = node
        elif place is _ICON:
            self.icons += _said(node.attributes)
        elif place is _NUM:
            self._replies(node)
        elif in_cite and place is _BY:
            self.author_link = (
                self.author_link if self.author_link is not None else node
            )
        elif in_cite:
            self.last_link = self.last_link if self.last_link is not None else node

    def _icon(self, node: LexborNode) -> None:
        self.icons += _said(node.attributes)

    def _mark(self, node: LexborNode) -> None:
        at = node.attributes
        if "/stamp/" not in (
            at.get("src") or ""
        ):  # a stamp's words may be 精华, whatever the thread is
            self.marks += _said(at)

    def _type(self, node: LexborNode) -> None:
        """The first mark in brackets; 7.x has the kind of sorted information before it."""
        if self.title is not None or (self.type and not self.sorted):
            return
        said = words(node).removeprefix("[").removesuffix("]")
        in_sorts = "sortid=" in attr(node.css_first("a"), "href")
        if said and not (self.type and in_sorts):
            self.type, self.sorted = said, in_sorts

    def _author(self, node: LexborNode) -> None:
        self.author = node

    def _created(self, node: LexborNode) -> None:
        self.created = node

    def _passed(self, node: LexborNode) -> None:
        """The last poster's box: only its link tells."""

    def _last(self, node: LexborNode) -> None:
        self.last = node

    def _replies(self, node: LexborNode) -> None:
        self.replies = self.replies if self.replies is not None else node

    def _views(self, node: LexborNode) -> None:
        """Before them stand the replies: linked, in bold, or bare (lists of groups)."""
        self.views = node
        before = node.prev
        if (
            self.replies is None
            and before is not None
            and before.is_text_node
            and words(before)
        ):
            self.replies = before


_Place = dict[str, Callable[[_Cells, LexborNode], None]]
_ICON: _Place = {"img": _Cells._icon, "i": _Cells._icon}
_SUBJECT: _Place = {
    "img": _Cells._mark,
    "i": _Cells._mark,
    "span": _Cells._mark,
    "em": _Cells._type,
}
_BY: _Place = {"cite": _Cells._author, "em": _Cells._created}
_LAST: _Place = {"cite": _Cells._passed, "em": _Cells._last}
_NUM: _Place = {"strong": _Cells._replies, "em": _Cells._views}
_PLACES = {"": _ICON, "subject": _SUBJECT, "by": _BY, "last": _LAST, "num": _NUM}


def _is_title(link: LexborNode, href: str) -> bool:
    target = parse_url(href)
    return target is not None and target.kind == "thread" and bool(words(link))


def _said(at: dict[str, str | None]) -> str:
    """What an icon says: its words, the name of its picture's file, its class."""
    picture = (at.get("src") or "").rpartition("/")[2]
    return f" {at.get('title') or ''} {at.get('alt') or ''} {picture} {at.get('class') or ''}"


@lru_cache(maxsize=4096)
def _meaning(icons: str) -> tuple[str, bool, bool]:
    """Special kind, digest, closed: by what icons say; few are different on a forum."""
    special = _SPECIAL.search(icons)
    return (
        special.lastgroup or "" if special else "",
        _DIGEST.search(icons) is not None,
        _CLOSED.search(icons) is not None,
    )


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


def _person(link: LexborNode | None) -> tuple[str, int | None]:
    """Name and uid; the last poster has a name only. A word of the forum's own, unlinked,
    stands for a hidden one."""
    name = words(link)
    if not name or is_anonymous(name):
        return "", None
    target = parse_url(attr(link, "href"))
    return name, target.id if target and target.kind == "user" else None


def _moved_to(cells: _Cells, tid: int) -> int | None:
    target = parse_url(attr(cells.title, "href"))
    if target is None or (target.id == tid and words(cells.replies) != "-"):
        return None
    return target.id
