"""Posts that were found in an index, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.clickhouse.columns import POSTED
from archive.clickhouse.index import Index
from archive.clickhouse.rows import Place, at
from archive.search.hits import Hit, hit_of
from archive.search.tree import Words

_HITS: Final = f"""p.post_id, p.site, p.board, p.thread, p.tid, p.pid, p.floor, p.author,
  p.location, p.posted, p.url, ifNull(s.utc_offset_minutes, 0), p.text, p.subject,
  p.quoted, p.withheld
FROM (
  SELECT *, {POSTED} AS posted,
    arrayStringConcat(arrayMap(quote -> ifNull(quote.text, ''), quotes), '\\n') AS quoted
  FROM {{posts}} WHERE {{places}}
) AS p LEFT JOIN (
  SELECT site_id, any(utc_offset_minutes) AS utc_offset_minutes
  FROM {{sites}} GROUP BY site_id
) AS s ON s.site_id = p.site_id"""


def load_hits(
    index: Index, places: Sequence[Place], words: tuple[Words, ...], width: int
) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    if not places:
        return []
    wanted = _HITS.format(
        posts=index.posts,
        places=at(places),
        sites=index.node.all("sites"),
    )
    loaded = {}
    for row in index.rows(f"SELECT {wanted}"):
        hit = hit_of(
            row,
            words,
            width,
        )
        loaded[hit.post_id] = hit
    ids = [place.post_id for place in places]
    return [loaded[post_id] for post_id in ids if post_id in loaded]
