"""Small helpers over selectolax nodes: words of a node, classes, the node after it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.excess import refuse_excess

_ANY_TAG = re.compile(r"<[^<>]*>?")
_NUMBER = re.compile(r"\d+")

_MOST_DIGITS: Final = 18


def tree_of(markup: str | bytes) -> LexborHTMLParser:
    """Markup, as text or in UTF-8, as a tree. PageError for markup whose tree would cost
    minutes or gigabytes."""
    if isinstance(markup, str):
        markup = markup.encode("utf-8", "replace")
    refuse_excess(markup)
    return LexborHTMLParser(markup)


def tags_removed(text: str) -> str:
    """The words of markup that must not become a tree, its entities resolved."""
    without_tags = _ANY_TAG.sub(" ", text)
    return html.unescape(without_tags)


def words(node: LexborNode | None) -> str:
    """A node's text on one line, white space folded (a no-break space included); empty for None."""
    if node is None:
        return ""
    return fold(node.text())


def fold(text: str) -> str:
    """Text with every run of white space made one space."""
    return " ".join(text.split())


def attr(node: LexborNode | None, name: str) -> str:
    """An attribute's value; empty where it is absent or has none."""
    if node is None:
        return ""
    return node.attributes.get(name) or ""


def classes(node: LexborNode) -> list[str]:
    """The class names of a node."""
    names = node.attributes.get("class") or ""
    return names.split()


def number(text: str) -> int | None:
    """The first whole number in a text; None where there is none."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = found[0]
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def figure(node: LexborNode | None) -> int | None:
    """A count as a node prints it; a rounded one (`5万`) has the exact one in a title."""
    if node is None:
        return None
    text = node.text().strip()
    printed = text.replace(",", "")
    if printed.isdecimal() and len(printed) <= _MOST_DIGITS:
        return int(printed)

    titled = node.css_first("[title]")
    exact = attr(titled, "title") or attr(node, "title")
    is_exact = exact.strip().isdecimal()
    return number(exact if is_exact else printed)


def meta(tree: LexborHTMLParser, name: str) -> str:
    """The content of a `<meta name=…>`."""
    element = tree.css_first(f'meta[name="{name}"]')
    return attr(element, "content")


def printed_time(node: LexborNode | None) -> str:
    """The time a node prints: a relative one (`昨天 03:40`) has the absolute one in
    `span[title]` (X2 and later)."""
    if node is None:
        return ""
    title = node.attributes.get("title")
    if title:
        return title
    span = node.css_first("span[title]")
    return attr(span, "title") or words(node)


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """The element children of a node."""
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def outermost(root: LexborNode, selector: str) -> list[LexborNode]:
    """What a selector finds below a node, in the order of the page, without what is within
    another of them: each may be replaced or taken out as a whole."""
    found = root.css(selector)
    kept = []
    at = 0
    while at < len(found):
        node = found[at]
        kept.append(node)
        itself_and_within = node.css(selector)
        at += len(itself_and_within)
    return kept


def next_element(node: LexborNode) -> LexborNode | None:
    """The element after a node."""
    after = node.next
    while after is not None and not after.is_element_node:
        after = after.next
    return after


def ancestor(node: LexborNode, tag: str, levels: int = 12) -> LexborNode | None:
    """The nearest ancestor of that tag, looked for at most `levels` up."""
    parent = node.parent
    for _ in range(levels):
        if parent is None or parent.tag == tag:
            return parent
        parent = parent.parent
    return None
