"""Which rows are what is to be forgotten, and the marks that they leave. Only reads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.forgetting.requests import Request
from archive.store.forgotten import (
    WINDOW_CHARS,
    Tombstones,
    minute_of,
    pieces_of,
    squeeze,
    windows,
)
from scraper.core.errors import InputError

LEAST_RUN_CHARS: Final = 6
"""A whole piece of text is known again from so many characters on."""
_SURELY_OWN_CHARS: Final = 4

_USER: Final = "SELECT id, name FROM users WHERE site_id = ? AND uid = ?"
_NAMES: Final = "SELECT DISTINCT author FROM posts WHERE user_id = ? AND author <> ''"
_OF_USER: Final = """
  SELECT id FROM posts WHERE user_id = ?1
  UNION
  SELECT id FROM posts WHERE site_id = ?2 AND user_id IS NULL AND NOT anonymous
    AND author IN (SELECT value FROM json_each(?3))"""
_OPENED_BY: Final = """
  SELECT id FROM threads WHERE user_id = ?1
  UNION
  SELECT id FROM threads WHERE site_id = ?2 AND author IN (SELECT value FROM json_each(?3))"""
_THREAD: Final = "SELECT id FROM threads WHERE site_id = ? AND tid = ?"
_OF_THREAD: Final = "SELECT id FROM posts WHERE thread_id = ?"
_POST: Final = "SELECT id FROM posts WHERE site_id = ? AND pid = ?"
_POSTS: Final = """
  SELECT p.id, p.site_id, p.thread_id, p.pid, p.floor, p.opening, p.author, p.posted_at,
    p.subject, p.text
  FROM posts p JOIN json_each(?) j ON j.value = p.id"""
_VERSIONS: Final = """
  SELECT v.post_id, v.subject, v.text
  FROM post_versions v JOIN json_each(?) j ON j.value = v.post_id"""
_THREADS: Final = """
  SELECT t.id, t.site_id, t.tid, t.title
  FROM threads t JOIN json_each(?) j ON j.value = t.id"""
_HAS_OTHERS: Final = """
  SELECT EXISTS (SELECT 1 FROM posts WHERE thread_id = ?1
    AND id NOT IN (SELECT value FROM json_each(?2)))"""
_FILES: Final = """
  SELECT a.name FROM attachments a JOIN json_each(?) j ON j.value = a.post_id"""


@dataclass(slots=True)
class Chosen:
    """What is to be forgotten. `posts`: rows that go; `threads`: rows that go with all their
    posts; `opened`: threads that stay without their opening post; `users` with their
    `names` and `uids`.

    `pieces`: squeezed words by which copies and quotes are known, `said_at` when first;
    `passages`: those that go wherever they stand, `runs`: whole pieces of text; `marks`: a
    kind, and what is digested. `places`: threads and floors.
    """

    request: Request
    posts: set[int] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    uids: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    pids: set[tuple[int, int]] = field(default_factory=set)
    pieces: set[str] = field(default_factory=set)
    said_at: dict[str, str] = field(default_factory=dict)
    passages: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    places: set[tuple[int, int]] = field(default_factory=set)
    marks: set[tuple[object, ...]] = field(default_factory=set)

    def digests(self, forgotten: Tombstones) -> dict[tuple[str, bytes], int]:
        """All marks, digested; for words the number of characters."""
        found = {}
        for kind, *parts in self.marks:
            found[(str(kind), forgotten.mark(str(kind), *parts))] = 0
        for run in self.runs:
            found[("run", forgotten.mark("run", run))] = 0
        for words in self.pieces | self.passages:
            found[("words", forgotten.mark_of_words(words))] = len(words)
        return found


def choose(conn: sqlite3.Connection, request: Request) -> Chosen:
    """What a request is about. InputError where the archive has no such thing."""
    chosen = Chosen(request)
    match request.kind:
        case "user":
            _choose_user(conn, chosen)
        case "thread":
            _choose_thread(conn, chosen)
        case "post":
            chosen.posts |= _ids(conn, _POST, request.site_id, request.number)
            if not chosen.posts:
                raise _nothing(request)
        case "text":
            _choose_passages(chosen)
    _read_posts(conn, chosen)
    _read_threads(conn, chosen)
    return chosen


def _choose_user(conn: sqlite3.Connection, chosen: Chosen) -> None:
    request = chosen.request
    row = conn.execute(_USER, (request.site_id, request.number)).fetchone()
    if row is None:
        raise _nothing(request)
    user_id, name = row
    chosen.users.add(user_id)
    chosen.uids.add(request.number)
    chosen.names |= {name} | {each for (each,) in conn.execute(_NAMES, (user_id,))}
    chosen.names.discard("")
    asked = (user_id, request.site_id, json.dumps(sorted(chosen.names)))
    chosen.posts |= _ids(conn, _OF_USER, *asked)
    for thread_id in _ids(conn, _OPENED_BY, *asked):
        _add_thread(conn, chosen, thread_id)
    chosen.marks.add(("user", request.site_id, request.number))
    for each in chosen.names:
        chosen.marks.add(("name", request.site_id, squeeze(each)))


def _choose_thread(conn: sqlite3.Connection, chosen: Chosen) -> None:
    request = chosen.request
    chosen.threads |= _ids(conn, _THREAD, request.site_id, request.number)
    if not chosen.threads:
        raise _nothing(request)
    for thread_id in chosen.threads:
        chosen.posts |= _ids(conn, _OF_THREAD, thread_id)


def _choose_passages(chosen: Chosen) -> None:
    """Passages as pieces of so many characters that each covers its own."""
    for passage in chosen.request.passages:
        words = squeeze(passage)
        if len(words) <= WINDOW_CHARS:
            chosen.passages.add(words)
        else:
            chosen.passages |= set(windows(words))


def _add_thread(conn: sqlite3.Connection, chosen: Chosen, thread_id: int) -> None:
    """A thread whose opening post goes: all of it where nobody else's is in it."""
    posts = json.dumps(sorted(chosen.posts))
    (has_others,) = conn.execute(_HAS_OTHERS, (thread_id, posts)).fetchone()
    if has_others or not _ids(conn, _OF_THREAD, thread_id):
        chosen.opened.add(thread_id)
    else:
        chosen.threads.add(thread_id)


@dataclass(frozen=True, slots=True)
class _Post:
    """A row of a post that goes."""

    id: int
    site_id: int
    thread_id: int
    pid: int | None
    floor: int | None
    opening: int
    author: str
    posted_at: str | None
    subject: str
    text: str

    @property
    def moment(self) -> tuple[object, ...]:
        """Forum, author and minute; empty where one of them is not known."""
        minute = minute_of(self.posted_at)
        if not self.author or not minute:
            return ()
        return (self.site_id, squeeze(self.author), minute)


def _read_posts(conn: sqlite3.Connection, chosen: Chosen) -> None:
    ids = json.dumps(sorted(chosen.posts))
    rows = conn.execute(_POSTS, (ids,)).fetchall()
    posts = {row[0]: _Post(*row) for row in rows}
    for post in posts.values():
        if post.opening and post.thread_id not in chosen.threads:
            _add_thread(
                conn,
                chosen,
                post.thread_id,
            )
        _add_post(chosen, post)
        _add_words(
            chosen,
            post,
            post.text,
        )
        _add_runs(chosen, [post.subject])
    for post_id, title, text in conn.execute(_VERSIONS, (ids,)):
        _add_words(
            chosen,
            posts[post_id],
            text,
        )
        _add_runs(chosen, [title])
    names = (name for (name,) in conn.execute(_FILES, (ids,)))
    _add_runs(chosen, names)


def _add_post(chosen: Chosen, post: _Post) -> None:
    """What tells a post by its numbers, its author and time."""
    if post.pid is not None:
        number = (post.site_id, post.pid)
        chosen.pids.add(number)
        chosen.marks.add(("post", *number))
    if post.moment:
        chosen.marks.add(("moment", *post.moment))
    if post.floor is not None and post.thread_id not in chosen.threads:
        chosen.places.add((post.thread_id, post.floor))


def _read_threads(conn: sqlite3.Connection, chosen: Chosen) -> None:
    # others may yet answer in a thread of which only the opening was asked to go
    kind = "thread" if chosen.request.kind == "thread" else "opening"
    ids = json.dumps(sorted(chosen.threads | chosen.opened))
    for _, site_id, tid, title in conn.execute(_THREADS, (ids,)):
        if tid is not None:
            chosen.marks.add((kind, site_id, tid))
        chosen.pieces |= set(windows(squeeze(title)))
        _add_runs(
            chosen,
            [title],
            _SURELY_OWN_CHARS,
        )
    chosen.places = {place for place in chosen.places if place[0] not in chosen.threads}


def _add_words(chosen: Chosen, post: _Post, text: str) -> None:
    """What tells a post by its words."""
    words = squeeze(text)
    if post.moment:
        chosen.marks.add(("said", *post.moment, words))
    pieces = pieces_of(text)
    chosen.pieces |= pieces
    if LEAST_RUN_CHARS <= len(words) < WINDOW_CHARS:
        chosen.runs.add(words)
    if post.posted_at:
        for piece in pieces:
            first = chosen.said_at.get(piece, post.posted_at)
            chosen.said_at[piece] = min(first, post.posted_at)


def _add_runs(
    chosen: Chosen, texts: Iterable[str], least_chars: int = LEAST_RUN_CHARS
) -> None:
    for text in texts:
        words = squeeze(text)
        if len(words) >= least_chars:
            chosen.runs.add(words)


def _ids(conn: sqlite3.Connection, query: str, *values: object) -> set[int]:
    return {number for (number,) in conn.execute(query, values)}


def _nothing(request: Request) -> InputError:
    what = {"user": "member", "thread": "thread", "post": "post"}[request.kind]
    return InputError(
        f"{request.number}: the archive has no {what} of that number in this forum"
    )
