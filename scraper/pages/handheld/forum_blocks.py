"""What the forum itself puts into the box of a hand-held message, beside the poster's
words: a subject, notices, goods, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.html import attr, classes, elements, tree_of, words
from scraper.pages.handheld.files import read_file

_SPECIAL_CLASSES = frozenset(
    {"poll", "debate", "activity", "reward", "rwdbst", "trade_box", "viewsort"}
)
_OWN_CLASSES = frozenset({"postmessage", "t_f"})
_NOTICE_CLASSES = frozenset({"quote", "xi1", "locked"})
_PICTURE_LINK = re.compile(
    r'<a href="([^"<>]{1,2000})"[^<>]*>\[(?:查看图片|查看圖片)\]</a>'
)
_IN_PLACE = 'a.viewpay, input[id^="postpw_"]'
"""What a box of the forum holds that stands in place of a message: a price, a password."""
_INSERTED_FILES = 'div[id^="attach_"], ul[id^="attach_"]'


@dataclass(slots=True)
class Survey:
    """The direct children of a message's box.

    `own`: the box of the poster's words, where they have one. `notice`: the first of the
    forum's notices. `has_forum_blocks`: whether any child is the forum's; `is_special`:
    whether one belongs to a poll, an activity and so on; `is_paid`: whether one tells a
    price that the reader has paid.
    """

    own: LexborNode | None = None
    notice: LexborNode | None = None
    subject: str = ""
    has_forum_blocks: bool = False
    is_special: bool = False
    is_paid: bool = False


def survey(box: LexborNode) -> Survey:
    """Look through the direct children of a message's box."""
    found = Survey()
    for node in elements(box):
        tag = node.tag
        if tag == "div":
            _survey_block(found, node)
            continue

        if tag == "h2" and not found.subject:
            found.subject = words(node)
        if is_forum_block(node):
            found.has_forum_blocks = True
            found.is_paid |= tag == "a"
    return found


def _survey_block(found: Survey, node: LexborNode) -> None:
    names = classes(node)
    if not names:
        return

    if _has_any(names, _OWN_CLASSES):
        if found.own is None:
            found.own = node
        return

    if not _is_forum_div(node, names):
        return

    found.has_forum_blocks = True
    if _has_any(names, _SPECIAL_CLASSES):
        found.is_special = True
    if found.notice is None and _has_any(names, _NOTICE_CLASSES):
        found.notice = node


def is_forum_block(node: LexborNode) -> bool:
    """Whether a direct child of the message's box is the forum's: a notice that looks like
    a quote, goods."""
    tag = node.tag
    if tag == "div":
        return _is_forum_div(node, classes(node))
    if tag == "span":
        return "quote" in classes(node)
    if tag == "a":
        return "action=viewpayments" in attr(node, "href")
    return tag in ("h2", "button")


def _is_forum_div(node: LexborNode, names: list[str]) -> bool:
    if "quote" in names:
        first = next(elements(node), None)
        is_posters_quote = first is not None and first.tag == "blockquote"
        return not is_posters_quote
    if "locked" in names:
        return node.css_first(_IN_PLACE) is not None
    if "xi1" in names or "warning" in names:
        return True
    return _has_any(names, _SPECIAL_CLASSES)


def _has_any(names: list[str], wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(names)


def without_forum_blocks(
    root: LexborNode,
) -> tuple[LexborNode, tuple[Attachment, ...]]:
    """A copy of a box with nothing but the poster's words, and the files that stood among
    them."""
    markup = _PICTURE_LINK.sub(_as_image, root.html or "")
    body = tree_of(markup).body
    box = root
    if body is not None:
        box = next(elements(body), root)

    for node in list(elements(box)):
        if is_forum_block(node):
            _remove(node)

    files = []
    for node in box.css(_INSERTED_FILES):
        file = read_file(node)
        if file is not None:
            files.append(file)
        _empty(node)
    return box, tuple(files)


def _remove(node: LexborNode) -> None:
    """Remove a block. The words of `付费主题, 价格: <strong>5</strong> <a>记录</a>` stand bare
    before their link, and go with it."""
    if node.tag == "a":
        for sibling in list(_siblings_before(node)):
            sibling.decompose()
    node.decompose()


def _empty(node: LexborNode) -> None:
    """Remove what is in a node: empty, it still parts the words around it."""
    parts = node.iter(include_text=True)
    for part in list(parts):
        part.decompose()


def _as_image(link: re.Match[str]) -> str:
    """A picture that X2 turned into a link; nothing for the forum's own, such as a quote's
    arrow."""
    address = link[1]
    if "/image/common/" in address:
        return ""
    return f'<img src="{address}">'


def _siblings_before(node: LexborNode) -> Iterator[LexborNode]:
    sibling = node.prev
    while sibling is not None:
        yield sibling
        sibling = sibling.prev
