"""Raw BBCode → the poster's own words: the archivers of 6.0 and 7.x print messages as they
were typed.

One pass over the tags, whatever their nesting. Names and pairs follow `discuzcode()`
(include/discuzcode.func.php of
7.2): a tag that Discuz! would have shown as typed, because nothing closes it, stays in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from scraper.core.records import Attachment, Quote
from scraper.markup.dates import Clock
from scraper.markup.quotes import make_quote
from scraper.markup.text import Message

_TAG = re.compile(r"\[(/?)([A-Za-z]\w{0,14}|\*)(?:=((?:[^\[\]\n]|\[\])*))?\]")
_EDIT_WORDS = (
    r"(?:本帖最[后後]由[ \xa0]*(?P<by>[^\n]{1,80}?)[ \xa0]*[于於][ \xa0]*"
    r"(?P<at>\d[\d\-/.年月日]{5,12}[ \xa0][^\n]{3,16}?)[ \xa0]*[编編][辑輯]"
    r"|(?:last )?edited by (?P<by_en>[^\n]{1,80}?) (?:at|on) (?P<at_en>\d[^\n]{5,30}?))"
)
_EDIT_TAGGED = re.compile(
    r"\[?\[i(?:=s)?\][ \xa0]*" + _EDIT_WORDS + r"[ \xa0]*\[/i\]\]?", re.I
)
_EDIT_BARE = re.compile(
    r"^[ \t\xa0]*(?P<open>\[\s{0,4})?" + _EDIT_WORDS + r"(?(open)\s{0,4}\])[ \t\xa0]*$",
    re.I | re.M,
)
_QUOTE_HEAD = re.compile(r"(?:发表于|發表於|發表于)[^\n]{6,60}\s*$")
_BREAKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]+")
_DIGITS = re.compile(r"\d{1,18}")
_TYPED = re.compile(r"\[(attach(?:img)?)\](\d{1,18})\[/\1\]")
_MOST_MARKS: Final = 20
_OWN_ICONS = ("images/common/", "image/common/", "images/default/")

_PLAIN = frozenset(
    (
        "b",
        "i",
        "u",
        "s",
        "strike",
        "color",
        "size",
        "font",
        "face",
        "backcolor",
        "sup",
        "sub",
        "fly",
        "marquee",
        "float",
        "free",
        "left",
        "right",
        "center",
        "email",
        "qq",
    )
)
_BLOCKS = frozenset(["align", "p", "indent", "table", "tr", "list", "li", "*", "hr"])
_IMAGES = frozenset(["img", "imgs"])
_ATTACHED = frozenset(["attach", "attachimg"])
_MEDIA = frozenset(
    (
        "media",
        "flash",
        "swf",
        "audio",
        "video",
        "wmv",
        "wma",
        "rm",
        "ra",
        "real",
        "mp3",
        "mp4",
        "flv",
        "ed2k",
        "thunder",
    )
)
_UNSEEN = frozenset(["hide", "password", "postbg"])
_SWALLOWED = _IMAGES | _ATTACHED | _MEDIA | _UNSEEN | {"code"}


def read_bbcode(source: str, clock: Clock) -> Message:
    """A message as typed, its lines divided by `\\n` and entities undone, as words, quotes,
    links and attachments."""
    source, edited_by, edited_at = take_edit_mark(source, clock)
    if "[" not in source:
        return Message(text=tidy(source), edited_by=edited_by, edited_at=edited_at)
    walk = _BBCodeReader(source, clock)
    walk.through()
    return Message(
        text=tidy("".join(walk.out)),
        quotes=tuple(walk.quotes),
        images=tuple(walk.images),
        links=tuple(walk.links),
        attachments=tuple(walk.attachments),
        edited_by=edited_by,
        edited_at=edited_at,
    )


def take_edit_mark(source: str, clock: Clock) -> tuple[str, str, datetime | None]:
    """A message without the forum's line about its last edit; who edited it, and when.

    A quote repeats the mark of the quoted post: it goes as well, and says nothing of this one.
    """
    if "本帖最" not in source and "dited by" not in source:
        return source, "", None
    pattern = _EDIT_TAGGED if _EDIT_TAGGED.search(source) else _EDIT_BARE
    marks = islice(pattern.finditer(source), _MOST_MARKS)
    mark = next((mark for mark in marks if not _is_quoted(source, mark.start())), None)
    rest = pattern.sub("", source)
    if mark is None or not (edited_at := clock.parse(mark["at"] or mark["at_en"])):
        return rest, "", None
    return rest, (mark["by"] or mark["by_en"]).strip(), edited_at


def take_attachments(text: str) -> tuple[str, tuple[Attachment, ...]]:
    """A text without the places of attachments that a page prints as typed
    (`[attach]12[/attach]`), and these."""
    if "[attach" not in text:
        return text, ()
    found = {int(place[2]): place[1] == "attachimg" for place in _TYPED.finditer(text)}
    return tidy(_TYPED.sub("", text)), tuple(
        Attachment(aid=aid, image=image) for aid, image in found.items()
    )


def _is_quoted(source: str, at: int) -> bool:
    """Whether a place is within a quote: in its tags, or right below the head that stripped
    BBCode leaves of it."""
    if _QUOTE_HEAD.search(source[max(0, at - 120) : at]):
        return True
    return source.rfind("[quote", 0, at) > source.rfind("[/quote", 0, at)


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
class _BBCodeReader:
    source: str
    clock: Clock
    out: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    quoted_links: list[str] = field(default_factory=list)
    quote_start: int = 0
    depth: int = 0
    nests: bool = True
    tags: list[re.Match[str]] = field(default_factory=list)
    last_close: dict[str, int] = field(default_factory=dict)
    opened: Counter[str] = field(default_factory=Counter)

    def through(self) -> None:
        """Walk from tag to tag; the words between are taken as they are."""
        self.tags = list(_TAG.finditer(self.source))
        self.last_close = {
            tag[2].lower(): at for at, tag in enumerate(self.tags) if tag[1]
        }
        self.opened = Counter(tag[2].lower() for tag in self.tags if not tag[1])
        self.nests = self.opened["quote"] == sum(
            1 for tag in self.tags if tag[1] and tag[2].lower() == "quote"
        )
        at, done = 0, 0
        while at < len(self.tags):
            tag = self.tags[at]
            if tag.start() > done:
                self.out.append(self.source[done : tag.start()])
            at, done = self._take(at, tag)
        self.out.append(self.source[done:])

    def _take(self, at: int, tag: re.Match[str]) -> tuple[int, int]:
        """Take one tag, or one with all that it encloses; where to go on, among the tags
        and in the text."""
        name = tag[2].lower()
        if not tag[1] and name in _SWALLOWED and self.last_close.get(name, -1) > at:
            end = next(
                i
                for i in range(at + 1, len(self.tags))
                if self.tags[i][1] and self.tags[i][2].lower() == name
            )
            self._swallow(name, self.source[tag.end() : self.tags[end].start()])
            return end + 1, self.tags[end].end()
        if tag[1]:
            self._close(name, tag)
        else:
            self._open(at, name, tag)
        return at + 1, tag.end()

    def _open(self, at: int, name: str, tag: re.Match[str]) -> None:
        paired = self.last_close.get(name, -1) > at
        if name == "quote" and paired:
            self._open_quote()
        elif name == "url" and paired:
            (self.quoted_links if self.depth else self.links).append(
                (tag[3] or self._words_after(at)).strip()
            )
        elif name in _BLOCKS:
            self.out.append("\n")
        elif name == "td":
            self.out.append("\t")
        elif name not in _PLAIN and not paired:
            self.out.append(tag[0])

    def _close(self, name: str, tag: re.Match[str]) -> None:
        if name == "quote" and self.depth:
            self._close_quote()
        elif name in _BLOCKS:
            self.out.append("\n")
        elif name not in _PLAIN and name != "td" and not self.opened[name]:
            self.out.append(tag[0])

    def _open_quote(self) -> None:
        """A quote inside a quote is part of its words."""
        if not self.depth:
            self.quote_start, self.quoted_links = len(self.out), []
        self.depth += 1 if self.nests or not self.depth else 0
        self.out.append("\n")

    def _close_quote(self) -> None:
        self.depth -= 1
        self.out.append("\n")
        if not self.depth:
            text = tidy("".join(self.out[self.quote_start :]))
            del self.out[self.quote_start :]
            self.quotes.append(make_quote(text, self.quoted_links, self.clock))
            self.out.append("\n")

    def _swallow(self, name: str, inner: str) -> None:
        """A tag whose content is no prose: code, an address, an attachment's number."""
        if name == "code":
            self.out += ("\n", inner, "\n")
        elif name in _IMAGES and not any(icon in inner for icon in _OWN_ICONS):
            self.images.append(inner.strip())
        elif name in _MEDIA:
            self.links.append(inner.strip())
        elif name in _ATTACHED and _DIGITS.fullmatch(inner.strip()):
            self.attachments.append(
                Attachment(aid=int(inner), image=name == "attachimg")
            )

    def _words_after(self, at: int) -> str:
        following = (
            self.tags[at + 1].start() if at + 1 < len(self.tags) else len(self.source)
        )
        return self.source[self.tags[at].end() : following]
