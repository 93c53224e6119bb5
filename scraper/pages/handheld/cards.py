"""A WAP card as lines of pieces: WML has hardly any markup, so the line breaks and the
links are its structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

from selectolax.lexbor import LexborNode

from scraper.markup.html import attr, fold

_OF = re.compile(r"^\s*(\d{1,9})/(\d{1,9})\D")
_LABEL = re.compile(r"^[^:：]{0,20}[:：]\s*")
_NUMBER = re.compile(r"^\s*(\d{1,9})\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and where they lead: the query of the link's address (`action`, `tid` …),
    empty where they are no link."""

    words: str
    query: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """A value of the link's query; empty where it has none."""
        return next((value for name, value in self.query if name == key), "")

    def number(self, key: str) -> int | None:
        """A number of the link's query."""
        value = self.get(key)
        return (
            int(value)
            if value.isascii() and value.isdecimal() and len(value) < 19
            else None
        )

    def leads_to(self, action: str, do: str = "") -> bool:
        """Whether the link is for an action, and for what it does there."""
        return (
            bool(self.query) and self.get("action") == action and self.get("do") == do
        )


Line = list[Piece]


def lines_of(paragraph: LexborNode) -> list[Line]:
    """The lines of a paragraph, without those of the card's other paragraphs."""
    lines: list[Line] = [[]]
    for node in _walk(paragraph):
        if node.is_text_node:
            lines[-1].append(Piece(node.text_content or ""))
        elif node.tag == "br":
            lines.append([])
        elif node.tag == "a":
            query = parse_qs(attr(node, "href").partition("?")[2].replace("&amp;", "&"))
            lines[-1].append(
                Piece(
                    node.text(),
                    tuple((key, values[0]) for key, values in query.items()),
                )
            )
    return lines


def _walk(root: LexborNode) -> Iterator[LexborNode]:
    """Everything below a node but what is in a link, in order; without recursion."""
    open_nodes: list[LexborNode] = []
    node = root.first_child
    while node is not None or open_nodes:
        if node is None:
            node = open_nodes.pop()
        else:
            yield node
            if (
                node.is_element_node
                and node.tag != "a"
                and node.first_child is not None
            ):
                open_nodes.append(node)
                node = node.first_child
                continue
        node = node.next


def words_of(line: Iterable[Piece]) -> str:
    """A line's words, folded."""
    return fold("".join(piece.words for piece in line))


def after_label(line: Line) -> str:
    """What follows the colon of `标题:…`."""
    return _LABEL.sub("", words_of(line), count=1)


def page_numbers(lines: list[Line]) -> tuple[int, int]:
    """This page's number and how many there are: `2/13页`, else the page list's unlinked
    number and its links."""
    here, pages = 1, 1
    for line in lines:
        links = [page for piece in line if (page := piece.number("page"))]
        for piece in line:
            if not piece.query and (found := _OF.match(piece.words)):
                return int(found[1]), int(found[2])
            if links and not piece.query and (found := _NUMBER.match(piece.words)):
                here = int(found[1])
        pages = max([pages, here, *links])
    return here, pages
