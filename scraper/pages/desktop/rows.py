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

from scraper.core.records import ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, figure, words
from scraper.markup.withheld import is_anonymous
from scraper.pages.desktop.links import target_of, target_of_kind

_TID = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll|fico-vote)|(?P<trade>商品|trade|fico-cart)|(?P<reward>[悬懸][赏賞]|reward)"
    r"|(?P<activity>活[动動]|activity|fico-group)|(?P<debate>[辩辯][论論]|debate|fico-vs)",
    re.I,
)
_DIGEST = re.compile(r"digest|精[华華]", re.I)
_CLOSED = re.compile(r"folder_lock|fico-lock|关闭的主题|關閉的主題", re.I)
_CELLS = {"by": "by", "author": "by", "lastpost": "last", "num": "num", "nums": "num"}


def read_row(
    body: LexborNode,
    clock: Clock,
    only_digest: bool = False,
) -> ThreadRow | None:
    """A row of threads; None for one that has no title. `only_digest`: the page lists
    digest threads only."""
    found = _TID.match(body.id or "")
    if found is None:
        return None
    cells = _Cells(body)
    if cells.title is None:
        return None

    tid = int(found[1])
    special, _, is_locked = _meaning(cells.icons)
    _, is_digest, _ = _meaning(cells.marks)
    author, uid = _person(cells.author_link)
    last_author, _ = _person(cells.last_link)
    last_time = _printed_time(cells.last)
    return ThreadRow(
        tid=tid,
        title=words(cells.title),
        author=author,
        uid=uid,
        created_on=_day(cells.created, clock),
        replies=figure(cells.replies),
        views=figure(cells.views),
        last_post_at=clock.parse(last_time),
        last_author=last_author,
        type=cells.type,
        special=special,
        sticky=found[0].startswith("stick"),
        digest=only_digest or is_digest,
        closed=is_locked or cells.is_locked,
        moved_to=_moved_to(cells, tid),
    )


class _Cells:
    """A row's parts, told by the cell they stand in, in one pass over its elements."""

    __slots__ = (
        "author",
        "author_link",
        "created",
        "icons",
        "in_cite",
        "is_locked",
        "is_sort",
        "last",
        "last_link",
        "marks",
        "replies",
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
        self.type = ""
        self.icons = ""
        self.marks = ""
        self.is_locked = False
        self.is_sort = False  # `type` is the kind of sorted information
        self.in_cite = False

        readers = _ICON_CELL
        for node in body.css("*"):
            tag = node.tag or ""
            if tag == "td" or tag == "th":
                readers = self._readers_of(node, tag)
                continue
            reader = readers.get(tag)
            if reader is None:
                continue
            if tag != "a":
                self.in_cite = tag == "cite"
            reader(self, node)

    def _readers_of(self, cell: LexborNode, tag: str) -> _CellReaders:
        """What a cell may hold, by its class; the second `by` is the last post's."""
        names = attr(cell, "class")
        if tag == "th":
            self.is_locked = "lock" in names.split()
            return _SUBJECT_CELL
        kind = _CELLS.get(names)
        if kind is None:
            kind = _first_kind(names.split())
        if kind == "by":
            return _AUTHOR_CELL if self.author is None else _LAST_CELL
        if kind == "last":
            return _LAST_CELL
        return _NUMBERS_CELL if kind == "num" else _ICON_CELL

    def _read_title(self, link: LexborNode) -> None:
        is_marked = "xst" in attr(link, "class")
        if is_marked or (self.title is None and _is_title(link)):
            self.title = link

    def _read_icon(self, node: LexborNode) -> None:
        self.icons += _words_of_icon(node.attributes)

    def _read_mark(self, node: LexborNode) -> None:
        at = node.attributes
        picture = at.get("src") or ""
        # A stamp's words may be 精华, whatever the thread is.
        if "/stamp/" not in picture:
            self.marks += _words_of_icon(at)

    def _read_type(self, node: LexborNode) -> None:
        """The first mark in brackets; 7.x has the kind of sorted information before it."""
        is_known = self.type != "" and not self.is_sort
        if self.title is not None or is_known:
            return
        name = words(node)
        name = name.removeprefix("[").removesuffix("]")
        link = node.css_first("a")
        is_sort = "sortid=" in attr(link, "href")
        if name and not (self.type and is_sort):
            self.type = name
            self.is_sort = is_sort

    def _read_author(self, node: LexborNode) -> None:
        self.author = node

    def _read_author_link(self, link: LexborNode) -> None:
        if self.in_cite and self.author_link is None:
            self.author_link = link

    def _read_created(self, node: LexborNode) -> None:
        self.created = node

    def _enter_last_author(self, node: LexborNode) -> None:
        """Only the link in the last poster's box tells anything."""

    def _read_last_link(self, link: LexborNode) -> None:
        if self.in_cite and self.last_link is None:
            self.last_link = link

    def _read_last(self, node: LexborNode) -> None:
        self.last = node

    def _read_replies(self, node: LexborNode) -> None:
        if self.replies is None:
            self.replies = node

    def _read_views(self, node: LexborNode) -> None:
        """Before them stand the replies: linked, in bold, or bare (lists of groups)."""
        self.views = node
        if self.replies is not None:
            return
        before = node.prev
        if before is None or not before.is_text_node:
            return
        if words(before):
            self.replies = before


_CellReaders = dict[str, Callable[[_Cells, LexborNode], None]]
_ICON_CELL: _CellReaders = {
    "a": _Cells._read_icon,
    "img": _Cells._read_icon,
    "i": _Cells._read_icon,
}
_SUBJECT_CELL: _CellReaders = {
    "a": _Cells._read_title,
    "img": _Cells._read_mark,
    "i": _Cells._read_mark,
    "span": _Cells._read_mark,
    "em": _Cells._read_type,
}
_AUTHOR_CELL: _CellReaders = {
    "a": _Cells._read_author_link,
    "cite": _Cells._read_author,
    "em": _Cells._read_created,
}
_LAST_CELL: _CellReaders = {
    "a": _Cells._read_last_link,
    "cite": _Cells._enter_last_author,
    "em": _Cells._read_last,
}
_NUMBERS_CELL: _CellReaders = {
    "a": _Cells._read_replies,
    "strong": _Cells._read_replies,
    "em": _Cells._read_views,
}


def _first_kind(names: list[str]) -> str:
    for name in names:
        if name in _CELLS:
            return _CELLS[name]
    return ""


def _is_title(link: LexborNode) -> bool:
    if target_of_kind(link, "thread") is None:
        return False
    return words(link) != ""


def _words_of_icon(at: dict[str, str | None]) -> str:
    """What an icon says: its words, the name of its picture's file, its class."""
    title = at.get("title") or ""
    alt = at.get("alt") or ""
    names = at.get("class") or ""
    address = at.get("src") or ""
    _, _, picture = address.rpartition("/")
    return f" {title} {alt} {picture} {names}"


@lru_cache(maxsize=4096)
def _meaning(icons: str) -> tuple[str, bool, bool]:
    """Special kind, digest, closed: by what icons say; few are different on a forum."""
    special = _SPECIAL.search(icons)
    kind = special.lastgroup if special else None
    is_digest = _DIGEST.search(icons) is not None
    is_closed = _CLOSED.search(icons) is not None
    return kind or "", is_digest, is_closed


def _printed_time(node: LexborNode | None) -> str:
    """The time of an `em`; a relative one has the absolute one in the title of a `span`
    within."""
    inner = node
    while inner is not None:
        inner = next(inner.iter(), None)
        exact = attr(inner, "title")
        if exact:
            return exact
    return words(node)


def _day(node: LexborNode | None, clock: Clock) -> date | None:
    printed = _printed_time(node)
    return clock.parse_day(printed)


def _person(link: LexborNode | None) -> tuple[str, int | None]:
    """Name and uid; the last poster has a name only. A word of the forum's own, unlinked,
    stands for a hidden one."""
    name = words(link)
    if not name or is_anonymous(name):
        return "", None
    target = target_of_kind(link, "user")
    return name, target.id if target is not None else None


def _moved_to(cells: _Cells, tid: int) -> int | None:
    target = target_of(cells.title)
    if target is None:
        return None
    has_counts = words(cells.replies) != "-"
    if target.id == tid and has_counts:
        return None
    return target.id
