"""A thread page of the simple mobile layout, X2 to X3.4 (`mobile=yes`, later `mobile=1`;
mobile/forum/viewthread).

A post is `div#post_N` with its head, and the element after that with its message.
"""

from __future__ import annotations

import re

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
from scraper.pages.desktop.thread import page_numbers
from scraper.pages.handheld.bodies import (
    Body,
    PageContext,
    habits_of,
    read_body,
    read_file,
)
from scraper.pages.handheld.heads import (
    NOBODY,
    Person,
    certain_time,
    linked_person,
    own_texts,
)
from scraper.pages.handheld.mobile_lists import crumb

_POST = re.compile(r"^post_(\d{1,18})$")
_GAP = re.compile(r"[ \t\r\n]{2,}")
_TYPE = re.compile(r"^\[([^\[\]]{1,100})\]")


def read_thread(page: Snapshot) -> ThreadPage:
    """Read a thread page; PageError where it has no post."""
    tree, habits = page.tree, habits_of(page)
    read = [
        found for box in tree.css('div[id^="post_"]') if (found := _post(box, habits))
    ]
    if not read:
        raise PageError("a mobile thread page without a single post that could be read")
    subject = tree.css_first("#thread_subject")
    target = parse_url(attr(subject, "href")) or page.target
    fid, board = crumb(tree)
    here, pages = page_numbers(tree)
    info = tree.css_first(".bm_inf")
    views, replies = _counts(info)
    first = read[0][1]
    return ThreadPage(
        tid=target.id if target and target.kind == "thread" else None,
        fid=fid,
        board=board,
        title=words(subject),
        page=here,
        pages=pages,
        type=_type(subject),
        special=first.special,
        views=views,
        replies=replies,
        digest=_is_digest(info),
        fields=first.fields,
        filtered=bool(page.target and page.target.uid),
        posts=tuple({post.pid: post for post, _ in read}.values()),
    )


def _post(box: LexborNode, habits: PageContext) -> tuple[Post, Body] | None:
    found = _POST.match(attr(box, "id"))
    head, beside = box.css_first(".bm_user"), next_element(box)
    if not found or head is None:
        return None
    said = beside.css_first(".mes") if beside is not None else None
    body = read_body(said, habits) if said is not None else Body()
    label, person = _head(head)
    message, subject = (
        body.message,
        beside.css_first(".pbody > h2") if beside is not None else None,
    )
    return Post(
        pid=int(found[1]),
        floor=floor_number(label),
        author=person.name,
        uid=person.uid,
        anonymous=person.anonymous,
        posted_at=certain_time(
            words(head.css_first('[id^="authorposton"]')), habits.clock
        ),
        subject=words(subject),
        html=message.html,
        text=message.text,
        withheld=body.withheld,
        withheld_reason=withheld_reason(body.withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        images=message.images,
        links=message.links,
        attachments=_attachments(said, body) if said is not None else (),
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        poll=body.poll,
    ), body


def _head(head: LexborNode) -> tuple[str, Person]:
    """The floor's label and the author, which stand side by side before the line break."""
    label, bare, deleted, child = "", list[str](), False, head.first_child
    while child is not None and child.tag != "br":
        if child.tag == "a":
            return label or " ".join(bare), linked_person(child)
        if child.is_text_node:
            bare += [
                part for part in _GAP.split((child.text_content or "").strip()) if part
            ]
        elif not bare and child.tag in ("em", "sup"):
            label += words(child)
        else:
            deleted = deleted or child.tag == "em"
        child = child.next
    if not label and len(bare) > 1:
        label, bare = bare[0], bare[1:]
    if not bare:
        return label, Person()
    return label, Person(fold(bare[0])) if deleted else NOBODY


def _attachments(box: LexborNode, body: Body) -> tuple[Attachment, ...]:
    """Those in the message and those listed below it, each once."""
    found = {
        file.aid or file.url: file
        for file in (*body.message.attachments, *body.attachments)
    }
    for node in elements(box):
        if {"attach", "box_ex2"} & set(classes(node)):
            listed = read_file(node)
            if listed and (
                (known := found.get(listed.aid or listed.url)) is None or not known.name
            ):
                found[listed.aid or listed.url] = listed
    return tuple(found.values())


def _type(subject: LexborNode | None) -> str:
    """The thread's type stands in brackets before the title, linked or not; a kind of
    sorted information follows it."""
    box = subject.parent if subject is not None else None
    title, line = words(subject), words(box)
    found = _TYPE.match(line.partition(title)[0].strip()) if title else None
    return found[1] if found else ""


def _is_digest(info: LexborNode | None) -> bool:
    """Whether the line of figures begins with a mark, which X2 and X3.0 print bare."""
    return info is not None and (
        info.css_first("span.xi1") is not None
        or any("精" in text for text in own_texts(info))
    )


def _counts(info: LexborNode | None) -> tuple[int | None, int | None]:
    """Views and replies: `看12|回3`."""
    font = info.css_first("font") if info is not None else None
    figures = (
        [number(text) for text in own_texts(font) if text.strip()]
        if font is not None
        else []
    )
    return (figures[0], figures[1]) if len(figures) == 2 else (None, None)
