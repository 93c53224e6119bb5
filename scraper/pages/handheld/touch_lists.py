"""Board lists and profiles of the touch layout, X3.0 to X3.5 (touch/forum/discuz,
touch/home/space_profile)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.errors import PageError
from scraper.core.records import BoardRow, Field, IndexPage, ProfilePage
from scraper.markup.html import attr, elements, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.handheld.mobile_lists import linked_board
from scraper.pages.handheld.post_header import id_of, own_words

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
    categories = _category_names(tree)
    found: dict[int, BoardRow] = {}
    for item in tree.css(rows):
        links = list(filter(linked_board, item.css("a")))
        if not links:
            continue
        fid = id_of(linked_board(links[0]), "board")
        if fid is None or fid in found:
            continue

        box = item.parent.parent if item.parent is not None else None
        found[fid] = BoardRow(
            fid=fid,
            name=_name(item, links[-1]),
            category=categories.get(attr(box, "id"), ""),
            posts=_posts(item, box),
            description=_description(item, box),
        )
    return tuple(found.values())


def _category_names(tree: LexborHTMLParser) -> dict[str, str]:
    """Categories by the id of the box of their boards, to which their heads lead."""
    names = {}
    for head in tree.css(".subforumshow"):
        box_id = attr(head, "href").lstrip("#")
        names[box_id] = words(head.css_first("h2"))
    return names


def _is_two_a_line(box: LexborNode | None) -> bool:
    """Whether a list has two boards a line: their posts stand in place of their
    description."""
    return "mlist2" in attr(box, "class")


def _posts(item: LexborNode, box: LexborNode | None) -> int | None:
    """A board's count of posts; None for one that is rounded (`5万`)."""
    note = item.css_first(".mtxt")
    if note is None or not _is_two_a_line(box):
        return None

    printed = own_words(note)
    if "万" in printed or "萬" in printed:
        return None
    return number(printed)


def _description(item: LexborNode, box: LexborNode | None) -> str:
    note = item.css_first(".mtxt")
    if note is None or _is_two_a_line(box):
        return ""
    if own_words(note) in _NO_DESCRIPTION:
        return ""
    return words(note)


def _name(item: LexborNode, link: LexborNode) -> str:
    """A board's name, which may be set in bold or in colour, without its number of new posts."""
    title = item.css_first(".murl .mtit")
    if title is None:
        title = link

    text = words(title)
    new_posts = title.css_first("span.num, span.mnum")
    if new_posts is None:
        return text

    printed = words(new_posts)
    stands_first = new_posts.prev is None
    if stands_first:
        return text.removeprefix(printed).strip()
    return text.removesuffix(printed).strip()


def read_profile(page: Snapshot) -> ProfilePage:
    """A member's page (X3.4): name, uid of the picture, figures."""
    box = page.tree.css_first("div.userinfo")
    name = ""
    if box is not None:
        name = words(box.css_first("h2.name"))
    if box is None or not name:
        raise PageError("a touch profile without a name")

    return ProfilePage(
        uid=_profile_uid(page, box),
        name=name,
        fields=tuple(_profile_fields(box)),
    )


def _profile_fields(box: LexborNode) -> Iterator[Field]:
    """A figure stands in an element, its name bare beside it."""
    for line in box.css(".user_box li"):
        label = own_words(line)
        figure = next(elements(line), None)
        value = words(figure)
        if label and value:
            yield Field(
                name=label,
                value=value,
            )


def _profile_uid(page: Snapshot, box: LexborNode) -> int | None:
    """From the page's address, else from that of the member's picture."""
    uid = id_of(page.target, "user")
    if uid is not None:
        return uid

    picture = box.css_first(".avatar_m img")
    numbered = _AVATAR_UID.search(attr(picture, "src"))
    return int(numbered[1]) if numbered else None
