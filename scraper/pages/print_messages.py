"""The messages of a print page, cut from its source: what each says, what it attaches, and
whether it is withheld.

A message without markup but line breaks is read by itself; those with markup are read from
one tree, each in a wrapper that no stray end tag can close. `<applet>` is one: it bounds
the scope of every end tag, and ends open formatting (HTML Standard, 13.2.4.2 and
13.2.6.4.7). A message that still swallows those after it (an open table, say) is seen by
the count of wrappers, and then each is read alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.attachments import size_bytes
from scraper.markup.bbcode import take_attachments, tidy
from scraper.markup.html import elements, fold, tree_of
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message

_BREAK = re.compile(r"<br ?/?>")
_BLANK = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<[^>]{0,2000}>")
_WITHHELD = re.compile(
    # message_banned, message_single_banned: `提示: <em>…</em>`
    r"[^<>]{0,40}<em>[^<]{1,200}</em>[^<>]{0,40}"
    r"|[^<>]{0,20}(?:支付|購買|购买|pay)[^<>]{0,20}<strong>[^<]{1,60}</strong>[^<>]{0,60}",
    re.I,
)  # pay_comment
_LISTED = re.compile(
    r"(?:<br ?/?>\s*){2}<img\b[^<>]{0,300}>\s*[^<>:：]{1,40}[:：]\s*(?:\[(?P<about>[^<>\]]{0,500})\])?\s*"
    r"<b>(?P<name>[^<]{1,300})</b>\s*\((?P<facts>[^()<]{1,120})\)\s*/[^<\d]{0,40}(?P<count>\d{1,9})<br ?/?>\s*"
    r"(?P<url>https?://[^\s<]{1,500})(?P<image>\s*(?:<br ?/?>\s*){2}<img\b[^<>]{0,500}>)?"
)
_AID = re.compile(r"\baid=(\d{1,18})")
_SOURCE = re.compile(r'\bsrc="([^"]{1,500})"')


def withheld_words(source: str) -> str:
    """The forum's words where they stand in place of a whole message; empty for a message."""
    if len(source) > 400 or "<" not in source or not _WITHHELD.fullmatch(source):
        return ""
    return fold(html.unescape(_TAG.sub("", source)))


def read_messages(sources: Sequence[str], page: Snapshot) -> list[Message]:
    """Each message as words, quotes, links, images and attachments."""
    unescape = page.encoding != "utf-8"
    messages: list[Message | None] = [_plain(source, unescape) for source in sources]
    marked = [at for at, message in enumerate(messages) if message is None]
    if marked:
        cut = [_cut_listed(sources[at]) for at in marked]
        roots = _roots([source for source, _ in cut])
        for at, root, (_, listed) in zip(marked, roots, cut, strict=True):
            messages[at] = _with_attachments(
                read_message(root, page.clock, unescape=unescape), listed
            )
    return [message for message in messages if message]


def _plain(source: str, unescape: bool) -> Message | None:
    """A message whose only markup is line breaks; None for any other."""
    breaks = source.count("<")
    if breaks != source.count("<br />") and breaks != len(_BREAK.findall(source)):
        return None
    if "[attach" in source or (unescape and "&#" in source):
        return None
    parts = _BREAK.split(source) if breaks else [source]
    return Message(
        text=tidy("\n".join(_BLANK.sub(" ", html.unescape(part)) for part in parts))
    )


def _roots(sources: list[str]) -> list[LexborNode]:
    """An element for each source, all of one tree if they keep apart."""
    body = tree_of("".join(f"<applet>{source}</applet>" for source in sources)).body
    roots = list(elements(body)) if body is not None else []
    if len(roots) == len(sources) and all(root.tag == "applet" for root in roots):
        return roots
    alone = (tree_of(f"<body><applet>{source}").body for source in sources)
    return [root for root in alone if root is not None]


def _cut_listed(source: str) -> tuple[str, list[Attachment]]:
    """A message without the list of files that 4.1 to 7.2 print after it, and these files."""
    listed: list[Attachment] = []
    if "aid=" not in source:
        return source, listed
    for found in _LISTED.finditer(source):
        aid, image = _AID.search(found["url"]), _SOURCE.search(found["image"] or "")
        listed.append(
            Attachment(
                aid=int(aid[1]) if aid else None,
                name=fold(html.unescape(found["name"])),
                url=html.unescape(image[1] if image else found["url"]),
                size_bytes=size_bytes(found["facts"]),
                image=bool(image),
                downloads=int(found["count"]),
                description=fold(html.unescape(found["about"] or "")),
            )
        )
    return _LISTED.sub("", source), listed


def _with_attachments(message: Message, listed: list[Attachment]) -> Message:
    """A message with the files listed below it, and those of which it prints the place only."""
    text, typed = take_attachments(message.text)
    if not listed and not typed:
        return message
    files = {
        attachment.aid or attachment.url: attachment
        for attachment in (*typed, *message.attachments, *listed)
    }
    return replace(message, text=text, attachments=tuple(files.values()))
