"""The health page: last runs, what is due, what was given up and why."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from archive.crawl.addresses import address
from archive.crawl.backlog import Backlog
from archive.reading.forums import list_forums
from archive.store import suspects
from archive.store.census import reader_warnings
from archive.warc.accepted import losses_by_forum
from archive.web.cache import kept
from archive.web.values import ArchiveRequest, PageResponse, TemplateResponse
from scraper.addresses.canonical import Style

_RUNS: Final = """
SELECT command, arguments, started_at, coalesce(ended_at, ''), pages, requests,
  posts_new, posts_changed, posts_gone, problems, outcome, message
FROM runs ORDER BY id DESC LIMIT 20
"""
_STATES: Final = """
SELECT site_id, state, kind, count(*), min(due_at) FROM frontier
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_FILES_GIVEN_UP: Final = """
SELECT url, message, tries FROM media WHERE site_id = ? AND state = 'given_up'
ORDER BY url LIMIT 100
"""
_MEDIA: Final = """
SELECT site_id, state, count(*) FROM media GROUP BY 1, 2 ORDER BY 1, 2
"""
_CRAWLS: Final = """
SELECT site_id, address, style, stopped FROM crawls ORDER BY site_id
"""
_FAILED: Final = """
SELECT id, url, fetched_at, outcome, message
FROM (SELECT * FROM captures ORDER BY id DESC LIMIT 5000)
WHERE outcome = 'failed' ORDER BY id DESC LIMIT 50
"""
_MOST_SET_ASIDE: Final = 200
_MOST_LOST: Final = 100
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page or file that a crawl did not get: `state` is `given_up`, or `refused` by the
    forum; `reason` in the crawl's words."""

    forum_id: int
    url: str
    state: str
    reason: str
    tries: int


def health_page(request: ArchiveRequest) -> PageResponse:
    """How the archive fares."""
    conn = request.conn
    forums = list_forums(conn)
    not_counted: Rows = []
    crawls = _rows(conn, _CRAWLS)
    lost: list[LostPage] = []
    for site_id, base, style, _ in crawls:
        lost += _lost_pages(conn, site_id, base, style)
        lost += _lost_files(conn, site_id)
    zones = {forum.utc_offset_minutes for forum in forums}
    return TemplateResponse(
        template="health.html",
        values={
            "runs": _rows(conn, _RUNS),
            "media": _rows(conn, _MEDIA),
            "crawls": crawls,
            "failed": _rows(conn, _FAILED),
            "set_aside": suspects.list_set_aside(conn, _MOST_SET_ASIDE),
            "states": kept(conn, "states", _count_states, not_counted),
            "lost": lost,
            "losses": losses_by_forum(conn),
            "minutes": zones.pop() if len(zones) == 1 else 0,
            "warnings": kept(conn, "reader_warnings", _reader_warnings, not_counted),
            "names": {forum.id: forum.title for forum in forums},
        },
    )


def _lost_pages(
    conn: sqlite3.Connection, forum_id: int, base: str, style: Style
) -> list[LostPage]:
    """Pages that were given up, or that the forum refuses."""
    found = []
    for one in Backlog(conn, forum_id).given_up()[:_MOST_LOST]:
        page = LostPage(
            forum_id=forum_id,
            url=address(one.key, base, style, one.tid),
            state="given_up" if one.state == "given_up" else "refused",
            reason=one.message or one.outcome,
            tries=one.tries,
        )
        found.append(page)
    return found


def _lost_files(conn: sqlite3.Connection, forum_id: int) -> list[LostPage]:
    """Pictures and files that were given up."""
    return [
        LostPage(forum_id, url, "given_up", message, tries)
        for url, message, tries in _rows(conn, _FILES_GIVEN_UP, forum_id)
    ]


def _reader_warnings(conn: sqlite3.Connection) -> Rows:
    """What pages print and was not read, a row a sentence."""
    return [(warning,) for warning in reader_warnings(conn)]


def _count_states(conn: sqlite3.Connection) -> Rows:
    return _rows(conn, _STATES)


def _rows(conn: sqlite3.Connection, sql: str, *params: object) -> Rows:
    cursor = conn.execute(sql, params)
    return cursor.fetchall()
