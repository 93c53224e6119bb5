"""The message of a hand-held page and what the templates put around it: subject, notices,
polls, goods, files.

The touch layout writes a plain message straight into `div.message`; threads of other kinds
have it in a
`div.postmessage` there, beside the forum's own blocks (touch and mobile viewthread, viewthread_poll, _trade, _reward,
_activity, _debate, _pay).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import pid_of
from scraper.core.records import Attachment, Field, Poll
from scraper.markup.attachments import image_address, read_attachment, size_bytes
from scraper.markup.dates import Clock
from scraper.markup.html import attr, classes, elements, tree_of, words
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, plain_text, read_message
from scraper.pages.handheld.polls import read_poll

_KINDS = {
    "poll": "poll",
    "debate": "debate",
    "activity": "activity",
    "reward": "reward",
    "rwdbst": "reward",
    "trade_box": "trade",
    "viewsort": "",
}
_MARKS = (
    ("poll", "form#poll"),
    ("debate", "#affirmbutton"),
    ("reward", ".rwdbst, .reward"),
    ("trade", 'div[id^="trade"]'),
    ("activity", ".activity dl, .mbn > dl"),
)
_PICTURE = re.compile(r'<a href="([^"<>]{1,2000})"[^<>]*>\[(?:查看图片|查看圖片)\]</a>')
_CHARSETS = ("charset = 'gb", "charset = 'big")
_SCRIPT_CHARS = 6_000
_FILE_MARKS = ("attach", 'class="img_', "class='img_")
_INSERTED = ('id="attach_', "id='attach_")
_PICTURES = ("图片]</a>", "圖片]</a>")
_QUOTED = re.compile(r"^(?:引用|引言|quote)\s*[:：]\s*", re.I)
_ALBUM = 'a[href*="from=album"] > img[id^="aimg_"]'
_SPLIT = re.compile(r"\s*[:：]\s*")


@dataclass(slots=True)
class Body:
    """A post below its head. `best_pid`: the best answer that a reward thread's first post
    shows."""

    message: Message = field(default_factory=Message)
    withheld: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    special: str = ""
    fields: tuple[Field, ...] = ()
    best_pid: int | None = None


@dataclass(slots=True)
class _Survey:
    """The direct children of a message's box that are not the poster's words."""

    own: LexborNode | None = None
    notice: LexborNode | None = None
    subject: str = ""
    foreign: bool = False
    special: bool = False


@dataclass(frozen=True, slots=True)
class PageContext:
    """What holds for all messages of a page, looked up once.

    `unescape`: the forum keeps its posts in GBK or Big5, and so escapes the characters that these lack; its hand-held
    pages are UTF-8 all the same, and the script of the touch layout names the forum's own encoding. `inserts`: files
    or pictures may stand among the words in a form of this layout's own. `files`: files may be listed.
    """

    page: Snapshot
    clock: Clock
    unescape: bool
    inserts: bool
    files: bool


def habits_of(page: Snapshot) -> PageContext:
    """Look up what the messages of a page have in common."""
    text = page.text
    files = any(mark in text for mark in _FILE_MARKS)
    return PageContext(
        page=page,
        clock=page.clock,
        files=files,
        inserts=(files and any(mark in text for mark in _INSERTED))
        or any(mark in text for mark in _PICTURES),
        unescape=page.encoding != "utf-8"
        or any(text.find(name, 0, _SCRIPT_CHARS) >= 0 for name in _CHARSETS),
    )


def read_body(box: LexborNode, habits: PageContext) -> Body:
    """Read the box of a message (touch: `div.message`, mobile: `div.mes`)."""
    found = _survey(box)
    body = Body(subject=found.subject)
    root = found.own if found.own is not None else box
    if (found.own is None and found.foreign) or habits.inserts:
        root, body.attachments = _cleaned(root)
    body.message = _unlabelled(
        read_message(root, habits.clock, unescape=habits.unescape)
    )
    if habits.files:
        _take_pictures(root, body)
    if (
        found.notice is not None
        and found.own is None
        and not body.message.text
        and not body.message.images
    ):
        body.withheld = words(found.notice)
        body.message = replace(body.message, html="", hidden=())
    if found.special or found.own is not None:
        _read_special(box, body, habits.clock)
    return body


def _unlabelled(message: Message) -> Message:
    """A message whose quotes have lost the layout's own `引用: `, which stands on the line
    of the head."""
    if not message.quotes:
        return message
    return replace(
        message,
        quotes=tuple(
            replace(
                quote,
                author=_QUOTED.sub("", quote.author),
                text=quote.text if quote.author else _QUOTED.sub("", quote.text),
            )
            for quote in message.quotes
        ),
    )


def _take_pictures(root: LexborNode, body: Body) -> None:
    """Attached pictures among the words: each is wrapped in a link to the thread's album,
    which is no link of the poster's."""
    pictures = [found for img in root.css(_ALBUM) if (found := _picture(img))]
    if pictures:
        body.attachments = (*pictures, *body.attachments)
        body.message = replace(
            body.message,
            links=tuple(
                link for link in body.message.links if "from=album" not in link
            ),
        )


def _survey(box: LexborNode) -> _Survey:
    found = _Survey()
    for node in elements(box):
        tag = node.tag
        if tag == "div":
            _survey_block(found, node, classes(node))
        elif tag == "h2" or tag == "span" or tag == "a":
            if tag == "h2" and not found.subject:
                found.subject = words(node)
            found.foreign = found.foreign or _is_foreign(node)
    return found


def _survey_block(found: _Survey, node: LexborNode, names: list[str]) -> None:
    if "postmessage" in names or "t_f" in names:
        found.own = found.own if found.own is not None else node
    elif _is_foreign(node):
        found.foreign = True
        found.special = found.special or any(name in _KINDS for name in names)
        if "quote" in names or "xi1" in names or "locked" in names:
            found.notice = found.notice if found.notice is not None else node


def _is_foreign(node: LexborNode) -> bool:
    """Whether a direct child of the message's box is the forum's: a notice that looks like
    a quote, goods."""
    tag = node.tag
    if tag == "h2":
        return True
    if tag == "span":
        return "quote" in classes(node)
    if tag == "a":
        return "action=viewpayments" in attr(node, "href")
    if tag != "div":
        return False
    names = classes(node)
    if "quote" in names:
        return next((child.tag != "blockquote" for child in elements(node)), True)
    if "locked" in names:
        return node.css_first("a.viewpay") is not None
    return "xi1" in names or "warning" in names or any(name in _KINDS for name in names)


def _cleaned(root: LexborNode) -> tuple[LexborNode, tuple[Attachment, ...]]:
    """A copy of a box with nothing but the poster's words, and the files that stood among them."""
    copy = tree_of(_PICTURE.sub(_shown, root.html or ""))
    box = next(elements(copy.body), root) if copy.body is not None else root
    for node in [child for child in elements(box) if _is_foreign(child)]:
        if (
            node.tag == "a"
        ):  # `付费主题, 价格: <strong>5</strong> <a>记录</a>` stands bare before the message
            for before in list(_before(node)):
                before.decompose()
        node.decompose()
    files = []
    for node in box.css('div[id^="attach_"], ul[id^="attach_"]'):
        files.append(read_file(node))
        for part in list(
            node.iter(include_text=True)
        ):  # emptied, it still parts the words around it
            part.decompose()
    return box, tuple(file for file in files if file)


def _shown(link: re.Match[str]) -> str:
    """A picture that X2 turned into a link; nothing for the forum's own, such as a quote's
    arrow."""
    return "" if "/image/common/" in link[1] else f'<img src="{link[1]}">'


def _before(node: LexborNode) -> Iterator[LexborNode]:
    sibling = node.prev
    while sibling is not None:
        yield sibling
        sibling = sibling.prev


def read_file(node: LexborNode) -> Attachment | None:
    """A file's entry: a picture that leads to the thread's album, or a link; X3.5 has name,
    day and size in that."""
    picture = node.css_first(_ALBUM)
    if picture is not None:
        return _picture(picture)
    found, title = read_attachment(node), node.css_first("span.link")
    if found is None or title is None:
        return found
    name = words(title)
    return replace(
        found, name=name, size_bytes=size_bytes(words(node).replace(name, " ", 1))
    )


def _picture(img: LexborNode) -> Attachment | None:
    number = attr(img, "id").removeprefix("aimg_")
    aid = (
        int(number)
        if number.isascii() and number.isdecimal() and len(number) < 19
        else None
    )
    return (
        Attachment(aid=aid, url=image_address(img), image=True)
        if aid is not None
        else None
    )


def _read_special(box: LexborNode, body: Body, clock: Clock) -> None:
    for kind, mark in _MARKS:
        node = box.css_first(mark)
        if node is None:
            continue
        body.special = kind
        if kind == "poll":
            body.poll = read_poll(node)
        elif kind == "reward":
            best = box.css_first(".rwdbst")
            body.best_pid = (
                pid_of((best.html or "").replace("&amp;", "&"))
                if best is not None
                else None
            )
        elif kind == "activity":
            pairs = (_pair(plain_text(line, clock)) for line in node.css("dt"))
            body.fields = tuple(pair for pair in pairs if pair)
        break
    if (sort := box.css_first(".viewsort")) is not None:
        lines = plain_text(sort, clock).split("\n")
        body.fields = tuple(pair for pair in map(_pair, lines) if pair)


def _pair(line: str) -> Field | None:
    """`名称: 值` as a field."""
    parts = _SPLIT.split(" ".join(line.split()), maxsplit=1)
    return (
        Field(name=parts[0], value=parts[1])
        if len(parts) > 1 and parts[0] and parts[1]
        else None
    )
