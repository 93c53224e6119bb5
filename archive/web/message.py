"""A post's message made safe and readable: strangers' HTML → markup of an allow-list, links
turned to our own pages.

The tree is tidied first (forum's boilerplate away, pictures and code replaced by plain
elements), and what comes out is cleaned by `allow_list` last: nothing touches the markup
after it, so no later serialisation can give it a new meaning.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.web.allow_list import clean, words_alone
from archive.web.colours import colour_class
from scraper.core.errors import PageError
from scraper.markup.html import tree_of
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
_FORUM_ICON: Final = re.compile(
    r"static/image/(?:common|filetype)/|images/(?:common|attachicons|default)/", re.I
)


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What a message's surroundings know: `link` turns an address into what to link to,
    `picture` into where we have it (empty where not) and its full address; `missing` is the
    reader's word for a picture that is not here.
    """

    link: Callable[[str], str]
    picture: Callable[[str], tuple[str, str]]
    missing: str = ""


def render_message(source: str, context: MessageContext) -> Markup:
    """A message as it may stand in a page."""
    if not source.strip():
        return Markup("")
    tree = _parse(source)
    if tree is None:
        return as_text(html.unescape(words_alone(source)))
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
        return tree_of(f"<body>{source}")
    except PageError:
        return None


def _tidy(tree: LexborHTMLParser, body: LexborNode, context: MessageContext) -> None:
    for node in body.css(_BOILERPLATE):
        node.decompose()
    for node in body.css("div.blockcode"):
        _replace_code(tree, node)
    for node in body.css("img"):
        _replace_picture(tree, node, context)
    for node in body.css("a[href]"):
        address = node.attributes.get("href") or ""
        node.attrs["href"] = context.link(address)
    for node in body.css(_COLOURED):
        _set_colour(node)
    for node in body.css(_LOCKED):
        node.attrs["class"] = "hidden-part"
    _strip_start(body)


def _strip_start(body: LexborNode) -> None:
    """Remove the blank lines that boilerplate leaves at the top."""
    for node in list(body.iter(include_text=True)):
        is_blank_text = node.tag == "-text" and not node.text(deep=False).strip()
        if node.tag != "br" and not is_blank_text:
            break
        node.decompose()


def _replace_code(tree: LexborHTMLParser, node: LexborNode) -> None:
    """Put code as it was typed: Discuz! prints a list item a line, with no-break spaces for
    blanks."""
    lines = [item.text().strip("\r\n") for item in node.css("li")]
    if not lines:
        source = node.css_first("code") or node.css_first("[id^=code]") or node
        lines = [source.text()]

    code = tree.create_node("code")
    code.insert_child("\n".join(lines).replace("\xa0", " "))
    block = tree.create_node("pre")
    block.attrs["class"] = "code"
    block.insert_child(code)
    node.replace_with(block)


def _replace_picture(
    tree: LexborHTMLParser, node: LexborNode, context: MessageContext
) -> None:
    """Put a smiley's code, the archive's own picture, or a link to where it was."""
    attributes = node.attributes
    smiley = smiley_code(attributes)
    if smiley is not None:
        shown = _element(tree, "span", smiley, {"class": "smiley"})
        node.replace_with(shown)
        return

    source = _source(attributes)
    if not source or _FORUM_ICON.search(source):
        is_back_link = "back.gif" in source
        node.replace_with("↑" if is_back_link else " ")
        return

    here, address = context.picture(source)
    if here:
        picture = {
            "src": here,
            "alt": attributes.get("alt") or "",
            "class": "picture",
            "loading": "lazy",
        }
        node.replace_with(_element(tree, "img", "", picture))
        return

    words = context.missing + address
    is_in_link = node.parent is not None and node.parent.tag == "a"
    if is_in_link:
        away = _element(tree, "span", words, {"class": "away"})
    else:
        away = _element(tree, "a", words, {"class": "away", "href": address})
    node.replace_with(away)


def _source(attributes: dict[str, str | None]) -> str:
    """Where a picture is: pictures that load late have a placeholder for `src`."""
    for name in ("file", "zoomfile", "src"):
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
    styled = _COLOUR.search(node.attributes.get("style") or "")
    named = node.attributes.get("color") or ""
    ink = colour_class(styled[1] if styled else named)
    if ink:
        node.attrs["class"] = ink
