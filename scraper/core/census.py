"""What is said of a page beside its content: fields counted, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCount:
    """How many of a page's records had a field. `field` as in the record: `posts.author`."""

    field: str
    read: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWarning:
    """Something that a page prints and that was not read. `kind` is a fixed word, `detail`
    says how much of what."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


IN_PART: Final = frozenset({"page-cut", "posts-missed"})
"""Kinds of a page of which a part is missing: it is worth asking for again."""

POST_SPLIT: Final = "post-split"
"""Kind of a page that shows one part of a post which its author split by `[page]`: all
parts stand at the same address with `cp=all`. Asking for the page again is of no use."""
OWN_ADDRESSES: Final = "own-addresses"
"""Kind of a page whose links have a form of the owner's own that its pages do not prove:
what they lead to is not known."""
ENDLESS_PAGES: Final = "endless-pages"
"""Kind of a page that claims further ones which bring nothing new: they are not asked for."""

SEVERAL: Final = 2
"""One record may lack a field for a reason of its own; all of several do not."""
