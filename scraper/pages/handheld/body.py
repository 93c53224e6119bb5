"""The message of a hand-held page and what the templates put around it: subject, notices,
polls, goods, files.

The touch layout writes a plain message straight into `div.message`; threads of other kinds
have it in a `div.postmessage` there, beside the forum's own blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment, Field, Poll, Quote
from scraper.markup.dates import Clock
from scraper.markup.html import words
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.markup.wording import Wording
from scraper.markup.wording_learning import read_bare_wording, read_wording
from scraper.pages.handheld.files import read_pictures
from scraper.pages.handheld.forum_blocks import Survey, survey, without_forum_blocks
from scraper.pages.handheld.special import read_special

_OLD_CHARSETS = ("charset = 'gb", "charset = 'big")
_FILE_MARKS = ("attach", 'class="img_', "class='img_")
_INSERTED_FILE_MARKS = ('id="attach_', "id='attach_")
_PICTURE_LINK_MARKS = ("图片]</a>", "圖片]</a>")
_QUOTE_LABEL = re.compile(r"^(?:引用|引言|quote)\s*[:：]\s*", re.I)


@dataclass(slots=True)
class Body:
    """A post below its header. `best_pid`: the best answer that a reward thread's first post
    shows."""

    message: Message = field(default_factory=Message)
    withheld: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    special: str = ""
    fields: tuple[Field, ...] = ()
    best_pid: int | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files that stand among the words of the message."""
        return (*self.message.attachments, *self.attachments)


@dataclass(frozen=True, slots=True)
class PageContext:
    """What holds for all messages of a page, looked up once.

    `unescape`: the forum keeps its posts in GBK or Big5, and so escapes the characters that
    these lack; its hand-held pages are UTF-8 all the same, and the script of the touch
    layout names the forum's own encoding. `has_inserts`: files or pictures may stand among
    the words in a form of this layout's own. `has_files`: files may be listed. `wording`:
    the page's words around names and times, where they are not Chinese.
    """

    clock: Clock
    unescape: bool
    has_inserts: bool
    has_files: bool
    wording: Wording | None = None


def context_of(page: Snapshot) -> PageContext:
    """Look up what the messages of a page have in common."""
    text = page.text
    has_files = _has_any(text, _FILE_MARKS)
    has_inserts = _has_any(text, _PICTURE_LINK_MARKS)
    if has_files and _has_any(text, _INSERTED_FILE_MARKS):
        has_inserts = True

    return PageContext(
        clock=page.clock,
        unescape=_is_of_old_charset(page),
        has_inserts=has_inserts,
        has_files=has_files,
        wording=read_wording(text) or read_bare_wording(text),
    )


def _is_of_old_charset(page: Snapshot) -> bool:
    """Whether the forum keeps its posts in GBK or Big5."""
    if page.encoding != "utf-8":
        return True
    head = page.text[: page.head_end]
    return _has_any(head, _OLD_CHARSETS)


def _has_any(text: str, marks: tuple[str, ...]) -> bool:
    return any(mark in text for mark in marks)


def read_body(box: LexborNode, context: PageContext) -> Body:
    """Read the box of a message (touch: `div.message`, mobile: `div.mes`)."""
    found = survey(box)
    body = Body(subject=found.subject)

    root = box if found.own is None else found.own
    words_are_mixed = found.own is None and found.has_forum_blocks
    if words_are_mixed or context.has_inserts:
        root, body.attachments = without_forum_blocks(root)

    message = read_message(
        root,
        context.clock,
        unescape=context.unescape,
        is_for_sale=found.is_paid,
        wording=context.wording,
    )
    body.message = _without_quote_labels(message)
    if context.has_files:
        _take_pictures(root, body)

    notice = _notice_in_place(found, body.message)
    if notice is not None:
        body.withheld = words(notice)
        body.message = _without_own_words(body.message)

    if found.is_special or found.own is not None:
        _take_special(box, body, context.clock)
    return body


def _notice_in_place(found: Survey, message: Message) -> LexborNode | None:
    """The notice that stands in place of the message; None where there is a message."""
    if found.own is not None:
        return None
    if message.text or message.images:
        return None
    return found.notice


def _without_own_words(message: Message) -> Message:
    return replace(
        message,
        html="",
        hidden=(),
    )


def _without_quote_labels(message: Message) -> Message:
    """A message whose quotes have lost the layout's own `引用: `, which stands on the line
    of the head."""
    if not message.quotes:
        return message
    quotes = map(_without_label, message.quotes)
    return replace(message, quotes=tuple(quotes))


def _without_label(quote: Quote) -> Quote:
    if quote.author:
        author = _QUOTE_LABEL.sub("", quote.author)
        return replace(quote, author=author)

    text = _QUOTE_LABEL.sub("", quote.text)
    return replace(quote, text=text)


def _take_pictures(root: LexborNode, body: Body) -> None:
    """Attached pictures among the words: each is wrapped in a link to the thread's album,
    which is no link of the poster's."""
    pictures = read_pictures(root)
    if not pictures:
        return
    body.attachments = (*pictures, *body.attachments)

    links = body.message.links
    own_links = [link for link in links if "from=album" not in link]
    body.message = replace(body.message, links=tuple(own_links))


def _take_special(box: LexborNode, body: Body, clock: Clock) -> None:
    special = read_special(box, clock)
    body.special = special.kind
    body.poll = special.poll
    body.fields = special.fields
    body.best_pid = special.best_pid
