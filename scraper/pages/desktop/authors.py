"""Who wrote a post: from the cell beside it, or from its own head line where a forum prints
the author there.

X: `td.pls .authi a`, or `.authi` before the time (the only place where a forum closes the
left column); 7.x: `td.postauthor .postinfo a`, or `.authorinfo a.posterlink` before the
time; 6.0: `cite`. An account that is gone has a name without a link; the link to its posts
alone (`authorid=`) still tells its number. What stands for an anonymous member or a guest
is a word of the forum's own (X2 and later: a setting): its place tells it, a name's has
other marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.markup.html import attr, classes, fold, words
from scraper.markup.withheld import DELETED_AUTHOR, is_anonymous
from scraper.pages.desktop.links import target_of, target_of_kind
from scraper.pages.desktop.nodes import PageContext, PostNodes, first_child
from scraper.pages.person import ANONYMOUS, Person

_MAX_ELEMENTS: Final = 12  # of a head line
_NUMBER: Final = re.compile(r"\d{1,18}")
_NOT_A_MEMBER: Final = frozenset(
    {"thread", "post", "board", "category", "attachment", "ratings", "comments"}
)
_AUTHOR_CLASSES: Final = frozenset({"xw1", "xi2", "posterlink"})

_NOBODY: Final = Person()


def read_author(nodes: PostNodes, context: PageContext) -> Person:
    """The author: a link in the line of the post's time, or in the cell beside; else the
    words that stand there."""
    time = nodes.printed_time
    author = _find_author(nodes.author_cell, time, context)
    if author.uid is not None or author.anonymous:
        return author
    if time is None:
        return author
    uid = _uid_of_own_posts(time)
    return replace(author, uid=uid)


def _find_author(
    cell: LexborNode | None, time: LexborNode | None, context: PageContext
) -> Person:
    if time is not None:
        author = _linked_before(time, context)
        if author is not None:
            return author
    if cell is not None:
        author = _beside(cell, context)
        if author is not None:
            return author
    if time is not None:
        return _bare_before(time) or _NOBODY
    return _NOBODY


def _linked_before(time: LexborNode, context: PageContext) -> Person | None:
    """The link to a member in a post's head line, before its time; verified members have
    links beside it."""
    node = time.prev
    for _ in range(_MAX_ELEMENTS):
        if node is None:
            return None
        if node.tag == "a":
            author = _member(node, context) or _marked_author(node)
            if author is not None:
                return author
        node = node.prev
    return None


def _bare_before(time: LexborNode) -> Person | None:
    """The words before a post's time: what stands for a hidden name, unless a mark says
    that the account is gone."""
    node = time.prev
    is_gone = False
    while node is not None:
        if node.is_text_node:
            name = fold(node.text_content or "")
            if name:
                is_gone = is_gone or DELETED_AUTHOR.search(name) is not None
                return _named(name) if is_gone else ANONYMOUS
        elif node.tag == "em":
            if not DELETED_AUTHOR.search(node.text()):
                return None
            is_gone = True
        elif node.tag != "a":
            return None
        node = node.prev
    return None


def _beside(cell: LexborNode, context: PageContext) -> Person | None:
    """The author in the cell beside a post; names that are no link, and what stands for
    hidden ones, have boxes of theirs.

    Those are `.pi` (X) and `.avatar` (7.x): a name that is gone stands before an `em`; only
    moderators see a link.
    """
    box = _name_box(cell)
    if box is None:
        # 7.x, where a forum prints authors on the left
        box = cell.css_first(".postinfo")
    if box is not None:
        return _in_box(box, context)

    box = cell.css_first(".pi, .avatar")
    if box is None:
        return None
    name = _bare_words(box)
    if not name:
        return ANONYMOUS if words(box) else None
    has_mark = box.css_first("em") is not None
    return _named(name) if has_mark else ANONYMOUS


def _name_box(cell: LexborNode) -> LexborNode | None:
    """The first `.authi` or `cite` of a cell: as a rule each box of the cell begins with
    the next one, down to that, which is found sooner so than by a selector."""
    node = first_child(cell)
    while node is not None:
        if node.tag == "cite" or "authi" in classes(node):
            return node
        node = first_child(node)
    return cell.css_first(".authi, cite")


def _in_box(box: LexborNode, context: PageContext) -> Person | None:
    """A member's link, bare words, or a link to nowhere: it holds a guest's address, or a
    name from elsewhere.

    Where no address is one of Discuz!'s own, the first link is the author all the same:
    owners write rewrite rules of their own for members.
    """
    first = first_child(box)
    if first is not None and first.tag == "a":
        # as nearly everywhere
        author = _member(first, context)
        if author is not None:
            return author

    links = box.css("a")
    for link in links:
        author = _member(link, context)
        if author is not None:
            return author

    name = _bare_words(box)
    if name:
        return _named(name)

    for link in links:
        if attr(link, "href").startswith("javascript"):
            is_guest = link.css_first("em") is not None
            return ANONYMOUS if is_guest else _named(words(link))
    for link in links:
        author = _of_own_form(link)
        if author is not None:
            return author
    return None


def _of_own_form(link: LexborNode) -> Person | None:
    """A member by a link whose address is of the owner's own form, such as `suid-901`: the
    one number in it is the uid."""
    name = words(link)
    target = target_of(link)
    if not name or (target is not None and target.kind in _NOT_A_MEMBER):
        return None
    _, _, path = attr(link, "href").rpartition("//")
    numbers = _NUMBER.findall(path.partition("/")[2] or path)
    uid = int(numbers[0]) if len(numbers) == 1 else None
    return Person(name, uid=uid)


def _marked_author(link: LexborNode) -> Person | None:
    """The same in a head line, where the template marks the author's link by its class."""
    if not _AUTHOR_CLASSES.isdisjoint(classes(link)):
        return _of_own_form(link)
    return None


def _bare_words(box: LexborNode) -> str:
    """The first words that stand in the box itself: tools of moderators have elements of
    their own."""
    node = box.first_child
    while node is not None:
        if node.is_text_node:
            text = fold(node.text_content or "")
            if text:
                return text
        node = node.next
    return ""


def _member(link: LexborNode, context: PageContext) -> Person | None:
    """A link to a member, by its address.

    Moderators see the stand-in of an anonymous member linked, guests never: to them a
    linked `匿名` is a member of that name.
    """
    target = target_of_kind(link, "user")
    if target is None:
        return None
    name = words(link)
    if not name:
        return None
    if is_anonymous(name) and not context.is_guest:
        return ANONYMOUS
    return Person(name, uid=target.id or None)


def _named(text: str) -> Person:
    name = DELETED_AUTHOR.sub("", text)
    name = name.strip()
    if is_anonymous(name):
        return ANONYMOUS
    return Person(name)


def _uid_of_own_posts(time: LexborNode) -> int | None:
    """The number in the link to the author's posts alone (只看该作者)."""
    for node in _following(time):
        if node.tag != "a":
            continue
        href = attr(node, "href")
        if "authorid=" in href:
            target = parse_url(href)
            return target.uid if target is not None else None
    return None


def _following(node: LexborNode) -> Iterator[LexborNode]:
    after = node.next
    while after is not None:
        yield after
        after = after.next
