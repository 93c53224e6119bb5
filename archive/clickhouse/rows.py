"""Posts of an index in an order that is asked for: places, and texts to be ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.clickhouse.columns import UNDATED
from archive.clickhouse.conditions import Condition, all_of
from archive.clickhouse.index import Index
from archive.clickhouse.node import posts_at
from archive.clickhouse.shown import READ, Shown, shown_of
from archive.clickhouse.windows import windows
from archive.search.context import Order
from archive.search.match import Folded, fold_post

_PLACE: Final = "post_id, newest, thread_id"
_MOST_SHOWN: Final = 64
"""Of so many posts what is shown is read where they are found: to look for them again takes
as long. Of more, some are passed over, or stand below others of their threads."""
_NEWEST: Final = "newest, post_id DESC"
_OLDEST: Final = "newest DESC, post_id"
_DATED: Final = Condition(f"newest != {UNDATED}")
_UNDATED: Final = Condition(f"newest = {UNDATED}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is in an index, and the thread that it is in. `shown`: what is shown of
    it, if it was read."""

    post_id: int
    newest: int
    thread_id: int
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post that was read to be ranked."""

    place: Place
    posted_at: str | None
    folded: Folded


def places(
    index: Index, fitting: Condition, order: Order, limit: int, offset: int = 0
) -> list[Place]:
    """Posts that fit, at most `limit` from `offset` on; `best` goes by time, too."""
    if order == "replies" or order == "views":
        return _by_figure(
            index,
            fitting,
            order,
            limit,
            offset,
        )
    if order != "oldest":
        return _sorted(
            index,
            fitting,
            _NEWEST,
            limit,
            offset,
        )
    dated = all_of([fitting, _DATED])
    found = _sorted(
        index,
        dated,
        _OLDEST,
        limit,
        offset,
    )
    missing = limit - len(found)
    if not missing:
        return found
    passed = 0
    if offset and not found:
        passed, _ = index.count(dated, offset)
    undated = all_of([fitting, _UNDATED])
    behind = max(offset - passed, 0) if not found else 0
    return found + _sorted(index, undated, _OLDEST, missing, behind)


def _sorted(
    index: Index, fitting: Condition, key: str, limit: int, offset: int
) -> list[Place]:
    is_shown = limit + offset <= _MOST_SHOWN
    rows = _first(
        index,
        f"{_PLACE}, {READ}" if is_shown else _PLACE,
        fitting,
        key,
        limit,
        offset,
    )
    return [_place(row) for row in rows]


def _place(row: Sequence[Any]) -> Place:
    """A row of _PLACE, and what is shown of the post, if that was read."""
    post_id, newest, thread_id, *read = row
    return Place(
        post_id,
        newest,
        thread_id,
        shown_of(*read) if read else None,
    )


def _first(
    index: Index,
    columns: str,
    fitting: Condition,
    key: str,
    limit: int,
    offset: int = 0,
) -> list[list[Any]]:
    """Columns of the first posts that fit, by a key of time; most likely they are in a
    small part of all."""
    parts = windows(
        index,
        fitting,
        limit + offset,
        is_oldest=key == _OLDEST,
    )
    narrower = [all_of([fitting, part]) for part in parts]
    rows: list[list[Any]] = []
    for within in (*narrower, fitting):
        rows = index.first_rows(
            f"""SELECT {columns} FROM {index.posts}
            WHERE {within.sql} ORDER BY {key} LIMIT {limit} OFFSET {offset}""",
            within,
        )
        if len(rows) == limit:
            break
    return rows


def _by_figure(
    index: Index, fitting: Condition, figure: str, limit: int, offset: int
) -> list[Place]:
    """Posts by what the forum states of their threads, the most first."""
    # of one node: threads lie where their posts do
    rows = index.rows(
        f"""SELECT p.post_id, p.newest, p.thread_id FROM (
          SELECT post_id, newest, site_id, thread_id FROM {index.posts}
          WHERE {fitting.sql}
        ) AS p ANY LEFT JOIN (
          SELECT site_id, thread_id, ifNull({figure}, -1) AS figure, 1 AS is_known
          FROM {index.node.all("threads")} FINAL
        ) AS t ON t.site_id = p.site_id AND t.thread_id = p.thread_id
        ORDER BY if(t.is_known = 1, t.figure, -1) DESC, p.thread_id DESC,
          p.newest, p.post_id DESC
        LIMIT {limit} OFFSET {offset}"""
    )
    return [Place(*row) for row in rows]


def read_newest(index: Index, fitting: Condition, limit: int) -> list[ReadPost]:
    """The newest posts that fit, with their texts, folded."""
    rows = _first(
        index,
        f"{_PLACE}, {READ}",
        fitting,
        _NEWEST,
        limit,
    )
    return [_read(row) for row in rows]


def _read(row: Sequence[Any]) -> ReadPost:
    post_id, newest, thread_id, made, text = row
    shown = shown_of(made, text)
    return ReadPost(
        place=Place(post_id, newest, thread_id, shown),
        posted_at=shown.posted_at or None,
        folded=fold_post(text, shown.subject),
    )


def at(found: Sequence[Place]) -> str:
    """The condition for posts in these places."""
    return posts_at([(place.newest, place.post_id) for place in found])
