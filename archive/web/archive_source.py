"""An archive's file as pages see it: each question goes to what reads or searches it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from archive.reading import boards, members, neighbours, thread_lists
from archive.reading.boards import Board, BoardNode
from archive.reading.chosen_posts import ChosenPosts
from archive.reading.forums import Forum, Holdings, get_forum, list_forums
from archive.reading.lookup import Kind, find_row, has_row
from archive.reading.member_years import MemberYear, member_years
from archive.reading.members import Member, PostList
from archive.reading.neighbours import Neighbours
from archive.reading.on_this_day import Memory, on_this_day
from archive.reading.rows import fetch_number
from archive.reading.thread import (
    Thread,
    ThreadView,
    get_thread,
    page_of_post,
    read_thread,
)
from archive.reading.thread_lists import ThreadList
from archive.search.also import Also, also_search
from archive.search.api import Order, Results, search
from archive.search.facets import Facets, count_facets
from archive.search.hints import Hint, hints
from archive.search.query import Query
from archive.search.searched import searched
from archive.web import counts
from archive.web.cache import remembered
from archive.web.kept_media import kept_media
from archive.web.links import Links, links_of
from archive.web.source import BoardThreads, ForumList, HitNumbers, Offers

T = TypeVar("T")

_THREAD_OF_POST: Final = "SELECT thread_id FROM posts WHERE id = ?"
_NUMBERS: Final = """
SELECT p.id, p.site_id, p.pid, u.uid, b.fid, b.id
FROM posts p JOIN threads t ON t.id = p.thread_id
LEFT JOIN boards b ON b.id = t.board_id
LEFT JOIN users u ON u.id = p.user_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class ArchiveSource:
    """A `Source` that is read within one transaction."""

    conn: sqlite3.Connection

    @property
    def offers(self) -> Offers:
        """All there is."""
        return Offers()

    def forums(self) -> ForumList:
        """All of them."""
        forums = list_forums(self.conn)
        here = {forum.id: self.holdings(forum.id) for forum in forums}
        return ForumList(forums, here)

    def forum(self, forum_id: int) -> Forum:
        return get_forum(self.conn, forum_id)

    def holdings(self, forum_id: int) -> Holdings | None:
        return counts.forum_holdings(self.conn, forum_id)

    def board_tree(self, forum_id: int) -> dict[str, list[BoardNode]]:
        here = counts.holdings(self.conn)
        return boards.board_tree(self.conn, forum_id, here)

    def on_this_day(self, forum: Forum, now: datetime) -> list[Memory]:
        return on_this_day(self.conn, forum, now)

    def find(self, kind: Kind, forum_id: int, number: int) -> int | None:
        return find_row(self.conn, kind, forum_id, number)

    def has(self, kind: Kind, forum_id: int, row_id: int) -> bool:
        return has_row(self.conn, kind, forum_id, row_id)

    def boards_down_to(self, forum_id: int, board_id: int | None) -> list[Board]:
        return boards.board_with_ancestors(self.conn, board_id)

    def sub_boards(self, forum_id: int, board_id: int) -> list[BoardNode]:
        here = counts.holdings(self.conn)
        return boards.sub_boards(self.conn, board_id, here)

    def years_of_board(self, forum_id: int, board_id: int) -> list[int]:
        return thread_lists.years_of_board(self.conn, board_id)

    def threads_of_board(
        self, forum_id: int, board_id: int, asked: BoardThreads
    ) -> ThreadList:
        return thread_lists.threads_of_board(
            self.conn,
            board_id,
            sort=asked.sort,
            show=asked.show,
            days=asked.days,
            page=asked.page,
        )

    def posts_per_page(self, forum_id: int) -> int:
        return counts.posts_per_page(self.conn, forum_id)

    def thread(self, forum_id: int, thread_id: int) -> Thread:
        return get_thread(self.conn, thread_id)

    def thread_view(
        self, thread: Thread, page: int, posts_per_page: int, chosen: ChosenPosts
    ) -> ThreadView:
        return read_thread(
            self.conn,
            thread_id=thread.id,
            page=page,
            posts_per_page=posts_per_page,
            chosen=chosen,
        )

    def neighbours(self, thread: Thread) -> Neighbours:
        return neighbours.find_neighbours(self.conn, thread)

    def thread_of_post(self, forum_id: int, post_id: int) -> Thread:
        thread_id = fetch_number(self.conn, _THREAD_OF_POST, post_id)
        return self.thread(forum_id, thread_id)

    def page_of_post(self, thread: Thread, post_id: int, posts_per_page: int) -> int:
        return page_of_post(self.conn, post_id, posts_per_page)

    def at_floor(self, thread: Thread, floor: int) -> int | None:
        return neighbours.find_floor(self.conn, thread.id, floor)

    def first_since(self, thread: Thread, time: datetime) -> int | None:
        return neighbours.find_time(self.conn, thread.id, time)

    def last_post(self, thread: Thread) -> int | None:
        return neighbours.find_last(self.conn, thread.id)

    def member(self, forum_id: int, user_id: int) -> Member:
        return members.get_member(self.conn, user_id)

    def uid_of_name(self, forum_id: int, name: str) -> int | None:
        return members.uid_of_name(self.conn, forum_id, name)

    def threads_of_member(self, forum_id: int, user_id: int, after: str) -> ThreadList:
        return thread_lists.threads_of_user(self.conn, user_id, after)

    def posts_of_member(self, forum_id: int, user_id: int, after: str) -> PostList:
        return members.posts_of_user(self.conn, user_id, after)

    def member_years(self, forum: Forum, user_id: int) -> Sequence[MemberYear]:
        return member_years(self.conn, user_id, forum)

    def threads_by_name(self, forum_id: int, name: str) -> ThreadList:
        return thread_lists.threads_by_name(self.conn, forum_id, name)

    def posts_by_name(self, forum_id: int, name: str, after: str) -> PostList:
        return members.posts_by_name(self.conn, forum_id, name, after)

    def links(self, forum: Forum, on_page: Mapping[int, int]) -> Links:
        return links_of(self.conn, forum, on_page)

    def kept_media(self, forum_id: int, names: Iterable[str]) -> dict[str, str]:
        return kept_media(self.conn, forum_id, names)

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
            self.conn,
            text,
            limit=limit,
            offset=offset,
            order=order,
            by_thread=by_thread,
            now=now,
        )

    def facets(self, query: Query) -> Facets:
        return count_facets(self.conn, query)

    def also(self, query: Query) -> tuple[Also, ...]:
        return also_search(self.conn, query)

    def hints(self, query: Query) -> tuple[Hint, ...]:
        return hints(self.conn, query)

    def searched(self) -> tuple[int, str, str]:
        return searched(self.conn)

    def hit_numbers(self, ids: Sequence[int]) -> dict[int, HitNumbers]:
        wanted = str(list(ids))
        rows = self.conn.execute(_NUMBERS, (wanted,))
        return {post_id: HitNumbers(*values) for post_id, *values in rows}

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        return remembered(self.conn, name, make)
