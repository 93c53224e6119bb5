"""Posts that say the same, word for word or with words swapped, and posts on the same matter.

A text's shingles (three characters in a row) are asked of the search index; the posts that
share rare ones are read and compared. Why no MinHash: of an article whose every third word
was swapped a fifth of the shingles is left, and to find so low a likeness by hashes takes
hundreds of numbers a post, kept in step with the posts. The index is there, is in step, and
holds every shingle. What a post only quotes does not count, as in `posts.text`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import log
from typing import Final

from archive.index.segment import tokens
from archive.search.api import Hit, load_hits
from archive.search.query import Words
from archive.search.snippet import WIDTH

PROBES: Final = 150
"""So many places of a text are asked for at the most, evenly spread."""
COMMON_MATCHES: Final = 100
"""A shingle that more posts have says little: it is made longer, and given up after
`_LONGEST` tokens."""
CANDIDATES: Final = 200
"""Posts that are read and compared, those that share most first."""
COPY_LIKENESS: Final = ((100, 0.15), (40, 0.25), (10, 0.5))
"""From so many shingles on, posts so alike are one text. tests/benchmarks/bench_similar.py
measures it: of two long texts that have nothing to do with each other a tenth at most is
alike by chance, of shorter ones more."""
MOST_COMMON: Final = 0.6
"""A text of which a greater share is common is one that many copied, and is compared with
the first of them."""
_SHORTEST, _LONGEST = 2, 4

_TEXTS = "SELECT id, text FROM posts WHERE id IN (SELECT value FROM json_each(?))"
_MATCHES = (
    f"SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT {COMMON_MATCHES + 1}"
)

Shingle = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Similar:
    """A post like another. `likeness`: the share of the shorter one's shingles that both
    have, 0 to 1; `is_copy`: it is the same text, perhaps with words swapped, and not only
    on the same matter. The hit's snippet marks shared words.
    """

    hit: Hit
    likeness: float
    is_copy: bool

    def as_json(self) -> dict[str, object]:
        """The hit with the likeness."""
        return {
            **self.hit.as_json(),
            "likeness": round(self.likeness, 3),
            "copy": self.is_copy,
        }


@dataclass(frozen=True, slots=True)
class _Shared:
    """Posts by how rare the shingles are that they share with a text, and for each the
    rarest as words."""

    weights: dict[int, float]
    words: dict[int, str]


def similar(
    conn: sqlite3.Connection, post_id: int, limit: int = 20, width: int = WIDTH
) -> tuple[Similar, ...]:
    """Posts like the one of that number: copies first, the likest first, then those that
    share rare words.

    Empty where nothing is like it, where all that it says is common, and where there is no
    such post.
    """
    row = conn.execute("SELECT text FROM posts WHERE id = ?", (post_id,)).fetchone()
    return _like(conn, row[0] if row else "", post_id, limit, width)


def similar_to_text(
    conn: sqlite3.Connection, text: str, limit: int = 20, width: int = WIDTH
) -> tuple[Similar, ...]:
    """Posts like a text that need not be in the archive, as `similar` finds them."""
    return _like(conn, text, None, limit, width)


def _like(
    conn: sqlite3.Connection, text: str, but: int | None, limit: int, width: int
) -> tuple[Similar, ...]:
    said = tokens(text).split()
    shared = _shared(conn, said)
    if but is not None:
        shared.weights.pop(but, None)
    compared = _compared(conn, set(pairwise(said)), shared)
    best = sorted(
        compared,
        key=lambda one: (one[2], one[1] if one[2] else 0.0, shared.weights[one[0]]),
        reverse=True,
    )
    words = {
        each: (Words(shared.words[each], scope="text"),) for each, _, _ in best[:limit]
    }
    hits = {each: load_hits(conn, [each], words[each], width) for each in words}
    return tuple(
        Similar(hits[each][0], likeness, is_copy)
        for each, likeness, is_copy in best[:limit]
        if hits[each]
    )


def _shared(conn: sqlite3.Connection, said: Sequence[str]) -> _Shared:
    """Which posts share shingles with a text; a rare shingle weighs more."""
    shared = _Shared(defaultdict(float), {})
    rarest: dict[int, int] = {}
    common: list[tuple[Sequence[str], list[int]]] = []
    places = _places(len(said))
    for at in places:
        for length in range(_SHORTEST, _LONGEST + 1):
            probe = said[at : at + length]
            rows = [
                row[0]
                for row in conn.execute(_MATCHES, (f'{{body}} : "{" ".join(probe)}"',))
            ]
            if len(rows) <= COMMON_MATCHES:
                for row in rows:
                    shared.weights[row] += log(2 * COMMON_MATCHES / len(rows))
                    if len(rows) < rarest.get(row, COMMON_MATCHES + 1):
                        rarest[row], shared.words[row] = len(rows), _written(probe)
                break
        else:
            common.append((probe, rows))
    if len(common) > MOST_COMMON * len(places) and len(places) >= COPY_LIKENESS[-1][0]:
        for probe, rows in common:
            for row in rows:
                shared.weights[row] += log(2 * COMMON_MATCHES / len(rows))
                shared.words.setdefault(row, _written(probe))
    return shared


def _places(count: int) -> Sequence[int]:
    """Where a text of so many tokens is asked for."""
    starts = max(0, count - _SHORTEST + 1)
    return (
        range(starts)
        if starts <= PROBES
        else [at * starts // PROBES for at in range(PROBES)]
    )


def _written(probe: Sequence[str]) -> str:
    """Tokens as characters in a row: `极速 速退` is 极速退; letters and digits stay apart."""
    text = probe[0]
    for last, token in pairwise(probe):
        text += (
            token[len(last) - 1 :]
            if last[-1] == token[0] and len(last) == 2
            else f" {token}"
        )
    return text


def _compared(
    conn: sqlite3.Connection, mine: set[Shingle], shared: _Shared
) -> list[tuple[int, float, bool]]:
    """Number, likeness and whether it is a copy of each post that shares enough."""
    likely = nlargest(CANDIDATES, shared.weights, key=shared.weights.__getitem__)
    found = []
    for post, text in conn.execute(_TEXTS, (str(likely),)):
        said = tokens(text).split()
        theirs = set(pairwise(said))
        both, least = len(mine & theirs), min(len(mine), len(theirs))
        likeness = both / least if least else 0.0
        if both:
            found.append((post, likeness, likeness >= _wanted(least)))
    return found


def _wanted(shingles: int) -> float:
    """The likeness from which a text of so many shingles is a copy; more than there can be
    for a very short one."""
    return next(
        (likeness for least, likeness in COPY_LIKENESS if shingles >= least), 2.0
    )
