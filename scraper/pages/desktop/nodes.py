"""What is known of a post before it is read: where its parts stand, and what holds for all
posts of the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.markup.dates import Clock
from scraper.markup.wording import Wording

# More boxes of one kind than this in one place are damage, and may lie in each other.
MAX_BOXES = 300
_MANY = 60  # from here on it is looked whether they do


@dataclass(frozen=True, slots=True)
class PageContext:
    """What holds for all posts of a page.

    `unescape`: the page's encoding lacks characters, which stand as `&amp;#N;`.
    `classic`: the page is in the markup of 6.0. `is_guest`: the page says that nobody is
    logged in. `wording`: its words around names and times, where they are not Chinese.
    `has_cell_labels`: the page has words with
    which plugins label a location, so that the authors' cells are worth looking through.
    """

    clock: Clock
    unescape: bool = False
    classic: bool = False
    has_cell_labels: bool = True
    is_guest: bool = False
    wording: Wording | None = None


@dataclass(slots=True)
class PostNodes:
    """The elements of one post, by part: None or empty where the page has none.

    `author_cell` stands beside the post, unless the forum closes that column
    (`close_leftinfo`). `bare_time` is the text node that holds the time in 6.0.
    `locked` are the boxes with the forum's words for what it hides.
    """

    table: LexborNode
    pid: int
    author_cell: LexborNode | None = None
    floor: LexborNode | None = None
    time: LexborNode | None = None
    bare_time: LexborNode | None = None
    message: LexborNode | None = None
    signature: LexborNode | None = None
    location: LexborNode | None = None
    best_answer: LexborNode | None = None
    locked: list[LexborNode] = field(default_factory=list)
    headings: list[LexborNode] = field(default_factory=list)
    attachments: list[LexborNode] = field(default_factory=list)
    ratings: list[LexborNode] = field(default_factory=list)
    comments: list[LexborNode] = field(default_factory=list)
    polls: list[LexborNode] = field(default_factory=list)
    tags: list[LexborNode] = field(default_factory=list)
    moderation: list[LexborNode] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that a post is made of."""
        if self.message is not None or self.floor is not None:
            return False
        return not self.locked

    @property
    def printed_time(self) -> LexborNode | None:
        """What holds the time: an element, in 6.0 a text node."""
        return self.time if self.time is not None else self.bare_time


def first_child(node: LexborNode) -> LexborNode | None:
    """The first element in a node; None where it holds text only, or nothing."""
    return next(node.iter(), None)


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Nodes in the order of the page; of very many only those that lie in no other, so
    that each is read once."""
    if len(nodes) < _MANY:
        return nodes

    inner_ids: set[int] = set()
    outer = []
    for node in nodes:
        if node.mem_id in inner_ids:
            continue
        outer.append(node)
        tag = node.tag or ""
        # A tag of damaged bytes is no selector.
        is_plain = tag.isascii() and tag.isalnum()
        same_tag = node.css(tag if is_plain else "*")
        inner_ids.update(other.mem_id for other in same_tag)
    return outer
