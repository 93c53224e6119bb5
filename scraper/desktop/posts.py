"""One post of a desktop thread page, from its `table#pidN` (viewthread_node of X1.5 to X3.5, viewthread of 7.x).

Each table is searched once for all the parts; a part is told by its id or class, the first of a kind wins, so that a
message pasted from another forum changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.attachments import read_attachment
from scraper.desktop.polls import read_poll
from scraper.desktop.ratings import read_comment, read_ratings
from scraper.floors import floor_number
from scraper.html import attr, elements, fold, number, printed_time, words
from scraper.records import Attachment, Comment, Poll, Post, Rating
from scraper.snapshot import Snapshot
from scraper.text import Message, plain_text, read_message
from scraper.urls import parse_url
from scraper.withheld import DELETED_AUTHOR, is_anonymous, withheld_reason

_PARTS = "[id], div.locked, div.notice, ignore_js_op, dl, h2, div.pcht, div.ptg, div.savephotop"
_PID = re.compile(r"pid(\d+)$")


@dataclass(slots=True)
class _Parts:
    """What one pass over a post's table found."""

    author: tuple[str, int | None, bool]
    floor: int | None = None
    time: LexborNode | None = None
    message: LexborNode | None = None
    locked: list[LexborNode] = field(default_factory=list)
    ratings: tuple[Rating, ...] = ()
    comments: list[Comment] = field(default_factory=list)
    attachments: list[LexborNode] = field(default_factory=list)
    signature: LexborNode | None = None
    subject: str = ""
    poll: Poll | None = None
    tags: tuple[str, ...] = ()


def read_post(table: LexborNode, page: Snapshot) -> tuple[Post, tuple[str, ...]] | None:
    """A post and the thread's tags printed in it; None for a table that is no post."""
    found = _PID.match(attr(table, "id"))
    if not found or len(found[1]) > 18:
        return None
    parts = _gather(table, page)
    message = _message(parts, page)
    withheld = "" if parts.message is not None else " ".join(words(node) for node in parts.locked)
    author, uid, anonymous = parts.author
    return Post(
        pid=int(found[1]), floor=parts.floor, author=author, uid=uid, anonymous=anonymous,
        posted_at=page.clock.parse(printed_time(parts.time)), subject=parts.subject, html=message.html,
        text=message.text, withheld=withheld, withheld_reason=withheld_reason(withheld), quotes=message.quotes,
        attachments=_attachments(message, parts), images=message.images, links=message.links,
        edited_by=message.edited_by, edited_at=message.edited_at, ratings=parts.ratings,
        comments=tuple(parts.comments), poll=parts.poll,
        signature=plain_text(parts.signature, page.clock) if parts.signature is not None else "",
    ), parts.tags


def _gather(table: LexborNode, page: Snapshot) -> _Parts:
    """The first row holds the author's cell and the post's; a later one the signature."""
    rows = [line for body in elements(table) for line in elements(body)]
    cells = list(elements(rows[0])) if rows else []
    parts = _Parts(author=author_of(cells[0]) if cells else ("", None, False))
    for cell in cells[1:]:
        _gather_cell(parts, cell, page)
    for line in rows[1:2]:
        parts.signature = line.css_first("div.sign, div.signatures")
    return parts


def _gather_cell(parts: _Parts, cell: LexborNode, page: Snapshot) -> None:
    for node in cell.css(_PARTS):
        at = node.attributes
        reader = _BY_ID.get((at.get("id") or "").rstrip("0123456789"))
        if reader is None and (names := at.get("class")):
            reader = next((_BY_CLASS[name] for name in names.split() if name in _BY_CLASS), None)
        if reader is None:
            reader = _BY_TAG.get(node.tag or "")
        if reader is not None:
            reader(parts, node, page)


def _message_part(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.message = parts.message if parts.message is not None else node


def _floor(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.floor = parts.floor or floor_number(words(node))


def _time(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.time = parts.time if parts.time is not None else node


def _rates(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.ratings = parts.ratings or read_ratings(node)


def _comments(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.comments += (comment for row in node.css("div.pstl") if (comment := read_comment(row, page.clock)))


def _poll(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.poll = parts.poll or read_poll(node)


def _locked(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.locked.append(node)


def _tags(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.tags = tuple(filter(None, (attr(link, "title") or words(link) for link in node.css("a"))))


def _file(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.attachments.append(node)


def _subject(parts: _Parts, node: LexborNode, page: Snapshot) -> None:
    parts.subject = parts.subject or (words(node) if parts.message is None else "")


_Reader = Callable[[_Parts, LexborNode, Snapshot], None]
_BY_ID: dict[str, _Reader] = {
    "postmessage_": _message_part, "postnum": _floor, "postnum_": _floor, "authorposton": _time, "ratelog_": _rates,
    "comment_": _comments, "poll": _poll,
}
_BY_CLASS: dict[str, _Reader] = {
    "locked": _locked, "notice": _locked, "newrate": _rates, "rate": _rates, "pcht": _poll, "pollchart": _poll,
    "ptg": _tags, "tattl": _file, "t_attachlist": _file,
    "savephotop": _file,
}
_BY_TAG: dict[str, _Reader] = {"ignore_js_op": _file, "h2": _subject}


def author_of(cell: LexborNode) -> tuple[str, int | None, bool]:
    """Name, uid, anonymous: from the cell beside a post."""
    link = cell.css_first(".authi a, a.posterlink, cite a")
    if link is not None:
        target = parse_url(attr(link, "href"))
        return words(link), target.id or None if target and target.kind == "user" else None, False
    name = _unlinked_name(cell.css_first(".pi, .avatar, cite") or cell)
    return ("", None, True) if is_anonymous(name) else (name, None, False)


def _unlinked_name(box: LexborNode) -> str:
    """A guest's, a deleted account's or an anonymous member's name: the box's first words that are not the forum's."""
    first = next((line for line in box.text(separator="\n").split("\n") if line.strip()), "")
    return DELETED_AUTHOR.sub("", fold(first)).strip()


def _message(parts: _Parts, page: Snapshot) -> Message:
    if parts.message is None:
        return Message()
    return read_message(parts.message, page.clock, unescape=page.encoding != "utf-8")


def _attachments(message: Message, parts: _Parts) -> tuple[Attachment, ...]:
    """Those in the message and those listed below it, each once; the fuller record of the two."""
    found = {a.aid or a.url: a for a in message.attachments}
    for node in parts.attachments:
        listed = read_attachment(node)
        if listed and ((known := found.get(listed.aid or listed.url)) is None or not known.name):
            found[listed.aid or listed.url] = listed
    return tuple(found.values())


def figure(node: LexborNode | None) -> int | None:
    """A count as a node prints it; a rounded one (`5万`) has the exact one in a title."""
    if node is None:
        return None
    printed = node.text().strip().replace(",", "")
    if printed.isdecimal() and len(printed) < 19:
        return int(printed)
    exact = attr(node.css_first("[title]"), "title") or attr(node, "title")
    return number(exact if exact.strip().isdecimal() else printed)
