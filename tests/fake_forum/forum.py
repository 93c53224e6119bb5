"""The state of the fake forum: read by the renderers, changed by tests, moved on in time by
`advance`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from .model import (
    Board,
    Category,
    Change,
    Comment,
    Part,
    Post,
    Rating,
    Thread,
    User,
    Words,
)

ZONE = timezone(timedelta(hours=8))


@dataclass
class Forum:
    """Boards and threads at `now`. Page sizes as administrators set them (Discuz! ships 20
    threads, 10 posts; five comments and twenty people who rated on a thread's page). `stale`: threads whose next page is answered with a redirect, since
    a post was deleted; `claims`: so many pages everything claims to have at least, and with `repeats` those that are not there
    show others' rows under their own numbers; `history`: every change, oldest first."""

    name: str
    now: datetime
    users: tuple[User, ...]
    categories: tuple[Category, ...]
    boards: tuple[Board, ...]
    threads: dict[int, Thread] = field(default_factory=dict)
    threads_per_page: int = 20
    posts_per_page: int = 10
    comments_shown: int = 5
    ratings_shown: int = 20
    stale: set[int] = field(default_factory=set)
    claims: int = 0
    repeats: bool = False
    history: list[Change] = field(default_factory=list)

    def board(self, fid: int) -> Board | None:
        """The board with that number."""
        return next((board for board in self.boards if board.fid == fid), None)

    def in_board(self, fid: int) -> list[Thread]:
        """Threads as board `fid` lists them: sticky ones first (those of all boards too),
        then by last reply."""
        shown = [
            thread
            for thread in self.threads.values()
            if thread.fid == fid or thread.sticky == 3
        ]
        return sorted(
            shown,
            key=lambda thread: (thread.sticky, thread.last.posted_at, thread.tid),
            reverse=True,
        )

    def counts(self, board: Board) -> tuple[int, int]:
        """How many threads and posts a board has."""
        own = [
            thread
            for thread in self.threads.values()
            if thread.fid == board.fid and not thread.moved_to
        ]
        return len(own), sum(len(thread.posts) for thread in own)

    def last_thread(self, board: Board) -> Thread | None:
        """The thread of a board that was replied to last."""
        own = [
            t for t in self.threads.values() if t.fid == board.fid and not t.moved_to
        ]
        return max(own, key=lambda thread: thread.last.posted_at, default=None)

    def posts(self) -> Iterator[tuple[Thread, Post]]:
        """Every post of the forum with its thread."""
        for thread in self.threads.values():
            if not thread.moved_to:
                yield from ((thread, post) for post in thread.posts)

    def find(self, pid: int) -> tuple[Thread, Post]:
        """A post by its number; KeyError when there is none."""
        for thread, post in self.posts():
            if post.pid == pid:
                return thread, post
        raise KeyError(pid)

    def readable(self, thread: Thread, member: bool = False) -> bool:
        """Whether a guest (or a member) may read a thread."""
        board = self.board(thread.fid)
        assert board is not None
        if board.access == "members" or thread.read_level:
            return member
        return board.access == "open"

    def new_thread(self, fid: int, title: str, author: User, *parts: Part) -> Thread:
        """Open a thread now."""
        tid = max(self.threads, default=0) + 1
        post = Post(self._next_pid(), author, self.now, parts, subject=title)
        self.threads[tid] = Thread(tid, fid, title, [post])
        self._record("thread_new", tid, post.pid)
        return self.threads[tid]

    def reply(self, tid: int, author: User, *parts: Part) -> Post:
        """Answer a thread now."""
        post = Post(self._next_pid(), author, self.now, parts)
        self.threads[tid].posts.append(post)
        self._record("post_new", tid, post.pid)
        return post

    def edit(self, pid: int, *parts: Part) -> None:
        """Give a post other words; the page prints the edit mark."""
        thread, post = self.find(pid)
        post.parts, post.edited_at, post.edited_by = parts, self.now, post.author.name
        self._record("post_edited", thread.tid, pid)

    def delete_post(self, pid: int) -> None:
        """Delete a reply. X3 answers the next request to a page of the thread with a
        redirect, once."""
        thread, post = self.find(pid)
        thread.posts.remove(post)
        self.stale.add(thread.tid)
        self._record("post_deleted", thread.tid, pid)

    def delete_thread(self, tid: int) -> None:
        """Delete a thread with its posts, and what points to it."""
        del self.threads[tid]
        for pointer in [t.tid for t in self.threads.values() if t.moved_to == tid]:
            del self.threads[pointer]
        self._record("thread_deleted", tid)

    def move(self, tid: int, fid: int, pointer: bool = True) -> None:
        """Move a thread to another board; `pointer` leaves a row in the old one."""
        thread = self.threads[tid]
        if pointer:
            own = max(self.threads) + 1
            self.threads[own] = Thread(
                own, thread.fid, thread.title, [thread.first], moved_to=tid
            )
        thread.fid = fid
        self._record("thread_moved", tid)

    def close(self, tid: int) -> None:
        """Close a thread to replies."""
        self.threads[tid].closed = True
        self._record("thread_closed", tid)

    def rate(self, pid: int, rating: Rating) -> None:
        """Rate a post."""
        thread, post = self.find(pid)
        post.ratings = (*post.ratings, replace(rating, rated_at=self.now))
        self._record("rating_new", thread.tid, pid)

    def comment(self, pid: int, user: User, text: str) -> None:
        """Comment on a post."""
        thread, post = self.find(pid)
        post.comments = (Comment(user, self.now, text), *post.comments)
        self._record("comment_new", thread.tid, pid)

    def delete_comment(self, pid: int, text: str) -> None:
        """Delete a comment on a post, by its words."""
        thread, post = self.find(pid)
        post.comments = tuple(said for said in post.comments if said.text != text)
        self._record("comment_deleted", thread.tid, pid)

    def advance(
        self, hours: float = 24, activity: int = 0, seed: int = 0
    ) -> tuple[Change, ...]:
        """Let time pass, with `activity` changes of all kinds spread over it; the same seed
        does the same."""
        dice, before = random.Random(seed), len(self.history)
        for _ in range(activity):
            self.now += timedelta(hours=hours / activity)
            self._something_happens(dice)
        if not activity:
            self.now += timedelta(hours=hours)
        return tuple(self.history[before:])

    def _something_happens(self, dice: random.Random) -> None:
        thread = dice.choice(
            [t for t in self.threads.values() if self.readable(t) and not t.moved_to]
        )
        author = dice.choice(
            [user for user in self.users if not user.deleted and not user.banned]
        )
        post = dice.choice(thread.posts)
        what = dice.choices(
            ("reply", "thread", "edit", "delete", "close", "rate", "comment"),
            (8, 3, 3, 1, 1, 1, 1),
        )[0]
        said = dice.choice(("顶上去", "今天又去看了一眼", "说得在理", "补充一点"))
        words = Words(f"{said}，第{len(self.history)}回。")
        match what:
            case "reply":
                self.reply(thread.tid, author, words)
            case "thread":
                self.new_thread(
                    thread.fid,
                    f"新话题{len(self.history)}：{words.text[:4]}",
                    author,
                    words,
                )
            case "edit":
                self.edit(post.pid, words)
            case "delete" if post is not thread.first:
                self.delete_post(post.pid)
            case "close":
                self.close(thread.tid)
            case "rate":
                self.rate(post.pid, Rating(author, 2, "很给力!"))
            case "comment":
                self.comment(post.pid, author, f"点评{len(self.history)}")

    def _next_pid(self) -> int:
        return max((post.pid for _, post in self.posts()), default=0) + 1

    def _record(self, what: str, tid: int, pid: int = 0) -> None:
        self.history.append(Change(what, tid, pid))
