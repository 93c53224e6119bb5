"""The JSON of lists: a board's threads (`forumdisplay`), the board tree (`forumindex`), hot
and new threads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, BoardRow, FeedPage, IndexPage, ThreadRow
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.posts import author_of
from scraper.pages.api.special import special_of
from scraper.pages.api.values import (
    Map,
    count,
    first_of,
    flag,
    ident,
    mapping,
    moment,
    number,
    rows,
    string,
    words,
)

_LEVELS: Final = 3  # Discuz! has boards and sub-boards


def read_board(answer: Map, variables: Map, page: Snapshot) -> BoardPage:
    """Read a board; PageError where the answer does not tell which."""
    forum = mapping(variables.get("forum"))
    fid = ident(first_of(forum, "fid")) or ident(variables.get("fid"))
    if fid is None:
        raise PageError("a board in JSON without its number")
    types = mapping(mapping(variables.get("threadtypes")).get("types"))
    threads = read_rows(variables.get("forum_threadlist"), types, page)
    here = ident(variables.get("page")) or (page.target.page if page.target else 1)
    size, total = (
        ident(variables.get("tpp")),
        count(first_of(forum, "threadcount", "threads")),
    )
    pages = -(-total // size) if size and total else 1
    return BoardPage(
        fid=fid,
        name=words(forum.get("name")),
        page=here,
        pages=max(pages, here),
        threads=threads,
        boards=tuple(_boards(rows(variables.get("sublist")), parent=fid)),
    )


def read_index(answer: Map, variables: Map, page: Snapshot) -> IndexPage:
    """Read the board tree, category by category; PageError where no board is in it."""
    listed = {
        fid: row
        for row in rows(variables.get("forumlist"))
        if (fid := ident(row.get("fid")))
    }
    boards: list[BoardRow] = []
    for category in rows(variables.get("catlist")):
        fids = category.get("forums")
        held = [
            listed.pop(fid)
            for fid in map(ident, fids if isinstance(fids, list) else ())
            if fid in listed
        ]
        boards += _boards(held, words(category.get("name")), ident(category.get("fid")))
    boards += _boards(list(listed.values()))
    if not boards:
        raise PageError("a board tree in JSON without boards")
    return IndexPage(boards=tuple(boards))


def read_feed(answer: Map, variables: Map, page: Snapshot) -> FeedPage:
    """Read threads of many boards (`hotthread`, `newthreads`); PageError where there is no list."""
    listed = first_of(variables, "data", "forum_threadlist", "threadlist")
    if not isinstance(listed, list | dict):
        raise PageError("a list of threads in JSON without the list")
    return FeedPage(threads=read_rows(listed, {}, page))


def read_rows(listed: object, types: Map, page: Snapshot) -> tuple[ThreadRow, ...]:
    """Threads in a list, those without a number left out. `types`: the names of the board's
    thread types by number."""
    found = (_row(row, types, page) for row in rows(listed))
    return tuple(row for row in found if row)


def _row(row: Map, types: Map, page: Snapshot) -> ThreadRow | None:
    tid = ident(row.get("tid"))
    if tid is None:
        return None
    author, uid, _ = author_of(row)
    closed = (
        number(row.get("closed")) or 0
    )  # above 1: the thread that this one was moved to
    return ThreadRow(
        tid=tid,
        title=words(row.get("subject")),
        author=author,
        uid=uid,
        created_on=_day(row, page),
        replies=count(row.get("replies")),
        views=count(row.get("views")),
        last_post_at=moment(row.get("dblastpost"))
        or page.clock.parse(string(row.get("lastpost"))),
        last_author=words(row.get("lastposter")),
        type=words(types.get(string(row.get("typeid")))),
        special=special_of(row),
        sticky=(number(row.get("displayorder")) or 0) > 0,
        digest=flag(row.get("digest")),
        closed=closed == 1,
        moved_to=closed if closed > 1 else None,
        excerpt=string(row.get("message")).strip(),
    )


def _day(row: Map, page: Snapshot) -> date | None:
    """The day as printed, in the forum's zone; else that of the unix time, in the zone that
    we take the forum for."""
    printed, exact = string(row.get("dateline")), moment(row.get("dbdateline"))
    if printed and (day := page.clock.parse_day(printed)):
        return day
    exact = exact or moment(row.get("dateline"))
    return exact.astimezone(page.site.zone).date() if exact else None


def _boards(
    found: list[Map],
    category: str = "",
    category_fid: int | None = None,
    parent: int | None = None,
    levels: int = _LEVELS,
) -> Iterator[BoardRow]:
    """Boards in order, each followed by those below it."""
    for row in found:
        fid = ident(row.get("fid"))
        if fid is None:
            continue
        below = rows(row.get("sublist")) if levels > 1 else []
        yield BoardRow(
            fid=fid,
            name=words(row.get("name")),
            parent_fid=parent,
            category=category,
            category_fid=category_fid,
            threads=_own(row, below, "threads"),
            posts=_own(row, below, "posts"),
            description=words(row.get("description")),
        )
        yield from _boards(below, category, category_fid, fid, levels - 1)


def _own(row: Map, below: list[Map], key: str) -> int | None:
    """A board's own count: forum_index adds to it those of the boards below it, which are
    listed with it."""
    total, others = (
        count(row.get(key)),
        sum(count(other.get(key)) or 0 for other in below),
    )
    return total - others if total is not None and total >= others else total
