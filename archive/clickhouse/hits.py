"""Posts that were found in an index, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.clickhouse.columns import POSTED
from archive.clickhouse.index import Index
from archive.clickhouse.rows import Place, at
from archive.search.hits import Hit, hit_of
from archive.search.tree import Words

_HITS: Final = f"""SELECT site_id, post_id, site, board, thread, tid, pid, floor, author,
  location, {POSTED}, url, text, subject,
  arrayStringConcat(arrayMap(quote -> ifNull(quote.text, ''), quotes), '\\n'), withheld
FROM"""


def load_hits(
    index: Index, places: Sequence[Place], words: tuple[Words, ...], width: int
) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    if not places:
        return []
    rows = index.rows(f"{_HITS} {index.posts} WHERE {at(places)}")
    clocks = index.clocks({row[0] for row in rows})
    loaded = {}
    for site_id, *before, text, subject, quoted, withheld in rows:
        utc_offset_minutes = clocks.get(site_id, 0)
        hit = hit_of(
            (*before, utc_offset_minutes, text, subject, quoted, withheld),
            words,
            width,
        )
        loaded[hit.post_id] = hit
    ids = [place.post_id for place in places]
    return [loaded[post_id] for post_id in ids if post_id in loaded]
