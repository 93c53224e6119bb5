"""Words → hits: plans a query, asks the index within bounds, and shows what it found."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from archive.ground import Ground
from archive.index import is_outdated
from archive.lookup import Order, look_up
from archive.notes import Note
from archive.planner import plan, whole_expression
from archive.query import Query, Words, parse
from archive.snippet import PLAIN, WIDTH, Snippet, snippet

_HITS = """
SELECT l.id, l.site, coalesce(l.board, ''), l.thread, l.tid, l.pid, l.floor, l.author, coalesce(l.posted_at, ''),
  coalesce(l.url, ''), s.utc_offset_minutes, l.text, l.subject,
  (SELECT group_concat(q.text, char(10)) FROM quotes q WHERE q.post_id = l.id), l.withheld
FROM post_list l JOIN sites s ON s.id = l.site_id WHERE l.id IN (SELECT value FROM json_each(?))"""


OUTDATED = Note("outdated")
MAX_GROUPED = 2_000
"""Of so many posts at most the threads are shown when grouping."""
FIELDS = ("post_id", "site", "board", "thread", "tid", "pid", "floor", "author", "posted_at", "url")
"""The fields of a hit that other programs are given, in the order of their columns."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found.

    `posted_at` in UTC as stored; the forum's clock is `utc_offset_minutes` ahead. `score` only when ordered by it,
    higher is better. `more`: how many other posts of its thread were found, where hits are grouped by thread.
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
    more: int = 0

    def as_json(self) -> dict[str, object]:
        """The hit with its snippet marked 【so】, empty values left out."""
        out: dict[str, object] = {name: value for name in FIELDS if (value := getattr(self, name)) not in (None, "")}
        out["snippet"] = self.snippet.marked(PLAIN)
        if self.more:
            out["more"] = self.more
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
    notes: tuple[Note, ...] = ()


def search(
    conn: sqlite3.Connection,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    order: Order = "best",
    by_thread: bool = False,
    width: int = WIDTH,
) -> Results:
    """Find posts; `by_thread`: the first of each thread, `limit` and `offset` then counting threads.

    The query language is described in archive/query.py; any text gives an answer. Raises QueryError only where a
    filter means nothing, naming it.
    """
    query = parse(text)
    notes = [OUTDATED] if is_outdated(conn) else []
    notes += [Note("long")] if query.was_cut else []
    if query.root is None:
        return Results(query, (), 0, notes=(*notes, Note("wordless")))
    planned = plan(query.root, Ground(conn))
    if by_thread:
        found = look_up(conn, planned, order, _grouped_posts(offset + limit), 0)
        more = _first_of_threads(conn, found.ids)
        found = replace(found, ids=list(more)[offset : offset + limit])
    else:
        found, more = look_up(conn, planned, order, limit, offset), {}
    hits = [
        replace(hit, score=found.scores.get(hit.post_id), more=more.get(hit.post_id, 0))
        for hit in load_hits(conn, found.ids, query.words(), width)
    ]
    return Results(query, tuple(hits), found.total, found.is_total_exact, (*notes, *found.notes))


def match_expression(text: str) -> str:
    """The words of a query as an expression for `posts_fts MATCH ?`, filters left out; never wrong FTS5.

    For programs that ask the index themselves. Every post with the words fulfils it; a NOT alone cannot be said so.
    Raises QueryError as `search` does.
    """
    root = parse(text).root
    return (whole_expression(root) if root else "") or '""'


def _grouped_posts(threads: int) -> int:
    """How many posts to look at for so many threads: a popular one has dozens that fit."""
    return min(max(threads * 10, 200), MAX_GROUPED)


def _first_of_threads(conn: sqlite3.Connection, ids: list[int]) -> dict[int, int]:
    """The first post of each thread, in order, and how many more of it there are."""
    sql = "SELECT id, thread_id FROM posts WHERE id IN (SELECT value FROM json_each(?))"
    thread_of = dict(conn.execute(sql, (str(ids),)))
    counts = Counter(thread_of.values())
    first: dict[int, int] = {}
    for post_id in ids:
        if post_id in thread_of:
            first.setdefault(thread_of[post_id], post_id)
    return {post_id: counts[thread] - 1 for thread, post_id in first.items()}


def load_hits(conn: sqlite3.Connection, ids: list[int], words: tuple[Words, ...], width: int) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    rows = {row[0]: row for row in conn.execute(_HITS, (str(ids),))}
    return [_hit(rows[post_id], words, width) for post_id in ids if post_id in rows]


def _hit(row: tuple[Any, ...], words: tuple[Words, ...], width: int) -> Hit:
    *values, text, subject, quotes, withheld = row
    return Hit(
        snippet=_shown(text or withheld, subject, quotes or "", words, width),
        **dict(zip((*FIELDS, "utc_offset_minutes"), values, strict=True)),
    )


def _shown(text: str, subject: str, quotes: str, words: tuple[Words, ...], width: int) -> Snippet:
    """The words where they were asked for: in the text, else the title, else a quote; else how the post begins."""
    for place, source in (("text", text), ("title", subject), ("quotes", quotes)):
        here = [each for each in words if each.scope == place or (each.scope == "any" and place != "quotes")]
        if here and (shown := snippet([source], here, width)).spans:
            return shown
    return snippet([text, subject], (), width)
