"""A thread page of the simple mobile layout, X2 to X3.4 (`mobile=yes`, later `mobile=1`;
mobile/forum/viewthread).

A post is `div#post_N` with its header, and the element after that with its message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import Attachment, Post, ThreadPage
from scraper.markup.floors import floor_number
from scraper.markup.html import (
    attr,
    classes,
    elements,
    fold,
    next_element,
    number,
    words,
)
from scraper.markup.snapshot import Snapshot
from scraper.markup.withheld import withheld_reason
from scraper.pages.desktop.head import page_numbers
from scraper.pages.handheld.body import Body, PageContext, context_of, read_body
from scraper.pages.handheld.files import with_listed
from scraper.pages.handheld.mobile_lists import crumb
from scraper.pages.handheld.post_header import (
    certain_time,
    id_of,
    linked_person,
    own_texts,
)
from scraper.pages.person import ANONYMOUS, Person, location_beside

_POST_ID = re.compile(r"^post_(\d{1,18})$")
_GAP = re.compile(r"[ \t\r\n]{2,}")
_TYPE = re.compile(r"^\[([^\[\]]{1,100})\]")


def read_thread(page: Snapshot) -> ThreadPage:
    """Read a thread page; PageError where it has no post."""
    tree = page.tree
    found = list(_posts(page))
    if not found:
        raise PageError("a mobile thread page without a single post that could be read")

    subject = tree.css_first("#thread_subject")
    fid, board = crumb(tree)
    here, pages = page_numbers(tree)
    info = tree.css_first(".bm_inf")
    views, replies = _counts(info)
    _, opening = found[0]
    by_pid = {post.pid: post for post, _ in found}
    return ThreadPage(
        tid=_tid(page, subject),
        fid=fid,
        board=board,
        title=words(subject),
        page=here,
        pages=pages,
        type=_type(subject),
        special=opening.special,
        views=views,
        replies=replies,
        digest=_is_digest(info),
        fields=opening.fields,
        filtered=bool(page.target and page.target.uid),
        posts=tuple(by_pid.values()),
    )


def _tid(page: Snapshot, subject: LexborNode | None) -> int | None:
    """From the title's link, else from the page's address."""
    linked = parse_url(attr(subject, "href"))
    return id_of(linked or page.target, "thread")


def _posts(page: Snapshot) -> Iterator[tuple[Post, Body]]:
    """The posts in the order of the page, with what their messages say of the thread."""
    context = context_of(page)
    for box in page.tree.css('div[id^="post_"]'):
        numbered = _POST_ID.match(attr(box, "id"))
        head = box.css_first(".bm_user")
        if numbered and head is not None:
            pid = int(numbered[1])
            content = next_element(box)
            yield _post(pid, head, content, context)


def _post(
    pid: int, head: LexborNode, content: LexborNode | None, context: PageContext
) -> tuple[Post, Body]:
    """A post from its header and the element with its message."""
    subject = mes = None
    if content is not None:
        subject = content.css_first(".pbody > h2")
        mes = content.css_first(".mes")

    body = Body()
    attachments: tuple[Attachment, ...] = ()
    if mes is not None:
        body = read_body(mes, context)
        attachments = _attachments(mes, body)

    header = _header(head)
    author = header.author
    printed_time = words(head.css_first('[id^="authorposton"]'))
    message = body.message
    post = Post(
        pid=pid,
        floor=floor_number(header.floor),
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
        posted_at=certain_time(printed_time, context.clock),
        subject=words(subject),
        html=message.html,
        text=message.text,
        withheld=body.withheld,
        withheld_reason=withheld_reason(body.withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        images=message.images,
        links=message.links,
        attachments=attachments,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        poll=body.poll,
        location=location_beside(words(head), author),
    )
    return post, body


@dataclass(slots=True)
class _Header:
    """`bare`: the pieces of text that stand in the header without an element."""

    floor: str = ""
    author: Person = field(default_factory=Person)
    bare: list[str] = field(default_factory=list)
    names_deleted_account: bool = False


def _header(head: LexborNode) -> _Header:
    """The floor's label and the author, which stand side by side before the line break."""
    header = _Header()
    for child in _before_line_break(head):
        if child.tag == "a":
            if not header.floor:
                header.floor = " ".join(header.bare)
            header.author = linked_person(child)
            return header
        _take(header, child)

    if not header.floor and len(header.bare) > 1:
        header.floor = header.bare.pop(0)
    if header.bare:
        header.author = ANONYMOUS
    if header.bare and header.names_deleted_account:
        name = fold(header.bare[0])
        header.author = Person(name)
    return header


def _before_line_break(head: LexborNode) -> Iterator[LexborNode]:
    child = head.first_child
    while child is not None and child.tag != "br":
        yield child
        child = child.next


def _take(header: _Header, child: LexborNode) -> None:
    """Keep a piece of the header: text, the floor's number and its sign, or the `em` after
    the name of a deleted account."""
    if child.is_text_node:
        text = child.text_content or ""
        parts = _GAP.split(text.strip())
        header.bare += filter(None, parts)
    elif not header.bare and child.tag in ("em", "sup"):
        header.floor += words(child)
    elif child.tag == "em":
        header.names_deleted_account = True


def _attachments(mes: LexborNode, body: Body) -> tuple[Attachment, ...]:
    """The files among the words of a message, and those listed below it."""
    entries = []
    for node in elements(mes):
        names = classes(node)
        if "attach" in names or "box_ex2" in names:
            entries.append(node)
    return with_listed(body.files, entries)


def _type(subject: LexborNode | None) -> str:
    """The thread's type stands in brackets before the title, linked or not; a kind of
    sorted information follows it."""
    title = words(subject)
    if subject is None or not title:
        return ""
    line = words(subject.parent)
    before, _, _ = line.partition(title)
    found = _TYPE.match(before.strip())
    return found[1] if found else ""


def _is_digest(info: LexborNode | None) -> bool:
    """Whether the line of figures begins with a mark, which X2 and X3.0 print bare."""
    if info is None:
        return False
    if info.css_first("span.xi1") is not None:
        return True
    return any("精" in text for text in own_texts(info))


def _counts(info: LexborNode | None) -> tuple[int | None, int | None]:
    """Views and replies: `看12|回3`."""
    if info is None:
        return None, None
    font = info.css_first("font")
    if font is None:
        return None, None

    printed = filter(str.strip, own_texts(font))
    figures = [number(text) for text in printed]
    if len(figures) != 2:
        return None, None
    views, replies = figures
    return views, replies
