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
from scraper.markup.code import with_single_spaces
from scraper.markup.html import elements, fold, tree_of
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message, read_message
from scraper.markup.wording_learning import read_bare_wording

_BREAK = re.compile(r"<br ?/?>")
_TAG = re.compile(r"<[^<>]{0,2000}+>")
_WITHHELD = re.compile(
    # message_banned, message_single_banned: `提示: <em>…</em>`
    r"^[^<>]{0,40}<em>[^<]{1,200}</em>[^<>]{0,40}"
    r"|[^<>]{0,20}(?:支付|購買|购买|pay)[^<>]{0,20}<strong>[^<]{1,60}</strong>[^<>]{0,60}",
    re.I,
)  # pay_comment
_LISTED = re.compile(
    r"(?:<br ?/?>\s*){2}<img\b[^<>]{0,300}>\s*[^<>:：]{1,40}[:：]\s*"
    r"(?:\[(?P<about>[^<>\]]{0,500})\])?\s*"
    r"<b>(?P<name>[^<]{1,300})</b>\s*\((?P<facts>[^()<]{1,120})\)\s*"
    r"/[^<\d]{0,40}(?P<count>\d{1,9})<br ?/?>\s*"
    r"(?P<url>https?://[^\s<]{1,500})(?P<image>\s*(?:<br ?/?>\s*){2}<img\b[^<>]{0,500}>)?"
)
_LONGEST_WITHHELD = 400
_AID = re.compile(r"\baid=(\d{1,18})")
_SOURCE = re.compile(r'\bsrc="([^"]{1,500})"')


def withheld_words(source: str) -> str:
    """The forum's words where they stand in place of a whole message; empty for a message."""
    if len(source) > _LONGEST_WITHHELD or "<" not in source:
        return ""
    if not _WITHHELD.fullmatch(source):
        return ""
    words = _TAG.sub("", source)
    return _plain_words(words)


def _plain_words(source: str) -> str:
    text = html.unescape(source)
    return fold(text)


def read_messages(sources: Sequence[str], page: Snapshot) -> list[Message]:
    """Each message as words, quotes, links, images and attachments."""
    unescape = page.encoding != "utf-8"
    messages: dict[int, Message] = {}
    marked: dict[int, str] = {}
    for index, source in enumerate(sources):
        message = _plain_message(source, unescape)
        if message is not None:
            messages[index] = message
        else:
            marked[index] = source

    if marked:
        marked_sources = list(marked.values())
        read = _marked_messages(marked_sources, page, unescape)
        messages.update(zip(marked, read, strict=True))
    order = range(len(sources))
    return [messages[index] for index in order]


def _marked_messages(
    sources: Sequence[str],
    page: Snapshot,
    unescape: bool,
) -> list[Message]:
    """Messages with markup, all from one tree."""
    bodies = []
    lists = []
    for source in sources:
        body, listed = _cut_listed(source)
        bodies.append(body)
        lists.append(listed)

    messages = []
    roots = _roots(bodies)
    wording = read_bare_wording(page.text)
    for root, listed in zip(roots, lists, strict=True):
        message = read_message(
            root,
            page.clock,
            unescape,
            wording=wording,
        )
        message = _with_attachments(message, listed)
        messages.append(message)
    return messages


def _plain_message(source: str, unescape: bool) -> Message | None:
    """A message whose only markup is line breaks; None for any other."""
    tags = source.count("<")
    if tags != _count_breaks(source, tags):
        return None
    if "[attach" in source:
        return None
    if unescape and "&#" in source:
        return None

    lines = [source]
    if tags:
        lines = _BREAK.split(source)
    plain_lines = map(_plain_line, lines)
    text = "\n".join(plain_lines)
    tidied = tidy(text)
    return Message(text=tidied)


def _count_breaks(source: str, tags: int) -> int:
    """How many of so many tags are line breaks: nearly all are of one form, which is counted
    faster than by a pattern."""
    usual = source.count("<br />")
    if usual == tags:
        return usual
    breaks = _BREAK.findall(source)
    return len(breaks)


def _plain_line(source: str) -> str:
    text = html.unescape(source)
    return with_single_spaces(text)


def _roots(sources: list[str]) -> list[LexborNode]:
    """An element for each source, all of one tree if they keep apart."""
    wrapped = [f"<applet>{source}</applet>" for source in sources]
    tree = tree_of("".join(wrapped))
    roots = list[LexborNode]()
    if tree.body is not None:
        roots += elements(tree.body)
    are_apart = all(root.tag == "applet" for root in roots)
    if are_apart and len(roots) == len(sources):
        return roots
    return _roots_alone(sources)


def _roots_alone(sources: list[str]) -> list[LexborNode]:
    """An element for each source, each of a tree of its own."""
    roots = list[LexborNode]()
    for source in sources:
        tree = tree_of(f"<body><applet>{source}")
        if tree.body is not None:
            roots.append(tree.body)
    return roots


def _cut_listed(source: str) -> tuple[str, list[Attachment]]:
    """A message without the list of files that 4.1 to 7.2 print after it, and these files."""
    if "aid=" not in source:
        return source, []
    listed = list[Attachment]()
    for found in _LISTED.finditer(source):
        attachment = _listed_attachment(found)
        listed.append(attachment)
    body = _LISTED.sub("", source)
    return body, listed


def _listed_attachment(found: re.Match[str]) -> Attachment:
    """A file of the list below a message."""
    address = found["url"]
    aid = _AID.search(address)
    image = _SOURCE.search(found["image"] or "")
    if image is not None:
        address = image[1]
    description = found["about"] or ""
    return Attachment(
        aid=int(aid[1]) if aid else None,
        name=_plain_words(found["name"]),
        url=html.unescape(address),
        size_bytes=size_bytes(found["facts"]),
        image=image is not None,
        downloads=int(found["count"]),
        description=_plain_words(description),
    )


def _with_attachments(message: Message, listed: list[Attachment]) -> Message:
    """A message with the files listed below it, and those of which it prints the place only."""
    text, typed = take_attachments(message.text)
    if not listed and not typed:
        return message
    files: dict[int | str, Attachment] = {}
    for file in (*typed, *message.attachments, *listed):
        key = file.aid or file.url
        files[key] = file
    return replace(
        message,
        text=text,
        attachments=tuple(files.values()),
    )
