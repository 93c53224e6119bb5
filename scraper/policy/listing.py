"""How far to walk through a board: its pages list threads newest reply first, so a later run
reads them only as far as something moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from scraper.core.records import BoardPage, ThreadRow
from scraper.policy.scope import Scope

EVERYTHING: Final = "all"
"""`KnownBoard.walked_until` of a board that was walked through to its last page."""

WALK: Final = "walk"
"""Said of a further page of a board that is asked for while all its pages are."""

_UNKNOWN_REPLIES: Final = 1_000_000
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class KnownBoard:
    """What is known of a board when a page of it comes.

    `walked_until`: how far back its pages were ever walked through: a day (ISO 8601), `all`,
    or nothing. `fingerprints` by tid, of those of the page's threads that are known.
    `is_walk`: the page was asked for while all the board's pages are.
    """

    walked_until: str
    fingerprints: Mapping[int, str]
    is_walk: bool = False


def listing_fingerprint(row: ThreadRow) -> str:
    """A thread's state as a board page tells it, such as `12 2024-06-01T11:00 name`: another
    one means that posts came or went."""
    replies = "" if row.replies is None else str(row.replies)
    last_post_at = row.last_post_at
    minute = last_post_at.strftime("%Y-%m-%dT%H:%M") if last_post_at else ""
    return f"{replies} {minute} {row.last_author}".strip()


def lost_replies(before: str, now: str) -> bool:
    """Whether of two fingerprints of a thread the later one states fewer replies."""
    return _replies(now) < _replies(before)


def walk_ends(page: BoardPage, scope: Scope) -> bool:
    """Whether the board's further pages are older than the run is about."""
    ordinary = [row for row in page.threads if not row.sticky]
    if not ordinary:
        return False
    return all(is_too_old(row, scope) for row in ordinary)


def walked_until(before: str, since: date | None) -> str:
    """How far back a board has been walked through once this run has done so too."""
    if since is None or before == EVERYTHING:
        return EVERYTHING

    day = since.isoformat()
    return min(before, day) if before else day


def was_walked(before: str, since: date | None) -> bool:
    """Whether earlier runs walked through a board as far back as this one is to."""
    if before == EVERYTHING:
        return True
    if since is None or not before:
        return False
    return before <= since.isoformat()


def goes_on(page: BoardPage, known: KnownBoard, scope: Scope) -> bool:
    """Whether the next page may show news. Where rows are in order of their last replies,
    the last row tells."""
    rows = [row for row in page.threads if not row.sticky and not row.moved_to]
    if not rows:
        return False

    if _is_newest_first(rows):
        return _is_news(rows[-1], known, scope)
    return any(_is_news(row, known, scope) for row in rows)


def newest_reply(page: BoardPage) -> datetime | None:
    """The time of a board page's newest reply."""
    times = _last_posts(page.threads)
    return max(times, default=None)


def is_too_old(row: ThreadRow, scope: Scope) -> bool:
    """Whether a thread's last reply is older than the run is about; no, where none is told."""
    if row.last_post_at is None:
        return False
    return scope.is_before(row.last_post_at)


def _is_news(row: ThreadRow, known: KnownBoard, scope: Scope) -> bool:
    if known.fingerprints.get(row.tid) == listing_fingerprint(row):
        return False
    return not is_too_old(row, scope)


def _is_newest_first(rows: Sequence[ThreadRow]) -> bool:
    """Whether all rows tell their last reply, each no later than the one above it."""
    times = _last_posts(rows)
    if len(times) < len(rows):
        return False

    return all(above >= below for above, below in pairwise(times))


def _last_posts(rows: Sequence[ThreadRow]) -> list[datetime]:
    """The times of the last replies, of rows that tell them."""
    return [row.last_post_at for row in rows if row.last_post_at]


def _replies(fingerprint: str) -> int:
    """Replies that a fingerprint states; plenty where it states none, so that the unknown
    counts as no loss."""
    first = fingerprint.partition(" ")[0]
    if first.isdecimal() and len(first) <= _MOST_DIGITS:
        return int(first)
    return _UNKNOWN_REPLIES
