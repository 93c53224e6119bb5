"""The JSON of lists of threads: a board (`forumdisplay`), hot and new threads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, FeedPage, ThreadRow
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.boards import flatten
from scraper.pages.api.paging import asked_page, pages_of
from scraper.pages.api.posts import author_of
from scraper.pages.api.special import special_of
from scraper.pages.api.values import (
    JsonMap,
    count,
    rows,
)


def read_board(answer: JsonMap, variables: JsonMap, page: Snapshot) -> BoardPage:
    """Read a board; PageError where the answer does not tell which."""
    forum = variables.map("forum")
    fid = forum.ident("fid") or variables.ident("fid")
    if fid is None:
        raise PageError("a board in JSON without its number")

    listed = variables.rows("forum_threadlist")
    type_names = variables.map("threadtypes").map("types")
    threads = _thread_rows(listed, type_names, page)
    sub_boards = tuple(flatten(variables.rows("sublist"), parent_fid=fid))
    name = forum.words("name")
    here, pages = _page_numbers(variables, forum, page)
    return BoardPage(
        fid=fid,
        name=name,
        page=here,
        pages=pages,
        threads=tuple(threads),
        boards=sub_boards,
    )


def _page_numbers(
    variables: JsonMap, forum: JsonMap, page: Snapshot
) -> tuple[int, int]:
    """This page's number and how many there are, by the threads on a page and in all."""
    here = variables.ident("page") or asked_page(page)
    size = variables.ident("tpp")
    total = count(forum.first("threadcount", "threads"))
    if size is None or total is None:
        return here, here
    return here, max(here, pages_of(total, size))


def read_feed(answer: JsonMap, variables: JsonMap, page: Snapshot) -> FeedPage:
    """Read threads of many boards (`hotthread`, `newthreads`); PageError where there is no list."""
    listed = variables.first("data", "forum_threadlist", "threadlist")
    if not isinstance(listed, list | dict):
        raise PageError("a list of threads in JSON without the list")
    threads = _thread_rows(rows(listed), JsonMap({}), page)
    return FeedPage(threads=tuple(threads))


def _thread_rows(
    listed: list[JsonMap], type_names: JsonMap, page: Snapshot
) -> Iterator[ThreadRow]:
    """Threads in a list, those without a number left out. `type_names`: the board's thread
    types by number."""
    for row in listed:
        tid = row.ident("tid")
        if tid is not None:
            yield _thread_row(tid, row, type_names, page)


def _thread_row(
    tid: int, row: JsonMap, type_names: JsonMap, page: Snapshot
) -> ThreadRow:
    author = author_of(row)
    type_number = row.string("typeid")
    display_order = row.number("displayorder") or 0
    # above 1: the thread that this one was moved to
    closed = row.number("closed") or 0
    return ThreadRow(
        tid=tid,
        title=row.words("subject"),
        author=author.name,
        uid=author.uid,
        created_on=_created_on(row, page),
        replies=row.count("replies"),
        views=row.count("views"),
        last_post_at=_last_post_at(row, page),
        last_author=row.words("lastposter"),
        type=type_names.words(type_number),
        special=special_of(row),
        sticky=display_order > 0,
        digest=row.flag("digest"),
        closed=closed == 1,
        moved_to=closed if closed > 1 else None,
        excerpt=row.string("message").strip(),
    )


def _last_post_at(row: JsonMap, page: Snapshot) -> datetime | None:
    """By the unix time of newer versions; else as printed."""
    exact = row.moment("dblastpost")
    if exact is not None:
        return exact
    printed = row.string("lastpost")
    return page.clock.parse(printed)


def _created_on(row: JsonMap, page: Snapshot) -> date | None:
    """The day as printed, in the forum's zone; else that of the unix time, in the zone that
    we take the forum for."""
    printed = row.string("dateline")
    day = page.clock.parse_day(printed)
    if day is not None:
        return day

    exact = row.moment("dbdateline") or row.moment("dateline")
    if exact is None:
        return None
    zone = page.site.zone
    return exact.astimezone(zone).date()
