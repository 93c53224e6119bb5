"""What a form is given: what was chosen, read bit by bit, and a place for what is to be told."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from archive.reading.boards import get_board
from archive.reading.chosen import Choice, chosen_posts, thread_address
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost, load_posts
from archive.reading.thread import Thread, read_thread
from archive.reading.thread_lists import ThreadSummary, load_threads

POSTS_AT_ONCE: Final = 200
"""So many posts are in memory at a time."""


@dataclass(frozen=True, slots=True)
class ChosenThread:
    """A thread of which posts are exported. `board` is a name, `fid` its number; `post_ids`
    are the rows of the posts that were chosen, in the order of time; `url` is the thread's
    public address."""

    thread: Thread
    summary: ThreadSummary
    forum: Forum
    board: str
    fid: int | None
    tags: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    url: str
    post_ids: tuple[int, ...]

    @property
    def title(self) -> str:
        """Its title; a question mark where no page told it."""
        return self.thread.title or "?"

    @property
    def name(self) -> str:
        """A name for files: made of the forum's numbers, `1-thread-228`; of the row where the
        thread has none, `1-thread-row17`."""
        tid = self.thread.tid
        number = f"row{self.thread.id}" if tid is None else str(tid)
        return f"{self.forum.id}-thread-{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One export. `forums` are those of the archive, by row; `thread_ids` the rows of the
    threads that were chosen, in order; `now` is when the export began.

    `tick` is told how many more posts were written. In `told` forms count what a person
    should know of, such as pictures that are not here.
    """

    conn: sqlite3.Connection
    choice: Choice
    forums: Mapping[int, Forum]
    thread_ids: Sequence[int]
    now: datetime
    removes_personal: bool = False
    tick: Callable[[int], None] = lambda _posts: None
    told: Counter[str] = field(default_factory=Counter)

    def threads(
        self,
        *,
        by_number: bool = False,
        with_empty: bool = False,
        counted: bool = True,
    ) -> Iterator[ChosenThread]:
        """The threads that have posts, by forum and number. `by_number`: so their posts, too,
        and not in the order of time; `with_empty`: those without posts as well; `counted`:
        whether they count as exported, which they are once."""
        for thread_id in self.thread_ids:
            post_ids = chosen_posts(
                self.conn,
                self.choice,
                thread_id,
                by_number=by_number,
            )
            if not post_ids and not with_empty:
                continue
            self.told["threads"] += counted
            yield self._thread(thread_id, post_ids)

    def posts(
        self, post_ids: Sequence[int], *, counted: bool = True
    ) -> Iterator[list[ThreadPost]]:
        """Posts by their rows, in this order, so many at once as fit into memory."""
        for start in range(0, len(post_ids), POSTS_AT_ONCE):
            wanted = post_ids[start : start + POSTS_AT_ONCE]
            posts = load_posts(self.conn, wanted)
            yield posts
            if counted:
                self.count(posts)

    def count(self, posts: Sequence[ThreadPost]) -> None:
        """Count posts as exported."""
        for post in posts:
            self.told["posts"] += 1
            self.told["withheld by the forum"] += bool(post.withheld)
            self.told["since gone"] += post.gone_at is not None
        self.tick(len(posts))

    def _thread(self, thread_id: int, post_ids: Sequence[int]) -> ChosenThread:
        view = read_thread(
            self.conn,
            thread_id=thread_id,
            page=1,
            posts_per_page=1,
        )
        (summary,) = load_threads(self.conn, [thread_id])
        thread = view.thread
        board = ""
        fid = None
        if thread.board_id is not None:
            found = get_board(self.conn, thread.board_id)
            board, fid = found.name, found.fid
        return ChosenThread(
            thread=thread,
            summary=summary,
            forum=self.forums[thread.site_id],
            board=board,
            fid=fid,
            tags=view.tags,
            fields=view.fields,
            url=thread_address(self.conn, thread_id),
            post_ids=tuple(post_ids),
        )
