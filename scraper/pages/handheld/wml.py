"""A WAP card as lines of pieces: WML has hardly any markup, so the line breaks and the
links are its structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

from selectolax.lexbor import LexborNode

from scraper.markup.html import attr, fold

_PAGE_OF_PAGES = re.compile(r"^\s*(\d{1,9})/(\d{1,9})\D")
_LABEL = re.compile(r"^[^:：]{0,20}[:：]\s*")
_NUMBER = re.compile(r"^\s*(\d{1,9})\s*$")
_MOST_DIGITS = 18  # what an SQLite integer surely holds


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and where they lead: the query of the link's address (`action`, `tid` …),
    empty where they are no link."""

    words: str
    query: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """A value of the link's query; empty where it has none."""
        for name, value in self.query:
            if name == key:
                return value
        return ""

    def number(self, key: str) -> int | None:
        """A number of the link's query."""
        value = self.get(key)
        if len(value) > _MOST_DIGITS or not value.isascii():
            return None
        return int(value) if value.isdecimal() else None

    def leads_to(self, action: str, do: str = "") -> bool:
        """Whether the link is for an action, and for what it does there."""
        if not self.query:
            return False
        if self.get("action") != action:
            return False
        return self.get("do") == do


Line = list[Piece]


def lines_of(paragraph: LexborNode) -> list[Line]:
    """The lines of a paragraph, without those of the card's other paragraphs."""
    lines: list[Line] = [[]]
    for node in _walk(paragraph):
        if node.is_text_node:
            text = node.text_content or ""
            lines[-1].append(Piece(text))
        elif node.tag == "br":
            lines.append([])
        elif node.tag == "a":
            link = _link_piece(node)
            lines[-1].append(link)
    return lines


def _link_piece(link: LexborNode) -> Piece:
    href = attr(link, "href").replace("&amp;", "&")
    _, _, query = href.partition("?")
    first_values = []
    for name, values in parse_qs(query).items():
        first_values.append((name, values[0]))
    return Piece(link.text(), tuple(first_values))


def _walk(root: LexborNode) -> Iterator[LexborNode]:
    """Everything below a node but what is in a link, in order; without recursion."""
    open_nodes: list[LexborNode] = []
    node = root.first_child
    while node is not None or open_nodes:
        if node is None:
            node = open_nodes.pop().next
            continue

        yield node
        if node.first_child is not None and node.tag != "a":
            open_nodes.append(node)
            node = node.first_child
        else:
            node = node.next


def with_line_below(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Each line with the one below it; with an empty one at the end."""
    below = iter(lines)
    next(below, None)
    for line in lines:
        yield line, next(below, [])


def words_of(line: Iterable[Piece]) -> str:
    """A line's words, folded."""
    return fold("".join(piece.words for piece in line))


def after_label(line: Line) -> str:
    """What follows the colon of `标题:…`."""
    return _LABEL.sub("", words_of(line), count=1)


def page_numbers(lines: list[Line]) -> tuple[int, int]:
    """This page's number and how many there are: `2/13页`, else the page list's unlinked
    number and its links."""
    here = pages = 1
    for line in lines:
        linked = [piece.number("page") or 0 for piece in line]
        for piece in line:
            if piece.query:
                continue

            both = _PAGE_OF_PAGES.match(piece.words)
            if both:
                return int(both[1]), int(both[2])

            alone = _NUMBER.match(piece.words)
            if alone and any(linked):
                here = int(alone[1])

        pages = max(pages, here, *linked)
    return here, pages
