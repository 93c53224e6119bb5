"""Board lists and profiles of the touch layout, X3.0 to X3.5 (touch/forum/discuz,
touch/home/space_profile)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.errors import PageError
from scraper.core.records import BoardRow, Field, IndexPage, ProfilePage
from scraper.markup.html import attr, elements, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.handheld.mobile_lists import linked_board
from scraper.pages.handheld.post_header import own_words

# steps to children: a page may be nested thousands deep
_BOARDS = ".sub_forum > ul > li, .sub-forum > ul > li"
_AVATAR_UID = re.compile(r"[?&;]uid=(\d{1,18})")
_NO_DESCRIPTION = ("暂无版块介绍", "暫無版塊介紹", "暫無版塊介绍")


def read_index(page: Snapshot) -> IndexPage:
    """Read a front page or a category; PageError where no board is on it."""
    boards = read_boards(page.tree, _BOARDS)
    if not boards:
        raise PageError("a touch index page without boards")
    return IndexPage(boards=boards)


def read_boards(tree: LexborHTMLParser, rows: str) -> tuple[BoardRow, ...]:
    """Every board of the lists, in order, each once. `rows`: the selector of their items."""
    categories = {
        attr(head, "href").lstrip("#"): words(head.css_first("h2"))
        for head in tree.css(".subforumshow")
    }
    found: dict[int, BoardRow] = {}
    for item in tree.css(rows):
        links = [link for link in item.css("a") if linked_board(link)]
        target = linked_board(links[0]) if links else None
        if target is None or target.id is None or target.id in found:
            continue
        found[target.id] = _board_row(target.id, item, links[-1], categories)
    return tuple(found.values())


def _board_row(
    fid: int, item: LexborNode, link: LexborNode, categories: dict[str, str]
) -> BoardRow:
    """A board's item. Its number of new posts today is no count of it. Lists of two boards a
    line have their posts in place of their description."""
    box = item.parent.parent if item.parent is not None else None
    two_a_line = "mlist2" in attr(box, "class")

    posts: int | None = None
    description = ""
    note = item.css_first(".mtxt")
    if note is not None:
        own = own_words(note)
        if two_a_line:
            posts = _exact_number(own)
        elif own not in _NO_DESCRIPTION:
            description = words(note)

    title = item.css_first(".murl .mtit")
    return BoardRow(
        fid=fid,
        name=_name(title if title is not None else link),
        category=categories.get(attr(box, "id"), ""),
        posts=posts,
        description=description,
    )


def _exact_number(text: str) -> int | None:
    """A count; None for one that is rounded (`5万`)."""
    is_rounded = "万" in text or "萬" in text
    return None if is_rounded else number(text)


def _name(title: LexborNode) -> str:
    """A board's name, which may be set in bold or in colour, without its number of new posts."""
    text = words(title)
    new_posts = title.css_first("span.num, span.mnum")
    if new_posts is None:
        return text

    printed = words(new_posts)
    stands_first = new_posts.prev is None
    name = text.removeprefix(printed) if stands_first else text.removesuffix(printed)
    return name.strip()


def read_profile(page: Snapshot) -> ProfilePage:
    """A member's page (X3.4): name, uid of the picture, figures."""
    box = page.tree.css_first("div.userinfo")
    name = words(box.css_first("h2.name")) if box is not None else ""
    if box is None or not name:
        raise PageError("a touch profile without a name")

    fields = []
    for line in box.css(".user_box li"):
        label = own_words(line)
        value = words(next(elements(line), None))
        if label and value:
            fields.append(Field(name=label, value=value))
    return ProfilePage(uid=_profile_uid(page, box), name=name, fields=tuple(fields))


def _profile_uid(page: Snapshot, box: LexborNode) -> int | None:
    """From the page's address, else from that of the member's picture."""
    target = page.target
    if target and target.kind == "user":
        return target.id
    avatar = _AVATAR_UID.search(attr(box.css_first(".avatar_m img"), "src"))
    return int(avatar[1]) if avatar else None
