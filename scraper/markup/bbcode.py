"""Raw BBCode → the poster's own words: the archivers of 6.0 and 7.x print messages as they
were typed.

One pass over the tags, whatever their nesting. Names and pairs follow `discuzcode()`
(include/discuzcode.func.php of 7.2): a tag that Discuz! would have shown as typed, because
nothing closes it, stays in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from scraper.core.records import Attachment, Quote
from scraper.markup.dates import Clock
from scraper.markup.edit_mark import take_edit_mark
from scraper.markup.quotes import make_quote
from scraper.markup.text import Message

_TAG = re.compile(r"\[(/?)([A-Za-z]\w{0,14}|\*)(?:=((?:[^\[\]\n]|\[\])*))?\]")
_BREAKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]+")
_DIGITS = re.compile(r"\d{1,18}")
_TYPED_ATTACHMENT = re.compile(r"\[(attach(?:img)?)\](\d{1,18})\[/\1\]")
_OWN_ICONS = ("images/common/", "image/common/", "images/default/")

_PLAIN_TAGS: Final = """
b i u s strike color size font face backcolor sup sub fly marquee float free left right center
email qq
"""
_MEDIA_TAGS: Final = """
media flash swf audio video wmv wma rm ra real mp3 mp4 flv ed2k thunder
"""
_PLAIN = frozenset(_PLAIN_TAGS.split())
_BLOCKS = frozenset(["align", "p", "indent", "table", "tr", "list", "li", "*", "hr"])
_IMAGES = frozenset(["img", "imgs"])
_ATTACHED = frozenset(["attach", "attachimg"])
_MEDIA = frozenset(_MEDIA_TAGS.split())
_UNSEEN = frozenset(["hide", "password", "postbg"])
_SWALLOWED = _IMAGES | _ATTACHED | _MEDIA | _UNSEEN | {"code"}


def read_bbcode(source: str, clock: Clock) -> Message:
    """A message as typed, its lines divided by `\\n` and entities undone, as words, quotes,
    links and attachments."""
    source, edited_by, edited_at = take_edit_mark(source, clock)
    if "[" not in source:
        return Message(text=tidy(source), edited_by=edited_by, edited_at=edited_at)

    walk = _BBCodeWalk(source, clock)
    walk.through()
    return Message(
        text=tidy("".join(walk.pieces)),
        quotes=tuple(walk.quotes),
        images=tuple(walk.images),
        links=tuple(walk.links),
        attachments=tuple(walk.attachments),
        edited_by=edited_by,
        edited_at=edited_at,
    )


def take_attachments(text: str) -> tuple[str, tuple[Attachment, ...]]:
    """A text without the places of attachments that a page prints as typed
    (`[attach]12[/attach]`), and these."""
    if "[attach" not in text:
        return text, ()
    is_image_by_aid: dict[int, bool] = {}
    for place in _TYPED_ATTACHMENT.finditer(text):
        is_image_by_aid[int(place[2])] = place[1] == "attachimg"
    attachments = tuple(
        Attachment(aid=aid, image=is_image) for aid, is_image in is_image_by_aid.items()
    )
    return tidy(_TYPED_ATTACHMENT.sub("", text)), attachments


def tidy(text: str) -> str:
    """Text with white space as a page shows it: runs made one, at most one blank line,
    no-break spaces as spaces."""
    if "\t" in text or "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
        if "\n\n\n" in text:
            text = _BREAKS.sub("\n\n", text)
    return text.strip(" \n").replace("\xa0", " ").strip()


@dataclass(slots=True)
class _BBCodeWalk:
    """A walk from tag to tag of one message. `tags` are all of them; a tag is known by its
    index there."""

    source: str
    clock: Clock
    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    quoted_links: list[str] = field(default_factory=list)
    quote_start: int = 0
    quote_depth: int = 0
    quotes_nest: bool = True
    tags: list[re.Match[str]] = field(default_factory=list)
    last_close: dict[str, int] = field(default_factory=dict)
    opened: Counter[str] = field(default_factory=Counter)

    def through(self) -> None:
        """Walk from tag to tag; the words between are taken as they are."""
        self._survey()
        index = 0
        done = 0
        while index < len(self.tags):
            tag = self.tags[index]
            if tag.start() > done:
                self.pieces.append(self.source[done : tag.start()])
            index = self._take(index, tag)
            done = self.tags[index - 1].end()
        self.pieces.append(self.source[done:])

    def _survey(self) -> None:
        """Find all tags, and which of them have a partner."""
        self.tags = list(_TAG.finditer(self.source))
        closed_quotes = 0
        for index, tag in enumerate(self.tags):
            name = tag[2].lower()
            if not tag[1]:
                self.opened[name] += 1
                continue
            self.last_close[name] = index
            if name == "quote":
                closed_quotes += 1
        self.quotes_nest = self.opened["quote"] == closed_quotes

    def _take(self, index: int, tag: re.Match[str]) -> int:
        """Take one tag, or one with all that it encloses; the index of the tag after it."""
        name = tag[2].lower()
        if tag[1]:
            self._close(name, tag)
            return index + 1
        if name in _SWALLOWED and self._is_closed(name, index):
            end = self._partner(name, index)
            inner = self.source[tag.end() : self.tags[end].start()]
            self._swallow(name, inner)
            return end + 1
        self._open(index, name, tag)
        return index + 1

    def _is_closed(self, name: str, index: int) -> bool:
        return self.last_close.get(name, -1) > index

    def _partner(self, name: str, index: int) -> int:
        """The index of the next tag that closes `name`; there must be one."""
        while True:
            index += 1
            tag = self.tags[index]
            if tag[1] and tag[2].lower() == name:
                return index

    def _open(self, index: int, name: str, tag: re.Match[str]) -> None:
        is_closed = self._is_closed(name, index)
        if name == "quote" and is_closed:
            self._open_quote()
        elif name == "url" and is_closed:
            self._take_link(index, tag)
        elif name in _BLOCKS:
            self.pieces.append("\n")
        elif name == "td":
            self.pieces.append("\t")
        elif name not in _PLAIN and not is_closed:
            self.pieces.append(tag[0])

    def _close(self, name: str, tag: re.Match[str]) -> None:
        if name == "quote" and self.quote_depth:
            self._close_quote()
        elif name in _BLOCKS:
            self.pieces.append("\n")
        elif name not in _PLAIN and name != "td" and not self.opened[name]:
            self.pieces.append(tag[0])

    def _open_quote(self) -> None:
        """A quote inside a quote is part of its words."""
        if not self.quote_depth:
            self.quote_start = len(self.pieces)
            self.quoted_links = []
        if self.quotes_nest or not self.quote_depth:
            self.quote_depth += 1
        self.pieces.append("\n")

    def _close_quote(self) -> None:
        self.quote_depth -= 1
        self.pieces.append("\n")
        if self.quote_depth:
            return
        text = tidy("".join(self.pieces[self.quote_start :]))
        del self.pieces[self.quote_start :]
        self.quotes.append(make_quote(text, self.quoted_links, self.clock))
        self.pieces.append("\n")

    def _swallow(self, name: str, inner: str) -> None:
        """A tag whose content is no prose: code, an address, an attachment's number."""
        if name == "code":
            self.pieces += ("\n", inner, "\n")
        elif name in _IMAGES:
            if not any(icon in inner for icon in _OWN_ICONS):
                self.images.append(inner.strip())
        elif name in _MEDIA:
            self.links.append(inner.strip())
        elif name in _ATTACHED and _DIGITS.fullmatch(inner.strip()):
            attachment = Attachment(aid=int(inner), image=name == "attachimg")
            self.attachments.append(attachment)

    def _take_link(self, index: int, tag: re.Match[str]) -> None:
        """`[url=address]words[/url]`, or the address between the tags."""
        address = tag[3] or self._words_after(index)
        links = self.quoted_links if self.quote_depth else self.links
        links.append(address.strip())

    def _words_after(self, index: int) -> str:
        start = self.tags[index].end()
        if index + 1 == len(self.tags):
            return self.source[start:]
        return self.source[start : self.tags[index + 1].start()]
