"""Finds posts that have the rarest and most words of a query of which none has all, by the
weights and the order of one machine's search."""

from __future__ import annotations

from collections.abc import Sequence

from archive.clickhouse import literals
from archive.clickhouse.conditions import all_of
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import Index
from archive.clickhouse.look_up import Found
from archive.clickhouse.rows import ReadPost, read_newest
from archive.search import limits
from archive.search.context import Order
from archive.search.notices import SearchNotice
from archive.search.pages import Matches
from archive.search.some_found import (
    BY_THREAD,
    LEAST_WEIGHT,
    NO_THREAD,
    Choice,
    Thread,
    choices,
    found_in,
    ordered,
    weight_of,
    weighty,
)
from archive.search.some_words import loose_words, may_be_left_out
from archive.search.tree import And, Node


def look_up_some(
    index: Index, root: Node, order: Order, limit: int, offset: int
) -> Found | None:
    """The posts from `offset` on, at most `limit`; None where no word can be left out, or no
    post has any."""
    words, kept = loose_words(root, index)
    if not words:
        return None
    read, are_all = _candidates(
        index,
        choices(words, may_be_left_out(root)),
        kept,
    )
    if not read:
        return None
    threads: dict[int, Thread] = {}
    if order in BY_THREAD:
        threads = _threads(index, list(read.values()))
    weighed = []
    for post_id, each in read.items():
        row = (post_id, 0.0, each.posted_at)
        thread = threads.get(each.place.thread_id, NO_THREAD)
        weighed.append(found_in(row, each.folded, thread, words))
    in_order = ordered(weighty(weighed), order)
    shown = in_order[offset : offset + limit]
    matches = Matches(
        ids=[each.post_id for each in shown],
        total=len(in_order),
        is_total_exact=are_all,
        scores={each.post_id: each.score for each in shown},
        notices=(SearchNotice("some_words"),),
        ways=("some_words",),
        held={each.post_id: each.words for each in shown},
    )
    return Found(matches, {post_id: each.place for post_id, each in read.items()})


def _candidates(
    index: Index, wanted: Sequence[Choice], kept: Sequence[Node]
) -> tuple[dict[int, ReadPost], bool]:
    """Posts that have some of the words, the weightiest choices first; and whether these are
    all that weigh enough."""
    is_large = index.numbers > limits.LARGE_POSTS
    most = limits.SOME_IN_LARGE if is_large else limits.SOME_POSTS
    found: dict[int, ReadPost] = {}
    least = 0.0
    for choice in wanted:
        weight = weight_of(choice)
        if weight < least:
            break
        asked = And((*(each.words for each in choice), *kept))
        fitting = all_of([tree_sql(part, index) for part in asked.parts])
        read = read_newest(
            index,
            fitting,
            most + 1,
        )
        if read and not found:
            least = LEAST_WEIGHT * weight
        for each in read:
            found.setdefault(each.place.post_id, each)
        if len(found) > most:
            first = list(found.items())[:most]
            return dict(first), False
    return found, True


def _threads(index: Index, read: Sequence[ReadPost]) -> dict[int, Thread]:
    ids = literals.numbers({each.place.thread_id for each in read})
    rows = index.rows(
        f"""SELECT thread_id, ifNull(replies, -1), ifNull(views, -1)
        FROM {index.node.all("threads")} FINAL WHERE thread_id IN {ids}"""
    )
    return {row[0]: Thread(*row) for row in rows}
