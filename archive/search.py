"""Words → hits: plans a query, asks the index within bounds, and shows what it found."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from archive.lookup import Order, look_up
from archive.planner import plan
from archive.query import Query, Words, parse
from archive.snippet import PLAIN, WIDTH, Snippet, snippet

_HITS = """
SELECT l.id, l.site, coalesce(l.board, ''), l.thread, l.tid, l.pid, l.floor, l.author, coalesce(l.posted_at, ''),
  coalesce(l.url, ''), s.utc_offset_minutes, l.text, l.subject,
  (SELECT group_concat(q.text, char(10)) FROM quotes q WHERE q.post_id = l.id)
FROM post_list l JOIN sites s ON s.id = l.site_id WHERE l.id IN (SELECT value FROM json_each(?))"""


FIELDS = ("post_id", "site", "board", "thread", "tid", "pid", "floor", "author", "posted_at", "url")
"""The fields of a hit that other programs are given, in the order of their columns."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found.

    `posted_at` in UTC as stored; the forum's clock is `utc_offset_minutes` ahead. `score` only when ordered by it,
    higher is better.
    """

    post_id: int
    site: str
    board: str
    thread: str
    tid: int | None
    pid: int | None
    floor: int | None
    author: str
    posted_at: str
    url: str
    utc_offset_minutes: int
    snippet: Snippet
    score: float | None = None

    def as_json(self) -> dict[str, object]:
        """The hit with its snippet marked 【so】, empty values left out."""
        out: dict[str, object] = {name: value for name in FIELDS if (value := getattr(self, name)) not in (None, "")}
        out["snippet"] = self.snippet.marked(PLAIN)
        return out if self.score is None else {**out, "score": round(self.score, 3)}


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query. `total` is how many posts fit, or at least how many where `is_total_exact` is false.

    `notes` say what a reader should know of the answer: what was cut short, what was left out of the query.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    is_total_exact: bool = True
    notes: tuple[str, ...] = ()


def search(
    conn: sqlite3.Connection,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    order: Order = "best",
    width: int = WIDTH,
) -> Results:
    """Find posts. The query language is described in archive/query.py; any text gives an answer.

    Raises QueryError only where a filter means nothing, naming it.
    """
    query = parse(text)
    notes = ["only the beginning of the query was used: it is longer than fits"] if query.was_cut else []
    if query.root is None:
        return Results(query, (), 0, notes=(*notes, "there is no word in the query to look for"))
    zones = conn.execute("SELECT id, utc_offset_minutes FROM sites ORDER BY id").fetchall()
    found = look_up(conn, plan(query.root, zones), order, limit, offset)
    hits = _load(conn, found.ids, query.words(), width)
    if found.scores:
        hits = [replace(hit, score=found.scores.get(hit.post_id)) for hit in hits]
    return Results(query, tuple(hits), found.total, found.is_total_exact, (*notes, *found.notes))


def _load(conn: sqlite3.Connection, ids: list[int], words: tuple[Words, ...], width: int) -> list[Hit]:
    rows = {row[0]: row for row in conn.execute(_HITS, (str(ids),))}
    return [_hit(rows[post_id], words, width) for post_id in ids if post_id in rows]


def _hit(row: tuple[Any, ...], words: tuple[Words, ...], width: int) -> Hit:
    *values, text, subject, quotes = row
    return Hit(
        snippet=_shown(text, subject, quotes or "", words, width),
        **dict(zip((*FIELDS, "utc_offset_minutes"), values, strict=True)),
    )


def _shown(text: str, subject: str, quotes: str, words: tuple[Words, ...], width: int) -> Snippet:
    """The words where they were asked for: in the text, else the title, else a quote; else how the post begins."""
    for place, source in (("text", text), ("title", subject), ("quotes", quotes)):
        here = [each for each in words if each.scope == place or (each.scope == "any" and place != "quotes")]
        if here and (shown := snippet([source], here, width)).spans:
            return shown
    return snippet([text, subject], (), width)
