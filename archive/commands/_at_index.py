"""`search --at ADDRESS`: the same questions to an index in ClickHouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from archive.commands._hit_output import (
    EXIT_NOTHING_FOUND,
    Shape,
    print_facets,
    show,
    usual_shape,
)
from archive.commands._search_notes import note, tell_facets, tell_results
from archive.search.context import Order
from archive.search.query import parse

_NO_SPELLING: Final = (
    "an index proposes no Chinese words that are written nearly so, nor any by their sound: "
    "an archive does"
)


@dataclass(frozen=True, slots=True)
class PageOfIndex:
    """Which page of which answer is asked for."""

    text: str
    limit: int
    offset: int
    order: Order
    by_thread: bool
    all_words: bool


def answer_at(
    address: str, asked: PageOfIndex, *, counts: bool, shape: Shape | None
) -> int:
    """Print the hits, or how they spread; the exit code."""
    # the engine comes with the extra `cluster`
    from archive.clickhouse.api import search
    from archive.clickhouse.engine import connect
    from archive.clickhouse.facets import count_facets
    from archive.clickhouse.index import Index
    from archive.clickhouse.proposals import SearchedIndex

    now = datetime.now(UTC)
    with connect(address) as engine:
        index = Index(engine)
        if counts:
            facets = count_facets(
                index,
                parse(asked.text, now),
                all_words=asked.all_words,
            )
            print_facets(
                facets,
                as_json=shape == "json",
            )
            tell_facets(facets)
            return 0 if facets.posts else EXIT_NOTHING_FOUND
        results = search(
            index,
            asked.text,
            limit=asked.limit,
            offset=asked.offset,
            order=asked.order,
            by_thread=asked.by_thread,
            all_words=asked.all_words,
            now=now,
        )
        show(results.hits, shape or usual_shape())
        what = SearchedIndex(index)
        tell_results(
            what,
            results,
            asked.offset + 1,
        )
        if what.is_nothing_meant:
            note(_NO_SPELLING)
    return 0 if results.hits else EXIT_NOTHING_FOUND
