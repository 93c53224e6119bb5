"""Who wrote a post: from the cell beside it, or from its own head line where a forum prints the author there.

X: `td.pls .authi a`, or `.authi` before the time; 7.x: `.authorinfo a.posterlink` before the time; 6.0: `cite`. An
account that is gone has a name without a link; the link to its posts alone (`authorid=`) still tells its number.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.html import attr, fold, words
from scraper.urls import parse_url
from scraper.withheld import DELETED_AUTHOR, is_anonymous

Author = tuple[str, int | None, bool]
"""Name, uid, anonymous."""

_NOBODY: Author = ("", None, False)


def author_of(cell: LexborNode | None, time: LexborNode | None) -> Author:
    """The author, by the head line that holds the post's time, else by the cell beside the post."""
    found = _before(time) if time is not None else None
    if found is None:
        found = _beside(cell) if cell is not None else _NOBODY
    name, uid, anonymous = found
    if name and uid is None and time is not None:
        uid = _only_this_author(time)
    return name, uid, anonymous


def _before(time: LexborNode) -> Author | None:
    """What stands before a post's time in its line: a member's link, or the name of one who has none."""
    node = time.prev
    while node is not None:
        if node.is_text_node:
            if name := fold(node.text_content or ""):
                return _unlinked(name)
        elif node.tag == "a":
            if (found := _member(node)) is not None:
                return found
        elif node.tag != "em" or not DELETED_AUTHOR.search(node.text()):
            return None
        node = node.prev
    return None


def _beside(cell: LexborNode) -> Author:
    """The cell's box of the name; an anonymous member's or a guest's has other boxes only."""
    link = cell.css_first(".authi a, cite a")
    if link is not None and (found := _member(link)) is not None:
        return found
    box = cell.css_first(".authi, cite")
    if box is not None:
        for node in box.css("a"):
            if (found := _member(node)) is not None:
                return found
        if bare := _bare(box):
            return _unlinked(bare)
    box = box if box is not None else cell.css_first(".pi, .avatar")
    first = next((line for line in (box or cell).text(separator="\n").split("\n") if line.strip()), "")
    return _unlinked(fold(first))


def _bare(box: LexborNode) -> str:
    """The first words that stand in the box itself: tools of moderators have elements of their own."""
    node = box.first_child
    while node is not None:
        if node.is_text_node and (said := fold(node.text_content or "")):
            return said
        node = node.next
    return ""


def _member(link: LexborNode) -> Author | None:
    """A link to a member, by its address; a link to nowhere (`javascript:;`) holds a guest's name."""
    href = attr(link, "href")
    target = parse_url(href)
    name = words(link)
    if target is not None and target.kind == "user" and name:
        return name, target.id or None, False
    return None


def _unlinked(name: str) -> Author:
    name = DELETED_AUTHOR.sub("", name).strip()
    return ("", None, True) if is_anonymous(name) else (name, None, False)


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
