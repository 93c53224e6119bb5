"""What a page prints against what came out of it: fields counted, and losses named.

A reader that finds nothing raises no error: its column is empty, for a whole forum. So
each page is counted against what its layout prints, and against the numbers of posts that
stand in its bytes, which no selector of ours has a part in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from scraper.core.census import SEVERAL, FieldCount, PageWarning
from scraper.core.records import (
    BoardPage,
    BoardRow,
    Content,
    IndexPage,
    Post,
    ThreadPage,
    ThreadRow,
)
from scraper.markup.circumstances import leaves_out_end_tags
from scraper.markup.snapshot import Snapshot
from scraper.missed import may_print_pids, missed_posts, missed_records
from scraper.split_posts import split_posts

Fields: TypeAlias = frozenset[str]
"""Fields of a record, as `parse` names them: `title`, `posts.author`, `threads.replies`."""

_END = re.compile(r"</(?:html|body|wml)\s*>", re.I)
_USUAL_END: Final = "</html>"
_WML: Final = "<wml"
_HEAD_CHARS: Final = 1_000
_END_CHARS: Final = 4_000
"""Counters and advertisements may follow the end of a page."""
_TIME = re.compile(
    r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:\s|&nbsp;){1,3}(?:[^\s\d<]{1,4}\s?)?\d{1,2}:\d{2}"
)
"""A day and a time of day, in any order that an administrator can set."""
_NOT_OF_PICTURES: Final = frozenset(
    {"threads.created_on", "threads.last_post_at", "threads.views"}
)
"""What a board of pictures (`ul#waterfall`) leaves out of its rows."""
_TIMES: Final = frozenset(
    {"posts.posted_at", "threads.created_on", "threads.last_post_at"}
)
"""Fields that are lost where nothing tells the order of day, month and year."""

_LOST: Final = {
    "posts.author": ("no-authors", "author"),
    "posts.posted_at": ("no-times", "time"),
    "posts.floor": ("no-floors", "floor"),
    "posts.pid": ("no-post-numbers", "post number"),
    "posts.text": ("no-text", "text"),
    "title": ("no-title", "title"),
    "board": ("no-board", "board"),
    "name": ("no-name", "name"),
    "threads.title": ("no-row-titles", "title"),
    "threads.author": ("no-row-authors", "author"),
    "threads.created_on": ("no-row-dates", "date"),
    "threads.replies": ("no-row-replies", "number of replies"),
    "threads.views": ("no-row-views", "number of views"),
    "threads.last_post_at": ("no-row-last-posts", "time of the last post"),
    "boards.name": ("no-board-names", "name"),
    "boards.threads": ("no-board-counts", "number of threads"),
}


def counts(content: Content, prints: Fields) -> tuple[FieldCount, ...]:
    """How many of a page's records had each field that its layout prints."""
    counted = list[FieldCount]()
    for field, read, total in _counted(content):
        if not total:
            continue
        if field in prints:
            count = _field_count(field, read, total)
            counted.append(count)
    return tuple(counted)


@lru_cache(maxsize=4096)
def _field_count(field: str, read: int, total: int) -> FieldCount:
    """The same numbers come on page after page, and are sooner found than made again."""
    return FieldCount(field=field, read=read, total=total)


def warnings(
    page: Snapshot, content: Content, counted: Sequence[FieldCount]
) -> tuple[PageWarning, ...]:
    """What was printed and not read, by kind; empty for a page that was read whole."""
    split: Iterable[PageWarning] = ()
    if isinstance(content, ThreadPage) and may_print_pids(content):
        missed = missed_posts(page, content)
        split = split_posts(page, content)
    else:
        missed = missed_records(page, content)
    return (
        *_cut(page),
        *missed,
        *_lost_fields(page, counted),
        *split,
    )


def _counted(content: Content) -> Iterator[tuple[str, int, int]]:
    match content:
        case ThreadPage():
            yield from _of_thread(content)
        case BoardPage():
            has_name = bool(content.name)
            yield "name", int(has_name), 1
            yield from _of_rows(content.threads)
        case IndexPage():
            yield from _of_boards(content.boards)


def _of_thread(page: ThreadPage) -> Iterator[tuple[str, int, int]]:
    has_title = bool(page.title)
    has_board = bool(page.board)
    yield "title", int(has_title), 1
    yield "board", int(has_board), 1

    shown = spoken = 0
    authors = times = floors = pids = texts = 0
    for post in page.posts:  # one pass: every page of every forum goes through here
        floors += post.floor is not None
        pids += post.pid is not None
        if _is_placeholder(post):
            continue
        shown += 1
        authors += bool(post.author) or post.anonymous
        times += post.posted_at is not None
        if post.text:
            texts += 1
            spoken += 1
        elif _should_have_words(post):
            spoken += 1

    total = len(page.posts)
    yield "posts.author", authors, shown
    yield "posts.posted_at", times, shown
    yield "posts.floor", floors, total
    yield "posts.pid", pids, total
    yield "posts.text", texts, spoken


def _of_rows(rows: Iterable[ThreadRow]) -> Iterator[tuple[str, int, int]]:
    total = titles = authors = 0
    days = replies = views = last_times = 0
    for row in rows:
        if row.moved_to is not None:
            continue
        total += 1
        titles += bool(row.title)
        authors += bool(row.author)
        days += row.created_on is not None
        replies += row.replies is not None
        views += row.views is not None
        last_times += row.last_post_at is not None

    yield "threads.title", titles, total
    yield "threads.author", authors, total
    yield "threads.created_on", days, total
    yield "threads.replies", replies, total
    yield "threads.views", views, total
    yield "threads.last_post_at", last_times, total


def _of_boards(boards: Sequence[BoardRow]) -> Iterator[tuple[str, int, int]]:
    names = threads = 0
    for board in boards:
        names += bool(board.name)
        threads += board.threads is not None

    total = len(boards)
    yield "boards.name", names, total
    yield "boards.threads", threads, total


def _is_placeholder(post: Post) -> bool:
    """A deleted post's place: a number and a floor, nothing else was printed."""
    if not post.withheld:
        return False
    return not post.author and post.posted_at is None


def _should_have_words(post: Post) -> bool:
    """Whether words of the poster's own are to be expected in a post."""
    if post.withheld or post.hidden:
        return False
    if post.images or post.attachments:
        return False
    return not post.quotes and not post.poll


def _cut(page: Snapshot) -> Iterator[PageWarning]:
    reason = page.capture.header("warc-truncated")
    if reason:
        detail = f"the capture was cut: {reason}"
        yield PageWarning(kind="page-cut", detail=detail)
        return

    text = page.text
    tail_start = max(0, len(text) - _END_CHARS)
    if text.rfind(_USUAL_END, tail_start) >= 0:
        return
    has_body = page.head_end < len(text)
    is_wml = text.find(_WML, 0, _HEAD_CHARS) >= 0
    if not has_body and not is_wml:
        return
    end = _END.search(text, tail_start)
    if end is None and not leaves_out_end_tags(text):
        detail = "the page breaks off before its end"
        yield PageWarning(kind="page-cut", detail=detail)


def _lost_fields(
    page: Snapshot, counted: Sequence[FieldCount]
) -> Iterator[PageWarning]:
    for count in counted:
        if count.read:
            continue
        if not _is_enough(page, count):
            continue
        if not _is_in_bytes(page, count):
            continue
        kind, label = _LOST[count.field]
        records, dot, _ = count.field.partition(".")
        detail = f"no {label} was read"
        if dot:
            detail = f"no {label} on any of {count.total} {records}"
        yield PageWarning(kind=kind, detail=detail)


def _is_enough(page: Snapshot, count: FieldCount) -> bool:
    """Whether a field that was never read is missed so often that it tells something."""
    is_of_page = "." not in count.field
    if is_of_page:
        return True
    if count.total >= SEVERAL:
        return True
    return count.field in _TIMES and page.clock.has_unsettled_dates


def _is_in_bytes(page: Snapshot, count: FieldCount) -> bool:
    """Whether a field that some pages leave out stands in this one at all."""
    if count.field == "posts.floor":
        # a desktop page of X leaves them out for the User-Agent of a spider
        return "nv_forum" not in page.body_tag or "postnum" in page.text
    if count.field == "posts.posted_at":
        # a page of the touch layout may print nothing but `6 天前`
        times = _TIME.findall(page.text)
        return len(times) >= count.total
    if count.field in _NOT_OF_PICTURES:
        return 'id="waterfall"' not in page.text
    return True
