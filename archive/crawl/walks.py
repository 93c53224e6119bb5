"""Things of many pages as a run walks through them: where further pages bring nothing new,
there are none, whatever they claim."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from scraper.core.records import BoardPage, Content, PostExtras, ThreadPage
from scraper.policy.paging import REPEATS
from scraper.policy.plan import Key, thread_links

_Thing: TypeAlias = tuple[str, int]

_MOST_THINGS: Final = 64
_MOST_ROWS: Final = 200_000
"""What one thing's pages showed is remembered up to so many rows, a few megabytes."""


@dataclass(slots=True)
class Walk:
    """A thread, board or list on its way: what its pages showed in this run.

    `end`: pages from this number on show nothing new; `reach`: those up to this one are asked
    for, None for all; `times_ended`: how often an end was found. `repeats`: pages in a row
    that showed nothing new, of which `lowest` has the least number.
    """

    end: int = 0
    reach: int | None = None
    times_ended: int = 0
    repeats: int = 0
    lowest: int = 0
    pages: set[int] = field(default_factory=set)
    with_news: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)

    def see(self, page: int, rows: Iterable[int]) -> bool:
        """A page came; whether it is the last of REPEATS that showed nothing new."""
        if page in self.pages:
            return False
        self.pages.add(page)
        before = len(self.rows)
        self.rows.update(rows)
        if len(self.rows) > before:
            self._note_news(page)
            return False

        self.lowest = min(page, self.lowest) if self.repeats else page
        self.repeats += 1
        if self.repeats < REPEATS:
            return False
        self._end()
        return True

    def may_ask(self, page: int) -> bool:
        """Whether a page may be there."""
        return self.reach is None or page <= self.reach

    def _note_news(self, page: int) -> None:
        self.repeats = 0
        self.with_news.add(page)
        if self.reach is not None and page >= self.reach:
            self.reach = (page + self.end) // 2
        if len(self.rows) > _MOST_ROWS:
            self.rows.clear()

    def _end(self) -> None:
        """Go on half-way to the last page that brought something: threads are walked through
        from above, and a few pages may be missing."""
        self.repeats = 0
        self.times_ended += 1
        self.end = self.lowest
        known = [page for page in self.with_news if page < self.end]
        last = max(known, default=1)
        self.reach = (last + self.end) // 2


class Walks:
    """The things that a run walks through, those seen last."""

    def __init__(self) -> None:
        self._walks: OrderedDict[_Thing, Walk] = OrderedDict()

    def of(self, key: Key) -> Walk:
        """The walk through a page's thing."""
        thing = (key.kind, key.item)
        walk = self._walks.setdefault(thing, Walk())
        self._walks.move_to_end(thing)
        if len(self._walks) > _MOST_THINGS:
            self._walks.popitem(last=False)
        return walk


def rows_of(content: Content, key: Key, html: str = "") -> list[int] | None:
    """What tells the rows of a page from those of others; None where it is no page of many.
    `html`: of a member's list."""
    match content:
        case ThreadPage() if key.page > 1 or content.pages > 1:
            return [
                post.pid or hash((post.author, post.posted_at, post.text))
                for post in content.posts
            ]
        case BoardPage() if key.page > 1 or content.pages > 1:
            return [row.tid for row in content.threads if not row.sticky]
        case PostExtras() if key.kind == "comments":
            return [
                hash((comment.author, comment.uid, comment.text))
                for comment in content.comments
            ]
    if key.kind == "user":
        return thread_links(html)
    return None
