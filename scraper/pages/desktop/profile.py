"""A member's page: name and number from the heading, the rest as the name–value pairs that
it prints.

X: `h2` with `(UID: N)`, then `li > em` (space_profile); X1.5 to X2.5: also a home page of
blocks; 7.x: tables; 6.0: a personal space of modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
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
        name, uid = _linked(tree)
    if not name:
        raise PageError("a member's page that names nobody")
    fields = _fields(box.css("li, tr")) if box is not None else _blocks(tree)
    return ProfilePage(
        uid=uid
        or (page.target.id if page.target and page.target.kind == "user" else None),
        name=name,
        fields=tuple(fields),
    )


def names_member(tree: LexborHTMLParser) -> bool:
    """Whether a page's heading names a member with a number."""
    return bool(_heading(tree)[0])


def _heading(tree: LexborHTMLParser) -> tuple[str, int | None, LexborNode | None]:
    for head in tree.css(_HEADS):
        found = _NAMED.match(words(head))
        if found and found[1]:
            return found[1], int(found[2]), _box_of(head)
    return "", None, None


def _box_of(head: LexborNode) -> LexborNode | None:
    """The box that holds the whole profile: two above the heading's own."""
    box = ancestor(head, "div")
    return box.parent if box is not None else None


def _linked(tree: LexborHTMLParser) -> tuple[str, int | None]:
    """A home page of blocks: the name beside the picture."""
    name, uid = "", None
    for link in tree.css(_LINKED):
        target = parse_url(attr(link, "href"))
        uid = uid or (target.id if target and target.kind == "user" else None)
        name = name or words(link)
    return name, uid


def _fields(items: list[LexborNode]) -> Iterator[Field]:
    """`<li><em>name</em>value</li>`; a list of counts has several values; 7.x:
    `<th>name</th><td>value</td>`."""
    for item in items:
        first = next(elements(item), None)
        if first is None or first.tag not in ("em", "th"):
            continue
        name = words(first).rstrip(":： ")
        value = fold(words(item).removeprefix(words(first))).lstrip("|:： ")
        if name and value:
            yield Field(name=name, value=value.replace(" | ", ", ").replace("|", ", "))


def _blocks(tree: LexborHTMLParser) -> Iterator[Field]:
    """A home page of blocks: `积分: 2500` among the counts, `--` where one is hidden; the
    rest as in a profile."""
    items = tree.css(_BLOCKS)
    for item in items:
        if (found := _COUNTED.match(words(item))) and item.css_first("em") is None:
            yield Field(name=found[1].strip(), value=found[2])
    yield from _fields(items)


def read_space(page: Snapshot) -> ProfilePage:
    """A personal space of 6.0: the module of personal information has the name on its first
    line."""
    box = page.tree.css_first("#module_userinfo")
    lines = box.css_first("div.username") if box is not None else None
    said = lines.text(separator="\n").split("\n") if lines is not None else []
    name = next((line.strip() for line in said if line.strip()), "")
    if not name:
        raise PageError("a member's space that names nobody")
    about = words(box.css_first("div.more")) if box is not None else ""
    own = page.tree.css_first("a.spaceurl")
    target = parse_url(attr(own, "href")) if own is not None else page.target
    fields = (
        (Field(name="个人信息", value=about),) if about else ()
    )  # the module's own heading
    return ProfilePage(
        uid=target.id if target and target.kind == "user" else None,
        name=name,
        fields=fields,
    )
