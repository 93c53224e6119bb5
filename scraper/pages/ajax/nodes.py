"""Posts as `dl.bbda`: a thread's preview on a board page and a post just written
(viewthread_from_node, X1.5 to X3.5).

They print no floor; the number stands in the ids of their parts.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Post
from scraper.markup.html import attr, fold, printed_time, words
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.markup.withheld import DELETED_AUTHOR, is_anonymous, withheld_reason
from scraper.pages.handheld.post_header import own_texts
from scraper.pages.person import ANONYMOUS, Person, location_beside

_NUMBERED = re.compile(r"(?:postmessage|author|comment|post_rate_div)_(\d{1,18})$")
_PARTS: Final = (
    '[id^="postmessage_"], [id^="author_"], [id^="comment_"], [id^="post_rate_div_"]'
)
_POSTED = re.compile(r"(?<!\s)\s*+(?:发表于|發表於|發表于)\s*+$")


def read_nodes(page: Snapshot) -> tuple[Post, ...]:
    """Every post of an answer, each once."""
    posts: dict[int, Post] = {}
    for node in page.tree.css("dl.bbda"):
        pid = _pid(node)
        head = node.css_first("dt")
        if pid is not None and head is not None:
            posts[pid] = _read_node(pid, node, head, page)
    return tuple(posts.values())


def _pid(node: LexborNode) -> int | None:
    for part in node.css(_PARTS):
        found = _NUMBERED.match(attr(part, "id"))
        if found:
            return int(found[1])
    return None


def _read_node(pid: int, node: LexborNode, head: LexborNode, page: Snapshot) -> Post:
    box = node.css_first('[id^="postmessage_"]')
    message = Message()
    withheld = ""
    if box is not None:
        unescape = page.encoding != "utf-8"
        message = read_message(box, page.clock, unescape)
    else:
        withheld = words(node.css_first("div.locked"))

    stamp = _stamp(head)
    author = _author(head)
    return Post(
        pid=pid,
        author=author.name,
        uid=author.uid,
        anonymous=author.anonymous,
        posted_at=page.clock.parse(printed_time(stamp)),
        html=message.html,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        hidden=message.hidden,
        quotes=message.quotes,
        attachments=message.attachments,
        images=message.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
        location=location_beside(words(head), author),
    )


def _stamp(head: LexborNode) -> LexborNode | None:
    """The element with the time. Plugins may print others of its class before the author's
    `em`."""
    after_author = head.css_first('em[id^="author_"] ~ span.xg1')
    if after_author is not None:
        return after_author
    return head.css_first("span.xg1")


def _author(head: LexborNode) -> Person:
    """The head's link to a member; else the first words that stand bare in the head."""
    for link in head.css("a"):
        name = words(link)
        target = parse_url(attr(link, "href"))
        if name and target and target.kind == "user":
            return Person(name, target.id or None)

    name = _bare_name(head)
    if is_anonymous(name):
        return ANONYMOUS
    return Person(name)


def _bare_name(head: LexborNode) -> str:
    """A name without a link. It has a line of its own: buttons and what plugins add stand in
    elements, or on other lines."""
    for text in own_texts(head):
        first_line, _, _ = text.strip().partition("\n")
        name = _POSTED.sub("", first_line)
        name = DELETED_AUTHOR.sub("", name)
        if name:
            return fold(name)
    return ""
