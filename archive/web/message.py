"""A post's message made safe and readable: strangers' HTML → markup of an allow-list, links
turned to our own pages.

The tree is tidied first (forum's boilerplate away, pictures and code replaced by plain
elements), and what comes out is cleaned by nh3 last: nothing touches the markup after it,
so no later serialisation can give it a new meaning.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import nh3
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.web import paths
from archive.web.colours import colour_class
from scraper.core.errors import PageError
from scraper.markup.html import tree_of
from scraper.markup.smilies import smiley_code

MAX_CHARS: Final = 400_000
"""A longer message is shown by its words alone."""
_TAGS: Final = {
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
}
_ATTRIBUTES: Final = {
    "*": {"class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    "div": {"align"},
    "p": {"align"},
}
_CLASSES: Final = {
    "quote",
    "hidden-part",
    "away",
    "picture",
    "smiley",
    "face",
    "code",
    "wide",
}
_WITH_CONTENT: Final = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "svg",
    "math",
    "title",
    "textarea",
    "select",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "video",
    "audio",
    "applet",
}
_BOILERPLATE: Final = (
    "script, style, i.pstatus, font.jammer, [style*='display:none'], [style*='display: none'], div.tip, .attach_popup, "
    ".tattl, .pattl, .modact, .sign"
)
_LOCKED: Final = "div.locked, div.showhide"
_OURS: Final = re.compile(r"/(?:f/|-/media/\d+$)|#p\d+$")
_OUTSIDE: Final = re.compile(r"(?:https?|ftp)://|mailto:", re.I)
_COLOUR: Final = re.compile(r"(?<![-\w])color\s*:\s*([^;]+)", re.I)
_COMMON: Final = re.compile(
    r"static/image/(?:common|filetype)/|images/(?:common|attachicons|default)/", re.I
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a message's surroundings know: `link` turns an address into what to link to,
    `picture` into where we have it (empty where not) and its full address; `missing` is the
    reader's word for a picture that is not here.
    """

    link: Callable[[str], str]
    picture: Callable[[str], tuple[str, str]]
    missing: str = ""


def shown(source: str, around: Around) -> Markup:
    """A message as it may stand in a page."""
    if not source.strip():
        return Markup("")
    try:
        tree = tree_of(f"<body>{source}") if len(source) <= MAX_CHARS else None
    except PageError:
        tree = None
    if tree is None:
        return as_text(
            html.unescape(
                nh3.clean(source, tags=set(), clean_content_tags=_WITH_CONTENT)
            )
        )
    body = tree.body
    if body is None:
        return Markup("")
    _tidy(tree, body, around)
    return clean(body.inner_html or "")


def clean(source: str) -> Markup:
    """Markup of the allow-list; links may lead out of the archive or to its own pages,
    pictures are its own only."""
    return Markup(
        nh3.clean(  # nothing else in this package may call what a stranger wrote Markup
            source,
            tags=_TAGS,
            clean_content_tags=_WITH_CONTENT,
            attributes=_ATTRIBUTES,
            attribute_filter=_attribute,
            url_schemes={"http", "https", "ftp", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def as_text(text: str) -> Markup:
    """Words with their lines."""
    return Markup("<br>\n").join(text.strip().splitlines())


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [
            each
            for each in value.split()
            if each in _CLASSES or re.fullmatch(r"ink-[a-z]+", each)
        ]
        return " ".join(kept) or None
    if tag == "a" and name == "href":
        return value if _OURS.match(value) or _OUTSIDE.match(value) else None
    if tag == "img" and name == "src":
        return value if re.fullmatch(rf"{paths.MEDIA}\d+", value) else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if value.isdecimal() and len(value) < 5 else None
    return value


def _tidy(tree: LexborHTMLParser, body: LexborNode, around: Around) -> None:
    for node in body.css(_BOILERPLATE):
        node.decompose()
    for node in body.css("div.blockcode"):
        _code(tree, node)
    for node in body.css("img"):
        _picture(tree, node, around)
    for node in body.css("a[href]"):
        node.attrs["href"] = around.link(node.attributes.get("href") or "")
    for node in body.css("font[color], [style*='color']"):
        _colour(node)
    for node in body.css(_LOCKED):
        node.attrs["class"] = "hidden-part"
    for node in list(
        body.iter(include_text=True)
    ):  # what boilerplate leaves at the top
        if node.tag != "br" and (node.tag != "-text" or node.text(deep=False).strip()):
            break
        node.decompose()


def _code(tree: LexborHTMLParser, node: LexborNode) -> None:
    """Code as it was typed: Discuz! prints a list item a line, with no-break spaces for blanks."""
    items = node.css("li")
    lines = [item.text().strip("\r\n") for item in items] or [
        (node.css_first("code") or node.css_first("[id^=code]") or node).text()
    ]
    block, code = tree.create_node("pre"), tree.create_node("code")
    code.insert_child("\n".join(lines).replace("\xa0", " "))
    block.attrs["class"] = "code"
    block.insert_child(code)
    node.replace_with(block)


def _picture(tree: LexborHTMLParser, node: LexborNode, around: Around) -> None:
    at = node.attributes
    if (code := smiley_code(at)) is not None:
        node.replace_with(_element(tree, "span", code, {"class": "smiley"}))
        return
    source = at.get("file") or at.get("zoomfile") or at.get("src") or ""
    if not source or _COMMON.search(source):
        node.replace_with("↑" if "back.gif" in source else " ")
        return
    here, address = around.picture(source)
    if here:
        known = {
            "src": here,
            "alt": at.get("alt") or "",
            "class": "picture",
            "loading": "lazy",
        }
        node.replace_with(_element(tree, "img", "", known))
        return
    words = around.missing + address
    inside = node.parent is not None and node.parent.tag == "a"
    known = {"class": "away"} if inside else {"class": "away", "href": address}
    node.replace_with(_element(tree, "span" if inside else "a", words, known))


def _element(
    tree: LexborHTMLParser, tag: str, words: str, attributes: dict[str, str]
) -> LexborNode:
    made = tree.create_node(tag)
    for name, value in attributes.items():
        made.attrs[name] = value
    if words:
        made.insert_child(words)
    return made


def _colour(node: LexborNode) -> None:
    """A colour as one of a few that can be read on light and dark ground."""
    styled = _COLOUR.search(node.attributes.get("style") or "")
    ink = colour_class(styled[1] if styled else node.attributes.get("color") or "")
    if ink:
        node.attrs["class"] = ink
