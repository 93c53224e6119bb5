"""Words → hits: plans a query, asks the index within bounds, and shows what it found."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from archive.index.writer import is_outdated
from archive.search.executor import Order, look_up
from archive.search.notices import SearchNotice
from archive.search.planner import plan, whole_expression
from archive.search.query import Query, Words, parse
from archive.search.snippet import PLAIN, WIDTH, Snippet, snippet
from archive.search.stats import IndexStats

_HITS = """
SELECT l.id, l.site, coalesce(l.board, ''), l.thread, l.tid, l.pid, l.floor, l.author, coalesce(l.posted_at, ''),
  coalesce(l.url, ''), s.utc_offset_minutes, l.text, l.subject,
  (SELECT group_concat(q.text, char(10)) FROM quotes q WHERE q.post_id = l.id), l.withheld
FROM post_list l JOIN sites s ON s.id = l.site_id WHERE l.id IN (SELECT value FROM json_each(?))"""


OUTDATED = SearchNotice("outdated")
MAX_GROUPED = 2_000
"""Of so many posts at most the threads are shown when grouping."""
OTHERS = 2
"""So many of a thread's other posts are shown with its first."""
FIELDS = (
    "post_id",
    "site",
    "board",
    "thread",
    "tid",
    "pid",
    "floor",
    "author",
    "posted_at",
    "url",
)
"""The fields of a hit that other programs are given, in the order of their columns."""
_OTHER = ("post_id", "pid", "floor", "author", "posted_at", "url", "snippet")


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found.

    `posted_at` in UTC as stored; the forum's clock is `utc_offset_minutes` ahead. `score` only when ordered by it,
    higher is better. Where hits are grouped by thread, `others` are the next best posts of its thread, and `more` tells
    how many others were found in all.
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
    others: tuple[Hit, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The hit with its snippet marked 【so】, empty values left out."""
        out: dict[str, object] = {
            name: value
            for name in FIELDS
            if (value := getattr(self, name)) not in (None, "")
        }
        out["snippet"] = self.snippet.marked(PLAIN)
        if self.more:
            out["more"] = self.more
            others = (each.as_json() for each in self.others)
            out["others"] = [
                {name: each[name] for name in _OTHER if name in each} for each in others
            ]
        return out if self.score is None else {**out, "score": round(self.score, 3)}


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query. `total` is how many posts fit, or at least how many where
    `is_total_exact` is false.

    `threads`: in how many threads, where they are grouped so, at least how many where `are_threads_all` is false.
    `notices` say what a reader should know of the answer: what was cut short, what was left out of the query.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    is_total_exact: bool = True
    notices: tuple[SearchNotice, ...] = ()
    threads: int | None = None
    are_threads_all: bool = True


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
    """Find posts; `by_thread`: the first of each thread with the next ones, `limit` and
    `offset` then counting threads.

    The query language is described in archive/search/query.py; any text gives an answer.
    Raises QueryError only where a filter means nothing, naming it.
    """
    query = parse(text)
    notices = [OUTDATED] if is_outdated(conn) else []
    notices += [SearchNotice("long")] if query.was_cut else []
    if query.root is None:
        return Results(query, (), 0, notices=(*notices, SearchNotice("wordless")))
    planned = plan(query.root, IndexStats(conn))
    required_chars = slice(offset, offset + limit)
    found = look_up(
        conn,
        planned,
        order,
        *((_grouped_posts(required_chars.stop), 0) if by_thread else (limit, offset)),
    )
    groups = (
        _by_thread(conn, found.ids) if by_thread else [[each] for each in found.ids]
    )
    shown = groups[required_chars] if by_thread else groups
    ids = [each for group in shown for each in group[: 1 + OTHERS]]
    hits = {hit.post_id: hit for hit in load_hits(conn, ids, query.words(), width)}
    return Results(
        query,
        tuple(_first(group, hits, found.scores) for group in shown if group[0] in hits),
        found.total,
        found.is_total_exact,
        (*notices, *found.notices),
        len(groups) if by_thread else None,
        found.is_total_exact and len(found.ids) == found.total,
    )


def match_expression(text: str) -> str:
    """The words of a query as an expression for `posts_fts MATCH ?`, filters left out;
    never wrong FTS5.

    For programs that ask the index themselves. Every post with the words fulfils it; a NOT
    alone cannot be said so. Raises QueryError as `search` does.
    """
    root = parse(text).root
    return (whole_expression(root) if root else "") or '""'


def _grouped_posts(threads: int) -> int:
    """How many posts to look at for so many threads: a popular one has dozens that fit."""
    return min(max(threads * 10, 200), MAX_GROUPED)


def _first(group: list[int], hits: dict[int, Hit], scores: dict[int, float]) -> Hit:
    """The first of some posts, with the next ones."""
    first, *others = (
        replace(hits[each], score=scores.get(each))
        for each in group[: 1 + OTHERS]
        if each in hits
    )
    return replace(first, more=len(group) - 1, others=tuple(others))


def _by_thread(conn: sqlite3.Connection, ids: list[int]) -> list[list[int]]:
    """The posts of each thread, threads and posts in the order of the posts."""
    sql = "SELECT id, thread_id FROM posts WHERE id IN (SELECT value FROM json_each(?))"
    thread_of = dict(conn.execute(sql, (str(ids),)))
    groups: dict[int, list[int]] = {}
    for post_id in ids:
        if post_id in thread_of:
            groups.setdefault(thread_of[post_id], []).append(post_id)
    return list(groups.values())


def load_hits(
    conn: sqlite3.Connection, ids: list[int], words: tuple[Words, ...], width: int
) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    rows = {row[0]: row for row in conn.execute(_HITS, (str(ids),))}
    return [_hit(rows[post_id], words, width) for post_id in ids if post_id in rows]


def _hit(row: tuple[Any, ...], words: tuple[Words, ...], width: int) -> Hit:
    *values, text, subject, quotes, withheld = row
    return Hit(
        snippet=_shown(text or withheld, subject, quotes or "", words, width),
        **dict(zip((*FIELDS, "utc_offset_minutes"), values, strict=True)),
    )


def _shown(
    text: str, subject: str, quotes: str, words: tuple[Words, ...], width: int
) -> Snippet:
    """The words where they were asked for: in the text, else the title, else a quote; else
    how the post begins."""
    for place, source in (("text", text), ("title", subject), ("quotes", quotes)):
        here = [
            each
            for each in words
            if each.scope == place or (each.scope == "any" and place != "quotes")
        ]
        if here and (shown := snippet([source], here, width)).spans:
            return shown
    return snippet([text, subject], (), width)
