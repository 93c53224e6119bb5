"""Reads members out of an index, and the posts of a member or of a name.

A member is called by the forum's own number; nothing else is known of one who has none.
"""

from __future__ import annotations

from typing import Final

from archive.clickhouse import literals
from archive.clickhouse.columns import POSTED
from archive.clickhouse.index import Index
from archive.clickhouse.tables import named, read_rows
from archive.clickhouse.words import marked
from archive.export.table_records import pairs_of, seen
from archive.reading.lookup import MissingError
from archive.reading.members import PAGE_ROWS, Member, PostList, PostSummary

_EXCERPT_CHARS: Final = 160
_SUMMARY: Final = f"""post_id, site_id, pid, nullIf({POSTED}, ''), thread,
  substringUTF8(if(empty(text), withheld, text), 1, {_EXCERPT_CHARS}), floor,
  isNotNull(gone_at), newest"""


def by_member(forum_id: int, uid: int) -> str:
    """What is by a member."""
    return f"site_id = {forum_id} AND ifNull(uid, -1) = {uid}"


def by_name(forum_id: int, name: str) -> str:
    """What is under a name that no number is known of."""
    written = literals.text(name)
    return f"site_id = {forum_id} AND author = {written} AND isNull(uid)"


def read_member(index: Index, forum_id: int, uid: int) -> Member:
    """A member. Raises MissingError where nothing is by one."""
    rows = read_rows(index, "users", by_member(forum_id, uid))
    if rows:
        row = rows[0]
        return Member(
            row["name"],
            uid,
            seen(row, "gone_at"),
            pairs_of(row["fields"]),
        )
    # who opened a thread of which no post is here
    name = index.one(
        f"""SELECT author FROM {named(index, "threads")}
        WHERE {by_member(forum_id, uid)} LIMIT 1"""
    )
    if name is None:
        raise MissingError("user")
    return Member(name, uid, None, ())


def uid_of_name(index: Index, forum_id: int, name: str) -> int:
    """The number of a member of that name. Raises MissingError where none is called so."""
    found = index.one(
        f"""SELECT assumeNotNull(uid) FROM {named(index, "users")}
        WHERE site_id = {forum_id} AND name = {literals.text(name)} AND isNotNull(uid)
        LIMIT 1"""
    )
    if found is None:
        raise MissingError("user")
    return int(found)


def posts_of_member(index: Index, forum_id: int, uid: int, after: str) -> PostList:
    """A page of a member's posts. Posts are read until it is full: no index holds who wrote
    them by number, and a name may have changed."""
    return _posts(index, by_member(forum_id, uid), after)


def posts_by_name(index: Index, forum_id: int, name: str, after: str) -> PostList:
    """A page of the posts under a name."""
    where = f"{marked([f'@{name}']).sql} AND {by_name(forum_id, name)}"
    return _posts(index, where, after)


def _posts(index: Index, where: str, after: str) -> PostList:
    """Posts, newest first, behind a key: sorting key and number of the last one shown."""
    behind = _place(after)
    if behind is not None:
        newest, post_id = behind
        where += f""" AND newest >= {newest}
          AND (newest > {newest} OR post_id < {post_id})"""
    rows = index.rows(
        f"""SELECT {_SUMMARY} FROM {index.posts} WHERE {where}
        ORDER BY newest, post_id DESC LIMIT {PAGE_ROWS + 1}"""
    )
    shown = rows[:PAGE_ROWS]
    posts = tuple(PostSummary(*row[:-1]) for row in shown)
    if len(rows) <= PAGE_ROWS:
        return PostList(posts)
    last = shown[-1]
    return PostList(posts, next_key=f"{last[-1]}~{last[0]}")


def _place(key: str) -> tuple[int, int] | None:
    """`-3425~17` → both numbers; None for what is no key."""
    newest, _, post_id = key.partition("~")
    if len(key) > 50 or not newest.removeprefix("-").isdecimal():
        return None
    if not (key.isascii() and post_id.isdecimal()):
        return None
    return int(newest), int(post_id)
