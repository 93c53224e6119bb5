"""An index as the browser's pages see it: what an archive's file is to them, as far as its
tables tell. Captures, former versions of posts and kept pictures are not in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final, TypeVar

from archive.clickhouse import read_members, read_posts, read_threads
from archive.clickhouse.api import search
from archive.clickhouse.bounded import BoundedEngine
from archive.clickhouse.facets import count_facets
from archive.clickhouse.index import Index
from archive.clickhouse.proposals import SearchedIndex
from archive.clickhouse.read_forums import (
    Boards,
    holdings_by_board,
    list_forums,
    on_this_day,
    read_forum,
    sum_of,
)
from archive.export.table_records import pairs_of, thread_of
from archive.export.tables import Values
from archive.reading.boards import Board, BoardNode
from archive.reading.chosen_posts import ChosenPosts
from archive.reading.forums import Forum, Holdings
from archive.reading.lookup import Kind, MissingError
from archive.reading.member_years import MemberYear
from archive.reading.members import Member, PostList
from archive.reading.neighbours import Neighbours
from archive.reading.on_this_day import Memory
from archive.reading.thread import POSTS_ON_PAGE, Thread, ThreadView
from archive.reading.thread_lists import ThreadList, page_count
from archive.search.also import Also
from archive.search.api import Order, Results
from archive.search.facets import Facets
from archive.search.hints import Hint
from archive.search.query import Query
from archive.web.links import Links, plain_address
from archive.web.source import BoardThreads, ForumList, HitNumbers, Offers

T = TypeVar("T")

_OFFERS: Final = Offers(data=False, versions=False, similar=False, spelling=False)


class IndexSource:
    """A `Source` for one page."""

    def __init__(self, engine: BoundedEngine) -> None:
        self._engine = engine
        self._boards: dict[int, Boards] = {}
        self._thread_rows: dict[int, Values] = {}

    @cached_property
    def _index(self) -> Index:
        return Index(self._engine)

    @property
    def _searched(self) -> SearchedIndex:
        return SearchedIndex(self._index)

    @property
    def offers(self) -> Offers:
        """Nothing that is made of captures."""
        return _OFFERS

    def forums(self) -> ForumList:
        return self.remembered("forums", lambda: list_forums(self._index))

    def forum(self, forum_id: int) -> Forum:
        return read_forum(self._index, forum_id)

    def holdings(self, forum_id: int) -> Holdings | None:
        counted = self.remembered(
            f"holdings {forum_id}", lambda: holdings_by_board(self._index, forum_id)
        )
        return sum_of(counted.values())

    def board_tree(self, forum_id: int) -> dict[str, list[BoardNode]]:
        return self._boards_of(forum_id).tree()

    def on_this_day(self, forum: Forum, now: datetime) -> list[Memory]:
        return on_this_day(self._index, forum, now)

    def find(self, kind: Kind, forum_id: int, number: int) -> int | None:
        if kind == "board":
            return self._boards_of(forum_id).id_of(number, "")
        if kind == "post":
            return read_posts.find_post(self._index, forum_id, number)
        if kind == "thread":
            return read_threads.find_thread(self._index, forum_id, number)
        return number

    def has(self, kind: Kind, forum_id: int, row_id: int) -> bool:
        try:
            if kind == "board":
                self._boards_of(forum_id).get(row_id)
            elif kind == "post":
                read_posts.thread_of_post(self._index, forum_id, row_id)
            elif kind == "thread":
                self._thread_row(forum_id, row_id)
            else:
                return False
        except MissingError:
            return False
        return True

    def boards_down_to(self, forum_id: int, board_id: int | None) -> list[Board]:
        return self._boards_of(forum_id).down_to(board_id)

    def sub_boards(self, forum_id: int, board_id: int) -> list[BoardNode]:
        return self._boards_of(forum_id).below(board_id)

    def years_of_board(self, forum_id: int, board_id: int) -> list[int]:
        board = self._boards_of(forum_id).get(board_id)
        return read_threads.years_of_board(self._index, board)

    def threads_of_board(
        self, forum_id: int, board_id: int, asked: BoardThreads
    ) -> ThreadList:
        board = self._boards_of(forum_id).get(board_id)
        return read_threads.threads_of_board(self._index, board, asked)

    def posts_per_page(self, forum_id: int) -> int:
        """As Discuz! is shipped: only captures tell another number."""
        return POSTS_ON_PAGE

    def thread(self, forum_id: int, thread_id: int) -> Thread:
        row = self._thread_row(forum_id, thread_id)
        return thread_of(row, self._board_of(row))

    def thread_view(
        self, thread: Thread, page: int, posts_per_page: int, chosen: ChosenPosts
    ) -> ThreadView:
        fitting = read_posts.chosen_of(thread, chosen)
        count = read_posts.count_posts(self._index, fitting)
        pages = page_count(count, posts_per_page)
        page = min(max(1, page), pages)
        offset = (page - 1) * posts_per_page
        posts = read_posts.posts_of_page(
            self._index,
            thread,
            chosen,
            posts_per_page,
            offset,
        )
        row = self._thread_row(thread.site_id, thread.id)
        return ThreadView(
            thread=thread,
            posts=tuple(posts),
            count=count,
            page=page,
            pages=pages,
            tags=tuple(row["tags"]),
            fields=pairs_of(row["fields"]),
        )

    def neighbours(self, thread: Thread) -> Neighbours:
        row = self._thread_row(thread.site_id, thread.id)
        board = None
        if thread.board_id is not None:
            board = self._boards_of(thread.site_id).get(thread.board_id)
        return read_threads.neighbours_of(self._index, row, board)

    def thread_of_post(self, forum_id: int, post_id: int) -> Thread:
        thread_id = read_posts.thread_of_post(self._index, forum_id, post_id)
        return self.thread(forum_id, thread_id)

    def page_of_post(self, thread: Thread, post_id: int, posts_per_page: int) -> int:
        before = read_posts.posts_before(self._index, thread, post_id)
        return before // posts_per_page + 1

    def at_floor(self, thread: Thread, floor: int) -> int | None:
        return read_posts.at_floor(self._index, thread, floor)

    def first_since(self, thread: Thread, time: datetime) -> int | None:
        return read_posts.first_since(self._index, thread, time)

    def last_post(self, thread: Thread) -> int | None:
        return read_posts.first_of(self._index, thread, order=read_posts.NEWEST_FIRST)

    def member(self, forum_id: int, user_id: int) -> Member:
        return read_members.read_member(self._index, forum_id, user_id)

    def uid_of_name(self, forum_id: int, name: str) -> int | None:
        return read_members.uid_of_name(self._index, forum_id, name)

    def threads_of_member(self, forum_id: int, user_id: int, after: str) -> ThreadList:
        where = read_members.by_member(forum_id, user_id)
        return read_threads.threads_from(self._index, where, after)

    def posts_of_member(self, forum_id: int, user_id: int, after: str) -> PostList:
        return read_members.posts_of_member(self._index, forum_id, user_id, after)

    def member_years(self, forum: Forum, user_id: int) -> Sequence[MemberYear]:
        return ()

    def threads_by_name(self, forum_id: int, name: str) -> ThreadList:
        where = read_members.by_name(forum_id, name)
        return read_threads.threads_from(self._index, where)

    def posts_by_name(self, forum_id: int, name: str, after: str) -> PostList:
        return read_members.posts_by_name(self._index, forum_id, name, after)

    def links(self, forum: Forum, on_page: Mapping[int, int]) -> Links:
        own = plain_address(forum.base_url)
        return Links(forum=forum, addresses=frozenset([own]), on_page=on_page)

    def kept_media(self, forum_id: int, names: Iterable[str]) -> dict[str, str]:
        return {}

    def search(
        self,
        text: str,
        *,
        limit: int,
        now: datetime,
        offset: int = 0,
        order: Order = "best",
        by_thread: bool = False,
    ) -> Results:
        return search(
            self._index,
            text,
            limit=limit,
            offset=offset,
            order=order,
            by_thread=by_thread,
            now=now,
        )

    def facets(self, query: Query) -> Facets:
        return count_facets(self._index, query)

    def also(self, query: Query) -> tuple[Also, ...]:
        return self._searched.also(query)

    def hints(self, query: Query) -> tuple[Hint, ...]:
        return self._searched.hints(query)

    def searched(self) -> tuple[int, str, str]:
        return self._searched.searched()

    def hit_numbers(self, ids: Sequence[int]) -> dict[int, HitNumbers]:
        return read_posts.hit_numbers(self._index, list(ids))

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        return self._engine.memory.get(name, make)

    def _boards_of(self, forum_id: int) -> Boards:
        if forum_id not in self._boards:
            self._boards[forum_id] = Boards(self._index, forum_id)
        return self._boards[forum_id]

    def _board_of(self, row: Values) -> int | None:
        boards = self._boards_of(row["site_id"])
        return boards.id_of(row["fid"], row["board"])

    def _thread_row(self, forum_id: int, thread_id: int) -> Values:
        if thread_id not in self._thread_rows:
            row = read_threads.read_thread_row(self._index, forum_id, thread_id)
            self._thread_rows[thread_id] = row
        return self._thread_rows[thread_id]
