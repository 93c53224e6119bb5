"""What there is to search in an index: how many posts, of which days."""

from __future__ import annotations

from archive.clickhouse.columns import POSTED, UNDATED
from archive.clickhouse.index import Index
from archive.clickhouse.tables import named
from archive.reading.clock import local


def searched(index: Index) -> tuple[int, str, str]:
    """The number of posts, and the days of the first and the last by their forum's own
    clock, empty for none."""
    first = _day(index, "newest DESC")
    last = _day(index, "newest")
    return index.numbers, first, last


def _day(index: Index, order: str) -> str:
    rows = index.rows(
        f"""SELECT site_id, {POSTED} FROM {index.posts} WHERE newest != {UNDATED}
        ORDER BY {order} LIMIT 1"""
    )
    if not rows:
        return ""
    site_id, posted_at = rows[0]
    minutes = index.one(
        f"""SELECT ifNull(utc_offset_minutes, 0) FROM {named(index, "sites")}
        WHERE site_id = {site_id}"""
    )
    return local(posted_at, minutes or 0)[: len("2013-01-12")]
