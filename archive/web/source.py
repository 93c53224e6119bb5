"""What pages ask of an archive, wherever its posts are: a file of SQLite's
(`archive_source.py`), or an index that is searched beyond one machine.

All numbers of boards, threads, posts and members are those of their rows, but where the
forum's own are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from archive.reading.boards import Board, BoardNode
from archive.reading.chosen_posts import ChosenPosts
from archive.reading.forums import Forum, Holdings
from archive.reading.lookup import Kind
from archive.reading.member_years import MemberYear
from archive.reading.members import Member, PostList
from archive.reading.neighbours import Neighbours
from archive.reading.on_this_day import Memory
from archive.reading.thread import Thread, ThreadView
from archive.reading.thread_lists import Days, ThreadList
from archive.search.also import Also
from archive.search.api import Order, Results
from archive.search.facets import Facets
from archive.search.hints import Hint
from archive.search.query import Query
from archive.web.links import Links

T = TypeVar("T")


class TooSlowError(Exception):
    """A page asked for more work than the time that pages have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What pages can lead to. `data`: tables, pictures drawn of them, and the health of the
    archive; `versions` of posts; posts that are `similar`; `spelling`: words that are written
    nearly as one that is nowhere, or sound like it."""

    data: bool = True
    versions: bool = True
    similar: bool = True
    spelling: bool = True


@dataclass(frozen=True, slots=True)
class ForumList:
    """Forums, and what is here of each by its row; so many more are not listed."""

    forums: Sequence[Forum]
    here: Mapping[int, Holdings | None]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class HitNumbers:
    """What the addresses of a hit are made of: the forum's row, and its own numbers; of the
    board the row, too, as it may have none."""

    site_id: int
    pid: int | None
    uid: int | None
    fid: int | None = None
    board_row: int | None = None


@dataclass(frozen=True, slots=True)
class BoardThreads:
    """Which threads of a board are asked for: as `thread_lists.threads_of_board` has them."""

    sort: str
    show: str
    days: Days | None
    page: int


class Reading(Protocol):
    """The forums, to be read. Raises MissingError where there is no such thing."""

    def forums(self) -> ForumList:
        """All forums."""

    def forum(self, forum_id: int) -> Forum:
        """One of them."""

    def holdings(self, forum_id: int) -> Holdings | None:
        """What is here of a forum; None where that is not known yet."""

    def board_tree(self, forum_id: int) -> dict[str, list[BoardNode]]:
        """A forum's boards by category, sub-boards within their boards."""

    def on_this_day(self, forum: Forum, now: datetime) -> list[Memory]:
        """What it talked about on this day in other years."""

    def find(self, kind: Kind, forum_id: int, number: int) -> int | None:
        """The row of what has this number in the forum."""

    def has(self, kind: Kind, forum_id: int, row_id: int) -> bool:
        """Whether the forum has this row."""

    def boards_down_to(self, forum_id: int, board_id: int | None) -> list[Board]:
        """A board with those above it, the topmost first; none for None."""

    def sub_boards(self, forum_id: int, board_id: int) -> list[BoardNode]:
        """The boards right below a board."""

    def years_of_board(self, forum_id: int, board_id: int) -> list[int]:
        """The years in which its threads were begun, the last one first."""

    def threads_of_board(
        self, forum_id: int, board_id: int, asked: BoardThreads
    ) -> ThreadList:
        """A page of a board's threads."""

    def posts_per_page(self, forum_id: int) -> int:
        """How many posts the forum puts on a page."""

    def thread(self, forum_id: int, thread_id: int) -> Thread:
        """A thread."""

    def thread_view(
        self, thread: Thread, page: int, posts_per_page: int, chosen: ChosenPosts
    ) -> ThreadView:
        """A page of its posts."""

    def neighbours(self, thread: Thread) -> Neighbours:
        """The threads beside it in its board."""

    def thread_of_post(self, forum_id: int, post_id: int) -> Thread:
        """The thread that a post is in."""

    def page_of_post(self, thread: Thread, post_id: int, posts_per_page: int) -> int:
        """The page of its thread that a post is on."""

    def at_floor(self, thread: Thread, floor: int) -> int | None:
        """The post at a floor, or at the next one that is here."""

    def first_since(self, thread: Thread, time: datetime) -> int | None:
        """The first post from a time on."""

    def last_post(self, thread: Thread) -> int | None:
        """The last post."""

    def member(self, forum_id: int, user_id: int) -> Member:
        """A member."""

    def uid_of_name(self, forum_id: int, name: str) -> int | None:
        """The forum's number of the member of a name."""

    def threads_of_member(self, forum_id: int, user_id: int, after: str) -> ThreadList:
        """A member's threads, newest first, behind a key."""

    def posts_of_member(self, forum_id: int, user_id: int, after: str) -> PostList:
        """A member's posts, newest first, behind a key."""

    def member_years(self, forum: Forum, user_id: int) -> Sequence[MemberYear]:
        """What a member wrote year by year; nothing where that is not to be had."""

    def threads_by_name(self, forum_id: int, name: str) -> ThreadList:
        """The newest threads under a name that no number is known of."""

    def posts_by_name(self, forum_id: int, name: str, after: str) -> PostList:
        """Posts under such a name."""

    def links(self, forum: Forum, on_page: Mapping[int, int]) -> Links:
        """The links of the forum's posts; `on_page`: the posts (pid → row) of the page."""

    def kept_media(self, forum_id: int, names: Iterable[str]) -> dict[str, str]:
        """Where those of the pictures and files are served that are here."""


class Searching(Protocol):
    """The posts, to be searched. Raises QueryError where a filter means nothing."""

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
        """Posts that fit."""

    def facets(self, query: Query) -> Facets:
        """How they spread."""

    def also(self, query: Query) -> tuple[Also, ...]:
        """Other words for those of a query."""

    def hints(self, query: Query) -> tuple[Hint, ...]:
        """Which of its words there are, and what was perhaps meant by the others."""

    def searched(self) -> tuple[int, str, str]:
        """The number of posts, and the days of the first and the last."""

    def hit_numbers(self, ids: Sequence[int]) -> dict[int, HitNumbers]:
        """What the addresses of posts are made of, by their rows."""

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        """What `make` says, made again only where that may have changed."""


class Source(Reading, Searching, Protocol):
    """An archive as pages see it."""

    @property
    def offers(self) -> Offers:
        """What its pages lead to."""
