"""A page as it was kept → one that can be shown: its words, tables and pictures, and nothing
that runs, sends, or is loaded.

Three walls, each enough alone: an allow-list that the markup is cleaned by; a policy under
which nothing runs and nothing is loaded (`POLICY`); and a sandbox in which the page has no
origin, so that it could read nothing of the archive.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.web.allow_list import DROPPED_WITH_CONTENT
from archive.web.media import picture_type
from scraper.core.errors import PageError
from scraper.markup.attachments import image_address, inline_aid
from scraper.markup.decode import decode
from scraper.markup.excess import OF_MESSAGE, refuse_excess
from scraper.markup.html import tags_removed

SANDBOX: Final = "allow-top-navigation-by-user-activation"
"""A link that a reader clicks leads away from the whole page, as links do; nothing else may."""
POLICY: Final = (
    f"sandbox {SANDBOX}; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
CONTENT_TYPE: Final = "text/html; charset=utf-8"
"""Whatever the forum's pages were written in: no browser guesses an encoding, by which harmless
bytes become tags."""
MAX_CHARS: Final = 2_000_000
"""A longer page is shown by its first words alone."""
MAX_PICTURE_BYTES: Final = 8_000_000
"""Of all pictures of a page, which stand in it: a page without an origin can load none."""

_MARKUP: Final = re.compile(
    r"<(?:!doctype html|html|head|body|table|div|p|br|b|a)\b", re.I
)
_KEPT: Final = "kept:"
_TAGS: Final = (
    "a abbr address article aside b big blockquote br caption center cite code col colgroup "
    "dd del details dfn div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 "
    "h6 header hr i img ins kbd label legend li main nav ol p pre q rp rt ruby s samp section "
    "small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr"
)
_CELL: Final = {"align", "bgcolor", "colspan", "height", "rowspan", "valign", "width"}
_ATTRIBUTES: Final = {
    "*": {"id", "style", "title", "lang", "dir"},
    "a": {"href", "name"},
    "col": {"span", "width"},
    "div": {"align"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "p": {"align"},
    "table": {"align", "bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"align", "bgcolor", "valign"},
}
_STYLES: Final = (
    "background-color color display font-size font-style font-weight text-align "
    "text-decoration vertical-align white-space width"
)
_CALL: Final = re.compile(r"(?<!rgb)(?<!rgba)\(|\\", re.I)
"""What a style loads or runs is written as a call, or hidden behind backslashes."""
_FRAME: Final = """<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html {{ color-scheme: light; background: #fff; color: #222; }}
body {{ margin: .6rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
td, th {{ vertical-align: top; }}
pre {{ white-space: pre-wrap; }}
</style></head>
<body>{body}</body></html>
"""

Read: TypeAlias = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page: its address as the page has it, and the number of the attachment
    that it is."""

    address: str
    aid: int | None


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page's surroundings know. `link`: an address → where it leads now. `captures`:
    pictures → the capture that holds each, None where none does; `read`: a capture → its
    bytes, none where they are lost."""

    link: Callable[[str], str]
    captures: Callable[[Sequence[PagePicture]], Sequence[int | None]]
    read: Read


@dataclass(slots=True)
class _Pictures:
    """The pictures of one page as addresses that hold them, as long as there is room."""

    allowed: frozenset[int]
    read: Read
    left_bytes: int
    _made: dict[int, str] = field(default_factory=dict)

    def address(self, capture_id: int) -> str:
        """The picture itself as an address; empty where it is none, lost, or too much."""
        if capture_id not in self.allowed:
            return ""
        if capture_id not in self._made:
            self._made[capture_id] = self._make(capture_id)
        return self._made[capture_id]

    def _make(self, capture_id: int) -> str:
        body = self.read(capture_id)
        kind = picture_type(body)
        if not kind or len(body) > self.left_bytes:
            return ""
        self.left_bytes -= len(body)
        return f"data:{kind};base64,{base64.b64encode(body).decode()}"


def kept_page(body: bytes, content_type: str, context: PageContext) -> bytes:
    """A page to be answered with `POLICY` and `CONTENT_TYPE`. What is no HTML is shown as
    text."""
    text, _ = decode(body, content_type)
    is_data = text.lstrip().startswith(("{", "["))
    if is_data or not _MARKUP.search(text):
        return _framed("", _as_text(text))
    if len(text) > MAX_CHARS:
        return _framed("", _as_text(tags_removed(text[:MAX_CHARS])))
    try:
        refuse_excess(text.encode("utf-8", "replace"), OF_MESSAGE)
    except PageError:
        return _framed("", _as_text(tags_removed(text)))
    return _made_safe(text, context)


def _made_safe(text: str, context: PageContext) -> bytes:
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    words = title.text() if title else ""
    body = tree.body
    if body is None:
        return _framed(words, _as_text(tags_removed(text)))
    for node in body.css("a[href]"):
        address = node.attributes.get("href") or ""
        if not address.startswith("#"):
            node.attrs["href"] = context.link(address)
            node.attrs["target"] = "_top"
    pictures = _find_pictures(body, context)
    source = body.inner_html or ""
    return _framed(words, _clean(source, pictures))


def _find_pictures(body: LexborNode, context: PageContext) -> _Pictures:
    """Name the page's pictures by their captures; put words for those that are not here."""
    nodes = body.css("img")
    found = [_picture(node) for node in nodes]
    captures = context.captures(found)
    for node, capture_id in zip(nodes, captures, strict=True):
        if capture_id is None:
            words = node.attributes.get("alt") or " "
            node.replace_with(words)
            continue
        node.attrs["src"] = f"{_KEPT}{capture_id}"
    kept = {capture_id for capture_id in captures if capture_id is not None}
    return _Pictures(frozenset(kept), context.read, MAX_PICTURE_BYTES)


def _picture(node: LexborNode) -> PagePicture:
    attributes = node.attributes
    address = image_address(node) or attributes.get("src") or ""
    return PagePicture(address, inline_aid(attributes))


def _clean(source: str, pictures: _Pictures) -> str:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return None if _CALL.search(value) else value
        if name != "src":
            return value
        _, _, digits = value.partition(_KEPT)
        if not digits.isdecimal():
            return None
        return pictures.address(int(digits)) or None

    return nh3.clean(
        source,
        tags=set(_TAGS.split()),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        filter_style_properties=set(_STYLES.split()),
        tag_attribute_values={"a": {"target": {"_top"}}},
        url_schemes={"http", "https", "ftp", "mailto", _KEPT.rstrip(":")},
        link_rel="noopener noreferrer nofollow",
    )


def _as_text(text: str) -> str:
    return f"<pre>{html.escape(text[:MAX_CHARS])}</pre>"


def _framed(title: str, body: str) -> bytes:
    made = _FRAME.format(title=html.escape(title), body=body)
    return made.encode("utf-8", "replace")
