"""What a page leads to, and when to come back: pure rules; the frontier and the clock are
given, nothing is fetched.

Board pages list threads newest reply first, so that a later run reads them only as far as
something moved. A thread is read on from its last known page. Everything else (edits,
deletions, moves) is found by revisits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from scraper.addresses.urls import parse_url
from scraper.core.records import (
    BoardPage,
    BoardRow,
    IndexPage,
    Reason,
    ThreadPage,
    ThreadRow,
)
from scraper.core.site import DEFAULT_SITE

Kind: TypeAlias = Literal[
    "index", "category", "board", "thread", "archiver", "user", "media"
]
"""What a key's page is; `archiver`: a thread's archiver page, asked for where its own page
is refused; `media`: a picture or file, which has a table of its own."""

INDEX, CATEGORY, BOARD, THREAD_PAGE, THREAD, USER, SWEEP, REVISIT = range(8)
"""Priorities, lower first. THREAD_PAGE: the further pages of a thread that was begun."""

PLENTY: Final = 1_000_000
SOON: Final = timedelta(hours=12)
DAY_AND_A_HALF: Final = timedelta(hours=36)
RARELY: Final = timedelta(days=30)
MOST_RARELY: Final = timedelta(days=365)
BOARD_OFTEN: Final = timedelta(minutes=30)
BOARD_RARELY: Final = timedelta(days=1)
REFUSED_AGAIN: Final = timedelta(days=30)
_FRESH: Final = timedelta(days=1)
_LIVELY: Final = timedelta(days=7)
_MINUTE_CHARS: Final = 16
_HREF = re.compile(r"""href=["']([^"'#]+)""")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One page of one thing of a forum: all addresses of that page are the same key. `item`
    is 0 for the index."""

    kind: Kind
    item: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredPage:
    """A page to visit. `again`: also where it was visited before. `fid`: the board it was found on.

    `mark`: what a board page says of a thread's state (None: it said nothing). `last`: not this page but the last one
    that is known of the thread; `all`: every one that is known.
    """

    key: Key
    priority: int
    again: bool = False
    last: bool = False
    all: bool = False
    fid: int | None = None
    mark: str | None = None


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

    def also(self, leads: Iterable[DiscoveredPage]) -> Scope:
        """The same with what its boards and members led to: sub-boards, and threads of members."""
        keys = [lead.key for lead in leads]
        boards = (
            {key.item for key in keys if key.kind == "board"} if self.boards else ()
        )
        threads = (
            {key.item for key in keys if key.kind == "thread"}
            if self.users or self.threads
            else ()
        )
        if self.whole or (
            self.boards.issuperset(boards) and self.threads.issuperset(threads)
        ):
            return self
        return replace(
            self,
            boards=self.boards | frozenset(boards),
            threads=self.threads | frozenset(threads),
        )


@dataclass(frozen=True, slots=True)
class Board:
    """What is known of a board when a page of it comes. `walked`: how far back its pages
    were ever walked through (a day, `all`, or nothing); `marks` of those of the page's
    threads that are known."""

    walked: str
    marks: Mapping[int, str]


ANYTHING: Final = Scope()


def seeds(scope: Scope, boards: Collection[int]) -> Iterator[DiscoveredPage]:
    """Where a run begins: the index and the known boards, or what the scope names."""
    if scope.whole:
        yield DiscoveredPage(key=Key("index"), priority=INDEX, again=True)
    for fid in sorted(scope.boards or (boards if scope.whole else ())):
        yield DiscoveredPage(key=Key("board", fid), priority=BOARD, again=True, fid=fid)
    for tid in sorted(scope.threads):
        yield DiscoveredPage(
            key=Key("thread", tid), priority=THREAD, again=True, last=True
        )
    for uid in sorted(scope.users):
        yield DiscoveredPage(key=Key("user", uid), priority=USER, again=True)


def from_index(page: IndexPage, scope: Scope) -> Iterator[DiscoveredPage]:
    """The boards of an index or category page. Those that were visited before are begun by
    `seeds`."""
    yield from _boards(page.boards, scope)


def from_board(
    page: BoardPage, asked: Key, board: Board, scope: Scope
) -> Iterator[DiscoveredPage]:
    """Sub-boards, threads that are new or moved on, and the next page while there may be
    more of them.

    A board that was never walked through has all its pages visited; `walk_ends` says where
    one may stop.
    """
    fid = asked.item
    below = [row for row in page.boards if row.fid]
    yield from _boards(below, scope if fid not in scope.boards else ANYTHING)
    for row in page.threads:
        yield from _from_row(row, board.marks.get(row.tid), fid, scope)
    if page.page != asked.page:
        return
    if page.page == 1 and (scope.complete or not _walked(board.walked, scope.since)):
        yield from (_next(fid, number) for number in range(2, page.pages + 1))
    elif page.page < page.pages and _goes_on(page, board, scope):
        yield _next(fid, page.page + 1)


def walk_ends(page: BoardPage, scope: Scope) -> bool:
    """Whether the board's further pages are older than the run is about."""
    ordinary = [row for row in page.threads if not row.sticky]
    return bool(ordinary) and all(_old(row, scope) for row in ordinary)


def walked_mark(walked: str, since: date | None) -> str:
    """How far back a board has been walked through once this run has done so too."""
    if since is None or walked == "all":
        return "all"
    return min(walked or since.isoformat(), since.isoformat())


def from_thread(
    page: ThreadPage, asked: Key, fid: int | None
) -> Iterator[DiscoveredPage]:
    """The pages of a thread that are not known yet; the thread itself, where another one
    answered."""
    if page.tid is not None and page.tid != asked.item:
        yield DiscoveredPage(
            key=Key(asked.kind, page.tid), priority=THREAD, fid=page.fid or fid
        )
        return
    priority = THREAD_PAGE if asked.kind == "thread" else THREAD
    yield from (
        DiscoveredPage(
            key=Key(asked.kind, asked.item, number),
            priority=priority,
            fid=page.fid or fid,
        )
        for number in range(page.page + 1, page.pages + 1)
    )


def from_member(html: str, asked: Key) -> Iterator[DiscoveredPage]:
    """Threads that a page of a member's list links to, and the next page where it links to that.

    home/space_thread prints numbered pages on large forums, and nothing but a link to the
    next page where counting is turned off (`simplepage`).
    """
    yield from (
        DiscoveredPage(key=Key("thread", tid), priority=THREAD, again=True, last=True)
        for tid in thread_links(html)
    )
    further = Key("user", asked.item, asked.page + 1)
    if any(
        "do=thread" in link and re.search(rf"[?&;]page={further.page}(?!\d)", link)
        for link in _HREF.findall(html)
    ):
        yield DiscoveredPage(key=further, priority=USER, again=True)


def thread_links(html: str) -> list[int]:
    """The threads that a page links to, in order."""
    targets = (parse_url(href) for href in _HREF.findall(html))
    return list(
        dict.fromkeys(
            t.id
            for t in targets
            if t and t.kind == "thread" and t.id and t.view == "desktop"
        )
    )


def instead(asked: Key, reason: Reason, fid: int | None) -> Iterator[DiscoveredPage]:
    """Where to look for a thread whose page is refused: its archiver page has permissions
    of its own on old forums."""
    if asked.kind == "thread" and asked.page == 1 and reason in ("forbidden", "login"):
        yield DiscoveredPage(key=Key("archiver", asked.item), priority=THREAD, fid=fid)


def mark_of(row: ThreadRow) -> str:
    """A thread's state as a board page tells it: a mark that differs means that posts came
    or went."""
    last = (
        row.last_post_at.strftime("%Y-%m-%dT%H:%M:%S")[:_MINUTE_CHARS]
        if row.last_post_at
        else ""
    )
    return (
        f"{'' if row.replies is None else row.replies} {last} {row.last_author}".strip()
    )


def revisit_at(visited_at: datetime, changed_at: datetime | None) -> datetime:
    """When to look at a page again that last changed at a time (None: never seen to): soon,
    in 36 h, then rarely."""
    age = visited_at - changed_at if changed_at else MOST_RARELY
    if age < _FRESH:
        return visited_at + SOON
    if age < _LIVELY:
        return visited_at + DAY_AND_A_HALF
    return visited_at + min(max(RARELY, age), MOST_RARELY)


def board_again_at(visited_at: datetime, newest: datetime | None) -> datetime:
    """When to look at a board's first page again, whose newest reply is of a time: sooner
    where more is going on."""
    age = visited_at - newest if newest else BOARD_RARELY
    return visited_at + min(max(BOARD_OFTEN, age / 4), BOARD_RARELY)


def newest_reply(page: BoardPage) -> datetime | None:
    """The time of a board page's newest reply."""
    return max(
        (row.last_post_at for row in page.threads if row.last_post_at), default=None
    )


def last_change(page: ThreadPage) -> datetime | None:
    """When a thread page last changed, as its posts tell."""
    times = [
        time for post in page.posts for time in (post.posted_at, post.edited_at) if time
    ]
    return max(times, default=None)


def _boards(rows: Sequence[BoardRow], scope: Scope) -> Iterator[DiscoveredPage]:
    for row in rows:
        if row.fid and (scope.whole or row.fid in scope.boards):
            yield DiscoveredPage(key=Key("board", row.fid), priority=BOARD, fid=row.fid)


def _from_row(
    row: ThreadRow, known: str | None, fid: int, scope: Scope
) -> Iterator[DiscoveredPage]:
    if row.moved_to:
        yield DiscoveredPage(key=Key("thread", row.moved_to), priority=THREAD)
    elif _old(row, scope):
        return
    elif known is None:
        yield DiscoveredPage(
            key=Key("thread", row.tid), priority=THREAD, fid=fid, mark=mark_of(row)
        )
    elif known != mark_of(row):
        lost = _replies(mark_of(row)) < _replies(known)
        yield DiscoveredPage(
            key=Key("thread", row.tid),
            priority=THREAD,
            again=True,
            last=not lost,
            all=lost,
            fid=fid,
            mark=mark_of(row),
        )


def _next(fid: int, page: int) -> DiscoveredPage:
    return DiscoveredPage(
        key=Key("board", fid, page), priority=BOARD, again=True, fid=fid
    )


def _walked(walked: str, since: date | None) -> bool:
    return walked == "all" or (since is not None and "" < walked <= since.isoformat())


def _replies(mark: str) -> int:
    """Replies that a mark states; plenty where it states none, so that the unknown counts
    as no loss."""
    first = mark.partition(" ")[0]
    return int(first) if first.isdecimal() else PLENTY


def _goes_on(page: BoardPage, board: Board, scope: Scope) -> bool:
    """Whether the next page may show news. Where rows are in order of their last replies,
    the last row tells."""
    rows = [row for row in page.threads if not row.sticky and not row.moved_to]
    news = [
        board.marks.get(row.tid) != mark_of(row) and not _old(row, scope)
        for row in rows
    ]
    if not news:
        return False
    times = [row.last_post_at for row in rows if row.last_post_at]
    in_order = len(times) == len(rows) and all(
        one >= other for one, other in pairwise(times)
    )
    return news[-1] if in_order else any(news)


def _old(row: ThreadRow, scope: Scope) -> bool:
    """Whether a thread's last reply is older than the run is about; no, where none is told."""
    if scope.since is None or row.last_post_at is None:
        return False

    return _forum_day(row.last_post_at, scope.utc_offset_minutes) < scope.since


def _forum_day(at: datetime, utc_offset_minutes: int) -> date:
    """The day on which a forum's own clock shows a time."""
    zone = timezone(timedelta(minutes=utc_offset_minutes))
    try:
        return at.astimezone(zone).date()
    except OverflowError:  # at the very ends of the calendar
        return at.date()
