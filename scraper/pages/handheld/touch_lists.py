"""Board pages, board lists and profiles of the touch layout, X3.0 to X3.5
(touch/forum/forumdisplay, discuz, touch/home/space_profile)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    BoardRow,
    Field,
    IndexPage,
    ProfilePage,
    ThreadRow,
)
from scraper.markup.html import attr, elements, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.thread import page_numbers
from scraper.pages.handheld.heads import own_words, person_of

_PARTS = (
    "a, .by, .num, .icon_top img, .muser h3, .mtime, .micon, .threadlist_tit > em, .list_top em, .threadlist_foot i, "
    ".threadlist_foot li.mr, .threadlist_mes"
)
# steps to children: a page may be nested thousands deep
_BOARDS = ".sub_forum > ul > li, .sub-forum > ul > li"
_SUB_BOARDS = "#subname_list > ul > li, .sub-forum > ul > li"
_POST = re.compile(r"action=newthread&(?:amp;)?fid=(\d{1,18})")
_AVATAR = re.compile(r"[?&;]uid=(\d{1,18})")
_NO_DESCRIPTION = ("暂无版块介绍", "暫無版塊介紹", "暫無版塊介绍")
_SPECIAL = re.compile(
    r"(?P<poll>投票|poll)|(?P<trade>商品|出售|trade)|(?P<reward>[悬懸][赏賞]|reward)|(?P<activity>活[动動]|activity)"
    r"|(?P<debate>[辩辯][论論]|debate)",
    re.I,
)


def read_board(page: Snapshot) -> BoardPage:
    """Read a board page; PageError where it has neither threads nor sub-boards nor its own
    number."""
    tree = page.tree
    fid = _fid(page)
    items = tree.css(".threadlist > ul > li")
    rows = tuple(row for item in items if (row := _row(item, page)))
    boards = tuple(
        board for board in read_boards(tree, _SUB_BOARDS) if board.fid != fid
    )
    if not rows and not boards and fid is None:
        raise PageError("a touch board page without threads and without its own number")
    here, pages = page_numbers(tree)
    name = words(
        tree.css_first(".header .category .tit, .header .category .name, .header h2")
    )
    return BoardPage(
        fid=fid, name=name, page=here, pages=pages, threads=rows, boards=boards
    )


def _fid(page: Snapshot) -> int | None:
    """From the button for a new thread, else from the page's address."""
    if found := _POST.search(page.text, max(0, page.text.find("action=newthread"))):
        return int(found[1])
    return page.target.id if page.target and page.target.kind == "board" else None


def _row(item: LexborNode, page: Snapshot) -> ThreadRow | None:
    """A thread's row. X3.5 writes the title in `em`; before it is the link's own text, the
    author in it."""
    parts = _Parts()
    for node in item.css(_PARTS):
        parts.take(node)
    if parts.link is None or parts.tid is None:
        return None
    return (
        _row35(parts, page, item)
        if parts.title is not None
        else _row34(parts, parts.link)
    )


class _Parts:
    """What one pass over a row found, told by tag and class."""

    __slots__ = (
        "author",
        "excerpt",
        "figures",
        "icons",
        "link",
        "marks",
        "replies",
        "tid",
        "time",
        "title",
        "type",
    )

    def __init__(self) -> None:
        self.tid: int | None = None
        self.link: LexborNode | None = None
        self.title: LexborNode | None = None
        self.author: LexborNode | None = None
        self.time: LexborNode | None = None
        self.replies: LexborNode | None = None
        self.excerpt: LexborNode | None = None
        self.type = ""
        self.icons = ""
        self.marks: list[LexborNode] = []
        self.figures: dict[str, int | None] = {}

    def take(self, node: LexborNode) -> None:
        """Keep a part; of the title and the author the first, since a plugin may add more."""
        tag, at = node.tag, node.attributes
        name = at.get("class") or ""
        names = name.split()
        if tag == "a":
            target = parse_url(at.get("href") or "") if self.tid is None else None
            if target and target.kind == "thread":
                self.tid, self.link = target.id, node
        elif tag == "em":
            self.title = self.title if self.title is not None else node
        elif tag == "h3" or "by" in names:
            self.author = self.author if self.author is not None else node
        elif tag == "i":
            self.figures[name] = number(words(node.parent))
        elif tag == "img":
            self.icons += at.get("src") or ""
        elif tag == "li":
            self.type = words(node).removeprefix("#")
        elif "mtime" in names:
            self.time = node
        elif "num" in names:
            self.replies = node
        elif "micon" in names:
            self.marks.append(node)
        else:
            self.excerpt = node


def _row34(parts: _Parts, link: LexborNode) -> ThreadRow:
    return ThreadRow(
        tid=parts.tid or 0,
        title=own_words(link),
        author=words(parts.author),
        replies=number(words(parts.replies)),
        sticky="icon_top." in parts.icons,
        digest="icon_digest" in parts.icons,
    )


def _row35(parts: _Parts, page: Snapshot, item: LexborNode) -> ThreadRow:
    sticky = "list_top" in attr(item, "class")
    kind = (
        _SPECIAL.search(" ".join(map(words, parts.marks)))
        if parts.marks and not sticky
        else None
    )
    names = " ".join(attr(mark, "class") for mark in parts.marks).split()
    person = person_of(parts.author)
    return ThreadRow(
        tid=parts.tid or 0,
        title=words(parts.title),
        author=person.name,
        uid=person.uid,
        created_on=page.clock.parse_day(words(parts.time))
        if parts.time is not None
        else None,
        replies=parts.figures.get("dm-chat-s-fill"),
        views=parts.figures.get("dm-eye-fill"),
        type=parts.type,
        special=(kind.lastgroup or "") if kind else "",
        sticky=sticky or "top" in names,
        digest="digest" in names,
        closed="lock" in names,
        excerpt=words(parts.excerpt),
    )


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = read_boards(page.tree, _BOARDS)
    if not boards:
        raise PageError("a touch index page without boards")
    return IndexPage(boards=boards)


def read_boards(tree: LexborHTMLParser, rows: str) -> tuple[BoardRow, ...]:
    """Every board of the lists, in order, each once; its number of new posts today is no
    count of it."""
    titles = {
        attr(head, "href").lstrip("#"): words(head.css_first("h2"))
        for head in tree.css(".subforumshow")
    }
    found: dict[int, BoardRow] = {}
    for item in tree.css(rows):
        links = [link for link in item.css("a") if _board(link)]
        target = _board(links[0]) if links else None
        if target is None or target.id is None or target.id in found:
            continue
        title = item.css_first(".murl .mtit")
        box = item.parent.parent if item.parent is not None else None
        said = own_words(note) if (note := item.css_first(".mtxt")) is not None else ""
        counted = "mlist2" in attr(
            box, "class"
        )  # two boards a line: their posts stand in place of their description
        found[target.id] = BoardRow(
            fid=target.id,
            name=_name(title if title is not None else links[-1]),
            category=titles.get(attr(box, "id"), ""),
            posts=_exact(said) if counted else None,
            description=words(note)
            if said not in _NO_DESCRIPTION and not counted
            else "",
        )
    return tuple(found.values())


def _exact(text: str) -> int | None:
    """A count; None for one that is rounded (`5万`)."""
    return None if "万" in text or "萬" in text else number(text)


def _board(link: LexborNode) -> Target | None:
    target = parse_url(attr(link, "href"))
    return target if target and target.kind == "board" and not target.filter else None


def _name(title: LexborNode) -> str:
    """A board's name, which may be set in bold or in colour, without its number of new posts."""
    count, text = title.css_first("span.num, span.mnum"), words(title)
    if count is None:
        return text
    first = count.prev is None
    return (
        text.removeprefix(words(count)) if first else text.removesuffix(words(count))
    ).strip()


def read_profile(page: Snapshot) -> ProfilePage:
    """A member's page (X3.4): name, uid of the picture, figures."""
    box = page.tree.css_first("div.userinfo")
    name = words(box.css_first("h2.name")) if box is not None else ""
    if box is None or not name:
        raise PageError("a touch profile without a name")
    target, avatar = (
        page.target,
        _AVATAR.search(attr(box.css_first(".avatar_m img"), "src")),
    )
    uid = (
        target.id
        if target and target.kind == "user"
        else int(avatar[1])
        if avatar
        else None
    )
    pairs = (
        (own_words(line), words(next(elements(line), None)))
        for line in box.css(".user_box li")
    )
    return ProfilePage(
        uid=uid,
        name=name,
        fields=tuple(
            Field(name=key, value=value) for key, value in pairs if key and value
        ),
    )
