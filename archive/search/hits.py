"""Posts that were found, as they are shown: with the words around, and where they stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.search.filter_keys import Scope
from archive.search.snippet import PLAIN, Snippet, snippet
from archive.search.tree import Words

FIELDS: Final = (
    "post_id",
    "site",
    "board",
    "thread",
    "tid",
    "pid",
    "floor",
    "author",
    "location",
    "posted_at",
    "url",
)
"""The fields of a hit that other programs are given, in the order of their columns."""
_OTHER_FIELDS: Final = (
    "post_id",
    "pid",
    "floor",
    "author",
    "posted_at",
    "url",
    "snippet",
    "has_only",
)
_HITS: Final = """SELECT l.id, l.site, coalesce(l.board, ''), l.thread, l.tid, l.pid,
  l.floor, l.author, l.location, coalesce(l.posted_at, ''), coalesce(l.url, ''),
  s.utc_offset_minutes, l.text, l.subject,
  (SELECT group_concat(q.text, char(10)) FROM quotes q WHERE q.post_id = l.id),
  l.withheld
FROM post_list l JOIN sites s ON s.id = l.site_id
WHERE l.id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found.

    `posted_at` in UTC as stored; the forum's clock is `utc_offset_minutes` ahead. `score`
    only when ordered by it, higher is better. Where hits are grouped by thread, `others`
    are the next best posts of its thread, and `more` tells how many others were found in
    all. `has_only`: where no post has all words of the query, those that this one has.
    """

    post_id: int
    site: str
    board: str
    thread: str
    tid: int | None
    pid: int | None
    floor: int | None
    author: str
    location: str
    posted_at: str
    url: str
    utc_offset_minutes: int
    snippet: Snippet
    score: float | None = None
    more: int = 0
    others: tuple[Hit, ...] = ()
    has_only: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The hit with its snippet marked 【so】, empty values left out."""
        out: dict[str, object] = {}
        for name in FIELDS:
            value = getattr(self, name)
            if value not in (None, ""):
                out[name] = value
        out["snippet"] = self.snippet.marked(PLAIN)
        if self.has_only:
            out["has_only"] = list(self.has_only)
        if self.more:
            out["more"] = self.more
            out["others"] = [other._as_other() for other in self.others]
        if self.score is not None:
            out["score"] = round(self.score, 3)
        return out

    def _as_other(self) -> dict[str, object]:
        """What is given of a post that stands below another of its thread."""
        whole = self.as_json()
        return {name: whole[name] for name in _OTHER_FIELDS if name in whole}


def load_hits(
    conn: sqlite3.Connection, ids: list[int], words: tuple[Words, ...], width: int
) -> list[Hit]:
    """Posts as hits in that order, their snippets marking the words."""
    loaded: dict[int, Hit] = {}
    for row in conn.execute(_HITS, (str(ids),)):
        hit = hit_of(row, words, width)
        loaded[hit.post_id] = hit
    return [loaded[post_id] for post_id in ids if post_id in loaded]


def hit_of(row: Sequence[Any], words: tuple[Words, ...], width: int) -> Hit:
    """A row as a hit: `FIELDS`, the forum's clock, text, subject, quotes and what the forum
    says for hiding it."""
    *values, text, subject, quotes, withheld = row
    names = (*FIELDS, "utc_offset_minutes")
    sources: dict[Scope, str] = {
        "text": text or withheld,
        "title": subject,
        "quotes": quotes or "",
    }
    return Hit(
        snippet=_best_snippet(sources, words, width),
        **dict(zip(names, values, strict=True)),
    )


def _best_snippet(
    sources: dict[Scope, str], words: tuple[Words, ...], width: int
) -> Snippet:
    """The words where they were asked for: in the text, else the title, else a quote; else
    how the post begins."""
    for scope, source in sources.items():
        here = [each for each in words if _is_asked_in(each, scope)]
        if not here:
            continue
        shown = snippet([source], here, width)
        if shown.spans:
            return shown
    own_words = [sources["text"], sources["title"]]
    return snippet(own_words, (), width)


def _is_asked_in(words: Words, scope: Scope) -> bool:
    """Whether the words may stand there; in quotes only if that was asked."""
    if words.scope == "any":
        return scope != "quotes"
    return words.scope == scope
