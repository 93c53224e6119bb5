"""What a crawl is about and the pages that it asks for: the values that the rules speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal, TypeAlias

from scraper.core.site import DEFAULT_SITE

Kind: TypeAlias = Literal[
    "index",
    "category",
    "board",
    "thread",
    "all_parts",
    "archiver",
    "ratings",
    "comments",
    "user",
    "media",
]
"""What a key's page is; `archiver`: a thread's archiver page, asked for where its own page
is refused; `all_parts`: a thread's page with all parts of a split post; `ratings` and
`comments`: windows of a post that list what its thread's page leaves out; `media`: a picture
or file, which has a table of its own."""

# Priorities, lower first. They are stored with the frontier: never renumber them.
INDEX: Final = 0
BOARD: Final = 2
THREAD_PAGE: Final = 3  # the further pages of a thread that was begun
THREAD: Final = 4
USER: Final = 5
WINDOW: Final = 5  # what hangs on posts comes after them
FAR: Final = 5  # pages of a thread or board that seems to have no end
SWEEP: Final = 6
REVISIT: Final = 7


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One page of one thing of a forum: all addresses of that page are the same key. `item`
    is 0 for the index."""

    kind: Kind
    item: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredPage:
    """A page to visit. `again`: also where it was visited before; `even_refused`: also
    where the forum refused it; `named` by the user: also where it is to be left alone for
    now. `fid`: the board it was found on.

    `tid`: the thread of a post whose window it is. `last`: not this page but the last one
    that is known of the thread; `all`: every one that is known. `listing_fingerprint`: what
    a board page tells of the thread's state, or a thread's page of what a window lists; None
    where the page was found elsewhere.
    """

    key: Key
    priority: int
    again: bool = False
    even_refused: bool = False
    named: bool = False
    last: bool = False
    all: bool = False
    fid: int | None = None
    tid: int | None = None
    listing_fingerprint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run is about; everything where nothing is named.

    `since`: threads with a reply on that day or later, by the forum's own calendar: its
    pages print times in the zone of `utc_offset_minutes` (Discuz!'s default is GMT+8).
    """

    boards: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    since: date | None = None
    complete: bool = False
    utc_offset_minutes: int = DEFAULT_SITE.utc_offset_minutes

    @property
    def whole(self) -> bool:
        """Whether the whole forum is meant."""
        return not (self.boards or self.threads or self.users)

    def also(self, pages: Iterable[DiscoveredPage]) -> Scope:
        """The same with what its boards and members led to: sub-boards, and threads of members."""
        boards = set(self.boards)
        threads = set(self.threads)
        for page in pages:
            key = page.key
            if key.kind == "board" and self.boards:
                boards.add(key.item)
            if key.kind == "thread" and (self.users or self.threads):
                threads.add(key.item)

        if boards == self.boards and threads == self.threads:
            return self
        return replace(
            self,
            boards=frozenset(boards),
            threads=frozenset(threads),
        )

    def is_before(self, at: datetime) -> bool:
        """Whether a time lies on a day before the run's first one."""
        if self.since is None:
            return False
        return self._forum_day(at) < self.since

    def _forum_day(self, at: datetime) -> date:
        """The day that the forum's own clock shows at a time."""
        zone = timezone(timedelta(minutes=self.utc_offset_minutes))
        try:
            return at.astimezone(zone).date()
        except OverflowError:  # at the very ends of the calendar
            return at.date()


ANYTHING: Final = Scope()
