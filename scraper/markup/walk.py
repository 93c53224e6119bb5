"""The walk over a message's elements, and what it gathers on the way.

One walk without recursion (messages nested 10,000 deep exist), the same for every
generation. What an element says besides its words is its handler's business: `elements.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment, Quote
from scraper.markup.attachments import joined
from scraper.markup.code import BREAK, CELL, EDGE, arrange
from scraper.markup.dates import Clock
from scraper.markup.wording import Wording

Handler: TypeAlias = Callable[["MessageWalk", LexborNode], bool]
"""Takes what an element itself says; True where its children are the poster's words."""

_BLOCKS: Final = """
div li ul ol dl dt dd tr table hr center fieldset legend form article section tbody thead
caption figure ignore_js_op
"""
_BLOCKS_WITH_SPACE_AROUND: Final = "p h1 h2 h3 h4 h5 h6 blockquote pre"
_SKIPPED: Final = "style noscript textarea select button input template title svg"

_STARTS = {
    **dict.fromkeys(_BLOCKS.split(), EDGE),
    **dict.fromkeys(_BLOCKS_WITH_SPACE_AROUND.split(), EDGE + BREAK),
}
_ENDS = {**_STARTS, "td": CELL, "th": CELL}
_SKIPPED_TAGS = frozenset(_SKIPPED.split())


@dataclass(slots=True)
class MessageWalk:
    """A walk over one message, or over a quote in it (`is_quote`). `is_for_sale`: as in
    `scraper.markup.text.read_message`, as is `wording`.

    `unescape`: characters that the page's encoding lacks are `&#N;` in its text. `pieces`
    are the words in order, with the marks of `code.py` between them; `all_links` are the
    addresses of all `a` elements, `links` those that the poster may have meant. `marked`
    are lines of a quote that its markup makes the head.
    """

    handlers: Mapping[str, Handler]
    clock: Clock
    unescape: bool = False
    is_quote: bool = False
    is_for_sale: bool = False
    wording: Wording | None = None
    pieces: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    all_links: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    edited_by: str = ""
    edited_at: datetime | None = None
    has_code: bool = False
    has_damaged_wrappers: bool = False
    skips_bracket: bool = False

    def text(self) -> str:
        """What was gathered as one text: lines trimmed, code as it stands."""
        return arrange(self.pieces, self.has_code, self.unescape)

    def through(self, root: LexborNode) -> None:
        """Walk all that is below `root`."""
        pieces = self.pieces
        open_nodes: list[tuple[LexborNode, str]] = []
        node = root.first_child
        while node is not None or open_nodes:
            if node is None:
                node = self._leave(*open_nodes.pop())
                continue

            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                if self.skips_bracket:
                    text = self._without_bracket(text)
                pieces.append(text)
            elif tag == "br":
                pieces.append(BREAK)
            elif self._enter(node, tag):
                end = _ENDS.get(tag, "")
                open_nodes.append((node, end))
                node = node.first_child
                continue
            node = node.next

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """Take what an element itself says; whether to walk its children."""
        handler = self.handlers.get(tag)
        if handler is not None and not handler(self, node):
            return False
        start = _STARTS.get(tag)
        if start is not None:
            self.pieces.append(start)
        return tag not in _SKIPPED_TAGS

    def _leave(self, node: LexborNode, end: str) -> LexborNode | None:
        """Close an element that was walked; the node after it."""
        if end:
            self.pieces.append(end)
        return node.next

    def of_quote(self) -> MessageWalk:
        """A walk of its own for a quote in this message."""
        return MessageWalk(
            self.handlers,
            self.clock,
            self.unescape,
            is_quote=True,
            wording=self.wording,
        )

    def attach(self, found: Attachment) -> None:
        """Take an attachment; what is told of one file in two places is one record."""
        is_picture = found.image and found.url
        if is_picture and "aid=" not in found.url:
            self.images.append(found.url)

        if found.aid is not None:
            for at, known in enumerate(self.attachments):
                if known.aid == found.aid:
                    self.attachments[at] = joined(known, found)
                    return
        self.attachments.append(found)

    def drop_brackets(self, after: LexborNode | None) -> None:
        """Leave out the `[ ]` that 6.0 puts around an element: the one before it is taken
        back, the one after it is left out when it comes."""
        if after is None or not after.is_text_node:
            return
        before = self.pieces[-1] if self.pieces else ""
        before = before.rstrip()
        if before.endswith("["):
            self.pieces[-1] = before.removesuffix("[")
            self.skips_bracket = True

    def _without_bracket(self, text: str) -> str:
        self.skips_bracket = False
        return text.lstrip().removeprefix("]")
