"""Cleaned HTML → XHTML that is valid in a book (EPUB 3): well-formed, and no element where it
may not stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from archive.web.xml_text import xml_text

_DEEPEST: Final = 200
"""What is nested deeper stands beside what it was in: no writer of trees goes deeper safely."""
_VOID: Final = frozenset({"br", "hr", "img"})
_RENAMED: Final = {
    "caption": "div",
    "center": "div",
    "dd": "div",
    "dl": "div",
    "dt": "div",
    "font": "span",
    "strike": "s",
    "thead": "tbody",
}
"""What XHTML does not know, or only in places that are not worth keeping."""
_BLOCKS: Final = frozenset(
    {
        "blockquote",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "ul",
    }
)
_OF_WORDS_ONLY: Final = frozenset(
    {
        "b",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "i",
        "ins",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }
)
"""What may hold words and what stands in a line, but no block."""
_LINKS: Final = frozenset({"a"})
_PARENTS: Final = {
    "li": frozenset({"ol", "ul"}),
    "tbody": frozenset({"table"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "tr": frozenset({"table", "tbody"}),
}
_CHILDREN: Final = {
    "ol": frozenset({"li"}),
    "table": frozenset({"tbody"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
    "ul": frozenset({"li"}),
}
"""What holds nothing but these, no words either."""
_ATTRIBUTES: Final = {
    "a": frozenset({"href"}),
    "img": frozenset({"alt", "class", "src"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}
_COUNTS: Final = frozenset({"colspan", "rowspan"})
_COUNT: Final = re.compile("[1-9][0-9]{0,2}")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_STRAY_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_KEPT_SIGNS: Final = "/:?@!$&'()*+,;=%~-._"


def to_xhtml(message: Markup, link: Callable[[str], str]) -> Markup:
    """A cleaned message as the content of a `div`. `link` turns `#p…` into where that post is
    in the book; empty where it is not."""
    reader = _Reader(link)
    reader.feed(str(message))
    reader.close()
    root = reader.root
    _mend(root)
    text = tostring(root, encoding="unicode")
    return Markup(text)


class _Reader(HTMLParser):
    """Builds a tree of what the allow-list let through."""

    def __init__(self, link: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._names = [""]  # as they were begun
        self._link = link

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        name = _RENAMED.get(tag, tag)
        parent = self._open[-1]
        element = SubElement(parent, name)
        allowed = _ATTRIBUTES.get(name, frozenset())
        for key, value in attrs:
            if key in allowed:
                kept = xml_text(value or "")
                element.set(key, kept)
        self._mend_attributes(element)
        if name in _VOID:
            return
        if len(self._open) < _DEEPEST:
            self._open.append(element)
            self._names.append(name)

    def handle_endtag(self, tag: str) -> None:
        """An element ends; what was not begun is passed over."""
        name = _RENAMED.get(tag, tag)
        if name not in self._names:
            return
        ended = ""
        while ended != name:
            ended = self._names.pop()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Words."""
        parent = self._open[-1]
        words = xml_text(data)
        if len(parent):
            last = parent[-1]
            before = last.tail or ""
            last.tail = before + words
        else:
            before = parent.text or ""
            parent.text = before + words

    def _mend_attributes(self, element: Element) -> None:
        if element.tag == "img":
            element.attrib.setdefault("alt", "")
        for name in _COUNTS:
            count = element.get(name, "1")
            if not _COUNT.fullmatch(count):
                del element.attrib[name]
        if element.tag == "a":
            self._mend_link(element)

    def _mend_link(self, element: Element) -> None:
        """Let a link lead where it may; what leads nowhere is no link."""
        href = element.get("href", "")
        is_inside = href.startswith("#")
        address = self._link(href) if is_inside else _address(href)
        if address:
            element.set("href", address)
            return
        element.tag = "span"
        element.attrib.clear()


def _address(href: str) -> str:
    """An address with no character that a URI may not have; empty for what is none that books
    may lead to."""
    try:
        parts = urlsplit(href)
        host = _ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:  # as UnicodeError is
        return ""
    is_mail = parts.scheme == "mailto"
    if not host and not is_mail:
        return ""
    place = host if port is None else f"{host}:{port}"
    quoted = (
        parts.scheme,
        place,
        _quoted(parts.path),
        _quoted(parts.query),
        _quoted(parts.fragment),
    )
    return urlunsplit(quoted)


def _ascii_host(host: str) -> str:
    """A host as the network knows it; empty for what is none."""
    encoded = host.encode("idna").decode("ascii")
    return encoded if _HOST.fullmatch(encoded) else ""


def _quoted(text: str) -> str:
    encoded = _STRAY_PERCENT.sub("%25", text)
    return quote(encoded, safe=_KEPT_SIGNS)


def _mend(root: Element) -> None:
    """Turn into plain boxes what stands where it may not; what is within first."""
    elements = list(root.iter())
    inner_first = elements[::-1]
    for element in inner_first:
        children = _CHILDREN.get(element.tag)
        if children and not _holds_only(element, children):
            _make_box(element)

    parents = dict(_with_parents(root))
    for element in elements:
        allowed = _PARENTS.get(element.tag)
        if allowed is None:
            continue
        parent = parents[element]
        if parent.tag not in allowed:
            _make_box(element)

    for element in inner_first:
        if element.tag in _OF_WORDS_ONLY and _has(element, _BLOCKS):
            _make_box(element)
        if element.tag == "a" and _has(element, _LINKS):
            _make_box(element)


def _with_parents(root: Element) -> Iterator[tuple[Element, Element]]:
    for parent in root.iter():
        for child in parent:
            yield child, parent


def _holds_only(element: Element, children: frozenset[str]) -> bool:
    """Whether an element holds such elements alone, and at least one."""
    if (element.text or "").strip() or not len(element):
        return False
    others = [child for child in element if child.tag not in children]
    words = [child for child in element if (child.tail or "").strip()]
    return not others and not words


def _has(element: Element, names: frozenset[str]) -> bool:
    """Whether an element of these names stands anywhere within."""
    within = element.iter()
    next(within)  # the element itself
    return any(each.tag in names for each in within)


def _make_box(element: Element) -> None:
    element.tag = "div"
    element.attrib.clear()
