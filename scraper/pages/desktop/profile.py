"""A member's page: name and number from the heading, the rest as the name–value pairs that
it prints.

X: `h2` with `(UID: N)`, then `li > em` (space_profile); X1.5 to X2.5: also a home page of
blocks; 7.x: tables; 6.0: a personal space of modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import Field, ProfilePage
from scraper.markup.html import ancestor, attr, elements, fold, words
from scraper.markup.snapshot import Snapshot

_NAMED = re.compile(r"^(.*?)\s*\(?\s*UID\s*[:：]\s*(\d{1,18})\s*\)?")
_HEADS = "h2, h1"
_LINKED = "#pcd h2 a, #profile_content h2 a, #uhd .mt, .hm h2 a"
_BLOCKS = "#statistic_content li, #personalinfo_content li"
_COUNTED = re.compile(r"^([^:：]{1,12})[:：](?!\s*-+$)\s*(.+)$")


def read_profile(page: Snapshot) -> ProfilePage:
    """Read a member's page; PageError where it names nobody."""
    tree = page.tree
    name, uid, box = _heading(tree)
    if not name:
        name, uid = _name_beside_picture(tree)
    if not name:
        raise PageError("a member's page that names nobody")
    fields = _fields(box.css("li, tr")) if box is not None else _blocks(tree)
    return ProfilePage(
        uid=uid or _uid(page.target),
        name=name,
        fields=tuple(fields),
    )


def _uid(target: Target | None) -> int | None:
    return target.id if target is not None and target.kind == "user" else None


def names_member(tree: LexborHTMLParser) -> bool:
    """Whether a page's heading names a member with a number."""
    name, _, _ = _heading(tree)
    return name != ""


def _heading(tree: LexborHTMLParser) -> tuple[str, int | None, LexborNode | None]:
    """Name, uid, and the box that holds the whole profile: two above the heading's own."""
    for head in tree.css(_HEADS):
        found = _NAMED.match(words(head))
        if not found or not found[1]:
            continue
        own_box = ancestor(head, "div")
        box = own_box.parent if own_box is not None else None
        return found[1], int(found[2]), box
    return "", None, None


def _name_beside_picture(tree: LexborHTMLParser) -> tuple[str, int | None]:
    """Name and uid of a home page of blocks."""
    name, uid = "", None
    for link in tree.css(_LINKED):
        uid = uid or _uid(parse_url(attr(link, "href")))
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
        value = fold(words(item).removeprefix(printed_name)).lstrip("|:： ")
        if name and value:
            value = value.replace(" | ", ", ").replace("|", ", ")
            yield Field(name=name, value=value)


def _blocks(tree: LexborHTMLParser) -> Iterator[Field]:
    """A home page of blocks: `积分: 2500` among the counts, `--` where one is hidden; the
    rest as in a profile."""
    items = tree.css(_BLOCKS)
    for item in items:
        found = _COUNTED.match(words(item))
        if found and item.css_first("em") is None:
            yield Field(name=found[1].strip(), value=found[2])
    yield from _fields(items)


def read_space(page: Snapshot) -> ProfilePage:
    """A personal space of 6.0: the module of personal information has the name on its first
    line. PageError where it names nobody."""
    box = page.tree.css_first("#module_userinfo")
    name = _first_line(box.css_first("div.username")) if box is not None else ""
    if box is None or not name:
        raise PageError("a member's space that names nobody")

    about = words(box.css_first("div.more"))
    own_address = page.tree.css_first("a.spaceurl")
    target = page.target
    if own_address is not None:
        target = parse_url(attr(own_address, "href"))
    return ProfilePage(
        uid=_uid(target),
        name=name,
        # named as the module's own heading
        fields=(Field(name="个人信息", value=about),) if about else (),
    )


def _first_line(node: LexborNode | None) -> str:
    if node is None:
        return ""
    for line in node.text(separator="\n").split("\n"):
        if line.strip():
            return line.strip()
    return ""
