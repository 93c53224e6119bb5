"""One post of the touch layout, X3.0 to X3.5 (touch/forum/viewthread)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment, Comment, Post, Rating
from scraper.markup.dates import Clock
from scraper.markup.floors import floor_of
from scraper.markup.html import attr, elements, next_element, words
from scraper.markup.withheld import withheld_reason
from scraper.pages.handheld.body import Body, PageContext, read_body
from scraper.pages.handheld.files import with_listed
from scraper.pages.handheld.post_header import person_of, time_of
from scraper.pages.handheld.ratings import read_comment, read_ratings
from scraper.pages.person import Person, location_beside
from scraper.pages.totals import comments_total, ratings_total

_PARTS = '.authi li, div.message, div[id^="ratelog_"], div[id^="commentdetail_"]'
_FILES = ".img_one > li, .img_list > li, .post_attlist > li, div.attach"
_PID = re.compile(r"(?:^pid|#replybtn_)(\d{1,18})$")
_WRAPPERS = frozenset({"b", "font", "i", "u", "s", "strike", "strong", "big", "small"})
_MOST_WRAPPED = 20
_MOST_LINES = 40


@dataclass(slots=True)
class _Parts:
    """What one pass over a post's box found; `lines` are those of its header."""

    lines: list[LexborNode] = field(default_factory=list)
    message: LexborNode | None = None
    ratings: tuple[Rating, ...] = ()
    ratings_total: int | None = None
    comments: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class _Header:
    """The lines above a message: floor and author, time, and the side in a debate."""

    lines: list[LexborNode] = field(default_factory=list)
    author: Person = field(default_factory=Person)
    floor: LexborNode | None = None
    time: LexborNode | None = None
    side: str = ""


def pid_of_box(box: LexborNode) -> int | None:
    """The number of a post: its own id, or (before 2020) the address of its reply button; a
    reply form has neither."""
    found = _PID.match(attr(box, "id"))
    if found:
        return int(found[1])
    if box.attributes.get("id") is not None:
        return None

    for child in elements(box):
        found = _PID.match(attr(child, "href"))
        if found:
            return int(found[1])
    return None


def read_post(
    pid: int | None, box: LexborNode, context: PageContext
) -> tuple[Post, Body]:
    """A post from its box, and what its message says of the thread."""
    clock = context.clock
    parts = _gather(box, clock)
    header = _header(parts.lines)

    body = Body()
    if parts.message is not None:
        body = read_body(parts.message, context)
    message = body.message

    post = Post(
        pid=pid,
        floor=floor_of(header.floor),
        author=header.author.name,
        uid=header.author.uid,
        anonymous=header.author.anonymous,
        posted_at=time_of(header.time, clock),
        subject=body.subject,
        html=message.html,
        text=message.text,
        withheld=body.withheld,
        withheld_reason=withheld_reason(body.withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        images=message.images,
        attachments=_attachments(box, body, context),
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        ratings=parts.ratings,
        ratings_total=parts.ratings_total,
        comments=tuple(parts.comments),
        comments_total=comments_total(len(parts.comments), [box]),
        poll=body.poll,
        side=header.side,
        location=_location(header),
    )
    return post, body


def _gather(box: LexborNode, clock: Clock) -> _Parts:
    """The parts of a post in one pass. Lists below the message belong to it."""
    parts = _Parts()
    for node in box.css(_PARTS):
        if node.tag == "li":
            if parts.message is None and len(parts.lines) < _MOST_LINES:
                parts.lines.append(node)
        elif "message" in attr(node, "class"):
            if parts.message is None:
                parts.message = node
        elif attr(node, "id").startswith("ratelog_"):
            parts.ratings = parts.ratings or read_ratings(node)
            parts.ratings_total = parts.ratings_total or ratings_total([node])
        else:
            comment = read_comment(node, clock)
            if comment is not None:
                parts.comments.append(comment)
    return parts


def _header(lines: list[LexborNode]) -> _Header:
    header = _Header(lines)
    if not lines:
        return header

    first, *rest = [_unwrapped(line) for line in lines]
    header.floor = next(elements(first), None)
    if header.floor is not None:
        header.author = person_of(next_element(header.floor))
    if rest:
        header.time = rest[0]
    if len(rest) > 1:
        stand = rest[1].css_first('a[href*="stand="]')
        header.side = words(stand)
    return header


def _location(header: _Header) -> str:
    """Plugins and skins print it after the author or the time, or on a line of its own."""
    printed = [line.text() for line in header.lines]
    return location_beside(" ".join(printed), header.author)


def _unwrapped(line: LexborNode) -> LexborNode:
    """A line of the header, or what wraps all of it: an element left open before the line
    goes on within it."""
    for _ in range(_MOST_WRAPPED):
        inner = next(elements(line), None)
        if inner is None or inner.tag not in _WRAPPERS:
            break
        if attr(inner, "class"):
            break
        line = inner
    return line


def _attachments(
    box: LexborNode, body: Body, context: PageContext
) -> tuple[Attachment, ...]:
    """The files among the words of a message, and those listed below it."""
    if not context.has_files:
        return body.message.attachments
    return with_listed(body.files, box.css(_FILES))
