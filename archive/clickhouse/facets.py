"""How the posts that fit a query spread over boards, authors, locations and years."""

from __future__ import annotations

from typing import Final

from archive.clickhouse.api import look_up_page
from archive.clickhouse.columns import POSTED
from archive.clickhouse.index import Index
from archive.clickhouse.rows import at
from archive.search.facets import (
    COUNTED_POSTS,
    Facets,
    FoundToCount,
    Part,
    Spread,
    facets_of,
    year_of,
)
from archive.search.query import Query

_GROUPS: Final = """SELECT site_id, board, author, location, hour, count() FROM (
  SELECT site_id, board, author, location, substring({posted}, 1, 13) AS hour
  FROM {posts} WHERE {places}
) GROUP BY site_id, board, author, location, hour"""


def count_facets(index: Index, query: Query, *, all_words: bool = False) -> Facets:
    """Count what fits a query, of COUNTED_POSTS posts at most, the newest; where nothing
    does, the posts with some of the words, but not with `all_words`."""
    if query.root is None:
        return Facets(0)
    found = look_up_page(
        index,
        query.root,
        "newest",
        limit=COUNTED_POSTS,
        offset=0,
        all_words=all_words,
    )
    matches = found.matches
    are_all = matches.is_total_exact and len(matches.ids) == matches.total
    part: Part = "all" if are_all else "newest"
    if matches.held and not are_all:
        part = "best"
    counted = FoundToCount(
        matches.ids,
        part,
        matches.total,
        matches.is_total_exact,
        matches.notices,
    )
    places = [found.places[post_id] for post_id in matches.ids]
    spread = Spread()
    if places:
        _count(
            index,
            at(places),
            spread,
        )
    return facets_of(spread, counted)


def _count(index: Index, places: str, spread: Spread) -> None:
    asked = _GROUPS.format(
        posts=index.posts,
        places=places,
        posted=POSTED,
    )
    groups = index.rows(asked)
    clocks = index.clocks({group[0] for group in groups})
    for site_id, board, author, location, hour, posts in groups:
        spread.boards[board] += posts
        spread.authors[author] += posts
        if location:
            spread.locations[location] += posts
        year = year_of(hour, clocks.get(site_id, 0))
        spread.years[year] += posts
