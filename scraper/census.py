"""What a page prints against what came out of it: fields counted, and losses named.

A reader that finds nothing raises no error: its column is empty, for a whole forum. So
each page is counted against what its layout prints, and against the numbers of posts that
stand in its bytes, which no selector of ours has a part in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from scraper.core.census import POST_SPLIT, SEVERAL, FieldCount, PageWarning
from scraper.core.records import (
    BoardPage,
    BoardRow,
    Content,
    IndexPage,
    Post,
    ThreadPage,
    ThreadRow,
)
from scraper.markup.snapshot import Snapshot
from scraper.missed import marks_of_posts, may_print_pids, missed_posts, missed_records

Fields: TypeAlias = frozenset[str]
"""Fields of a record, as `parse` names them: `title`, `posts.author`, `threads.replies`."""

_END = re.compile(r"</(?:html|body|wml)\s*>", re.I)
_USUAL_END: Final = "</html>"
_STARTS: Final = ("<body", "<BODY", "<wml")
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

# A post's own words cannot hold these: their quotes are escaped.
_CP = re.compile(r"[?&;]cp=(\d{1,4}|all)\b")
_PAGER_CALL = re.compile(r"show_threadpage\(\d+,\s*\d+,\s*(\d{1,4})\b")
_INDEX_PART = re.compile(r"""<a [^>]{0,100}?\bpage=["']?(\d{1,4})\b""")
_PAGER_CHARS: Final = 1_000
_INDEX_CHARS: Final = 20_000

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
    return tuple(
        FieldCount(field=field, read=read, total=total)
        for field, read, total in _counted(content)
        if field in prints and total
    )


def warnings(
    page: Snapshot, content: Content, counted: Sequence[FieldCount]
) -> tuple[PageWarning, ...]:
    """What was printed and not read, by kind; empty for a page that was read whole."""
    split: Iterable[PageWarning] = ()
    if isinstance(content, ThreadPage) and may_print_pids(content):
        marks = marks_of_posts(page)
        missed = missed_posts(marks, content)
        if any(pager for _, pager in marks):
            split = _split_posts(page)
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
            yield "name", int(bool(content.name)), 1
            yield from _of_rows(content.threads)
        case IndexPage():
            yield from _of_boards(content.boards)


def _of_thread(page: ThreadPage) -> Iterator[tuple[str, int, int]]:
    yield "title", int(bool(page.title)), 1
    yield "board", int(bool(page.board)), 1

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
    own = [row for row in rows if row.moved_to is None]
    total = len(own)

    yield "threads.title", sum(bool(row.title) for row in own), total
    yield "threads.author", sum(bool(row.author) for row in own), total
    yield "threads.created_on", sum(row.created_on is not None for row in own), total
    yield "threads.replies", sum(row.replies is not None for row in own), total
    yield "threads.views", sum(row.views is not None for row in own), total
    yield (
        "threads.last_post_at",
        sum(row.last_post_at is not None for row in own),
        total,
    )


def _of_boards(boards: Sequence[BoardRow]) -> Iterator[tuple[str, int, int]]:
    total = len(boards)
    yield "boards.name", sum(bool(board.name) for board in boards), total
    yield "boards.threads", sum(board.threads is not None for board in boards), total


def _is_placeholder(post: Post) -> bool:
    """A deleted post's place: a number and a floor, nothing else was printed."""
    return bool(post.withheld) and not post.author and post.posted_at is None


def _should_have_words(post: Post) -> bool:
    """Whether words of the poster's own are to be expected in a post."""
    other_content = (
        post.images or post.attachments or post.quotes or post.poll or post.hidden
    )
    return not post.withheld and not other_content


def _cut(page: Snapshot) -> Iterator[PageWarning]:
    reason = page.capture.header("warc-truncated")
    if reason:
        yield PageWarning(kind="page-cut", detail=f"the capture was cut: {reason}")
        return

    tail_start = max(0, len(page.text) - _END_CHARS)
    if page.text.rfind(_USUAL_END, tail_start) >= 0:
        return
    is_markup = any(start in page.text for start in _STARTS)
    if is_markup and not _END.search(page.text, tail_start):
        yield PageWarning(kind="page-cut", detail="the page breaks off before its end")


def _split_posts(page: Snapshot) -> Iterator[PageWarning]:
    """An opening post of which the page shows one part (X2 and later)."""
    asked = _CP.search(page.url)
    part = asked[1] if asked else "1"
    if part == "all":
        return

    total = max(_parts_by_pager(page.text), _parts_by_index(page.text))
    if total > 1:
        detail = f"part {part} of {total} of the opening post, all are at cp=all"
        yield PageWarning(kind=POST_SPLIT, detail=detail)


def _parts_by_pager(text: str) -> int:
    """How many parts the pager below a post counts; 0 where there is none."""
    start = text.find('id="threadpage"')
    if start < 0:
        return 0
    pager = text[start : start + _PAGER_CHARS]
    call = _PAGER_CALL.search(pager)
    if call:
        return int(call[1])
    end = pager.find("</div></div>")
    return _most(_CP.findall(pager[:end] if end >= 0 else pager))


def _parts_by_index(text: str) -> int:
    """How many parts the table of contents of a post leads to; 0 where there is none."""
    start = text.find('id="threadindex"')
    if start < 0:
        return 0
    end = text.find("</div>", start, start + _INDEX_CHARS)
    index = text[start : end if end >= 0 else start + _INDEX_CHARS]
    return _most([*_INDEX_PART.findall(index), *_CP.findall(index)])


def _most(numbers: Iterable[str]) -> int:
    return max((int(each) for each in numbers if each.isdigit()), default=0)


def _lost_fields(
    page: Snapshot, counted: Sequence[FieldCount]
) -> Iterator[PageWarning]:
    unread = [count for count in counted if not count.read]
    for count in unread:
        is_of_page = "." not in count.field
        is_enough = is_of_page or count.total >= SEVERAL
        if count.field in _TIMES and page.clock.has_unsettled_dates:
            is_enough = True
        if not is_enough or not _is_in_bytes(page, count):
            continue
        kind, label = _LOST[count.field]
        record = count.field.partition(".")[0].rstrip("s")
        detail = (
            f"no {label} was read"
            if is_of_page
            else f"no {label} on any of {count.total} {record}s"
        )
        yield PageWarning(kind=kind, detail=detail)


def _is_in_bytes(page: Snapshot, count: FieldCount) -> bool:
    """Whether a field that some pages leave out stands in this one at all."""
    if count.field == "posts.floor":
        # a desktop page of X leaves them out for the User-Agent of a spider
        return "nv_forum" not in page.body_tag or "postnum" in page.text
    if count.field == "posts.posted_at":
        # a page of the touch layout may print nothing but `6 天前`
        return len(_TIME.findall(page.text)) >= count.total
    if count.field in _NOT_OF_PICTURES:
        return 'id="waterfall"' not in page.text
    return True
