"""Reads what is chosen out of an archive: the rows of threads and of their posts, in order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_THREAD_ORDER: Final = "ORDER BY t.site_id, t.tid IS NULL, t.tid, t.id"
_POST_ORDER: Final = "ORDER BY p.posted_at, p.pid, p.position, p.id"
_NUMBER_ORDER: Final = "ORDER BY p.pid IS NULL, p.pid, p.position, p.id"
_BY_OPENER: Final = """
(p.opening OR (NOT p.anonymous AND (
  p.user_id = t.user_id
  OR (t.user_id IS NULL AND t.author <> '' AND p.author = t.author)
)))
"""
_MARKDOWN: Final = """
SELECT id, markdown FROM posts WHERE id IN (SELECT value FROM json_each(?))
"""
_NUMBERS: Final = """
SELECT pid, id FROM posts
WHERE id IN (SELECT value FROM json_each(?)) AND pid IS NOT NULL
"""
_TIMES: Final = """
SELECT id, coalesce(posted_at, '') FROM posts
WHERE id IN (SELECT value FROM json_each(?))
"""
_POST_ADDRESSES: Final = """
SELECT id, url FROM post_list WHERE id IN (SELECT value FROM json_each(?))
"""
_THREAD_ADDRESS: Final = "SELECT url FROM thread_list WHERE id = ?"
_OF_FORUMS: Final = "t.site_id IN (SELECT value FROM json_each(:forums))"
_OF_BOARDS: Final = "t.board_id IN (SELECT value FROM json_each(:boards))"
_OF_THREADS: Final = "t.id IN (SELECT value FROM json_each(:threads))"
_FOUND: Final = "p.id IN (SELECT value FROM json_each(:posts))"
_OF_AUTHOR: Final = "p.author = :author"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which posts are meant; a field that is empty leaves all in.

    `forums`, `boards` and `threads` are rows; a thread is meant where it is one of
    `threads`, or in one of `boards`. `posts` are rows of posts, such as those that a search
    found; None for all. `author` is a name; `only_opener`: whoever opened the thread.
    """

    forums: tuple[int, ...] = ()
    boards: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    posts: frozenset[int] | None = None
    author: str = ""
    only_opener: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether nothing of the archive is left out."""
        return self.has_whole_forums and not self.forums

    @property
    def has_whole_forums(self) -> bool:
        """Whether nothing less than forums is meant."""
        is_part = self.threads or self.boards
        return self.has_whole_threads and not is_part

    @property
    def has_whole_threads(self) -> bool:
        """Whether all posts of a thread are meant."""
        is_narrowed = self.author or self.only_opener
        return self.posts is None and not is_narrowed


def chosen_threads(conn: sqlite3.Connection, choice: Choice) -> list[int]:
    """The rows of the threads, by forum and number; threads without a number follow. Those
    of which no post is here are among them where whole threads are meant."""
    where = _of_threads(choice)
    if not choice.has_whole_threads:
        of_posts = _joined(_of_posts(choice))
        where.append(
            f"EXISTS (SELECT 1 FROM posts p WHERE p.thread_id = t.id AND {of_posts})"
        )
    sql = f"SELECT t.id FROM threads t WHERE {_joined(where)} {_THREAD_ORDER}"
    rows = conn.execute(sql, _params(choice))
    return [row[0] for row in rows]


def count_chosen_posts(conn: sqlite3.Connection, choice: Choice) -> int:
    """How many posts are meant."""
    where = _joined(_of_threads(choice) + _of_posts(choice))
    sql = f"""
    SELECT count(*) FROM posts p JOIN threads t ON t.id = p.thread_id WHERE {where}
    """
    cursor = conn.execute(sql, _params(choice))
    (count,) = cursor.fetchone()
    return int(count)


def chosen_posts(
    conn: sqlite3.Connection,
    choice: Choice,
    thread_id: int,
    *,
    by_number: bool = False,
) -> list[int]:
    """The rows of the posts of a thread that are meant, in the order of time, or by the
    forum's numbers of them."""
    order = _NUMBER_ORDER if by_number else _POST_ORDER
    where = ["t.id = :thread"]
    where += _of_posts(choice, with_found=False)
    sql = f"""
    SELECT p.id FROM posts p JOIN threads t ON t.id = p.thread_id
    WHERE {_joined(where)} {order}
    """
    params = {
        "thread": thread_id,
        "author": choice.author,
    }
    rows = conn.execute(sql, params)
    ids = [row[0] for row in rows]
    if choice.posts is None:
        return ids
    return [post_id for post_id in ids if post_id in choice.posts]


def chosen_members(
    conn: sqlite3.Connection, choice: Choice
) -> list[tuple[int, int, int]]:
    """The members who wrote the posts that are meant: row of the forum, row of the member,
    and how many of the posts; by forum and number."""
    where = _joined(_of_threads(choice) + _of_posts(choice))
    sql = f"""
    SELECT u.site_id, u.id, count(*)
    FROM posts p
    JOIN threads t ON t.id = p.thread_id
    JOIN users u ON u.id = p.user_id
    WHERE {where} GROUP BY u.id ORDER BY u.site_id, u.uid
    """
    rows = conn.execute(sql, _params(choice))
    return rows.fetchall()


def load_markdown(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Messages as Markdown, by the rows of their posts."""
    wanted = json.dumps(list(ids))
    rows = conn.execute(_MARKDOWN, (wanted,))
    return dict(rows.fetchall())


def post_addresses(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Public addresses of posts, or the nearest that are known, by their rows."""
    wanted = json.dumps(list(ids))
    rows = conn.execute(_POST_ADDRESSES, (wanted,))
    return dict(rows.fetchall())


def rows_of_numbers(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int]:
    """The rows of posts, by the forum's numbers of them."""
    wanted = json.dumps(list(ids))
    rows = conn.execute(_NUMBERS, (wanted,))
    return dict(rows.fetchall())


def times_of_posts(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """When posts were written, by their rows; empty where that is not known."""
    wanted = json.dumps(list(ids))
    rows = conn.execute(_TIMES, (wanted,))
    return dict(rows.fetchall())


def thread_address(conn: sqlite3.Connection, thread_id: int) -> str:
    """The public address of a thread, or the nearest that is known."""
    row = conn.execute(_THREAD_ADDRESS, (thread_id,)).fetchone()
    return str(row[0]) if row else ""


def _of_threads(choice: Choice) -> list[str]:
    """Conditions that a thread fulfils."""
    where = ["1"]
    if choice.forums:
        where.append(_OF_FORUMS)

    either = []
    if choice.boards:
        either.append(_OF_BOARDS)
    if choice.threads:
        either.append(_OF_THREADS)
    if either:
        alternatives = " OR ".join(either)
        where.append(f"({alternatives})")
    return where


def _of_posts(choice: Choice, *, with_found: bool = True) -> list[str]:
    """Conditions that a post fulfils. `with_found`: that it was found is one of them."""
    where = ["1"]
    if choice.author:
        where.append(_OF_AUTHOR)
    if choice.only_opener:
        where.append(_BY_OPENER)
    if with_found and choice.posts is not None:
        where.append(_FOUND)
    return where


def _joined(conditions: list[str]) -> str:
    return " AND ".join(conditions)


def _params(choice: Choice) -> dict[str, object]:
    posts = sorted(choice.posts or ())
    return {
        "forums": json.dumps(choice.forums),
        "boards": json.dumps(choice.boards),
        "threads": json.dumps(choice.threads),
        "posts": json.dumps(posts),
        "author": choice.author,
    }
