"""Posts whose numbers were given to others: the older ones keep their row, without the
number, and are gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.store.identity import StoredPost
from archive.store.other_post import (
    AnotherForum,
    Contradiction,
    Pair,
    find_contradiction,
)
from archive.store.stamps import iso
from scraper.core.records import Post

_RELEASE: Final = """
  UPDATE posts SET pid = NULL, gone_at = ifnull(gone_at, :at) WHERE id = :id"""
_GONE: Final = """
  UPDATE posts SET gone_at = :gone_at
  WHERE thread_id = :thread_id AND pid IS NULL AND gone_at IS NULL
    AND author = :author AND posted_at = :posted_at"""


@dataclass(frozen=True, slots=True)
class SortedOut:
    """The posts of a page and the stored ones that they may be, none of them under a number
    that is another's. `former`: pairs of which the page shows the older post."""

    posts: list[Post]
    stored: list[StoredPost]
    former: Sequence[Pair] = ()


def sort_out(
    conn: sqlite3.Connection, posts: list[Post], stored: list[StoredPost], at: str
) -> SortedOut:
    """Tell the posts of a page from others of the same numbers. AnotherForum where all of
    them are others. `at`: when the page was captured, in stored form."""
    pairs = _pairs(posts, stored)
    if all(row.author == post.author for row, post in pairs):
        return SortedOut(posts, stored)
    found = find_contradiction(pairs, at)
    if found is None:
        return SortedOut(posts, stored)
    if found.what == "forum":
        raise AnotherForum(is_older=found.is_older, began_at=found.began_at)
    if found.is_older:
        return _without_numbers(posts, stored, found)
    return _released(conn, posts, stored, found, at)


def note_former(
    conn: sqlite3.Connection, thread_id: int, former: Sequence[Pair]
) -> None:
    """Older posts that a page showed are gone since the later ones were seen first."""
    for row, post in former:
        values = {
            "gone_at": row.first_seen_at,
            "thread_id": thread_id,
            "author": post.author,
            "posted_at": iso(post.posted_at),
        }
        conn.execute(_GONE, values)


def _pairs(posts: Sequence[Post], stored: Sequence[StoredPost]) -> list[Pair]:
    by_pid: dict[int | None, StoredPost] = {}
    for row in stored:
        if row.pid is not None:
            by_pid[row.pid] = row

    pairs = []
    for post in posts:
        row_of_pid = by_pid.get(post.pid)
        if row_of_pid is not None:
            pairs.append((row_of_pid, post))
    return pairs


def _without_numbers(
    posts: list[Post], stored: list[StoredPost], found: Contradiction
) -> SortedOut:
    older = {post.pid for _, post in found.pairs}
    plain = []
    for post in posts:
        if post.pid in older:
            post = replace(post, pid=None)
        plain.append(post)
    return SortedOut(plain, stored, found.pairs)


def _released(
    conn: sqlite3.Connection,
    posts: list[Post],
    stored: list[StoredPost],
    found: Contradiction,
    at: str,
) -> SortedOut:
    older = {row.id for row, _ in found.pairs}
    for row_id in older:
        conn.execute(_RELEASE, {"id": row_id, "at": at})
    left = [row for row in stored if row.id not in older]
    return SortedOut(posts, left)
