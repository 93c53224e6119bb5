"""A thread page of the touch layout, X3.0 to X3.5 (touch/forum/viewthread): its head and its posts.

The posts are looked for everywhere, not among the children of their list: the template of
X3.4 leaves a `b` open after an anonymous author, and all that follows stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import Attachment, Comment, Post, Rating, ThreadPage
from scraper.markup.dates import Clock
from scraper.markup.floors import floor_of
from scraper.markup.html import attr, elements, next_element, number, words
from scraper.markup.snapshot import Snapshot
from scraper.markup.withheld import withheld_reason
from scraper.pages.desktop.thread import page_numbers
from scraper.pages.handheld.bodies import (
    Body,
    PageContext,
    habits_of,
    read_body,
    read_file,
)
from scraper.pages.handheld.heads import Person, own_texts, person_of, time_of
from scraper.pages.handheld.remarks import read_comment, read_ratings

_PARTS = '.authi li, div.message, div[id^="ratelog_"], div[id^="commentdetail_"]'
_FILES = ".img_one > li, .img_list > li, .post_attlist > li, div.attach"
_PID = re.compile(r"(?:^pid|#replybtn_)(\d{1,18})$")
_REPLY = re.compile(r"action=reply&(?:amp;)?fid=(\d{1,18})&(?:amp;)?tid=(\d{1,18})")
_WRAPPERS = frozenset({"b", "font", "i", "u", "s", "strike", "strong", "big", "small"})
_MOST_AGAIN, _MOST_UNNUMBERED, _MOST_WRAPPED = 50, 500, 20
_BRACKETED = re.compile(r"^\[(.{1,100})\]$")


@dataclass(slots=True)
class _Parts:
    """What one pass over a post's box found; `lines` are those of its head."""

    lines: list[LexborNode] = field(default_factory=list)
    message: LexborNode | None = None
    ratings: tuple[Rating, ...] = ()
    comments: list[Comment] = field(default_factory=list)


def read_thread(page: Snapshot) -> ThreadPage:
    """Read a thread page; PageError where it has no post."""
    tree = page.tree
    boxes = _boxes(tree)
    habits = habits_of(page)
    read = _each_once(boxes, habits)
    if not read:
        raise PageError("a touch thread page without a single post that could be read")
    first = read[0][1]
    tid, fid = _ids(page)
    title, type_ = _title(tree)
    here, pages = page_numbers(tree)
    views, replies = _counts(boxes[0][1])
    return ThreadPage(
        tid=tid,
        fid=fid,
        board=_board(tree),
        title=title,
        page=here,
        pages=pages,
        type=type_,
        special=first.special,
        views=views,
        replies=replies,
        filtered=bool(page.target and page.target.uid),
        fields=first.fields,
        posts=tuple(
            replace(post, best_answer=True)
            if post.pid and post.pid == first.best_pid
            else post
            for post, _ in read
        ),
    )


def _boxes(tree: LexborHTMLParser) -> list[tuple[int | None, LexborNode]]:
    """The boxes of posts with their numbers, in the order of the page; before X3.2 no box
    has one."""
    boxes = tree.css("div.plc")
    numbered = [(pid, box) for box in boxes if (pid := pid_of_box(box))]
    return (
        [*numbered]
        if numbered
        else [(None, box) for box in boxes[:_MOST_UNNUMBERED] if _holds_post(box)]
    )


def _holds_post(box: LexborNode) -> bool:
    """Whether a box without a number is a post's: it has a head and a message, a reply form
    has neither."""
    return (
        box.css_first("ul.authi") is not None
        and box.css_first("div.message") is not None
    )


def _each_once(
    boxes: list[tuple[int | None, LexborNode]], habits: PageContext
) -> list[tuple[Post, Body]]:
    """Sticky and recommended replies are printed again in their place, with their floor."""
    found: dict[int | None, tuple[Post, Body]] = {}
    again = 0
    for at, (pid, box) in enumerate(boxes, 1):
        if pid is None:
            found[-at] = _post(pid, box, habits)
        elif pid not in found:
            found[pid] = _post(pid, box, habits)
        elif (
            found[pid][0].floor is None and again < _MOST_AGAIN
        ):  # boxes in boxes are damage
            again += 1
            post, body = found[pid]
            found[pid] = replace(post, floor=_post(pid, box, habits)[0].floor), body
    return list(found.values())


def pid_of_box(box: LexborNode) -> int | None:
    """The number of a post: its own id, or (before 2020) the address of its reply button; a
    reply form has neither."""
    found = _PID.match(attr(box, "id"))
    if found is None and box.attributes.get("id") is None:
        found = next(
            (
                hit
                for child in elements(box)
                if (hit := _PID.match(attr(child, "href")))
            ),
            None,
        )
    return int(found[1]) if found else None


def _post(pid: int | None, box: LexborNode, habits: PageContext) -> tuple[Post, Body]:
    parts = _gather(box, habits.clock)
    body = read_body(parts.message, habits) if parts.message is not None else Body()
    lines, message = [_inside(line) for line in parts.lines], body.message
    label = next(elements(lines[0]), None) if lines else None
    person = person_of(next_element(label)) if label is not None else Person()
    return Post(
        pid=pid,
        floor=floor_of(label),
        author=person.name,
        uid=person.uid,
        anonymous=person.anonymous,
        posted_at=time_of(lines[1], habits.clock) if len(lines) > 1 else None,
        subject=body.subject,
        html=message.html,
        text=message.text,
        withheld=body.withheld,
        withheld_reason=withheld_reason(body.withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        images=message.images,
        attachments=_attachments(box, body) if habits.files else message.attachments,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        ratings=parts.ratings,
        comments=tuple(parts.comments),
        poll=body.poll,
        side=words(lines[2].css_first('a[href*="stand="]')) if len(lines) > 2 else "",
    ), body


def _inside(line: LexborNode) -> LexborNode:
    """A line of the head, or what wraps all of it: an element left open before the line
    goes on within it."""
    for _ in range(_MOST_WRAPPED):
        inner = next(elements(line), None)
        if inner is None or inner.tag not in _WRAPPERS or attr(inner, "class"):
            break
        line = inner
    return line


def _gather(box: LexborNode, clock: Clock) -> _Parts:
    parts = _Parts()
    for node in box.css(_PARTS):
        if node.tag == "li":
            if parts.message is None:
                parts.lines.append(node)
        elif "message" in (node.attributes.get("class") or ""):
            parts.message = parts.message if parts.message is not None else node
        elif attr(node, "id").startswith("ratelog_"):
            parts.ratings = parts.ratings or read_ratings(node)
        elif comment := read_comment(node, clock):
            parts.comments.append(comment)
    return parts


def _attachments(box: LexborNode, body: Body) -> tuple[Attachment, ...]:
    """Those in the message and those listed below it, each once; the fuller record of the two."""
    found = {
        file.aid or file.url: file
        for file in (*body.message.attachments, *body.attachments)
    }
    for node in box.css(_FILES):
        listed = read_file(node)
        if listed and (
            (known := found.get(listed.aid or listed.url)) is None or not known.name
        ):
            found[listed.aid or listed.url] = listed
    return tuple(found.values())


def _ids(page: Snapshot) -> tuple[int | None, int | None]:
    """tid and fid: from the reply form or button below the posts; tid else from the page's
    address."""
    if found := _REPLY.search(page.text, max(0, page.text.rfind("action=reply"))):
        return int(found[2]), int(found[1])
    link = page.tree.css_first(".header a[href*='fid'], .header h2 a")
    board = parse_url(attr(link, "href")) if link is not None else None
    target = page.target
    return (
        target.id if target and target.kind == "thread" else None,
        board.id if board and board.kind == "board" else None,
    )


def _board(tree: LexborHTMLParser) -> str:
    return words(
        tree.css_first(".header .name, .header h2")
        or tree.css_first(".header .nav > a.z + span")
    )


def _title(tree: LexborHTMLParser) -> tuple[str, str]:
    """Title and thread type: in `em` (X3.5), or on a line of its own; the last line is the
    title, which may begin with brackets itself."""
    heading = tree.css_first("div.view_tit, .postlist > h2")
    if heading is None:
        return "", ""
    lines = [
        line.strip()
        for text in own_texts(heading)
        for line in text.split("\n")
        if line.strip()
    ]
    marks = [words(mark) for mark in heading.css("em")] or lines[:-1]
    types = [found[1] for mark in marks if (found := _BRACKETED.match(mark))]
    return lines[-1] if lines else "", types[0] if types else ""


def _counts(box: LexborNode) -> tuple[int | None, int | None]:
    """Views and replies, which X3.5 prints above its first post."""
    figures = [number(words(node)) for node in box.css(".pione .authi .mtime .y em")]
    return (figures[0], figures[1]) if len(figures) == 2 else (None, None)
