"""What robots.txt keeps from a crawl, and what the forum's owner allows all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from archive.crawl.frontier import Frontier
from archive.crawl.values import stamp
from scraper.fetch.redirects import same_host

_NOTE: Final = "UPDATE crawls SET owner_consents_at = :at WHERE site_id = :site_id"
_FILES: Final = """SELECT name, url FROM media
  WHERE site_id = ? AND state = 'given_up' AND message LIKE 'robots:%'"""
_FREE: Final = """UPDATE media SET state = 'due', tries = 0, due_at = :at, message = ''
  WHERE site_id = :site_id AND name = :name"""


def note_consent(
    conn: sqlite3.Connection, frontier: Frontier, base: str, at: datetime
) -> None:
    """Write down that the owner of the forum at `base` consents, and put back what its
    robots.txt kept from earlier runs."""
    site_id = frontier.site_id
    values = {"site_id": site_id, "at": stamp(at)}
    conn.execute(_NOTE, values)
    names = list(_files_kept_out(conn, site_id, base))
    conn.executemany(_FREE, [{**values, "name": name} for name in names])
    frontier.retry(at, reason="robots")


def count_kept_out(conn: sqlite3.Connection, site_id: int | None, base: str) -> int:
    """How many pictures and files on the forum's own hosts robots.txt keeps from us."""
    if site_id is None:
        return 0
    return sum(1 for _ in _files_kept_out(conn, site_id, base))


def _files_kept_out(conn: sqlite3.Connection, site_id: int, base: str) -> Iterator[str]:
    """Their names. What other hosts forbid is not the owner's to allow."""
    for name, url in conn.execute(_FILES, (site_id,)):
        if same_host(url, base):
            yield name
