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

_NUMBERED = re.compile(r"(?:postmessage|author|comment|post_rate_div)_(\d{1,18})$")
_PARTS: Final = (
    '[id^="postmessage_"], [id^="author_"], [id^="comment_"], [id^="post_rate_div_"]'
)
_POSTED = re.compile(r"\s*(?:发表于|發表於|發表于)\s*$")


def read_nodes(page: Snapshot) -> tuple[Post, ...]:
    """Every post of an answer, each once."""
    found = (_read_node(node, page) for node in page.tree.css("dl.bbda"))
    return tuple({post.pid: post for post in found if post}.values())


def _read_node(node: LexborNode, page: Snapshot) -> Post | None:
    numbers = (_NUMBERED.match(attr(part, "id")) for part in node.css(_PARTS))
    pid = next((int(found[1]) for found in numbers if found), None)
    head = node.css_first("dt")
    if pid is None or head is None:
        return None
    box = node.css_first('[id^="postmessage_"]')
    message = (
        read_message(box, page.clock, unescape=page.encoding != "utf-8")
        if box is not None
        else Message()
    )
    withheld = words(node.css_first("div.locked")) if box is None else ""
    author, uid, anonymous = _author(head)
    return Post(
        pid=pid,
        author=author,
        uid=uid,
        anonymous=anonymous,
        posted_at=page.clock.parse(printed_time(head.css_first("span.xg1"))),
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
    )


def _author(head: LexborNode) -> tuple[str, int | None, bool]:
    """Name, uid, anonymous: the head's link to a member; else the words before the time."""
    for link in head.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "user" and words(link):
            return words(link), target.id or None, False
    stamp, printed = words(head.css_first("span.xg1")), words(head)
    before = printed.partition(stamp)[0] if stamp else printed
    name = fold(DELETED_AUTHOR.sub("", _POSTED.sub("", before)))
    return ("", None, True) if is_anonymous(name) else (name, None, False)
