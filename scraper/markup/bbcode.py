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
from scraper.markup.attachments import INLINED
from scraper.markup.dates import Clock
from scraper.markup.edit_mark import take_edit_mark
from scraper.markup.quotes import make_quote
from scraper.markup.text import Message

_TAG = re.compile(r"\[(/?)([A-Za-z]\w{0,14}|\*)(?:=((?:[^\[\]\n]|\[\])*))?\]")
_BREAKS = re.compile(r"\n\n\n+")
_SPACES = re.compile(r"[ \t][ \t]*+")
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
        return Message(
            text=tidy(source),
            edited_by=edited_by,
            edited_at=edited_at,
        )

    walk = _BBCodeWalk(source, clock)
    walk.through()
    text = "".join(walk.pieces)
    return Message(
        text=tidy(text),
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
    by_aid: dict[int, Attachment] = {}
    for place in _TYPED_ATTACHMENT.finditer(text):
        aid = int(place[2])
        by_aid[aid] = Attachment(
            aid=aid,
            image=place[1] == "attachimg",
        )
    rest = _TYPED_ATTACHMENT.sub("", text)
    return tidy(rest), tuple(by_aid.values())


def tidy(text: str) -> str:
    """Text with white space as a page shows it: runs made one, at most one blank line,
    no-break spaces as spaces."""
    if "\t" in text or "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = text.replace(" \n", "\n")
        text = text.replace("\n ", "\n")
        if "\n\n\n" in text:
            text = _BREAKS.sub("\n\n", text)
    text = text.strip(" \n")
    return text.replace("\xa0", " ").strip()


@dataclass(slots=True)
class _BBCodeWalk:
    """A walk from tag to tag of one message.

    `tags` are all of them, `names` their names, that of a closing tag with its slash; a tag
    is known by its index there.
    """

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
    names: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    last_places: dict[str, int] = field(default_factory=dict)

    def through(self) -> None:
        """Walk from tag to tag; the words between are taken as they are."""
        self._survey()
        source = self.source
        index = 0
        done = 0
        while index < len(self.tags):
            start = self.tags[index].start()
            if start > done:
                self.pieces.append(source[done:start])
            index = self._take(index)
            last_taken = self.tags[index - 1]
            done = last_taken.end()
        self.pieces.append(source[done:])

    def _survey(self) -> None:
        """Find all tags, and which of them have a partner."""
        self.tags = list(_TAG.finditer(self.source))
        for tag in self.tags:
            name = tag[1] + tag[2]
            self.names.append(name.lower())
        self.counts = Counter(self.names)
        self.last_places = {name: index for index, name in enumerate(self.names)}
        self.quotes_nest = self.counts["quote"] == self.counts["/quote"]

    def _take(self, index: int) -> int:
        """Take one tag, or one with all that it encloses; the index of the tag after it."""
        name = self.names[index]
        if name.startswith("/"):
            self._close(name[1:], index)
            return index + 1

        closing = "/" + name
        has_partner = self.last_places.get(closing, -1) > index
        if has_partner and name in _SWALLOWED:
            end = self.names.index(closing, index)
            self._swallow(name, self._between(index, end))
            return end + 1

        self._open(name, index, has_partner)
        return index + 1

    def _between(self, index: int, end: int) -> str:
        """The source between a tag and a later one."""
        first = self.tags[index].end()
        last = self.tags[end].start()
        return self.source[first:last]

    def _open(self, name: str, index: int, has_partner: bool) -> None:
        if name == "quote" and has_partner:
            self._open_quote()
        elif name == "url" and has_partner:
            self._take_link(index)
        elif name in _BLOCKS:
            self.pieces.append("\n")
        elif name == "td":
            self.pieces.append("\t")
        elif name not in _PLAIN and not has_partner:
            self._take_as_typed(index)

    def _close(self, name: str, index: int) -> None:
        if name == "quote" and self.quote_depth:
            self._close_quote()
        elif name in _BLOCKS:
            self.pieces.append("\n")
        elif name in _PLAIN or name == "td":
            return
        elif not self.counts[name]:
            self._take_as_typed(index)

    def _take_as_typed(self, index: int) -> None:
        tag = self.tags[index]
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
        quoted = self.pieces[self.quote_start :]
        del self.pieces[self.quote_start :]
        text = tidy("".join(quoted))
        quote = make_quote(text, self.quoted_links, self.clock)
        self.quotes.append(quote)
        self.pieces.append("\n")

    def _swallow(self, name: str, inner: str) -> None:
        """A tag whose content is no prose: code, an address, an attachment's number."""
        if name == "code":
            self.pieces += ("\n", inner, "\n")
            return
        inner = inner.strip()
        if name in _IMAGES:
            is_icon = any(icon in inner for icon in _OWN_ICONS)
            if not is_icon and not inner.startswith(INLINED):
                self.images.append(inner)
        elif name in _MEDIA:
            self.links.append(inner)
        elif name in _ATTACHED and _DIGITS.fullmatch(inner):
            attachment = Attachment(
                aid=int(inner),
                image=name == "attachimg",
            )
            self.attachments.append(attachment)

    def _take_link(self, index: int) -> None:
        """`[url=address]words[/url]`, or the address between the tags. A link has a partner:
        there is a tag after it."""
        address = self.tags[index][3]
        if not address:
            address = self._between(index, index + 1)
        links = self.quoted_links if self.quote_depth else self.links
        links.append(address.strip())
