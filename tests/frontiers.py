"""What tests of the frontier begin with: an archive of two forums, and short words for pages."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.crawl.frontier import Frontier
from archive.schema import open_archive
from scraper.policy.plan import ANYTHING, THREAD, DiscoveredPage, Key, Scope

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
REVISIT_IN = 9 * HOUR
"""When `visit` has a page visited again."""


def two_forums(path: Path) -> sqlite3.Connection:
    """An archive of the forums 1 and 2."""
    conn: sqlite3.Connection = open_archive(path).conn
    conn.executemany(
        "INSERT INTO sites(id, base_url, first_seen_at, last_seen_at) VALUES (?, ?, '', '')",
        [(1, "http://a/"), (2, "http://b/")],
    )
    return conn


def page(key: Key, priority: int = THREAD, **more: Any) -> DiscoveredPage:
    """A page to visit."""
    return DiscoveredPage(key=key, priority=priority, **more)


def pages(*keys: Key, priority: int = THREAD, **more: Any) -> list[DiscoveredPage]:
    """Pages to visit."""
    return [page(key, priority, **more) for key in keys]


def taken(
    frontier: Frontier, now: datetime = NOW, scope: Scope = ANYTHING, count: int = 99
) -> list[Key]:
    """The pages that are to be visited, in order."""
    return [queued.key for queued in frontier.take(count, now, scope)]


def visit(
    frontier: Frontier,
    *keys: Key,
    at: datetime = NOW,
    outcome: str = "page",
    changed: bool = False,
) -> None:
    """Visit pages at a time."""
    for key in keys:
        frontier.done(key, at, at + REVISIT_IN, outcome, changed=changed)
