"""The health page: last runs, what is due, what was given up and why."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from archive.reading.forums import list_forums
from archive.store import suspects
from archive.store.census import reader_warnings
from archive.web.cache import kept
from archive.web.values import PageRequest, PageResponse, TemplateResponse

_RUNS: Final = """
SELECT command, arguments, started_at, coalesce(ended_at, ''), pages, requests,
  posts_new, posts_changed, posts_gone, problems, outcome, message
FROM runs ORDER BY id DESC LIMIT 20
"""
_STATES: Final = """
SELECT site_id, state, kind, count(*), min(due_at) FROM frontier
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_GIVEN_UP: Final = """
SELECT site_id, kind, item, page, tries, coalesce(visited_at, ''), outcome, message
FROM frontier WHERE site_id = ? AND state = 'given_up'
ORDER BY visited_at DESC LIMIT 100
"""
_MEDIA: Final = """
SELECT site_id, state, count(*) FROM media GROUP BY 1, 2 ORDER BY 1, 2
"""
_CRAWLS: Final = """
SELECT site_id, address, too_fast_s, begun_at, stopped FROM crawls ORDER BY site_id
"""
_FAILED: Final = """
SELECT id, url, fetched_at, outcome, message
FROM (SELECT * FROM captures ORDER BY id DESC LIMIT 5000)
WHERE outcome = 'failed' ORDER BY id DESC LIMIT 50
"""
_MOST_SET_ASIDE: Final = 200
Rows = list[tuple[Any, ...]]


def health_page(request: PageRequest) -> PageResponse:
    """How the archive fares."""
    conn = request.conn
    forums = list_forums(conn)
    not_counted: Rows = []
    given_up: Rows = []
    for forum in forums:
        given_up += _rows(conn, _GIVEN_UP, forum.id)
    return TemplateResponse(
        template="health.html",
        values={
            "runs": _rows(conn, _RUNS),
            "media": _rows(conn, _MEDIA),
            "crawls": _rows(conn, _CRAWLS),
            "failed": _rows(conn, _FAILED),
            "set_aside": suspects.list_set_aside(conn)[:_MOST_SET_ASIDE],
            "states": kept(conn, "states", _count_states, not_counted),
            "given_up": given_up,
            "warnings": kept(conn, "reader_warnings", _reader_warnings, not_counted),
            "names": {forum.id: forum.title for forum in forums},
        },
    )


def _reader_warnings(conn: sqlite3.Connection) -> Rows:
    """What pages print and was not read, a row a sentence."""
    return [(warning,) for warning in reader_warnings(conn)]


def _count_states(conn: sqlite3.Connection) -> Rows:
    return _rows(conn, _STATES)


def _rows(conn: sqlite3.Connection, sql: str, *params: object) -> Rows:
    cursor = conn.execute(sql, params)
    return cursor.fetchall()
