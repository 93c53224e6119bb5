"""Rows and pages of a board, for the rules that read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scraper.core.records import BoardPage, ThreadRow
from scraper.policy.listing import KnownBoard, listing_fingerprint

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NEW_BOARD = KnownBoard("", {})


def row(tid: int, hours_ago: float = 1, **more: object) -> ThreadRow:
    """A thread with three replies, the last of them some hours before `NOW`."""
    usual: dict[str, object] = {
        "tid": tid,
        "replies": 3,
        "last_post_at": NOW - timedelta(hours=hours_ago),
        "last_author": "a",
    }
    return ThreadRow(**usual | more)  # type: ignore[arg-type]


def known(*rows: ThreadRow, walked: str = "all") -> KnownBoard:
    """A board whose threads are known as these rows tell them."""
    fingerprints = {one.tid: listing_fingerprint(one) for one in rows}
    return KnownBoard(walked, fingerprints)


def board_page(*rows: ThreadRow, page: int = 1, pages: int = 3) -> BoardPage:
    """A page of board 2 with these rows."""
    return BoardPage(fid=2, page=page, pages=pages, threads=rows)
