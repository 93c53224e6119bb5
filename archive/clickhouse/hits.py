"""Posts that were found in an index, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from archive.clickhouse.index import Index
from archive.clickhouse.rows import Place, at
from archive.clickhouse.shown import READ, Shown, shown_of
from archive.search.hits import Hit, hit_of
from archive.search.tree import Words


def load_hits(
    index: Index, places: Sequence[Place], words: tuple[Words, ...], width: int
) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    if not places:
        return []
    shown = {place.post_id: place.shown for place in places if place.shown}
    unread = [place for place in places if not place.shown]
    if unread:
        shown |= _read(index, unread)
    clocks = index.clocks({each.site_id for each in shown.values()})
    hits: list[Hit] = []
    for place in places:
        post = shown.get(place.post_id)
        if post is None:
            continue
        utc_offset_minutes = clocks.get(post.site_id, 0)
        row = (
            place.post_id,
            *post.values,
            post.posted_at,
            post.url,
            utc_offset_minutes,
            post.text,
            post.subject,
            post.quoted,
            post.withheld,
        )
        hits.append(hit_of(row, words, width))
    return hits


def _read(index: Index, places: Sequence[Place]) -> dict[int, Shown]:
    rows = index.rows(f"SELECT post_id, {READ} FROM {index.posts} WHERE {at(places)}")
    return {post_id: shown_of(shown, text) for post_id, shown, text in rows}
