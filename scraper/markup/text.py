"""A message's markup → the poster's own words, quotes, links, images, attachments and edit mark.

One walk without recursion (messages nested 10,000 deep exist), the same for every
generation: what is not the poster's (jammer text, attachment boilerplate, notices, scripts)
is left out where its element begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Attachment, Quote
from scraper.markup.attachments import (
    image_address,
    inline_aid,
    joined,
    read_attachment,
)
from scraper.markup.code import BREAK, CELL, EDGE, arrange, is_jammer, read_code
from scraper.markup.dates import Clock
from scraper.markup.html import attr, next_element, printed_time, words
from scraper.markup.media import addresses_in_script, media_address
from scraper.markup.quotes import make_quote
from scraper.markup.smilies import smiley_code
from scraper.markup.withheld import locked_words

_EDIT = re.compile(
    r"(?:本帖最[后後]由|最[后後]由)\s*(?P<by>.*?)\s*[于於]\s*(?P<at>[^于於]{4,40}?)\s*[编編][辑輯]"
    r"|last edited by\s*(?P<by_en>.*?)\s* (?:at|on) (?P<at_en>.{6,40}?)\s*$",
    re.I,
)
_EDITED = ("本帖最", "最后由", "最後由", "this post was last edited", "last edited by")
_FLOOR = re.compile(r"\d{1,9} ?[#楼樓]$")
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "table",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "center",
        "fieldset",
        "legend",
        "form",
        "article",
        "section",
        "tbody",
        "thead",
        "caption",
        "figure",
        "ignore_js_op",
    }
)
_EDGES = dict.fromkeys(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"), EDGE + BREAK
)  # space around
_SKIPPED = frozenset(
    {
        "style",
        "noscript",
        "textarea",
        "select",
        "button",
        "input",
        "template",
        "title",
        "svg",
    }
)
_NOT_LINKS = ("javascript:", "#", "mailto:", "data:")
_MENUS = frozenset(
    {"attach_popup", "tip", "attach_nopermission", "aimg_tip", "attp", "a_pr"}
)  # and advertisements
_FILES = frozenset({"t_attach", "t_attachlist", "tatt"})


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


def read_message(root: LexborNode, clock: Clock, unescape: bool = False) -> Message:
    """Read a message's element. `unescape`: characters that the page's encoding lacks are
    `&amp;#N;` (X3.4 GBK)."""
    html = (root.inner_html or "").strip()
    if html.count("<") == html.count(
        "<br>"
    ):  # most messages: words and line breaks, which need no walk
        return Message(html=html, text=arrange((_words_of(html),), False, unescape))
    walk = _MessageReader(clock, unescape)
    walk.through(root)
    return Message(
        html=html,
        text=walk.text(),
        quotes=tuple(walk.quotes),
        attachments=tuple(walk.attachments),
        images=tuple(dict.fromkeys(walk.images)),
        links=tuple(dict.fromkeys(walk.links)),
        edited_by=walk.edited_by,
        edited_at=walk.edited_at,
        hidden=tuple(walk.hidden),
    )


def _words_of(html: str) -> str:
    """Serialised words and line breaks as a walk would gather them; a serialiser writes
    these four entities only."""
    text = html.replace("<br>", BREAK)
    if "&" in text:
        text = (
            text.replace("&nbsp;", "\xa0")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
        )
    return text


def plain_text(root: LexborNode, clock: Clock) -> str:
    """Only the words of an element, blocks on lines of their own."""
    walk = _MessageReader(clock, False)
    walk.through(root)
    return walk.text()


@dataclass(slots=True)
class _MessageReader:
    clock: Clock
    unescape: bool
    out: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    all_links: list[str] = field(default_factory=list)
    drop_bracket: bool = False
    coded: bool = False
    quoted: bool = False
    barren: bool = False
    edited_by: str = ""
    edited_at: datetime | None = None

    def text(self) -> str:
        """What was gathered, lines trimmed, code as it stands, no-break spaces as spaces."""
        return arrange(self.out, self.coded, self.unescape)

    def through(self, root: LexborNode) -> None:
        """Walk all that is below `root`."""
        out = self.out
        open_nodes: list[tuple[LexborNode, str]] = []
        node = root.first_child
        while node is not None or open_nodes:
            if node is None:
                node, tail = open_nodes.pop()
                if tail:
                    out.append(tail)
            else:
                tag = node.tag or ""
                if tag == "-text":
                    out.append(
                        self._words(node)
                        if self.drop_bracket
                        else node.text_content or ""
                    )
                elif tag == "br":
                    out.append(BREAK)
                elif self._enter(node, tag):
                    open_nodes.append((node, _tail(tag)))
                    node = node.first_child
                    continue
            node = node.next

    def _words(self, node: LexborNode) -> str:
        self.drop_bracket = False
        return (node.text_content or "").lstrip().removeprefix("]")

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """Take what an element itself says; True where its children are the poster's words."""
        handler = _HANDLERS.get(tag)
        if handler is not None and not handler(self, node):
            return False
        if tag in _BLOCKS:
            self.out.append(_EDGES.get(tag, EDGE))
        return tag not in _SKIPPED

    def _font(self, node: LexborNode) -> bool:
        return not is_jammer(node.attributes)

    def _span(self, node: LexborNode) -> bool:
        at = node.attributes
        if is_jammer(at):
            return False
        ident, kind = at.get("id") or "", at.get("class") or ""
        if ident.startswith("attach_") or kind == "t_attach":
            return self._attachment(node)
        return kind not in ("headactions", "atips")

    def _italic(self, node: LexborNode) -> bool:
        marked = "pstatus" in (node.attributes.get("class") or "")
        first = node.first_child
        said = (
            (first.text_content or "")
            if first is not None and first.is_text_node
            else ""
        )
        if not marked and not said.lstrip().lower().startswith(_EDITED):
            return True
        found = _EDIT.search(words(node))
        if not found:
            if marked:  # in another language: the time is one in each
                self.edited_at = self.clock.parse(
                    printed_time(node.css_first("span[title]")) or words(node)
                )
            return not marked
        self.edited_by = found["by"] or found["by_en"] or ""
        self.edited_at = self.clock.parse(
            printed_time(node.css_first("span[title]")) or found["at"] or found["at_en"]
        )
        self._drop_brackets(node)
        return False

    def _drop_brackets(self, node: LexborNode) -> None:
        """6.0 puts the mark in `[ ]` of its own: the one before is taken back, the one
        after is left out."""
        after = node.next
        if (
            self.out
            and self.out[-1].rstrip().endswith("[")
            and after is not None
            and after.is_text_node
        ):
            self.out[-1] = self.out[-1].rstrip()[:-1]
            self.drop_bracket = True

    def _div(self, node: LexborNode) -> bool:
        at = node.attributes
        names = (at.get("class") or "").split()
        for name in names:
            if name == "quote":
                return self._quote(node)
            if name == "blockcode":
                return self._code(node)
            if name == "locked" or name == "notice":
                return self._locked(node)
            if name in _FILES or name == "aimg_tip":
                return self._attachment(node)
            if name in _MENUS:
                return False
        return not is_jammer(at)

    def _heading(self, node: LexborNode) -> bool:
        """A part that readers of a kind may see is headed by the forum's words
        (`div.showhide > h4`)."""
        above = node.parent
        return above is None or attr(above, "class") != "showhide"

    def _locked(self, node: LexborNode) -> bool:
        """A hidden part. A `showhide` block is the same part as those see it who may read it."""
        self.hidden.append(locked_words(node))
        self.out.append(EDGE)
        return False

    def _quote(self, node: LexborNode) -> bool:
        """A quote; one within another is not the quoted poster's own."""
        self.out.append(EDGE)
        if self.quoted:
            return False
        inner = _MessageReader(self.clock, self.unescape, quoted=True)
        inner.through(node)
        self.quotes.append(make_quote(inner.text(), inner.all_links, self.clock))
        self.images += inner.images
        return False

    def _code(self, node: LexborNode) -> bool:
        self.coded = True
        self.out += (EDGE, read_code(node), EDGE)
        return False

    def _attachment(self, node: LexborNode) -> bool:
        """An attachment's block; the menu of a picture that stands in the text tells the
        rest of it."""
        if found := read_attachment(node):
            self._attach(found)
        self.out.append(EDGE)
        return False

    def _attach(self, found: Attachment) -> None:
        if found.image and found.url and "aid=" not in found.url:
            self.images.append(found.url)
        for at, known in enumerate(self.attachments):
            if found.aid is not None and known.aid == found.aid:
                self.attachments[at] = joined(known, found)
                return
        self.attachments.append(found)

    def _list(self, node: LexborNode) -> bool:
        """A `dl` is a file's entry, or a list of the poster's own."""
        return (
            "attach" not in attr(node, "class") and "tattl" not in attr(node, "class")
        ) or self._attachment(node)

    def _ignored(self, node: LexborNode) -> bool:
        """`ignore_js_op` wraps an attachment, or a media player; where one lies in another,
        it wraps damage."""
        if self.barren:
            return True
        if read_attachment(node) is None:
            self.barren = node.css_first("ignore_js_op ignore_js_op") is not None
            return True
        return self._attachment(node)

    def _image(self, node: LexborNode) -> bool:
        at = node.attributes
        code = smiley_code(at)
        if code is not None:
            self.out.append(code)
        elif address := image_address(node):
            aid = inline_aid(at)
            if aid is None:
                self.images.append(address)
            else:
                self._attach(Attachment(aid=aid, url=address, image=True))
        return False

    def _link(self, node: LexborNode) -> bool:
        href = attr(node, "href")
        if href and not href.startswith(_NOT_LINKS):
            self.all_links.append(href)
            if "findpost" in href and _FLOOR.match(words(node)):
                self._answered(node, href)
            elif not ("attachment" in href and "aid=" in href):
                self.links.append(href)
        return True

    def _answered(self, node: LexborNode, href: str) -> None:
        """`回复 3# 名字`: the post that is answered, none of its words."""
        target, name = parse_url(href), next_element(node)
        if target is not None and target.kind == "post" and not self.quoted:
            self.quotes.append(
                Quote(
                    pid=target.id,
                    author=words(name) if name is not None and name.tag == "i" else "",
                )
            )

    def _emphasis(self, node: LexborNode) -> bool:
        return "copycode" not in attr(node, "onclick")

    def _media(self, node: LexborNode) -> bool:
        if address := media_address(node):
            self.links.append(address)
        return False

    def _script(self, node: LexborNode) -> bool:
        self.links += addresses_in_script(node)
        return False


def _tail(tag: str) -> str:
    if tag in _BLOCKS:
        return _EDGES.get(tag, EDGE)
    return CELL if tag == "td" or tag == "th" else ""


_Handler = Callable[[_MessageReader, LexborNode], bool]
_HANDLERS: dict[str, _Handler] = {
    "font": _MessageReader._font,
    "span": _MessageReader._span,
    "i": _MessageReader._italic,
    "div": _MessageReader._div,
    "dl": _MessageReader._list,
    "ignore_js_op": _MessageReader._ignored,
    "img": _MessageReader._image,
    "a": _MessageReader._link,
    "em": _MessageReader._emphasis,
    "iframe": _MessageReader._media,
    "audio": _MessageReader._media,
    "video": _MessageReader._media,
    "object": _MessageReader._media,
    "embed": _MessageReader._media,
    "script": _MessageReader._script,
    "h4": _MessageReader._heading,
}
