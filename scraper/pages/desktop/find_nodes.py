"""Where the parts of one post stand in its `table#pidN` (viewthread_node of X, viewthread
of 6.0 and 7.x).

The table is searched once for all parts. A part is told by its id, class or tag, and the
first of a kind wins, so that a message pasted from another forum changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from scraper.markup.html import attr, classes
from scraper.pages.desktop.nodes import (
    MAX_BOXES,
    PageContext,
    PostNodes,
    first_child,
)

_PID = re.compile(r"pid(\d{1,18})$")
_ANY_POST = "[id], dl, h2"
_OPENING_POST = _ANY_POST + ", div.ptg, div.threadtags, div.rwdbst, div.modact"
_CLASSIC_POST = _ANY_POST + ", fieldset, p.posttags"
_CELLS = ("td", "th")
_LOCKED = "div.locked, div.notice"
_AUTHOR_CELLS = "td.pls, td.postauthor"


def find_nodes(
    table: LexborNode,
    context: PageContext,
    *,
    is_opening: bool = False,
) -> PostNodes | None:
    """Look through a post's table; None for a table that is no post.

    `is_opening`: look for what belongs to the thread as well (tags, best answer, what
    moderators did).
    """
    found = _PID.match(table.id or "")
    if not found:
        return None

    pid = int(found[1])
    nodes = PostNodes(table=table, pid=pid)
    rows = _first_rows(table)
    if rows:
        selector = _selector(context, is_opening)
        _collect_in_rows(nodes, rows, selector)
        _collect_below(nodes, rows, context)
    if nodes.time is None:
        nodes.bare_time = _bare_time(nodes.floor)
    return nodes


def _collect_in_rows(
    nodes: PostNodes,
    rows: list[LexborNode],
    selector: str,
) -> None:
    """The first row has the author's cell, unless that is closed, and the post's."""
    cells = _cells(rows[0])
    if len(cells) > 1:
        nodes.author_cell = cells.pop(0)

    for cell in cells:
        _collect(nodes, cell, selector)
        # What is locked within a message, the reader of the message finds.
        if nodes.message is None or selector is _OPENING_POST:
            nodes.locked += cell.css(_LOCKED)

    if nodes.is_empty and len(rows) > 1:
        _collect_anywhere(nodes, selector)
    if nodes.floor is not None or nodes.message is not None:
        return
    if cells:
        _take_placeholder(nodes, cells[0])


def _selector(context: PageContext, is_opening: bool) -> str:
    if context.classic:
        return _CLASSIC_POST
    return _OPENING_POST if is_opening else _ANY_POST


def _first_rows(table: LexborNode) -> list[LexborNode]:
    """The row of the post and that of the signature: further ones hold buttons; those of
    advertisements are left out."""
    rows: list[LexborNode] = []
    for body in table.iter():
        for row in body.iter():
            is_ad = attr(row, "class").endswith("ad")
            if row.tag != "tr" or is_ad:
                continue
            rows.append(row)
            if len(rows) == 2:
                return rows
    return rows


def _cells(row: LexborNode) -> list[LexborNode]:
    children = row.iter()
    return [child for child in children if child.tag in _CELLS]


def _collect_anywhere(nodes: PostNodes, selector: str) -> None:
    """A skin may have the head and the message in rows of their own: look in all of them."""
    table = nodes.table
    _collect(nodes, table, selector)
    nodes.locked += table.css(_LOCKED)
    author_cell = table.css_first(_AUTHOR_CELLS)
    if author_cell is not None:
        nodes.author_cell = author_cell


def _collect_below(
    nodes: PostNodes,
    rows: list[LexborNode],
    context: PageContext,
) -> None:
    """Signature and location, in the second row; 6.0 has the signature in the post's own
    cell."""
    row_index = 0 if context.classic else 1
    if len(rows) <= row_index:
        return
    row = rows[row_index]
    for cell in row.iter():
        for node in cell.iter():
            if node.tag != "div":
                continue
            name = attr(node, "class")
            if name.startswith("sign"):
                nodes.signature = node
                return
            if name == "mobile-location":
                nodes.location = node


def _take_placeholder(nodes: PostNodes, cell: LexborNode) -> None:
    """What stands for a post that was deleted: its floor, and the forum's words in place
    of all else."""
    nodes.floor = cell.css_first("div.pi > strong > a")
    if nodes.floor is None:
        return
    box = cell.css_first("div.pct")
    if box is not None and first_child(box) is None:
        nodes.locked.append(box)


def _bare_time(floor: LexborNode | None) -> LexborNode | None:
    """The bare text that holds a post's time in 6.0, in the line of the floor
    (`strong#postnum_N`)."""
    if floor is None or floor.tag != "strong":
        return None
    node = floor.next
    while node is not None:
        if node.is_text_node and _has_digit(node):
            return node
        node = node.next
    return None


def _has_digit(node: LexborNode) -> bool:
    text = node.text_content or ""
    return any(char.isdigit() for char in text)


def _collect(nodes: PostNodes, box: LexborNode, selector: str) -> None:
    """Keep what is a part of a post, by its id without the number, else by class or tag."""
    for node in box.css(selector):
        ident = node.id
        if ident:
            name = ident.rstrip("0123456789")
            keep = _BY_ID.get(name)
        else:
            keep = _keeper_without_id(node)
        if keep is not None:
            keep(nodes, node)


def _keeper_without_id(node: LexborNode) -> _Keeper | None:
    for name in classes(node):
        if name in _BY_CLASS:
            return _BY_CLASS[name]
    return _BY_TAG.get(node.tag or "")


def _keep_message(nodes: PostNodes, node: LexborNode) -> None:
    if nodes.message is None:
        nodes.message = node


def _keep_floor(nodes: PostNodes, node: LexborNode) -> None:
    if nodes.floor is None:
        nodes.floor = node


def _keep_time(nodes: PostNodes, node: LexborNode) -> None:
    if nodes.time is None:
        nodes.time = node


def _keep_best_answer(nodes: PostNodes, node: LexborNode) -> None:
    if nodes.best_answer is None:
        nodes.best_answer = node


def _keep_heading(nodes: PostNodes, node: LexborNode) -> None:
    """A subject stands above the message; headings within it are the poster's."""
    if nodes.message is None:
        nodes.headings.append(node)


def _keep_attachment(nodes: PostNodes, node: LexborNode) -> None:
    nodes.attachments.append(node)


def _keep_moderation(nodes: PostNodes, node: LexborNode) -> None:
    nodes.moderation.append(node)


def _keep_ratings(nodes: PostNodes, node: LexborNode) -> None:
    if len(nodes.ratings) < MAX_BOXES:
        nodes.ratings.append(node)


def _keep_comments(nodes: PostNodes, node: LexborNode) -> None:
    if len(nodes.comments) < MAX_BOXES:
        nodes.comments.append(node)


def _keep_poll(nodes: PostNodes, node: LexborNode) -> None:
    if len(nodes.polls) < MAX_BOXES:
        nodes.polls.append(node)


def _keep_tags(nodes: PostNodes, node: LexborNode) -> None:
    if len(nodes.tags) < MAX_BOXES:
        nodes.tags.append(node)


_Keeper = Callable[[PostNodes, LexborNode], None]
_BY_ID: dict[str, _Keeper] = {
    "postmessage_": _keep_message,
    "postnum": _keep_floor,
    "postnum_": _keep_floor,
    "authorposton": _keep_time,
    "ratelog_": _keep_ratings,
    "comment_": _keep_comments,
    "poll": _keep_poll,
    "bestpost": _keep_best_answer,
}
_BY_CLASS: dict[str, _Keeper] = {
    "newrate": _keep_ratings,
    "rate": _keep_ratings,
    "ptg": _keep_tags,
    "threadtags": _keep_tags,
    "posttags": _keep_tags,
    "tattl": _keep_attachment,
    "t_attachlist": _keep_attachment,
    "rwdbst": _keep_best_answer,
    "modact": _keep_moderation,
}
_BY_TAG: dict[str, _Keeper] = {
    "h2": _keep_heading,
    "fieldset": _keep_ratings,
}
