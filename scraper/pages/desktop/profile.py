"""A member's page: name and number from the heading, the rest as the name–value pairs that
it prints.

X: `h2` with `(UID: N)`, then `li > em` (space_profile); X1.5 to X2.5: also a home page of
blocks; 7.x: the number in a list beside the heading, then tables; 6.0: a personal space of
modules. Broadcasts of X2.5 and later (`mod=follow`) name the member in the breadcrumb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target
from scraper.core.errors import PageError
from scraper.core.records import Field, ProfilePage
from scraper.markup.html import ancestor, elements, fold, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.links import target_of

_NAMED = re.compile(r"^(.*?)\s?\(?\s?UID\s?[:：]\s?(\d{1,18})\s?\)?")
_UID_ITEM = re.compile(r"^\(?\s?UID\s?[:：]?\s?(\d{1,18})\s?\)?$")
_TITLE_NAME = re.compile(
    r"^(\S.{0,60}?)(?:的个人资料|的個人資料|'s profile) ?(?:-|$)", re.I
)
_NAME_END = re.compile(r"(?:的个人资料|的個人資料|的空间|的空間|'s profile)$", re.I)
_LEVELS_UP = 8  # from a member's number to the box with the heading
_HEADS = "h2, h1"
_MOST_ITEMS = 2_000  # each may lie in those before it
_LINKED = "#pcd h2 a, #profile_content h2 a, #uhd .mt, .hm h2 a"
_BLOCKS = "#statistic_content li, #personalinfo_content li"
_COUNTED = re.compile(r"^([^:：]{1,12})[:：](?!\s*-+$)\s*(.+)$")


def read_profile(page: Snapshot) -> ProfilePage:
    """Read a member's page; PageError where it names nobody."""
    tree = page.tree
    name, uid, box = _heading(tree)
    if not name:
        name, uid, box = _name_above_number(tree)
    if not name:
        name, uid = _name_beside_picture(tree)
    if not name:
        raise PageError("a member's page that names nobody")
    fields = _blocks(tree) if box is None else _fields(box.css("li, tr"))
    return ProfilePage(
        uid=uid or _uid(page.target),
        name=name,
        fields=tuple(fields),
    )


def _uid(target: Target | None) -> int | None:
    if target is None or target.kind != "user":
        return None
    return target.id


def names_member(tree: LexborHTMLParser) -> bool:
    """Whether a page's heading names a member with a number."""
    name, _, _ = _heading(tree)
    if not name:
        name, _, _ = _name_above_number(tree)
    return name != ""


def _heading(tree: LexborHTMLParser) -> tuple[str, int | None, LexborNode | None]:
    """Name, uid, and the box that holds the whole profile: two above the heading's own."""
    for head in tree.css(_HEADS):
        found = _NAMED.match(words(head))
        if not found or not found[1]:
            continue
        name = found[1]
        uid = int(found[2])
        box = ancestor(head, "div")
        if box is not None:
            box = box.parent
        return name, uid, box
    return "", None, None


def _name_above_number(
    tree: LexborHTMLParser,
) -> tuple[str, int | None, LexborNode | None]:
    """Name, uid and box of a member whose number stands in a list of its own. The name is
    the heading with which the page's title begins, else what the title says of whom it is."""
    items = tree.css("li, td, p")
    for item in items[:_MOST_ITEMS]:
        found = _UID_ITEM.match(words(item))
        if not found:
            continue
        title = words(tree.css_first("title"))
        box = item.parent
        for _ in range(_LEVELS_UP):
            if box is None:
                break
            name = _named_in(box, title)
            if name:
                return name, int(found[1]), box.parent or box
            box = box.parent
        owner = _TITLE_NAME.match(title)
        if owner:
            return owner[1], int(found[1]), item.parent
    return "", None, None


def _named_in(box: LexborNode, title: str) -> str:
    headings = [words(head) for head in box.css(_HEADS)]
    names = [_NAME_END.sub("", heading) for heading in headings if heading]
    for name in names:
        if title.startswith(name):
            return name
    return ""


def read_follow(page: Snapshot) -> ProfilePage | None:
    """A member's page of broadcasts: the breadcrumb names the member, the figures stand
    beside it. None for another page of broadcasts."""
    name, uid = "", None
    for link in page.tree.css("#pt a, #uhd .mt a"):
        target = target_of(link)
        if target is not None and target.kind == "user" and words(link):
            name = words(link)
            uid = target.id
            break
    if not name:
        return None
    return ProfilePage(uid=uid, name=name, fields=tuple(_follow_figures(page.tree)))


def _follow_figures(tree: LexborHTMLParser) -> Iterator[Field]:
    for cell in tree.css(".flw_hd th, .flw_hd td"):
        label = words(cell.css_first("span"))
        value = words(cell.css_first("p"))
        if label and value:
            yield Field(name=label, value=value)


def _name_beside_picture(tree: LexborHTMLParser) -> tuple[str, int | None]:
    """Name and uid of a home page of blocks."""
    name, uid = "", None
    for link in tree.css(_LINKED):
        uid = uid or _uid(target_of(link))
        name = name or words(link)
    return name, uid


def _fields(items: list[LexborNode]) -> Iterator[Field]:
    """`<li><em>name</em>value</li>`; a list of counts has several values; 7.x:
    `<th>name</th><td>value</td>`."""
    for item in items:
        label = next(elements(item), None)
        if label is None or label.tag not in ("em", "th"):
            continue
        printed_name = words(label)
        name = printed_name.rstrip(":： ")
        value = words(item).removeprefix(printed_name)
        value = fold(value).lstrip("|:： ")
        if name and value and name != "UID":
            value = value.replace(" | ", ", ")
            value = value.replace("|", ", ")
            yield Field(name=name, value=value)


def _blocks(tree: LexborHTMLParser) -> Iterator[Field]:
    """A home page of blocks: `积分: 2500` among the counts, `--` where one is hidden; the
    rest as in a profile."""
    items = tree.css(_BLOCKS)
    for item in items:
        found = _COUNTED.match(words(item))
        if not found or item.css_first("em") is not None:
            continue
        name, value = found.groups()
        name = name.strip()
        yield Field(name=name, value=value)
    yield from _fields(items)


def read_space(page: Snapshot) -> ProfilePage:
    """A personal space of 6.0: the module of personal information has the name on its first
    line. PageError where it names nobody."""
    tree = page.tree
    name = _first_line(tree.css_first("#module_userinfo div.username"))
    if not name:
        raise PageError("a member's space that names nobody")

    own_address = tree.css_first("a.spaceurl")
    target = page.target
    if own_address is not None:
        target = target_of(own_address)
    about = words(tree.css_first("#module_userinfo div.more"))
    fields = []
    if about:
        # named as the module's own heading
        field = Field(name="个人信息", value=about)
        fields.append(field)
    return ProfilePage(
        uid=_uid(target),
        name=name,
        fields=tuple(fields),
    )


def _first_line(node: LexborNode | None) -> str:
    if node is None:
        return ""
    text = node.text(separator="\n")
    lines = text.strip().split("\n")
    return lines[0].strip()
