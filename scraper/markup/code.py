"""Code in a message, kept line by line as it stands, and the arrangement of a message's
pieces around it.

6.0 prints `code#code0` with `<br>`; 7.x and X `ol > li`, the items unclosed, a `<br>` at the
end of each from X on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from selectolax.lexbor import LexborNode

BREAK: Final = "\v"
"""A line break that the markup makes; those of its source are spaces."""
EDGE: Final = "\x1e"
"""Where a block begins or ends: what follows starts a line, however many edges meet."""
CELL: Final = "\x1f"
"""Between two cells of a table."""

# From the start of a run to its last break or edge, and the spaces after that; what looks
# back keeps it from being tried at each place of a long run.
_GAP = re.compile(
    r"[ \v\x1e\x1f](?<![ \v\x1e\x1f]{2})[ \v\x1e\x1f]*(?<=[\v\x1e])[ \v\x1e]*"
)
_ENTITY = re.compile(r"&#(\d{2,7}|x[0-9a-fA-F]{2,6});")
_SOURCE_BREAKS = re.compile(r"[\r\n]+")
_RETURNS = re.compile(r"\r+")
# The button that copies, the heading.
_NOT_CODE = frozenset({"em", "h5", "script", "style"})
_FLOATING = re.compile(r"display:\s*none", re.I)


class Code(str):
    """A piece of text whose spaces and line breaks mean something."""

    __slots__ = ()


def arrange(pieces: Iterable[str], coded: bool, unescape: bool = False) -> str:
    """Pieces as one text: lines trimmed, no more than one empty line in a row, code as it
    stands if there is any.

    `unescape`: characters that the page's encoding lacks are `&#N;` (X3.4 GBK), but not in code.
    """
    if not coded:
        text = _tidy("".join(pieces), unescape)
        return text.strip()

    parts = []
    for is_code, group in groupby(pieces, key=_is_code):
        separator = "\n" if is_code else ""
        part = separator.join(group)
        if not is_code:
            part = _tidy(part, unescape)
        if part:
            parts.append(part)
    text = "\n".join(parts)
    return text.strip("\n").rstrip()


def _is_code(piece: str) -> bool:
    return piece.__class__ is Code


def _tidy(text: str, unescape: bool) -> str:
    if unescape and "&#" in text:
        text = _ENTITY.sub(_character, text)
    text = with_single_spaces(text)
    if EDGE in text:
        text = _GAP.sub(_gap, text)
        text = text.replace(CELL, "\t")
        text = text.strip(" \n\t")
    else:
        lines = text.split(BREAK)
        text = "\n".join([line.strip(" ") for line in lines])
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
    text = text.strip("\n")
    return text.replace("\xa0", " ")


def with_single_spaces(text: str) -> str:
    """White space of the source as one space each; done by words, in a fifth of the time
    that a pattern takes."""
    text = text.replace("\t", " ").replace("\r", " ")
    text = text.replace("\n", " ").replace("\f", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _gap(found: re.Match[str]) -> str:
    """Edges that meet make one line break; an empty line stands where a break stands on a
    line of its own."""
    run = found[0]
    breaks = run.count(BREAK)
    if breaks == 0:
        return "\n"
    marks = run.lstrip(" \x1f")
    begins_with_edge = marks.startswith(EDGE)
    if breaks == 1 and not begins_with_edge:
        return "\n"
    return "\n\n"


def _character(found: re.Match[str]) -> str:
    code = found[1]
    digits = code.lstrip("xX")
    base = 10 if digits == code else 16
    point = int(digits, base)
    is_control = point <= 31
    is_surrogate = 0xD800 <= point < 0xE000
    if is_control or is_surrogate or point >= 0x110000:
        return found[0]
    return chr(point)


def read_code(block: LexborNode) -> Code:
    """The lines of a code block."""
    box = block.css_first("ol")
    if box is None:
        box = block.css_first("code") or block
    has_marked_lines = box.css_first("li, br") is not None
    unwanted_breaks = _SOURCE_BREAKS if has_marked_lines else _RETURNS
    lines: list[list[str]] = [[]]
    before = "br"
    for kind, text in _events(box):
        if kind == "text":
            text = unwanted_breaks.sub("", text)
            lines[-1].append(text)
            if text:
                before = kind
            continue
        # A `br` at the end of an item and the item after it are one line break.
        if kind == "br" or before != "br":
            lines.append([])
        before = kind

    trimmed = ["".join(line).rstrip() for line in lines]
    text = "\n".join(trimmed)
    text = text.strip("\n")
    return Code(text.replace("\xa0", " "))


def is_jammer(at: dict[str, str | None]) -> bool:
    """Whether an element's text is there for machines only (干扰码): not shown, or in a
    class of its own."""
    if at.get("class") == "jammer":
        return True
    style = at.get("style") or ""
    return _FLOATING.search(style) is not None


def _events(box: LexborNode) -> Iterator[tuple[str, str]]:
    """Texts, line breaks and items in the order of the page."""
    above: list[LexborNode] = []
    node = box.first_child
    while node is not None or above:
        if node is None:
            node = above.pop()
        elif node.is_text_node:
            yield "text", node.text_content or ""
        elif _may_hold_code(node):
            if node.tag in ("br", "li"):
                yield node.tag, ""
            above.append(node)
            node = node.first_child
            continue
        node = node.next


def _may_hold_code(node: LexborNode) -> bool:
    if not node.is_element_node or node.tag in _NOT_CODE:
        return False
    return not is_jammer(node.attributes)
