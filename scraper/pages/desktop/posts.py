"""One post of a desktop thread page, from its `table#pidN` (viewthread_node of X,
viewthread of 6.0 and 7.x).

Each table is searched once for all the parts; a part is told by its id or class, the first
of a kind wins, so that a message pasted from another forum changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment, Comment, Poll, Post, Rating
from scraper.markup.attachments import image_address, joined, read_attachment
from scraper.markup.dates import Clock
from scraper.markup.floors import floor_of
from scraper.markup.html import attr, words
from scraper.markup.text import Message, plain_text, read_message
from scraper.markup.withheld import locked_words, withheld_reason
from scraper.pages.desktop.authors import author_of
from scraper.pages.desktop.polls import read_poll
from scraper.pages.desktop.ratings import read_comments, read_ratings

_PARTS = "[id], dl, h2"
_FIRST_PARTS = _PARTS + ", div.ptg, div.threadtags, div.rwdbst, div.modact"
_OLD_PARTS = _PARTS + ", fieldset, p.posttags"  # ratings and tags of 6.0
_LOCKED = "div.locked, div.notice"
_MOST = 300  # more boxes of a kind than that in one place are damage, and may lie in each other
_PID = re.compile(r"pid(\d{1,18})$")
_NOT_HIDING = re.compile(
    r"附件|attachment|.*(?:只有|僅有).{1,20}可[见見]", re.I
)  # files; what a moderator sees


@dataclass(frozen=True, slots=True)
class PageContext:
    """What holds for all posts of a page. `unescape`: characters that its encoding lacks
    are `&amp;#N;`."""

    clock: Clock
    unescape: bool = False
    old: bool = False


@dataclass(slots=True)
class Parts:
    """What one pass over a post's table found."""

    pid: int
    clock: Clock
    floor: LexborNode | None = None
    time: LexborNode | None = None
    message: LexborNode | None = None
    locked: list[LexborNode] = field(default_factory=list)
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Comment, ...] = ()
    attachments: list[LexborNode] = field(default_factory=list)
    signature: LexborNode | None = None
    subject: str = ""
    poll: Poll | None = None
    tags: tuple[str, ...] = ()
    best: LexborNode | None = None
    moderated: str = ""
    tries: int = 0


def read_post(
    table: LexborNode, habits: PageContext, opening: bool = False
) -> tuple[Post, Parts] | None:
    """A post and where its parts are; None for a table that is no post. `opening`: look for
    the thread's own parts."""
    found = _PID.match(attr(table, "id"))
    if not found:
        return None
    parts = Parts(int(found[1]), habits.clock)
    cell = _gather(
        parts, table, _OLD_PARTS if habits.old else _FIRST_PARTS if opening else _PARTS
    )
    author, uid, anonymous = author_of(
        cell, parts.time if parts.time is not None else _after_floor(parts.floor)
    )
    message = (
        read_message(parts.message, habits.clock, habits.unescape)
        if parts.message is not None
        else Message()
    )
    withheld, hidden = _hiding(parts, message)
    attachments, loose = _attachments(message, parts)
    return Post(
        pid=parts.pid,
        floor=floor_of(parts.floor),
        author=author,
        uid=uid,
        anonymous=anonymous,
        posted_at=habits.clock.parse(_printed(parts)),
        subject=parts.subject,
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        hidden=hidden,
        quotes=message.quotes,
        attachments=attachments,
        images=_images(message, attachments, loose),
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        ratings=parts.ratings,
        comments=parts.comments,
        poll=parts.poll,
        side=_side(parts.time),
        signature=plain_text(parts.signature, habits.clock)
        if parts.signature is not None
        else "",
    ), parts


def _gather(parts: Parts, table: LexborNode, wanted: str) -> LexborNode | None:
    """The first row holds the author's cell, which is given back, and the post's; the
    second the signature.

    6.0 has the signature in the post's own cell. A forum may close the column of the authors (`close_leftinfo`).
    """
    rows = _rows(table)
    cells = (
        [cell for cell in rows[0].iter() if cell.tag == "td" or cell.tag == "th"]
        if rows
        else []
    )
    beside = cells.pop(0) if len(cells) > 1 else None
    for cell in cells:
        for node in cell.css(wanted):
            _sort(parts, node)
        if (
            parts.message is None or wanted is _FIRST_PARTS
        ):  # what is locked within a message, its reader finds
            parts.locked += cell.css(_LOCKED)
    if (
        parts.message is None
        and parts.floor is None
        and not parts.locked
        and len(rows) > 1
    ):
        beside = _anywhere(parts, table, wanted) or beside
    lines = rows[:1] if wanted is _OLD_PARTS else rows[1:]
    parts.signature = _signature(lines[0]) if lines else None
    if parts.floor is None and parts.message is None and cells:
        _stand_in(parts, cells[0])
    return beside


def _anywhere(parts: Parts, table: LexborNode, wanted: str) -> LexborNode | None:
    """A skin may have the head and the message in rows of their own: look in all of them."""
    for node in table.css(wanted):
        _sort(parts, node)
    parts.locked += table.css(_LOCKED)
    return table.css_first("td.pls, td.postauthor")


def _stand_in(parts: Parts, cell: LexborNode) -> None:
    """What stands for a post that was deleted: its floor, and the forum's words in place of
    all else."""
    parts.floor = cell.css_first("div.pi > strong > a")
    box = cell.css_first("div.pct") if parts.floor is not None else None
    if box is not None and next(box.iter(), None) is None:
        parts.locked.append(box)


def _rows(table: LexborNode) -> list[LexborNode]:
    """The first two rows: the others hold buttons; advertisements are none."""
    rows: list[LexborNode] = []
    for body in table.iter():
        for line in body.iter():
            if line.tag == "tr" and not attr(line, "class").endswith("ad"):
                rows.append(line)
                if len(rows) == 2:
                    return rows
    return rows


def _signature(line: LexborNode) -> LexborNode | None:
    for cell in line.iter():
        for node in cell.iter():
            if node.tag == "div" and attr(node, "class").startswith("sign"):
                return node
    return None


def _sort(parts: Parts, node: LexborNode) -> None:
    ident = node.id
    if ident:
        reader = _BY_ID.get(ident.rstrip("0123456789"))
    else:
        names = attr(node, "class").split()
        reader = next(
            (_BY_CLASS[name] for name in names if name in _BY_CLASS), None
        ) or _BY_TAG.get(node.tag or "")
    if reader is not None:
        reader(parts, node)


def _message_part(parts: Parts, node: LexborNode) -> None:
    parts.message = parts.message if parts.message is not None else node


def _floor(parts: Parts, node: LexborNode) -> None:
    parts.floor = parts.floor if parts.floor is not None else node


def _time(parts: Parts, node: LexborNode) -> None:
    parts.time = parts.time if parts.time is not None else node


def _rates(parts: Parts, node: LexborNode) -> None:
    if not parts.ratings and _may_try(parts):
        parts.ratings = read_ratings(node, parts.clock)


def _comments(parts: Parts, node: LexborNode) -> None:
    if not parts.comments and _may_try(parts):
        parts.comments = read_comments(node, parts.clock)


def _poll(parts: Parts, node: LexborNode) -> None:
    if parts.poll is None and _may_try(parts):
        parts.poll = read_poll(node)


def _tags(parts: Parts, node: LexborNode) -> None:
    if not parts.tags and _may_try(parts):
        links = (
            link
            for link in node.css("a")
            if link.parent is None or link.parent.tag != "span"
        )  # not tags
        parts.tags = tuple(
            filter(None, (attr(link, "title") or words(link) for link in links))
        )


def _may_try(parts: Parts) -> bool:
    """Boxes that hold nothing are looked into a few times only: they may lie in each other."""
    parts.tries += 1
    return parts.tries < _MOST


def _file(parts: Parts, node: LexborNode) -> None:
    parts.attachments.append(node)


def _moderation(parts: Parts, node: LexborNode) -> None:
    parts.moderated = parts.moderated or words(node)


def _best(parts: Parts, node: LexborNode) -> None:
    parts.best = parts.best if parts.best is not None else node


def _subject(parts: Parts, node: LexborNode) -> None:
    parts.subject = parts.subject or (words(node) if parts.message is None else "")


_Reader = Callable[[Parts, LexborNode], None]
_BY_ID: dict[str, _Reader] = {
    "postmessage_": _message_part,
    "postnum": _floor,
    "postnum_": _floor,
    "authorposton": _time,
    "ratelog_": _rates,
    "comment_": _comments,
    "poll": _poll,
    "bestpost": _best,
}
_BY_CLASS: dict[str, _Reader] = {
    "newrate": _rates,
    "rate": _rates,
    "ptg": _tags,
    "threadtags": _tags,
    "posttags": _tags,
    "tattl": _file,
    "t_attachlist": _file,
    "rwdbst": _best,
    "modact": _moderation,
}
_BY_TAG: dict[str, _Reader] = {"h2": _subject, "fieldset": _rates}


def _printed(parts: Parts) -> str:
    """The printed time: the exact one of a relative one is in a title; where the poster was
    may follow it."""
    if parts.time is not None:
        return next(
            (said for inner in parts.time.iter() if (said := attr(inner, "title"))), ""
        ) or words(parts.time)
    bare = _after_floor(parts.floor)
    return (bare.text_content or "").strip() if bare is not None else ""


def _after_floor(floor: LexborNode | None) -> LexborNode | None:
    """The bare text that holds a post's time in 6.0, in the line of the floor
    (`strong#postnum_N`)."""
    node = floor.next if floor is not None and floor.tag == "strong" else None
    while node is not None:
        if node.is_text_node and any(
            letter.isdigit() for letter in node.text_content or ""
        ):
            return node
        node = node.next
    return None


def _hiding(parts: Parts, message: Message) -> tuple[str, tuple[str, ...]]:
    """The forum's words for hiding the whole message; those for hiding parts of it."""
    outside = [said for said in map(locked_words, outermost(parts.locked)) if said]
    if parts.message is None:
        return " ".join(outside), ()
    outside = [said for said in outside if not _NOT_HIDING.match(said)]
    return "", tuple(
        dict.fromkeys(
            [*(said for said in outside if said not in message.hidden), *message.hidden]
        )
    )


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Nodes in the order of the page; of very many only those that lie in no other, so that
    each is read once."""
    if len(nodes) < _MOST:
        return nodes
    inside: set[int] = set()
    found = []
    for node in nodes:
        if node.mem_id not in inside:
            found.append(node)
            inside.update(other.mem_id for other in node.css(node.tag or "*"))
    return found


def _attachments(
    message: Message, parts: Parts
) -> tuple[tuple[Attachment, ...], list[str]]:
    """Those in the message and those listed below it, each once; and listed pictures that
    name no file.

    To a search engine's robot (as in the captures of some web archives) X shows pictures
    with their address only.
    """
    if not parts.attachments:
        return message.attachments, []
    found, loose = {a.aid or a.url: a for a in message.attachments}, list[str]()
    for node in outermost(parts.attachments):
        if listed := read_attachment(node):
            key = listed.aid or listed.url
            found[key] = joined(found[key], listed) if key in found else listed
        elif (
            address := image_address(picture)
            if (picture := node.css_first("dd img")) is not None
            else ""
        ):
            loose.append(address)
    return tuple(found.values()), loose


def _images(
    message: Message, attachments: tuple[Attachment, ...], loose: list[str]
) -> tuple[str, ...]:
    if len(attachments) == len(message.attachments) and not loose:
        return message.images
    listed = (a.url for a in attachments if a.image and a.url and "aid=" not in a.url)
    return tuple(dict.fromkeys([*message.images, *listed, *loose]))


def _side(time: LexborNode | None) -> str:
    """The side that a post of a debate takes, beside the head line (X: `div.pdbt
    label.pdbts a.v`; 7.x:
    `span.debatevote label`). A prize that a reply won has such a label, too (`checkrush`)."""
    line = time.parent.parent if time is not None and time.parent is not None else None
    box = next(line.iter(), None) if line is not None else None
    label = next(box.iter(), None) if box is not None else None
    if label is None or (
        label.tag != "label" and "debatevote" not in attr(label, "class")
    ):
        return ""
    link = label.css_first("a.v, label a")
    return "" if link is None or "checkrush" in attr(link, "href") else words(link)
