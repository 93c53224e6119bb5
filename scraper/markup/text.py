"""A message's markup → the poster's own words, quotes, links, images, attachments and edit mark.

`walk.py` goes over the elements, `elements.py` says what each of them means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.core.errors import PageError
from scraper.core.records import Attachment, Quote
from scraper.markup.code import BREAK, arrange
from scraper.markup.dates import Clock
from scraper.markup.elements import HANDLERS
from scraper.markup.walk import MessageWalk
from scraper.markup.wording import Wording

_MARKS_OF_POSTS: Final = ('id="postmessage_', 'id="pid', 'class="message')
_MOST_POSTS_WITHIN: Final = 20


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says. `hidden`: the forum's words where it withholds a part of the message."""

    html: str = ""
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    edited_by: str = ""
    edited_at: datetime | None = None
    hidden: tuple[str, ...] = ()


def read_message(
    root: LexborNode,
    clock: Clock,
    unescape: bool = False,
    *,
    is_for_sale: bool = False,
    wording: Wording | None = None,
) -> Message:
    """Read a message's element.

    `unescape`: characters that the page's encoding lacks are `&amp;#N;` (X3.4 GBK).
    `is_for_sale`: the post is sold and the reader has paid, so that its free part stands
    in the markup of a quote. `wording`: the page's words around names and times, where
    they are not Chinese. PageError where very many posts are within this one.
    """
    html = root.inner_html or ""
    html = html.strip()
    tags = html.count("<")
    breaks = html.count("<br>")
    if tags == breaks:
        # Most messages: words and line breaks, which need no walk.
        words = _words_of(html)
        text = arrange([words], coded=False, unescape=unescape)
        return Message(html=html, text=text)

    _refuse_posts_within(html)
    walk = MessageWalk(
        HANDLERS,
        clock,
        unescape,
        is_for_sale=is_for_sale,
        wording=wording,
    )
    walk.through(root)
    return Message(
        html=html,
        text=walk.text(),
        quotes=tuple(walk.quotes),
        attachments=tuple(walk.attachments),
        images=_unique(walk.images),
        links=_unique(walk.links),
        edited_by=walk.edited_by,
        edited_at=walk.edited_at,
        hidden=tuple(walk.hidden),
    )


def _refuse_posts_within(html: str) -> None:
    """Each of posts within each other holds all that follow: together, the square of the
    page."""
    for mark in _MARKS_OF_POSTS:
        if html.count(mark) > _MOST_POSTS_WITHIN:
            raise PageError(
                f"a post with more than {_MOST_POSTS_WITHIN} posts within it"
            )


def plain_text(root: LexborNode, clock: Clock) -> str:
    """Only the words of an element, blocks on lines of their own."""
    walk = MessageWalk(HANDLERS, clock)
    walk.through(root)
    return walk.text()


def _unique(addresses: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))


def _words_of(html: str) -> str:
    """Serialised words and line breaks as a walk would gather them; a serialiser writes
    these four entities only."""
    text = html.replace("<br>", BREAK)
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0")
    text = text.replace("&lt;", "<")
    text = text.replace("&gt;", ">")
    return text.replace("&amp;", "&")
