"""Reads posts out of an index: those of a thread in the order of time, and where one is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from archive.clickhouse import literals
from archive.clickhouse.columns import POSTED
from archive.clickhouse.conditions import Condition, all_of
from archive.clickhouse.index import Index
from archive.clickhouse.node import posts_at
from archive.clickhouse.tables import read_rows
from archive.clickhouse.words import marked
from archive.export.table_records import post_of
from archive.reading.chosen_posts import ChosenPosts
from archive.reading.lookup import MissingError
from archive.reading.posts import ThreadPost
from archive.reading.thread import Thread
from archive.store.stamps import iso
from archive.web.source import HitNumbers

_KEY: Final = f"({POSTED}, ifNull(pid, 0), ifNull(floor, 0), post_id)"
_ORDER: Final = (POSTED, "ifNull(pid, 0)", "ifNull(floor, 0)", "post_id")
"""As an archive has them, but for the place on the page, which no table says: of posts of one
minute without a number the floor tells."""
OLDEST_FIRST: Final = ", ".join(_ORDER)
NEWEST_FIRST: Final = ", ".join(f"{each} DESC" for each in _ORDER)


def of_thread(thread: Thread) -> Condition:
    """The posts of a thread, found by the text index."""
    name = f"~{thread.id}" if thread.tid is None else str(thread.tid)
    own = f"(site_id = {thread.site_id} AND thread_id = {thread.id})"
    return all_of([marked([f"={name}"]), Condition(own)])


def chosen_of(thread: Thread, chosen: ChosenPosts) -> Condition:
    """Those of them that a reader chose."""
    conditions = [of_thread(thread)]
    if chosen.user_id is not None:
        conditions.append(Condition(f"ifNull(uid, -1) = {chosen.user_id}"))
    if chosen.with_pictures:
        conditions.append(marked(["?image"]))
    return all_of(conditions)


def count_posts(index: Index, fitting: Condition) -> int:
    """How many posts fulfil a condition."""
    return int(index.one(f"SELECT count() FROM {index.posts} WHERE {fitting.sql}"))


def posts_of_page(
    index: Index, thread: Thread, chosen: ChosenPosts, limit: int, offset: int
) -> list[ThreadPost]:
    """Posts of a thread in the order that was chosen."""
    order = NEWEST_FIRST if chosen.newest_first else OLDEST_FIRST
    places = index.rows(
        f"""SELECT newest, post_id FROM {index.posts}
        WHERE {chosen_of(thread, chosen).sql}
        ORDER BY {order} LIMIT {limit} OFFSET {offset}"""
    )
    found = _load(index, places)
    return [found[post_id] for _, post_id in places if post_id in found]


def _load(index: Index, places: list[list[int]]) -> dict[int, ThreadPost]:
    if not places:
        return {}
    rows = read_rows(index, "posts", posts_at(places))
    return {row["post_id"]: post_of(row) for row in rows}


def places_of(index: Index, ids: list[int]) -> list[list[int]]:
    """Where posts are: sorting key and number of each."""
    if not ids:
        return []
    return index.rows(
        f"""SELECT DISTINCT newest, post_id FROM {index.node.all("post_keys")}
        WHERE post_id IN {literals.numbers(ids)}"""
    )


def find_post(index: Index, forum_id: int, pid: int) -> int | None:
    """The post of a number. No index holds these: the numbers of all posts are read."""
    found = index.one(
        f"""SELECT post_id FROM {index.posts}
        WHERE site_id = {forum_id} AND ifNull(pid, -1) = {pid} LIMIT 1"""
    )
    return None if found is None else int(found)


def thread_of_post(index: Index, forum_id: int, post_id: int) -> int:
    """The thread (its row) that a post is in. Raises MissingError where there is none."""
    places = places_of(index, [post_id])
    if not places:
        raise MissingError("post")
    found = index.one(
        f"""SELECT thread_id FROM {index.posts}
        WHERE {posts_at(places)} AND site_id = {forum_id} LIMIT 1"""
    )
    if found is None:
        raise MissingError("post")
    return int(found)


def posts_before(index: Index, thread: Thread, post_id: int) -> int:
    """How many posts of its thread stand before one."""
    own = of_thread(thread).sql
    return int(
        index.one(
            f"""SELECT countIf({_KEY} < (
              SELECT {_KEY} FROM {index.posts} WHERE {own} AND post_id = {post_id} LIMIT 1
            )) FROM {index.posts} WHERE {own}"""
        )
    )


def first_of(
    index: Index, thread: Thread, where: str = "1", order: str = OLDEST_FIRST
) -> int | None:
    """The first post of a thread that fulfils a condition; None where none does."""
    found = index.one(
        f"""SELECT post_id FROM {index.posts}
        WHERE {of_thread(thread).sql} AND {where} ORDER BY {order} LIMIT 1"""
    )
    return None if found is None else int(found)


def at_floor(index: Index, thread: Thread, floor: int) -> int | None:
    """The post at a floor, or at the next one that is here."""
    return first_of(index, thread, f"ifNull(floor, -1) >= {floor}", "floor, post_id")


def first_since(index: Index, thread: Thread, moment: datetime) -> int | None:
    """The first post from a time on."""
    since = literals.text(iso(moment) or "")
    return first_of(index, thread, f"{POSTED} >= {since}")


def hit_numbers(index: Index, ids: list[int]) -> dict[int, HitNumbers]:
    """What the addresses of posts are made of."""
    places = places_of(index, ids)
    if not places:
        return {}
    rows = index.rows(
        f"""SELECT post_id, site_id, pid, uid, fid FROM {index.posts}
        WHERE {posts_at(places)}"""
    )
    return {post_id: HitNumbers(*values) for post_id, *values in rows}
