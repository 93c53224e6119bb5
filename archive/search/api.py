"""Words → hits: plans a query, asks the index within bounds, and shows what it found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from archive.index.writer import is_outdated
from archive.schema import Archive, connection_of
from archive.search.budget import Statement
from archive.search.context import Order
from archive.search.exact import exact_expression
from archive.search.executor import look_up
from archive.search.hits import Hit, load_hits
from archive.search.notices import STOPS, SearchNotice
from archive.search.pages import Matches
from archive.search.planner import plan
from archive.search.query import Query, parse
from archive.search.snippet import WIDTH
from archive.search.some_lookup import look_up_some
from archive.search.some_words import loosened
from archive.search.stats import IndexStats
from archive.search.tree import Node, Words

__all__ = [
    "OUTDATED",
    "Hit",
    "Order",
    "Results",
    "SearchNotice",
    "look_up_page",
    "match_expression",
    "notices_of",
    "search",
]

OUTDATED: Final = SearchNotice("outdated")
MAX_GROUPED: Final = 2_000
"""Of so many posts at most the threads are shown when grouping."""
OTHERS: Final = 2
"""So many of a thread's other posts are shown with its first."""
_POSTS_A_THREAD: Final = 10
_LEAST_GROUPED: Final = 200
_THREADS: Final = """SELECT id, thread_id FROM posts
  WHERE id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query. `total` is how many posts fit, or at least how many where
    `is_total_exact` is false.

    `threads`: in how many threads, where they are grouped so, at least how many where
    `are_threads_all` is false. `notices` say what a reader should know of the answer: what
    was cut short, what was left out of the query.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    is_total_exact: bool = True
    notices: tuple[SearchNotice, ...] = ()
    threads: int | None = None
    are_threads_all: bool = True

    @property
    def was_stopped(self) -> bool:
        """Whether the search ended before it had looked everywhere: where it has no hits,
        there may be some all the same."""
        return any(notice.kind in STOPS for notice in self.notices)

    @property
    def is_partial(self) -> bool:
        """Whether no post has all of the words: the hits are then those with the rarest and
        most of them, and each says which it has (`Hit.has_only`)."""
        return any(notice.kind == "some_words" for notice in self.notices)


def search(
    archive: Archive,
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
    """Find posts; `by_thread`: the first of each thread with the next ones, `limit` and
    `offset` then counting threads. `width` is about the number of characters of a snippet.

    Where no post has all words, those with some of them are found (`Results.is_partial`),
    but not with `all_words`.

    `now`: when it is asked, in UTC, from which 昨天 and 上周 count; a query with such days
    needs it.

    The query language is described in archive/search/README.md; any text gives an answer.
    Raises QueryError only where a filter means nothing, naming it.
    """
    conn = connection_of(archive)
    query = parse(text, now)
    notices = notices_of(conn, query)
    if query.root is None:
        return Results(
            query,
            (),
            0,
            notices=notices,
        )

    found = look_up_page(
        conn,
        query.root,
        order,
        limit=limit,
        offset=offset,
        by_thread=by_thread,
        all_words=all_words,
    )
    groups = [[post_id] for post_id in found.ids]
    if by_thread:
        rows = conn.execute(_THREADS, (str(found.ids),))
        groups = grouped(found.ids, dict(rows))
    shown = groups[offset : offset + limit] if by_thread else groups

    def load(ids: list[int], words: tuple[Words, ...]) -> list[Hit]:
        return load_hits(conn, ids, words, width)

    return Results(
        query=query,
        hits=shown_hits(load, shown, query, found),
        total=found.total,
        is_total_exact=found.is_total_exact,
        notices=(*notices, *found.notices),
        threads=len(groups) if by_thread else None,
        are_threads_all=found.is_total_exact and len(found.ids) == found.total,
    )


def match_expression(text: str) -> str:
    """A query of words as an expression for `posts_fts MATCH ?`, which the posts that fit
    fulfil, and no others; never wrong FTS5.

    For programs that ask the index themselves. Raises QueryError as `search` does, and where
    the query asks for what the index does not know: authors, dates, quotes.
    """
    root = parse(text).root
    return exact_expression(root) if root else '""'


def look_up_page(
    conn: sqlite3.Connection,
    root: Node,
    order: Order,
    *,
    limit: int,
    offset: int,
    by_thread: bool,
    all_words: bool = False,
    log: list[Statement] | None = None,
) -> Matches:
    """The posts of a page; where no post fits, those that have some of the words. Where the
    page counts threads, so many posts of the first as have about enough of them: a popular
    thread has dozens that fit."""
    if by_thread:
        limit = posts_to_group(offset + limit)
        offset = 0
    stats = IndexStats(conn)
    found = look_up(
        conn,
        plan(root, stats),
        order,
        limit,
        offset,
        log=log,
    )
    if all_words or found.total or not found.is_total_exact:
        return found
    loose = loosened(root, stats)
    if loose is None:
        return found
    some = look_up_some(
        conn,
        loose,
        order,
        limit,
        offset,
        log=log,
    )
    is_said = some.total > 0 or not some.is_total_exact
    return some if is_said else found


def posts_to_group(threads: int) -> int:
    """So many posts are looked for to have about so many threads."""
    posts = threads * _POSTS_A_THREAD
    return min(max(posts, _LEAST_GROUPED), MAX_GROUPED)


def notices_of(conn: sqlite3.Connection, query: Query) -> tuple[SearchNotice, ...]:
    """What is to be said of a query before anything was looked for."""
    said = notices_of_query(query)
    return (OUTDATED, *said) if is_outdated(conn) else said


def notices_of_query(query: Query) -> tuple[SearchNotice, ...]:
    """The same, whatever is searched."""
    notices: list[SearchNotice] = []
    if query.was_cut:
        notices.append(SearchNotice("long"))
    if query.root is None:
        notices.append(SearchNotice("wordless"))
    return tuple(notices)


def shown_hits(
    load: Callable[[list[int], tuple[Words, ...]], list[Hit]],
    groups: list[list[int]],
    query: Query,
    found: Matches,
) -> tuple[Hit, ...]:
    """A hit for each group of posts: the first, with the next ones."""
    ids: list[int] = []
    for group in groups:
        ids += group[: 1 + OTHERS]
    words = [*query.words()]
    for held in found.held.values():
        words += held
    asked = tuple(dict.fromkeys(words))
    loaded: dict[int, Hit] = {}
    for hit in load(ids, asked):
        score = found.scores.get(hit.post_id)
        held = found.held.get(hit.post_id, ())
        loaded[hit.post_id] = replace(
            hit,
            score=score,
            has_only=tuple(each.text for each in held),
        )

    hits: list[Hit] = []
    for group in groups:
        near = group[: 1 + OTHERS]
        shown = [loaded[post_id] for post_id in near if post_id in loaded]
        if not shown:
            continue
        first, *others = shown
        more = len(group) - 1
        hits.append(replace(first, more=more, others=tuple(others)))
    return tuple(hits)


def grouped(ids: list[int], thread_of: Mapping[int, int]) -> list[list[int]]:
    """The posts of each thread, threads and posts in the order of the posts."""
    groups: dict[int, list[int]] = {}
    for post_id in ids:
        thread = thread_of.get(post_id)
        if thread is not None:
            groups.setdefault(thread, []).append(post_id)
    return list(groups.values())
