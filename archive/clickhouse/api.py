"""Words → hits, from an index: the answers of one machine's search, of the same types.

What is said where nothing is found is in `proposals.py`; posts like a post are not here.
"""

from __future__ import annotations

from datetime import datetime

from archive.clickhouse.hits import load_hits
from archive.clickhouse.index import Index
from archive.clickhouse.look_up import Found, look_up
from archive.clickhouse.some import look_up_some
from archive.search.api import (
    Hit,
    Results,
    grouped,
    notices_of_query,
    posts_to_group,
    shown_hits,
)
from archive.search.context import Order
from archive.search.query import Query, parse
from archive.search.snippet import WIDTH
from archive.search.tree import Node, Words


def search(
    index: Index,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    order: Order = "best",
    by_thread: bool = False,
    width: int = WIDTH,
    all_words: bool = False,
    now: datetime | None = None,
) -> Results:
    """Find posts, as `archive.search.api.search` does. Raises QueryError where a filter
    means nothing, StorageError where the engine cannot answer."""
    query = parse(text, now)
    notices = notices_of_query(query)
    if query.root is None:
        return Results(
            query,
            (),
            0,
            notices=notices,
        )
    asked_limit = posts_to_group(offset + limit) if by_thread else limit
    asked_offset = 0 if by_thread else offset
    found = look_up_page(
        index,
        query.root,
        order,
        limit=asked_limit,
        offset=asked_offset,
        all_words=all_words,
    )
    ids = found.matches.ids
    groups = [[post_id] for post_id in ids]
    if by_thread:
        threads = {post_id: found.places[post_id].thread_id for post_id in ids}
        groups = grouped(ids, threads)
    shown = groups[offset : offset + limit] if by_thread else groups
    total = found.matches.total
    is_exact = found.matches.is_total_exact
    return Results(
        query=query,
        hits=_hits(index, shown, query, found, width),
        total=total,
        is_total_exact=is_exact,
        notices=(*notices, *found.matches.notices),
        threads=len(groups) if by_thread else None,
        are_threads_all=is_exact and len(ids) == total,
    )


def look_up_page(
    index: Index,
    root: Node,
    order: Order,
    *,
    limit: int,
    offset: int,
    all_words: bool = False,
) -> Found:
    """The posts of a page; where no post fits, those that have some of the words."""
    found = look_up(
        index,
        root,
        order,
        limit,
        offset,
    )
    if all_words or found.matches.total:
        return found
    some = look_up_some(
        index,
        root,
        order,
        limit,
        offset,
    )
    return some or found


def _hits(
    index: Index, groups: list[list[int]], query: Query, found: Found, width: int
) -> tuple[Hit, ...]:
    def load(ids: list[int], words: tuple[Words, ...]) -> list[Hit]:
        places = [found.places[post_id] for post_id in ids]
        return load_hits(
            index,
            places,
            words,
            width,
        )

    return shown_hits(
        load,
        groups,
        query,
        found.matches,
    )
