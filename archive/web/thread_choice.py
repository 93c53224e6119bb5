"""What a reader chose to see of a thread, and the addresses that choose otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from archive.reading.chosen_posts import ChosenPosts
from archive.reading.thread import Thread
from archive.web import paths
from archive.web.values import PageRequest

MOST_WHOLE: Final = 1_000
"""Posts of a thread that is shown on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChoice:
    """`path`: of the thread's first page. `by`: a row of `users`, 0 for all authors."""

    path: str
    by: int = 0
    newest_first: bool = False
    with_pictures: bool = False
    is_whole: bool = False

    @classmethod
    def of(cls, request: PageRequest, thread: Thread) -> ThreadChoice:
        """What an address asks for."""
        return cls(
            path=paths.thread_page(thread),
            by=request.number("by"),
            newest_first=request.args.get("order") == "newest",
            with_pictures=request.args.get("only") == "pictures",
            is_whole=request.args.get("whole") == "1",
        )

    @property
    def posts(self) -> ChosenPosts:
        """The posts that are meant."""
        return ChosenPosts(
            user_id=self.by or None,
            with_pictures=self.with_pictures,
            newest_first=self.newest_first,
        )

    @property
    def address(self) -> str:
        """The first page of this choice."""
        asked = urlencode(self._words())
        return f"{self.path}?{asked}" if asked else self.path

    @property
    def pages(self) -> str:
        """What a number is put behind, for the address of a page."""
        words = self._words()
        words["page"] = ""
        return f"{self.path}?{urlencode(words)}"

    def but(self, **changes: Any) -> str:
        """The address of another choice that differs in some of the fields."""
        return replace(self, **changes).address

    def _words(self) -> dict[str, str]:
        words = {}
        if self.by:
            words["by"] = str(self.by)
        if self.with_pictures:
            words["only"] = "pictures"
        if self.newest_first:
            words["order"] = "newest"
        if self.is_whole:
            words["whole"] = "1"
        return words
