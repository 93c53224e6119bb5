"""Reads a thread: what is known of it, and a page of its posts or all of them.

Pages are those of the forum: as many posts as it puts on one, so that its page 3 is ours.
They are found by counting in an index that holds the order of posts alone; ten thousand
posts are a millisecond or two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Final

from archive.reading.chosen_posts import ALL_POSTS, ChosenPosts
from archive.reading.forums import list_forums
from archive.reading.lookup import MissingError, find_row
from archive.reading.posts import ThreadPost, load_posts
from archive.reading.rows import (
    columns_of,
    fetch_column,
    fetch_number,
    fetch_one,
    fetch_pairs,
)
from archive.reading.thread_lists import page_count
from archive.schema import Archive, connection_of
from scraper.core.errors import InputError

POSTS_ON_PAGE: Final = 10
"""As Discuz! is shipped; used where the captures of a forum do not tell its own number."""

_TAGS: Final = "SELECT tag FROM thread_tags WHERE thread_id = ?"
_FIELDS: Final = """
SELECT name, value FROM thread_fields WHERE thread_id = ? ORDER BY position
"""
_REMOVED: Final = """
SELECT floor FROM forgotten_places WHERE thread_id = ? ORDER BY floor
"""
_LIKELY_PAGES: Final = range(5, 101)
_BEFORE: Final = """
SELECT count(*) FROM posts a JOIN posts b ON b.id = ?
WHERE a.thread_id = b.thread_id
  AND (coalesce(a.posted_at, ''), coalesce(a.pid, 0), a.position, a.id)
    < (coalesce(b.posted_at, ''), coalesce(b.pid, 0), b.position, b.id)
"""
_BEFORE_SECOND_PAGE: Final = """
SELECT min(p.floor) - 1
FROM threads t
JOIN captures c ON c.thread_id = t.id
JOIN posts p ON p.thread_id = t.id AND p.capture_id = c.id
WHERE t.id IN (SELECT id FROM threads WHERE site_id = ? AND pages > 1 LIMIT 30)
  AND c.page = 2 AND p.rank = 5
GROUP BY c.id
"""


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of a thread besides its posts.

    `id` is its row in the file, `tid` the forum's number. `replies` and `views` are what
    the forum states; `sticky` and `digest` are levels, 0 for none. `moved_to` is the tid
    that a pointer leads to. `user_id` is the row of the member who opened it.
    """

    id: int
    site_id: int
    tid: int | None
    board_id: int | None
    title: str
    type: str
    special: str
    replies: int | None
    views: int | None
    closed: int
    digest: int
    sticky: int
    moved_to: int | None
    price: int | None
    read_level: int | None
    gone_at: str | None
    last_seen_at: str
    user_id: int | None


_THREAD: Final = f"SELECT {columns_of(Thread)} FROM threads WHERE id = ?"


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread with posts of it in the order of time: page `page` of `pages`.

    `count` is how many posts are here on all pages. `fields` are what the thread states as
    names and values (of an activity: time, place, fee). `removed_floors`: at which posts
    were removed on request.
    """

    thread: Thread
    posts: tuple[ThreadPost, ...]
    count: int
    page: int
    pages: int
    tags: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    removed_floors: tuple[int, ...] = ()


def read_thread(
    archive: Archive,
    tid: int | None = None,
    *,
    forum_id: int | None = None,
    thread_id: int | None = None,
    page: int | None = None,
    posts_per_page: int | None = None,
    chosen: ChosenPosts = ALL_POSTS,
) -> ThreadView:
    """Read a thread with its posts.

    `tid` is the forum's number of the thread; `forum_id`, a row of `sites`, says of which
    forum where the archive has several. For a thread that was captured without a number,
    `thread_id` gives its row instead.

    All posts come at once unless `page` names one, from 1; a page past the end is the last.
    A page has `posts_per_page` posts, by default as many as the forum puts on one.
    `chosen` leaves only some of the posts, such as those of a member, or turns the order.

    Raises MissingError where the archive has no such thread, and InputError where it has
    several forums and none was named.
    """
    conn = connection_of(archive)
    if thread_id is None:
        thread_id = _thread_row(conn, tid, forum_id)
    thread = get_thread(conn, thread_id)
    count = count_posts(conn, thread_id, chosen)

    if page is None:
        page = 1
        pages = 1
        posts_per_page = count
    else:
        if posts_per_page is None:
            posts_per_page = find_posts_per_page(conn, thread.site_id)
        pages = page_count(count, posts_per_page)
        page = min(max(1, page), pages)

    ids = _post_ids(
        conn,
        thread_id,
        chosen,
        limit=posts_per_page,
        offset=(page - 1) * posts_per_page,
    )
    return ThreadView(
        thread=thread,
        posts=tuple(load_posts(conn, ids)),
        count=count,
        page=page,
        pages=pages,
        tags=tuple(fetch_column(conn, _TAGS, thread_id)),
        fields=fetch_pairs(conn, _FIELDS, thread_id),
        removed_floors=tuple(fetch_column(conn, _REMOVED, thread_id)),
    )


def get_thread(conn: sqlite3.Connection, thread_id: int) -> Thread:
    """A thread, by its row. Raises MissingError where there is none."""
    row = fetch_one(conn, _THREAD, thread_id)
    if row is None:
        raise MissingError("thread")
    return Thread(*row)


def find_posts_per_page(conn: sqlite3.Connection, forum_id: int) -> int:
    """How many posts the forum puts on a page, as the second pages of its threads tell."""
    found = fetch_column(conn, _BEFORE_SECOND_PAGE, forum_id)
    counts = Counter(each for each in found if each in _LIKELY_PAGES)
    if not counts:
        return POSTS_ON_PAGE
    ((posts_on_page, _),) = counts.most_common(1)
    return int(posts_on_page)


def count_posts(
    conn: sqlite3.Connection, thread_id: int, chosen: ChosenPosts = ALL_POSTS
) -> int:
    """Posts of a thread that are here."""
    sql = f"SELECT count(*) FROM posts WHERE {chosen.condition}"
    return fetch_number(conn, sql, *chosen.values(thread_id))


def page_of_post(conn: sqlite3.Connection, post_id: int, posts_per_page: int) -> int:
    """The page of its thread that a post is on."""
    posts_before = fetch_number(conn, _BEFORE, post_id)
    return posts_before // posts_per_page + 1


def _thread_row(conn: sqlite3.Connection, tid: int | None, forum_id: int | None) -> int:
    if tid is None:
        raise InputError("name a thread: by tid, or by thread_id")
    if forum_id is None:
        forum_id = _only_forum(conn)
    row = find_row(conn, "thread", forum_id, tid)
    if row is None:
        raise MissingError("thread", f"thread {tid} is not in the archive")
    return row


def _only_forum(conn: sqlite3.Connection) -> int:
    forums = list_forums(conn)
    if not forums:
        raise MissingError("forum", "the archive is empty")
    if len(forums) > 1:
        names = [f"{each.id} {each.title}" for each in forums]
        known = ", ".join(names)
        raise InputError(f"the archive has several forums: give forum_id ({known})")
    return forums[0].id


def _post_ids(
    conn: sqlite3.Connection,
    thread_id: int,
    chosen: ChosenPosts,
    *,
    limit: int,
    offset: int,
) -> list[int]:
    sql = f"""
    SELECT id FROM posts WHERE {chosen.condition} ORDER BY {chosen.order}
    LIMIT ? OFFSET ?
    """
    params = chosen.values(thread_id)
    return fetch_column(conn, sql, *params, limit, offset)
