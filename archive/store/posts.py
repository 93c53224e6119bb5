"""The posts of one page → rows: which are new, which stored ones change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from archive.store import extras
from archive.store.identity import COLUMNS, StoredPost, match, times_of
from archive.store.merge import Merge, is_newest_page, merge
from archive.store.missing import add_missing
from archive.store.observation import Observation
from archive.store.other_post import AnotherForum
from archive.store.post_columns import POST_COLUMNS
from archive.store.reused_numbers import note_former, sort_out
from archive.store.sources import has_lost_captures, take_over
from archive.store.upsert import write
from archive.store.versions import drop_parts, keep_versions, mark_seen, reread
from archive.store.views import view_of
from scraper.core.records import Post

PostUserId: TypeAlias = Callable[[Post], int | None]
"""The number of the row of a post's author; None where no uid is printed."""

_READERS: Final = [column.read for column in POST_COLUMNS if column.read]
_OF_THE_POST: Final = [column.column for column in POST_COLUMNS if column.read]
_OF_THE_PAGE: Final = [
    "id",
    "site_id",
    "thread_id",
    "floor",
    "position",
    "opening",
    "user_id",
    "rank",
    "view",
    "fingerprint",
    "capture_id",
    "words_since",
    "words_seen_at",
    "first_seen_at",
    "last_seen_at",
    "last_capture_id",
]
_UNTOLD: Final = frozenset({"view"})
"""Columns that say how the post was seen, and nothing of the post."""
_INSERTED: Final = (*_OF_THE_PAGE, *_OF_THE_POST)
_INSERT: Final = (
    f"INSERT INTO posts({', '.join(_INSERTED)}) "
    f"VALUES ({', '.join('?' * len(_INSERTED))})"
)

_BY_PID: Final = f"""
  SELECT {COLUMNS} FROM posts
  WHERE site_id = ? AND pid IN (SELECT value FROM json_each(?))"""
_WITHOUT_PID: Final = f"""
  SELECT {COLUMNS} FROM posts INDEXED BY posts_without_pid
  WHERE thread_id = ? AND pid IS NULL"""
_BY_TIME: Final = f"""
  SELECT {COLUMNS} FROM posts WHERE thread_id = ?1 AND posted_at BETWEEN ?2 AND ?3
  UNION ALL
  SELECT {COLUMNS} FROM posts WHERE thread_id = ?1 AND posted_at IS NULL"""
_BY_FLOOR: Final = f"""
  SELECT {COLUMNS} FROM posts WHERE thread_id = ? AND floor BETWEEN ? AND ?"""


@dataclass(frozen=True, slots=True)
class PostContext:
    """Where posts belong: numbers of the forum's and the thread's rows. `title` is the
    opening post's subject where it prints none; `opens`: the page shows the opening post,
    at floor 1 or, where no floors are printed, on top. `another_forum`: what the page says
    of the thread is not what is stored under its number."""

    site_id: int
    thread_id: int
    title: str = ""
    opens: bool = False
    another_forum: AnotherForum | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts of a page were new, changed, or just as known."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def save_posts(
    conn: sqlite3.Connection,
    context: PostContext,
    posts: Sequence[Post],
    seen: Observation,
    user_id: PostUserId,
) -> Counts:
    """Write the posts of a page, in page order. AnotherForum, with nothing written, where
    they are of another forum than that of the thread."""
    printed = _without_repeats(posts)
    loaded = load(conn, context, printed)
    told = sort_out(conn, printed, loaded, seen.at)
    posts, stored = told.posts, told.stored
    matched = match(stored, posts) if stored else [None] * len(posts)
    if context.another_forum and not any(matched):
        raise context.another_forum
    new: list[tuple[int, Post]] = []
    has_lost = bool(stored) and has_lost_captures(conn)
    changed = unchanged = 0
    for at, (post, row) in enumerate(zip(posts, matched, strict=True)):
        post = _titled(post, context, at)
        if row is None:
            new.append((at, post))
            continue
        opening = _opens(context, post, at)
        if _update(
            conn,
            context,
            row,
            post,
            user_id(post),
            seen,
            opening=opening,
            has_lost=has_lost,
        ):
            changed += 1
        else:
            unchanged += 1
    if new:
        _insert(
            conn,
            context,
            new,
            seen,
            user_id,
        )
    if told.former:
        note_former(conn, context.thread_id, told.former)
    return Counts(len(new), changed, unchanged)


def load(
    conn: sqlite3.Connection, context: PostContext, posts: Sequence[Post]
) -> list[StoredPost]:
    """The stored posts that those of a page may be."""
    rows: dict[int, StoredPost] = {}

    def add(query: str, *values: object) -> None:
        for row in conn.execute(query, values):
            rows[row[0]] = StoredPost(*row)

    numberless = [post for post in posts if post.pid is None]
    pids = [post.pid for post in posts if post.pid is not None]
    if pids:
        add(_BY_PID, context.site_id, json.dumps(pids))
        add(_WITHOUT_PID, context.thread_id)
    if numberless:
        first, last = times_of(numberless) or ("~", "")
        add(_BY_TIME, context.thread_id, first, last)
        floors = _floors_of_timeless(numberless)
        if floors:
            lowest = min(floors)
            highest = max(floors)
            add(_BY_FLOOR, context.thread_id, lowest, highest)
    return list(rows.values())


def _floors_of_timeless(posts: Iterable[Post]) -> list[int]:
    return [post.floor for post in posts if post.floor and not post.posted_at]


def _without_repeats(posts: Sequence[Post]) -> list[Post]:
    """Sticky and hot replies are printed twice: the first printing counts."""
    printed: set[int] = set()
    kept = []
    for post in posts:
        if post.pid is not None:
            if post.pid in printed:
                continue
            printed.add(post.pid)
        kept.append(post)
    return kept


def _opens(context: PostContext, post: Post, at: int) -> bool:
    if not context.opens:
        return False
    return at == 0 if post.floor is None else post.floor == 1


def _titled(post: Post, context: PostContext, at: int) -> Post:
    if post.subject or not context.title or not _opens(context, post, at):
        return post
    return replace(post, subject=context.title)


def _insert(
    conn: sqlite3.Connection,
    context: PostContext,
    new: Sequence[tuple[int, Post]],
    seen: Observation,
    user_id: PostUserId,
) -> None:
    """Write new posts, each given with its place on the page, from 0."""
    next_id = conn.execute("SELECT ifnull(max(id), 0) + 1 FROM posts").fetchone()[0]
    rows = []
    numbered = []
    for post_id, (at, post) in enumerate(new, next_id):
        opening = _opens(context, post, at)
        view = view_of(post, seen, opening=opening)
        of_the_page = (
            post_id,
            context.site_id,
            context.thread_id,
            None if seen.filtered else post.floor,
            at + 1,
            int(opening),
            user_id(post),
            seen.rank,
            str(view),
            extras.fingerprint(post),
            seen.capture_id,
            seen.at,
            seen.at,
            seen.at,
            seen.at,
            seen.capture_id,
        )
        of_the_post = [read(post) for read in _READERS]
        rows.append((*of_the_page, *of_the_post))
        numbered.append((post_id, post))
    conn.executemany(_INSERT, rows)
    extras.add(conn, numbered)


def _update(
    conn: sqlite3.Connection,
    context: PostContext,
    stored: StoredPost,
    post: Post,
    user_id: int | None,
    seen: Observation,
    *,
    opening: bool,
    has_lost: bool,
) -> bool:
    """Write what a page adds to a stored post; True where something changed. `has_lost`:
    some captures of the archive are lost."""
    result = merge(
        stored,
        post,
        user_id,
        extras.fingerprint(post),
        seen,
        partial(_load_html, conn, stored.id),
    )
    values = dict(result.values)
    if opening and not stored.opening:
        values["opening"] = 1
    if stored.thread_id != context.thread_id and is_newest_page(stored, seen):
        values["thread_id"] = context.thread_id
    if "withheld" in values and seen.at == stored.last_seen_at:
        values["last_capture_id"] = seen.capture_id
    is_reread = reread(
        conn,
        stored,
        post,
        result,
        seen,
    )
    is_new_version = keep_versions(
        conn,
        stored,
        post,
        result,
        seen,
    )
    write(conn, "posts", values, stored.id)
    has_new_extras = _save_extras(conn, stored.id, post, result)
    mark_seen(conn, stored, result, seen)
    if has_lost:
        take_over(conn, stored, post, result, seen)
    if seen.all_parts and stored.opening:
        drop_parts(conn, stored.id, post)
    if result.is_same_post:
        return False
    has_new_values = any(name not in _UNTOLD for name in values)
    return has_new_values or has_new_extras or is_new_version or is_reread


def _load_html(conn: sqlite3.Connection, post_id: int) -> str:
    query = "SELECT html FROM posts WHERE id = ?"
    (html,) = conn.execute(query, (post_id,)).fetchone()
    return str(html)


def _save_extras(
    conn: sqlite3.Connection, post_id: int, post: Post, result: Merge
) -> bool:
    """Write what hangs on a stored post; True where something changed."""
    is_reread = result.words == "reread"
    if not result.extras:
        return False
    if result.extras == "replace":
        extras.replace(
            conn,
            post_id,
            post,
            removed=result.removed,
            is_reread=is_reread,
        )
        return True
    added = extras.add_remarks(conn, post_id, post, is_reread=is_reread)
    if result.extras in ("add", "files"):
        files_only = result.extras == "files"
        added += add_missing(conn, post_id, post, files_only=files_only)
    return added > 0
