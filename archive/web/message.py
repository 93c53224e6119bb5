"""A post's message made safe and readable: strangers' HTML → markup of an allow-list, links
turned to our own pages.

The tree is tidied first (forum's boilerplate away, pictures and code replaced by plain
elements), and what comes out is cleaned by `allow_list` last: nothing touches the markup
after it, so no later serialisation can give it a new meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.web.allow_list import clean
from archive.web.colours import colour_class
from archive.web.smilies import meaning_of
from scraper.core.errors import PageError
from scraper.markup.code_blocks import put_code_plainly
from scraper.markup.excess import OF_MESSAGE, refuse_excess
from scraper.markup.html import outermost, tags_removed
from scraper.markup.smilies import smiley_code

MAX_CHARS: Final = 400_000
"""A longer message is shown by its words alone."""

_BOILERPLATE: Final = (
    "script, style, i.pstatus, font.jammer, [style*='display:none'], "
    "[style*='display: none'], div.tip, .attach_popup, .tattl, .pattl, .modact, .sign"
)
_LOCKED: Final = "div.locked, div.showhide"
_COLOURED: Final = "font[color], [style*='color']"
_COLOUR: Final = re.compile(r"(?<![-\w])color\s*:\s*([^;]+)", re.I)
_SOURCES: Final = ("file", "zoomfile", "src")
_FORUM_ICON: Final = re.compile(
    r"static/image/(?:common|filetype)/|images/(?:common|attachicons|default)/", re.I
)


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What a message's surroundings know: `link` turns an address into what to link to,
    `picture` into where we have it (empty where not) and its full address; `missing` is the
    reader's word for a picture that is not here; `smiley` turns the address of one into where
    we have it, `page` that of a picture into its page, empty where it has none.
    """

    link: Callable[[str], str]
    picture: Callable[[str], tuple[str, str]]
    missing: str = ""
    smiley: Callable[[str], str] = lambda _: ""
    page: Callable[[str], str] = lambda _: ""


def render_message(source: str, context: MessageContext) -> Markup:
    """A message as it may stand in a page."""
    if not source.strip():
        return Markup("")
    tree = _parse(source)
    if tree is None:
        return as_text(tags_removed(source))
    body = tree.body
    if body is None:
        return Markup("")
    _tidy(tree, body, context)
    return clean(body.inner_html or "")


def as_text(text: str) -> Markup:
    """Words with their lines."""
    lines = text.strip().splitlines()
    return Markup("<br>\n").join(lines)


def _parse(source: str) -> LexborHTMLParser | None:
    """The message as a tree; None where it is too long or too deep."""
    if len(source) > MAX_CHARS:
        return None
    try:
        refuse_excess(source.encode("utf-8", "replace"), OF_MESSAGE)
    except PageError:
        return None
    return LexborHTMLParser(f"<body>{source}")


def _tidy(tree: LexborHTMLParser, body: LexborNode, context: MessageContext) -> None:
    for node in outermost(body, _BOILERPLATE):
        node.decompose()
    put_code_plainly(tree, body, name="code")
    for node in body.css("a[href]"):
        address = node.attributes.get("href") or ""
        node.attrs["href"] = context.link(address)
    for node in body.css("img"):
        _replace_picture(tree, node, context)
    for node in body.css(_COLOURED):
        _set_colour(node)
    for node in body.css(_LOCKED):
        node.attrs["class"] = "hidden-part"
    _strip_start(body)


def _strip_start(body: LexborNode) -> None:
    """Remove the blank lines that boilerplate leaves at the top."""
    nodes = list(body.iter(include_text=True))
    for node in nodes:
        if not _is_blank(node):
            break
        node.decompose()


def _is_blank(node: LexborNode) -> bool:
    if node.tag == "br":
        return True
    return node.tag == "-text" and not node.text(deep=False).strip()


def _replace_picture(
    tree: LexborHTMLParser, node: LexborNode, context: MessageContext
) -> None:
    """Put the archive's own picture, a smiley's or its meaning, or a link to where it was."""
    attributes = node.attributes
    code = smiley_code(attributes)
    if code is not None:
        here = context.smiley(attributes.get("src") or "")
        element = _smiley(tree, code, here)
        node.replace_with(element)
        return

    source = _source(attributes)
    if not source or _FORUM_ICON.search(source):
        is_back_link = "back.gif" in source
        node.replace_with("↑" if is_back_link else " ")
        return

    here, address = context.picture(source)
    if not here:
        words = context.missing + address
        _replace_missing(tree, node, words, context.link(address))
        return

    picture = {
        "src": here,
        "alt": attributes.get("alt") or "",
        "class": "picture",
        "loading": "lazy",
    }
    shown = _element(tree, "img", "", picture)
    page = _page_of(attributes, context)
    if page and not _is_linked(node):
        link = _element(tree, "a", "", {"href": page})
        link.insert_child(shown)
        shown = link
    node.replace_with(shown)


def _page_of(attributes: dict[str, str | None], context: MessageContext) -> str:
    """The page of a picture, by any of its addresses."""
    for name in _SOURCES:
        address = attributes.get(name)
        page = context.page(address) if address else ""
        if page:
            return page
    return ""


def _is_linked(node: LexborNode) -> bool:
    """Whether a node stands in a link."""
    above = node.parent
    while above is not None:
        if above.tag == "a":
            return True
        above = above.parent
    return False


def _smiley(tree: LexborHTMLParser, code: str, here: str) -> LexborNode:
    attributes = {"class": "smiley"}
    if not here:
        return _element(tree, "span", meaning_of(code), attributes)
    attributes["src"] = here
    attributes["alt"] = code
    return _element(tree, "img", "", attributes)


def _replace_missing(
    tree: LexborHTMLParser, node: LexborNode, words: str, address: str
) -> None:
    """Put a link to where the picture was; within a link, words alone."""
    attributes = {"class": "away"}
    parent = node.parent
    if parent is not None and parent.tag == "a":
        shown = _element(tree, "span", words, attributes)
    else:
        attributes["href"] = address
        shown = _element(tree, "a", words, attributes)
    node.replace_with(shown)


def _source(attributes: dict[str, str | None]) -> str:
    """Where a picture is: pictures that load late have a placeholder for `src`."""
    for name in _SOURCES:
        address = attributes.get(name)
        if address:
            return address
    return ""


def _element(
    tree: LexborHTMLParser, tag: str, words: str, attributes: dict[str, str]
) -> LexborNode:
    made = tree.create_node(tag)
    for name, value in attributes.items():
        made.attrs[name] = value
    if words:
        made.insert_child(words)
    return made


def _set_colour(node: LexborNode) -> None:
    """Put one of a few colours that can be read on light and dark ground."""
    attributes = node.attributes
    colour = attributes.get("color") or ""
    style = attributes.get("style") or ""
    styled = _COLOUR.search(style)
    if styled:
        colour = styled[1]
    ink = colour_class(colour)
    if ink:
        node.attrs["class"] = ink
