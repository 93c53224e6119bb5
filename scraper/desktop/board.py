"""A desktop board page (forumdisplay): its threads, its sub-boards, its page list."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.desktop.index import read_boards
from scraper.desktop.posts import figure
from scraper.desktop.thread import page_numbers
from scraper.errors import PageError
from scraper.html import attr, printed_time, words
from scraper.records import BoardPage, ThreadRow
from scraper.snapshot import Snapshot
from scraper.urls import parse_url
from scraper.withheld import is_anonymous

_ROWS = 'tbody[id^="stickthread_"], tbody[id^="normalthread_"]'
_ROW_PARTS = "th, td, a, em, cite, strong, img, i, span[class]"
_SAYING = ("title", "alt", "src", "class")
_TID = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_FID = re.compile(r"fid\s*=\s*parseInt\('(\d+)'\)")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll)|(?P<trade>商品|trade)|(?P<reward>[悬懸][赏賞]|reward)|(?P<activity>活[动動]|activity)"
    r"|(?P<debate>[辩辯][论論]|debate)")


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page; PageError where it has neither threads nor sub-boards and does not say that it is empty."""
    tree = page.tree
    fid, name = _board(page)
    threads = tuple(row for row in (_row(node, page) for node in tree.css(_ROWS)) if row)
    threads = threads or _pictures(tree, page)
    boards = tuple(replace(board, parent_fid=fid, category="") for board in read_boards(tree) if board.fid != fid)
    if not threads and not boards and fid is None:
        raise PageError("a board page without threads and without its own number")
    here, pages = page_numbers(tree)
    return BoardPage(fid=fid, name=name, page=here, pages=pages, threads=threads, boards=boards)


def _board(page: Snapshot) -> tuple[int | None, str]:
    """fid and name: the heading links to the board itself; the breadcrumb's last entry is it."""
    found = _FID.search(page.text, max(0, page.text.find("fid = parseInt('")))
    fid = int(found[1]) if found else None
    if fid is None and page.target and page.target.kind == "board" and isinstance(page.target.id, int):
        fid = page.target.id
    name = ""
    for link in page.tree.css("h1 a, #pt a, #nav a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board" and not target.filter:
            if fid is None and isinstance(target.id, int):
                fid = target.id
            if target.id == fid:
                return fid, words(link)
            name = words(link)
    return fid, _crumb(page.tree) or name


def _crumb(tree: LexborHTMLParser) -> str:
    """The breadcrumb's last words where they are no link (6.0 and 7.x)."""
    bar = tree.css_first("#nav, #pt .z")
    last = bar.last_child if bar is not None else None
    return (last.text_content or "").strip(" \r\n\t»›>-") if last is not None and last.is_text_node else ""


def _row(body: LexborNode, page: Snapshot) -> ThreadRow | None:
    found = _TID.match(attr(body, "id"))
    cells = _Cells(body)
    if not found or cells.title is None:
        return None
    tid, title, clock = int(found[1]), cells.title, page.clock
    target = parse_url(attr(title, "href"))
    author, uid = _person(cells.author)
    marks = " ".join(cells.marks).lower()
    return ThreadRow(
        tid=tid, title=words(title), author=author, uid=uid, created_on=clock.parse_day(printed_time(cells.created)),
        replies=figure(cells.replies), views=figure(cells.views), last_post_at=clock.parse(printed_time(cells.last)),
        last_author=_person(cells.last_author)[0], type=cells.type, special=_special(marks),
        sticky=attr(body, "id").startswith("stick"), digest=_digest(marks, page), closed=_closed(marks),
        moved_to=target.id if target and target.kind == "thread" and target.id != tid else None,
    )


class _Cells:
    """A row's parts, told by the cell they stand in.

    X has cells `icn`, `by`, `num` around the `th`; 6.0 and 7.x `folder`, `icon`, `author`, `nums`, `lastpost`.
    """

    def __init__(self, body: LexborNode) -> None:
        self.title: LexborNode | None = None
        self.author: LexborNode | None = None
        self.created: LexborNode | None = None
        self.replies: LexborNode | None = None
        self.views: LexborNode | None = None
        self.last_author: LexborNode | None = None
        self.last: LexborNode | None = None
        self.type = ""
        self.marks: list[str] = []
        cell = ""
        for node in body.css(_ROW_PARTS):
            tag, at = node.tag, node.attributes
            if tag == "td" or tag == "th":
                cell = "subject" if tag == "th" else _CELLS.get((at.get("class") or "").split(" ")[0], "icon")
                if cell == "by" and self.author is not None:
                    cell = "last"
                if tag == "th" and at.get("class") == "lock":
                    self.marks.append("folder_lock")
            else:
                _PLACES[cell](self, node, tag, at) if cell else None

    def subject(self, node: LexborNode, tag: str | None, at: dict[str, str | None]) -> None:
        """Title, type and icons, in the row's head cell."""
        if tag != "a":
            self.icon(node, tag, at)
            return
        target = parse_url(at.get("href") or "")
        if target and target.kind == "thread" and (self.title is None or "xst" in (at.get("class") or "")):
            self.title = node
        elif target and target.kind == "board" and not self.type and self.title is None:
            self.type = words(node).removeprefix("[").removesuffix("]")

    def icon(self, node: LexborNode, tag: str | None, at: dict[str, str | None]) -> None:
        """What kind of thread it is, in the words of its icons."""
        self.marks += [value for key, value in at.items() if value and key in _SAYING]

    def by(self, node: LexborNode, tag: str | None, at: dict[str, str | None]) -> None:
        """The author and the day."""
        if tag == "cite":
            self.author = self.author if self.author is not None else node
        elif tag == "em":
            self.created = self.created if self.created is not None else node

    def number(self, node: LexborNode, tag: str | None, at: dict[str, str | None]) -> None:
        """Replies, then views."""
        if tag == "em":
            self.views = node
        elif self.replies is None:
            self.replies = node

    def last_post(self, node: LexborNode, tag: str | None, at: dict[str, str | None]) -> None:
        """Who posted last, and when."""
        if tag == "cite":
            self.last_author = node
        elif tag == "em":
            self.last = node


_CELLS = {"by": "by", "author": "by", "lastpost": "last", "num": "num", "nums": "num"}
_PLACES = {
    "subject": _Cells.subject, "icon": _Cells.icon, "by": _Cells.by, "last": _Cells.last_post, "num": _Cells.number,
}


def _person(cite: LexborNode | None) -> tuple[str, int | None]:
    """Name and uid; the last poster has a name only. An anonymous one is nobody."""
    if cite is None:
        return "", None
    link = cite.css_first("a")
    name = words(link if link is not None else cite)
    target = parse_url(attr(link, "href")) if link is not None else None
    return ("", None) if is_anonymous(name) else (name, target.id if target and target.kind == "user" else None)


def _special(marks: str) -> str:
    found = _SPECIAL.search(marks)
    return found.lastgroup or "" if found else ""


def _digest(marks: str, page: Snapshot) -> bool:
    """Digest (精华): by its icon, or because the page lists nothing else."""
    listed = page.target is not None and "filter=digest" in page.target.filter
    return listed or "digest" in marks or "精华" in marks or "精華" in marks


def _closed(marks: str) -> bool:
    return "folder_lock" in marks or "关闭的主题" in marks or "關閉的主題" in marks


def _pictures(tree: LexborHTMLParser, page: Snapshot) -> tuple[ThreadRow, ...]:
    """A picture board: `ul#waterfall li`, with title, author and two counts."""
    rows = []
    for item in tree.css("ul#waterfall > li, ul.ml.waterfall > li"):
        title = item.css_first("h3 a")
        target = parse_url(attr(title, "href")) if title is not None else None
        if title is None or target is None or target.kind != "thread" or not isinstance(target.id, int):
            continue
        people = [link for link in item.css("a") if (t := parse_url(attr(link, "href"))) and t.kind == "user"]
        figures = [count for node in item.css(".xg1, cite, em") if (count := figure(node)) is not None]
        rows.append(ThreadRow(tid=target.id, title=words(title), author=words(people[0]) if people else "",
                              replies=figures[0] if figures else None))
    return tuple(rows)
