"""One post of a desktop thread page: its parts, each read by its own reader, made a record."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.core.records import Post
from scraper.markup.text import Message
from scraper.markup.withheld import locked_words, withheld_reason
from scraper.pages.desktop.files import read_files
from scraper.pages.desktop.find_nodes import find_nodes
from scraper.pages.desktop.nodes import PageContext, PostNodes, outermost
from scraper.pages.desktop.parts import DESKTOP_PARTS, PostParts
from scraper.pages.totals import comments_total, ratings_total

# Boxes that look like one that hides, but list files, or tell what a moderator sees.
_HIDES_NOTHING = re.compile(
    r"^(?:附件|attachment|.*(?:只有|僅有).{1,20}可[见見])",
    re.I,
)
_NO_MESSAGE = Message()


def read_post(
    table: LexborNode,
    context: PageContext,
    parts: PostParts = DESKTOP_PARTS,
    *,
    is_opening: bool = False,
) -> tuple[Post, PostNodes] | None:
    """A post and where its parts are; None for a table that is no post.

    `is_opening`: find what belongs to the thread as well.
    """
    nodes = find_nodes(table, context, is_opening=is_opening)
    if nodes is None:
        return None
    return _post(nodes, context, parts), nodes


def _post(nodes: PostNodes, context: PageContext, parts: PostParts) -> Post:
    author = parts.author(nodes, context)
    found_message = parts.message(nodes, context)
    message = found_message or _NO_MESSAGE
    files = read_files(message, nodes.attachments)
    ratings = parts.ratings(nodes, context)
    comments = parts.comments(nodes, context)

    outside = _words_of_locked(nodes.locked)
    withheld = ""
    hidden: tuple[str, ...] = ()
    if found_message is None:
        withheld = " ".join(outside)
    else:
        hidden = _hidden_parts(outside, message)

    return Post(
        pid=nodes.pid,
        floor=parts.floor(nodes, context),
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
        posted_at=parts.posted_at(nodes, context),
        subject=parts.subject(nodes, context),
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        hidden=hidden,
        quotes=message.quotes,
        attachments=files.attachments,
        images=files.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        ratings=ratings,
        ratings_total=ratings_total(nodes.ratings) if ratings else None,
        comments=comments,
        comments_total=comments_total(len(comments), nodes.comments),
        poll=parts.poll(nodes, context),
        side=parts.side(nodes, context),
        location=parts.location(nodes, context),
        signature=parts.signature(nodes, context),
    )


def _words_of_locked(boxes: list[LexborNode]) -> list[str]:
    """The forum's words in the boxes outside a message that hide something."""
    if not boxes:
        return []
    texts = map(locked_words, outermost(boxes))
    return [text for text in texts if text]


def _hidden_parts(outside: list[str], message: Message) -> tuple[str, ...]:
    """The forum's words for each part of a readable message that it hides."""
    hidden = []
    for text in outside:
        if text in message.hidden:
            continue
        if not _HIDES_NOTHING.match(text):
            hidden.append(text)
    hidden += message.hidden
    return tuple(dict.fromkeys(hidden))
