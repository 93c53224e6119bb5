"""The health page: last runs, what is due, what was given up and why."""

from __future__ import annotations

from typing import Final

from archive.web import read_forum
from archive.web.ask import Answer, Ask, PageRequest
from archive.web.cache import kept

_RUNS: Final = """SELECT command, arguments, started_at, coalesce(ended_at, ''), pages, requests, posts_new,
  posts_changed, posts_gone, problems, outcome, message FROM runs ORDER BY id DESC LIMIT 20"""
_STATES: Final = "SELECT site_id, state, kind, count(*), min(due_at) FROM frontier GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
_GIVEN_UP: Final = """SELECT site_id, kind, item, page, tries, coalesce(visited_at, ''), outcome, message FROM frontier
  WHERE site_id = ? AND state = 'given_up' ORDER BY visited_at DESC LIMIT 100"""
_MEDIA: Final = "SELECT site_id, state, count(*) FROM media GROUP BY 1, 2 ORDER BY 1, 2"
_CRAWLS: Final = "SELECT site_id, address, too_fast_s, begun_at, stopped FROM crawls ORDER BY site_id"
_FAILED: Final = """SELECT id, url, fetched_at, outcome, message FROM
  (SELECT * FROM captures ORDER BY id DESC LIMIT 5000) WHERE outcome = 'failed' ORDER BY id DESC LIMIT 50"""


def health(ask: Ask) -> Answer:
    """How the archive fares."""
    forums = read_forum.forums(ask.conn)
    values = {
        name: [tuple(row) for row in ask.conn.execute(sql)]
        for name, sql in (
            ("runs", _RUNS),
            ("media", _MEDIA),
            ("crawls", _CRAWLS),
            ("failed", _FAILED),
        )
    }
    values["states"] = kept(
        ask.conn, "states", lambda own: own.execute(_STATES).fetchall(), []
    )
    given_up = [
        tuple(row) for each in forums for row in ask.conn.execute(_GIVEN_UP, (each.id,))
    ]
    names = {each.id: each.title for each in forums}
    return PageRequest(
        template="health.html", values={**values, "given_up": given_up, "names": names}
    )
