"""Where a post was written, as a desktop page prints it.

X itself prints the place that a phone sent in a box of its own below the post
(`div.mobile-location`, viewthread_node). Plugins print the place of the IP address in the
line of the post's time (the hook viewthread_postheader, at the end of `.authi`), or in the
author's cell (viewthread_sidetop, viewthread_sidebottom). There `来自` is the member's
residence, so that only a label of the IP address counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.markup.flat import find_word
from scraper.markup.html import fold, words
from scraper.markup.location import location_of
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.nodes import PageContext, PostNodes

# 来自, 属地, IP: nothing to choose between, so that `re` leaps to the first of them.
_LIKE_LABEL = re.compile("[来來属屬I][自地P]")
_CELL_LABEL = re.compile(r"(?:IP ?)?(?:归属地|歸屬地|属地|屬地)(?: ?[:：] ?| |$)", re.I)
_NAME_BOX = ".authi, cite, .postinfo"

# Where a post's head line has no box of its own, these are the rest of the post.
_BLOCKS = frozenset({"div", "table"})
_BLOCKS_AND_LINKS = _BLOCKS | {"a"}

# An author's cell holds some hundred words: a longer one is damage, and slow to look through.
_MAX_CELL_CHARS = 5_000


def has_cell_labels(page: Snapshot) -> bool:
    """Whether `属地` stands anywhere on a page: most have it nowhere, and the cells of
    their authors need not be looked through."""
    text = page.text
    if find_word(text, "属地") >= 0:
        return True
    # 屬 is slow to find (its low byte is that of the letter l): 發 stands for it, which
    # every page in the traditional script has in 發表於.
    return "發" in text and "屬地" in text


def read_location(nodes: PostNodes, context: PageContext) -> str:
    """Where a post was written, as printed; empty where the page does not say."""
    if nodes.location is not None:
        return words(nodes.location)

    beside_time = location_beside(nodes.printed_time)
    if beside_time:
        return beside_time
    cell = nodes.author_cell
    if cell is None or not context.has_cell_labels:
        return ""
    return location_in_cell(cell)


def location_beside(time: LexborNode | None) -> str:
    """The location in the line of a post's time: in its words, or beside it."""
    line = time.parent if time is not None else None
    if time is None or line is None:
        return ""
    if not _LIKE_LABEL.search(line.text()):
        return ""
    return location_of(" ".join(_words_beside(time)))


def _words_beside(time: LexborNode) -> Iterator[str]:
    """The words of a post's head line, without the author: links before the time."""
    before = time.prev
    while before is not None:
        if before.tag not in _BLOCKS_AND_LINKS:
            yield _words_of(before)
        before = before.prev

    node: LexborNode | None = time
    while node is not None:
        if node.tag not in _BLOCKS:
            yield _words_of(node)
        node = node.next


def _words_of(node: LexborNode) -> str:
    if node.is_text_node:
        return node.text_content or ""
    return node.text()


def location_in_cell(cell: LexborNode) -> str:
    """The location under a label of its own in the author's cell: `<dt>IP属地</dt>
    <dd>广东</dd>`, `<p>IP属地：广东</p>`."""
    if len(cell.text()) > _MAX_CELL_CHARS:
        return ""

    name = words(cell.css_first(_NAME_BOX))
    for node in cell.css("*"):
        line = words(node)
        label = _CELL_LABEL.match(line)
        if label is None:
            continue
        # A member may be called as the label is.
        if name and line.startswith(name):
            continue
        value = line[label.end() :]
        value = value or _words_after(node)
        location = location_of(f"IP属地: {value}")
        if location:
            return location
    return ""


def _words_after(label: LexborNode) -> str:
    after = label.next
    while after is not None:
        text = fold(_words_of(after))
        text = text.lstrip(":： ")
        if text:
            return text
        after = after.next
    return ""
