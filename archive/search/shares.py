"""How common words are: what ranking and the cutting of sentences ask of any index."""

from __future__ import annotations

from typing import Protocol

from archive.search.tree import Words


class Shares(Protocol):
    """An index that tells in which part of the posts words are, about."""

    @property
    def numbers(self) -> int:
        """How many posts there are, or numbers of posts."""

    def share_of(self, words: Words) -> float:
        """About which part of the posts has the words."""

    def first_share_of(self, words: Words) -> float:
        """The same by less work, and less near."""

    def head_share_of(self, words: Words) -> float | None:
        """The same, without what is expensive to ask for; None where nothing is left."""
