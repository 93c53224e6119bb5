"""What a page leads to: pure rules; what is known is given, and nothing is fetched.

A thread is read on from its last known page. Boards are walked through as far as something
moved (`listing`). Everything else (edits, deletions, moves) is found by revisits
(`revisits`). `scope` has the values that all of them speak of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from scraper.addresses.urls import parse_url
from scraper.core.census import POST_SPLIT, PageWarning
from scraper.core.records import (
    BoardPage,
    BoardRow,
    IndexPage,
    Reason,
    ThreadPage,
    ThreadRow,
)
from scraper.policy.listing import (
    WALK,
    KnownBoard,
    goes_on,
    is_too_old,
    listing_fingerprint,
    lost_replies,
    newest_reply,
    walk_ends,
    walked_until,
    was_walked,
)
from scraper.policy.paging import BOARD_AHEAD, MANY, THREAD_AHEAD, ahead
from scraper.policy.revisits import (
    BOARD_RARELY,
    MOST_RARELY,
    REFUSED_AGAIN,
    board_again_at,
    last_change,
    revisit_at,
)
from scraper.policy.scope import (
    ANYTHING,
    BOARD,
    FAR,
    INDEX,
    REVISIT,
    SWEEP,
    THREAD,
    THREAD_PAGE,
    USER,
    DiscoveredPage,
    Key,
    Kind,
    Scope,
)

__all__ = [
    "ANYTHING",
    "BOARD",
    "BOARD_RARELY",
    "INDEX",
    "MOST_RARELY",
    "REFUSED_AGAIN",
    "REVISIT",
    "SWEEP",
    "THREAD",
    "THREAD_PAGE",
    "USER",
    "DiscoveredPage",
    "Key",
    "Kind",
    "KnownBoard",
    "Scope",
    "all_parts",
    "before_end",
    "board_again_at",
    "from_board",
    "from_index",
    "from_member",
    "from_thread",
    "instead",
    "last_change",
    "listing_fingerprint",
    "newest_reply",
    "revisit_at",
    "seeds",
    "thread_links",
    "walk_ends",
    "walked_until",
]

_HREF = re.compile(r"""href=["']([^"'#]+)""")


def seeds(scope: Scope, boards: Collection[int]) -> Iterator[DiscoveredPage]:
    """Where a run begins: the index and the known `boards`, or what the scope names."""
    if scope.whole:
        yield DiscoveredPage(
            key=Key("index"),
            priority=INDEX,
            again=True,
        )

    fids = boards if scope.whole else scope.boards
    for fid in sorted(fids):
        named = fid in scope.boards
        yield replace(_board_page(fid, 1), even_refused=named, named=named)
    for tid in sorted(scope.threads):
        yield replace(_thread_on(tid), even_refused=True, named=True)
    for uid in sorted(scope.users):
        yield DiscoveredPage(
            key=Key("user", uid),
            priority=USER,
            again=True,
            even_refused=True,
            named=True,
        )


def from_index(page: IndexPage, scope: Scope) -> Iterator[DiscoveredPage]:
    """The boards of an index or category page. Those that were visited before are begun by
    `seeds`."""
    yield from _boards(page.boards, scope)


def from_board(
    page: BoardPage, asked: Key, known: KnownBoard, scope: Scope
) -> Iterator[DiscoveredPage]:
    """Sub-boards, threads that are new or moved on, and the next page while there may be
    more of them.

    A board that was never walked through has all its pages visited, a few ahead at a time;
    `walk_ends` says where one may stop.
    """
    fid = asked.item
    is_named = fid in scope.boards
    yield from _boards(page.boards, ANYTHING if is_named else scope)

    for row in page.threads:
        fingerprint = known.fingerprints.get(row.tid)
        yield from _from_row(row, fingerprint, fid, scope)

    if page.page != asked.page:  # past the end, where a forum shows another page
        return

    if _is_walk(page, known, scope):
        for number in ahead(page.page, page.pages, BOARD_AHEAD):
            yield replace(_board_page(fid, number), listing_fingerprint=WALK)
    elif page.page < page.pages and goes_on(page, known, scope):
        yield _board_page(fid, page.page + 1)


def from_thread(
    page: ThreadPage, asked: Key, fid: int | None
) -> Iterator[DiscoveredPage]:
    """The pages of a thread that are not known yet, some ahead at a time; the thread itself,
    where another one answered. `fid`: the board that led here, where the page names none."""
    fid = page.fid or fid
    if page.tid is not None and page.tid != asked.item:
        yield DiscoveredPage(
            key=Key(asked.kind, page.tid),
            priority=THREAD,
            fid=fid,
        )
        return

    urgency = THREAD_PAGE if asked.kind == "thread" else THREAD
    for number in ahead(page.page, page.pages, THREAD_AHEAD):
        key = Key(asked.kind, asked.item, number)
        yield DiscoveredPage(
            key=key,
            priority=FAR if number > MANY else urgency,
            fid=fid,
        )


def all_parts(
    asked: Key, warnings: Sequence[PageWarning], fid: int | None
) -> Iterator[DiscoveredPage]:
    """The page with all of a post that a thread's page shows one part of."""
    if asked.kind != "thread":
        return
    if any(warning.kind == POST_SPLIT for warning in warnings):
        yield DiscoveredPage(
            key=Key("all_parts", asked.item, asked.page),
            priority=THREAD_PAGE,
            again=True,
            fid=fid,
        )


def from_member(html: str, asked: Key) -> Iterator[DiscoveredPage]:
    """Threads that a page of a member's list links to, and the next page where it links to that.

    home/space_thread prints numbered pages on large forums, and nothing but a link to the
    next page where counting is turned off (`simplepage`).
    """
    for tid in thread_links(html):
        yield _thread_on(tid)

    further = Key("user", asked.item, asked.page + 1)
    if _links_to_member_page(html, further.page):
        yield DiscoveredPage(
            key=further,
            priority=USER,
            again=True,
        )


def thread_links(html: str) -> list[int]:
    """The threads that a page links to, in order, each once."""
    found: dict[int, None] = {}
    for href in _HREF.findall(html):
        target = parse_url(href)
        if target is None or target.kind != "thread" or target.view != "desktop":
            continue
        if target.id:
            found[target.id] = None
    return list(found)


def instead(asked: Key, reason: Reason, fid: int | None) -> Iterator[DiscoveredPage]:
    """Where to look for a thread whose page is refused: its archiver page has permissions
    of its own on old forums. Where that was read before, it is read on."""
    if asked.kind != "thread" or asked.page != 1:
        return
    if reason in ("forbidden", "login"):
        key = Key("archiver", asked.item)
        yield DiscoveredPage(
            key=key,
            priority=THREAD,
            again=True,
            last=True,
            fid=fid,
        )


def before_end(asked: Key, fid: int | None) -> Iterator[DiscoveredPage]:
    """Where to look for the end of a thread that ends before the page that was asked for:
    its first page says how many it has."""
    yield DiscoveredPage(
        key=Key("thread", asked.item),
        priority=THREAD_PAGE,
        again=True,
        fid=fid,
    )


def _is_walk(page: BoardPage, known: KnownBoard, scope: Scope) -> bool:
    """Whether all pages of a board are to be visited, not only as far as something moved."""
    if page.page > 1:
        return known.is_walk
    if scope.complete:
        return True
    return not was_walked(known.walked_until, scope.since)


def _board_page(fid: int, page: int) -> DiscoveredPage:
    return DiscoveredPage(
        key=Key("board", fid, page),
        priority=FAR if page > MANY else BOARD,
        again=True,
        fid=fid,
    )


def _thread_on(tid: int) -> DiscoveredPage:
    """A thread, read on from its last known page."""
    return DiscoveredPage(
        key=Key("thread", tid),
        priority=THREAD,
        again=True,
        last=True,
    )


def _boards(rows: Sequence[BoardRow], scope: Scope) -> Iterator[DiscoveredPage]:
    for row in rows:
        if not row.fid:
            continue
        if scope.whole or row.fid in scope.boards:
            key = Key("board", row.fid)
            yield DiscoveredPage(
                key=key,
                priority=BOARD,
                fid=row.fid,
            )


def _from_row(
    row: ThreadRow, known: str | None, fid: int, scope: Scope
) -> Iterator[DiscoveredPage]:
    """What a row of a board page leads to; `known`: the thread's fingerprint before, None
    where it is new."""
    if row.moved_to:
        yield DiscoveredPage(
            key=Key("thread", row.moved_to),
            priority=THREAD,
        )
        return
    if not row.tid or is_too_old(row, scope):
        return

    fingerprint = listing_fingerprint(row)
    if known == fingerprint:
        return

    # Replies that went may have stood on any page; those that came are on the last one.
    lost = known is not None and lost_replies(known, fingerprint)
    yield DiscoveredPage(
        key=Key("thread", row.tid),
        priority=THREAD,
        again=known is not None,
        even_refused=known is not None,
        last=known is not None and not lost,
        all=lost,
        fid=fid,
        listing_fingerprint=fingerprint,
    )


def _links_to_member_page(html: str, number: int) -> bool:
    page_number = re.compile(rf"[?&;]page={number}(?!\d)")
    links = [href for href in _HREF.findall(html) if "do=thread" in href]
    return any(page_number.search(link) for link in links)
