"""When to look at a page again: sooner where something changed of late, and never later than
in a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.core.records import ThreadPage

SOON: Final = timedelta(hours=12)
DAY_AND_A_HALF: Final = timedelta(hours=36)
RARELY: Final = timedelta(days=30)
MOST_RARELY: Final = timedelta(days=365)
BOARD_OFTEN: Final = timedelta(minutes=30)
BOARD_RARELY: Final = timedelta(days=1)
REFUSED_AGAIN: Final = timedelta(days=30)
NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)

_FRESH: Final = timedelta(days=1)
_LIVELY: Final = timedelta(days=7)
_BOARD_SHARE: Final = (
    4  # of the time since a board's newest reply: wait a quarter of it
)


def revisit_at(visited_at: datetime, changed_at: datetime | None) -> datetime:
    """When to look at a page again that last changed at a time (None: never seen to): soon,
    in 36 h, then rarely."""
    age = visited_at - changed_at if changed_at else MOST_RARELY
    if age < _FRESH:
        return visited_at + SOON
    if age < _LIVELY:
        return visited_at + DAY_AND_A_HALF

    wait = max(RARELY, age)
    return visited_at + min(wait, MOST_RARELY)


def board_again_at(visited_at: datetime, newest: datetime | None) -> datetime:
    """When to look at a board's first page again, whose newest reply is of a time: sooner
    where more is going on."""
    if newest is None:
        return visited_at + BOARD_RARELY / _BOARD_SHARE

    wait = (visited_at - newest) / _BOARD_SHARE
    return visited_at + min(max(BOARD_OFTEN, wait), BOARD_RARELY)


def last_change(page: ThreadPage) -> datetime | None:
    """When a thread page last changed, as its posts tell."""
    times = []
    for post in page.posts:
        if post.posted_at:
            times.append(post.posted_at)
        if post.edited_at:
            times.append(post.edited_at)
    return max(times, default=None)
