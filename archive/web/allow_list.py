"""The allow-list that strangers' markup is cleaned by: what is not named here does not reach a
reader's browser."""

from __future__ import annotations

import re
from typing import Final

import nh3
from markupsafe import Markup

from archive.web import paths

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
DROPPED_WITH_CONTENT: Final = {
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
_INK: Final = re.compile("ink-[a-z]+")
_LINK: Final = re.compile(
    rf"{paths.BEHIND_NAME}(?:/f/|/-/media/\d+$)|#p\d+$"  # our own pages
    r"|(?i:https?://|ftp://|mailto:)"
)
_PICTURE: Final = re.compile(rf"{paths.BEHIND_NAME}{paths.MEDIA}\d+")
_NUMBERS: Final = {"width", "height", "colspan", "rowspan", "start"}
_NUMBER: Final = re.compile(r"\d{1,4}")


def clean(source: str) -> Markup:
    """Markup of the allow-list; links may lead out of the archive or to its own pages,
    pictures are its own only.

    Nothing else in this package may call what a stranger wrote Markup.
    """
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "ftp", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(cleaned)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an attribute may have; None where it must go."""
    if name == "class":
        allowed = filter(_is_class, value.split())
        return " ".join(allowed) or None
    return value if _is_allowed(tag, name, value) else None


def _is_class(name: str) -> bool:
    return name in _CLASSES or _INK.fullmatch(name) is not None


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return bool(_LINK.match(value))
    if tag == "img" and name == "src":
        return bool(_PICTURE.fullmatch(value))
    if name in _NUMBERS:
        return bool(_NUMBER.fullmatch(value))
    return True
