"""About how many pages a crawl will ask for: from the front page's counts, or from a look at
what is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.commands._saying import say
from archive.crawl.addresses import address
from archive.crawl.start import style_of
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    BoardRow,
    Capture,
    Notice,
    Page,
    ThreadPage,
    ThreadRow,
)
from scraper.fetch.fetcher import Answer, Failure
from scraper.parsing import parse_capture
from scraper.policy.plan import Key, Scope, thread_links

# Threads and posts a page, as Discuz! ships.
_ROWS: Final = 20
_POSTS: Final = 10
_MOST_LOOKS: Final = 20
_USUAL_PAGES: Final = 1.2  # of a thread that was not seen
_LIST_PAGE = re.compile(r"do=thread[^\"'<>]{0,200}?[?&;]page=(\d{1,6})")


def pages_of_forum(boards: Iterable[BoardRow]) -> int:
    """About how many pages a whole forum has, by the counts of its boards, which are printed."""
    rows = list(boards)
    for row in rows:
        _print_board(row, "  ")
    return 1 + _pages_by_counts(rows)


def _print_board(row: BoardRow, indent: str) -> None:
    say(
        f"{indent}board {row.fid} {row.name}: "
        f"{row.threads or '?'} threads, {row.posts or '?'} posts"
    )


def _pages_by_counts(rows: Sequence[BoardRow]) -> int:
    """Pages of lists and threads."""
    pages = 0
    for row in rows:
        threads = row.threads or 0
        posts = row.posts or 0
        list_pages = 1 + threads // _ROWS
        pages += list_pages
        pages += _thread_pages(threads, posts)
    return pages


def _thread_pages(threads: int, posts: int) -> int:
    """How many pages so many threads have, of which only the posts of all are known.

    At least one each, and at least those that the posts fill. As many as threads of
    geometrically distributed lengths would have are too many, for most threads are shorter
    and few very long. It is about half-way.
    """
    if not threads:
        return 0
    full_pages = posts // _POSTS
    least = max(threads, full_pages)
    mean_posts = max(1.0, posts / threads)
    share_ending = 1 / mean_posts
    goes_on = (1 - share_ending) ** _POSTS
    most = threads / (1 - goes_on)
    most = max(least, most)
    return round((least + most) / 2)


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at the first pages of what is named; what each showed is printed. `get` asks for
    a page of the forum, whose front page is `front` and lists `boards`, by fid."""

    get: Callable[[str], Answer | Failure]
    base: str
    front: Capture
    boards: Mapping[int | None, BoardRow]

    def pages_of(self, scope: Scope) -> int:
        """About how many pages the boards, threads and members of a run have."""
        boards = [Key("board", fid) for fid in sorted(scope.boards)]
        threads = [Key("thread", tid) for tid in sorted(scope.threads)]
        members = [Key("user", uid) for uid in sorted(scope.users)]
        keys = boards + threads + members
        looked_at = keys[:_MOST_LOOKS]
        pages = sum(self._pages(key) for key in looked_at)
        unseen = len(keys) - len(looked_at)
        if unseen:
            say(f"  and {unseen} more, taken to be alike")
        share_seen = len(looked_at) / len(keys)
        return round(pages / share_seen)

    def _pages(self, key: Key) -> int:
        style = style_of(self.front.body)
        url = address(
            key,
            self.base,
            style,
        )
        kind = "member" if key.kind == "user" else key.kind
        name = f"{kind} {key.item}"
        response = self.get(url)
        if isinstance(response, Failure):
            say(f"  {name}: {response.reason}: {response.message}")
            return 1

        page = _parsed(response.capture)
        content = page.content if page else None
        if isinstance(content, ThreadPage):
            say(f"  {name} {content.title}: {content.pages} pages")
            return content.pages
        if isinstance(content, BoardPage):
            row = self.boards.get(key.item)
            on_last = 0
            if content.pages > 1 and not _is_counted(row):
                on_last = self._threads_on(Key("board", key.item, content.pages))
            return _pages_of_board(name, content, row, on_last)
        if isinstance(content, Notice):
            say(f"  {name}: {content.reason}: {content.message}")
            return 1
        if key.kind == "user":
            return _pages_of_member(name, response.capture)
        say(f"  {name}: its page could not be read")
        return 1

    def _threads_on(self, key: Key) -> int:
        """How many threads a page of a board lists; half of what it may where it did not come."""
        style = style_of(self.front.body)
        url = address(
            key,
            self.base,
            style,
        )
        response = self.get(url)
        if isinstance(response, Failure):
            return _ROWS // 2
        page = _parsed(response.capture)
        if page is None or not isinstance(page.content, BoardPage):
            return _ROWS // 2
        return len(_own_rows(page.content))


def _is_counted(row: BoardRow | None) -> bool:
    return row is not None and bool(row.threads and row.posts)


def _own_rows(page: BoardPage) -> list[ThreadRow]:
    """The threads that stand on this page of a board only."""
    return [row for row in page.threads if not row.sticky]


def _pages_of_board(
    name: str, page: BoardPage, row: BoardRow | None, on_last: int
) -> int:
    """Its list and its threads, with those of the boards below it. `on_last`: threads on its
    last page, where it has more than one."""
    for below in page.boards:
        _print_board(below, "    ")
    if row is not None and row.threads and row.posts:
        say(f"  {name} {page.name}: {row.threads} threads, {row.posts} posts")
        # a front page counts what is in the boards below, too (forum_index.php)
        lists = page.pages + len(page.boards)
        return lists + _thread_pages(row.threads, row.posts)

    lengths = [_pages_of_thread(thread) for thread in page.threads]
    between = max(0, page.pages - 2) * len(_own_rows(page))
    further = between + on_last
    say(f"  {name} {page.name}: about {len(lengths) + further} threads")
    thread_pages = sum(lengths) + round(further * _USUAL_PAGES)
    return page.pages + thread_pages + _pages_by_counts(page.boards)


def _pages_of_thread(row: ThreadRow) -> int:
    posts = (row.replies or 0) + 1
    return -(-posts // _POSTS)


def _pages_of_member(name: str, page: Capture) -> int:
    """A member's list tells of threads, and not how long they are."""
    html = page.body.decode("latin-1")
    shown = len(thread_links(html))
    numbers = [int(number) for number in _LIST_PAGE.findall(html)]
    lists = max(numbers, default=1)
    threads = shown * lists
    say(f"  {name}: about {threads} threads")
    return lists + threads


def _parsed(capture: Capture) -> Page | None:
    try:
        return parse_capture(capture)
    except PageError:
        return None
