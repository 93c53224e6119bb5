"""Who wrote a post: from the cell beside it, or from its own head line where a forum prints
the author there.

X: `td.pls .authi a`, or `.authi` before the time (the only place where a forum closes the
left column); 7.x:
`td.postauthor .postinfo a`, or `.authorinfo a.posterlink` before the time; 6.0: `cite`. An account that is gone has a
name without a link; the link to its posts alone (`authorid=`) still tells its number. What stands for an anonymous
member or a guest is a word of the forum's own (X2 and later: a setting): its place tells it, a name's has other marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.markup.html import attr, fold, words
from scraper.markup.withheld import DELETED_AUTHOR, is_anonymous

Author = tuple[str, int | None, bool]
"""Name, uid, anonymous."""

_NOBODY: Final[Author] = ("", None, False)
_ANONYMOUS: Final[Author] = ("", None, True)
_FARTHEST: Final = 12  # elements of a head line


def author_of(cell: LexborNode | None, time: LexborNode | None) -> Author:
    """The author: a link in the line of the post's time, or in the cell beside; else the
    words that stand there."""
    found = _linked_before(time) if time is not None else None
    if found is None and cell is not None:
        found = _beside(cell)
    if found is None:
        found = (_bare_before(time) if time is not None else None) or _NOBODY
    name, uid, anonymous = found
    if uid is None and not anonymous and time is not None:
        uid = _only_this_author(time)
    return name, uid, anonymous


def _linked_before(time: LexborNode) -> Author | None:
    """The link to a member in a post's head line, before its time; verified members have
    links beside it."""
    node = time.prev
    for _ in range(_FARTHEST):
        if node is None:
            break
        if node.tag == "a" and (found := _member(node)) is not None:
            return found
        node = node.prev
    return None


def _bare_before(time: LexborNode) -> Author | None:
    """The words before a post's time: what stands for a hidden name, unless a mark says
    that the account is gone."""
    node, gone = time.prev, False
    while node is not None:
        if node.is_text_node:
            if name := fold(node.text_content or ""):
                return (
                    _named(name) if gone or DELETED_AUTHOR.search(name) else _ANONYMOUS
                )
        elif node.tag == "em" and DELETED_AUTHOR.search(node.text()):
            gone = True
        elif node.tag != "a":
            return None
        node = node.prev
    return None


def _beside(cell: LexborNode) -> Author | None:
    """The cell's box of the name; an anonymous member's, a guest's, and an account's that
    is gone have boxes of theirs.

    Those are `.pi` (X) and `.avatar` (7.x): a name that is gone stands before an `em`; only
    moderators see a link.
    """
    box = cell.css_first(".authi, cite")
    if box is None:
        box = cell.css_first(
            ".postinfo"
        )  # 7.x, where a forum prints authors on the left
    if box is not None:
        return _in_box(box)
    box = cell.css_first(".pi, .avatar")
    if box is None:
        return None
    if bare := _bare(box):
        return _named(bare) if box.css_first("em") is not None else _ANONYMOUS
    return _ANONYMOUS if words(box) else None


def _in_box(box: LexborNode) -> Author | None:
    """A member's link, bare words, or a link to nowhere: it holds a guest's address, or a
    name from elsewhere."""
    links = box.css("a")
    for link in links:
        if (found := _member(link)) is not None:
            return found
    if bare := _bare(box):
        return _named(bare)
    loose = next(
        (link for link in links if attr(link, "href").startswith("javascript")), None
    )
    if loose is None:
        return None
    return _ANONYMOUS if loose.css_first("em") is not None else _named(words(loose))


def _bare(box: LexborNode) -> str:
    """The first words that stand in the box itself: tools of moderators have elements of
    their own."""
    node = box.first_child
    while node is not None:
        if node.is_text_node and (said := fold(node.text_content or "")):
            return said
        node = node.next
    return ""


def _member(link: LexborNode) -> Author | None:
    """A link to a member, by its address; moderators see the stand-in of an anonymous one
    linked."""
    href = attr(link, "href")
    target = parse_url(href)
    if target is None or target.kind != "user" or not (name := words(link)):
        return None
    return _ANONYMOUS if is_anonymous(name) else (name, target.id or None, False)


def _named(name: str) -> Author:
    name = DELETED_AUTHOR.sub("", name).strip()
    return _ANONYMOUS if is_anonymous(name) else (name, None, False)


def _only_this_author(time: LexborNode) -> int | None:
    """The number in the link to the author's posts alone (只看该作者)."""
    for node in _following(time):
        if node.tag == "a" and "authorid=" in (href := attr(node, "href")):
            target = parse_url(href)
            return target.uid if target is not None else None
    return None


def _following(node: LexborNode) -> Iterator[LexborNode]:
    after = node.next
    while after is not None:
        yield after
        after = after.next
