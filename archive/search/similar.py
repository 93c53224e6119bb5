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
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import pairwise
from math import log
from typing import Final

from archive.index.row_words import tokens
from archive.schema import Archive, connection_of
from archive.search.fetch import fetch_column, fetch_value
from archive.search.hits import Hit, load_hits
from archive.search.snippet import WIDTH
from archive.search.tree import Words

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
_FEWEST_SHINGLES: Final = COPY_LIKENESS[-1][0]
_NEVER: Final = 2.0
_SHORTEST: Final = 2
_LONGEST: Final = 4

_TEXTS: Final = (
    "SELECT id, text FROM posts WHERE id IN (SELECT value FROM json_each(?))"
)
_MATCHES: Final = (
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


def similar(
    archive: Archive, post_id: int, limit: int = 20, width: int = WIDTH
) -> tuple[Similar, ...]:
    """Posts like the one of that number: copies first, the likest first, then those that
    share rare words.

    Empty where nothing is like it, where all that it says is common, and where there is no
    such post.
    """
    conn = connection_of(archive)
    text = fetch_value(conn, "SELECT text FROM posts WHERE id = ?", post_id)
    return _similar(
        conn,
        text or "",
        limit,
        width,
        but=post_id,
    )


def similar_to_text(
    archive: Archive, text: str, limit: int = 20, width: int = WIDTH
) -> tuple[Similar, ...]:
    """Posts like a text that need not be in the archive, as `similar` finds them."""
    return _similar(
        connection_of(archive),
        text,
        limit,
        width,
    )


def _similar(
    conn: sqlite3.Connection,
    text: str,
    limit: int,
    width: int,
    but: int | None = None,
) -> tuple[Similar, ...]:
    """Posts like a text, without the one of the number `but`."""
    said = tokens(text).split()
    shared = _shared(conn, said)
    if but is not None:
        shared.weights.pop(but, None)
    shingles = set(pairwise(said))
    compared = _compared(conn, shingles, shared)
    compared.sort(
        key=_Compared.rank,
        reverse=True,
    )

    found: list[Similar] = []
    for each in compared[:limit]:
        rarest = shared.words[each.post_id]
        words = (Words(rarest, scope="text"),)
        hits = load_hits(
            conn,
            [each.post_id],
            words,
            width,
        )
        found += [Similar(hit, each.likeness, each.is_copy) for hit in hits]
    return tuple(found)


@dataclass(slots=True)
class _Shared:
    """Posts by how rare the shingles are that they share with a text, and for each the
    rarest as words."""

    weights: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    words: dict[int, str] = field(default_factory=dict)
    _fewest: dict[int, int] = field(default_factory=dict)

    def add(self, probe: Sequence[str], posts: list[int]) -> None:
        """A shingle of the text, and the posts that have it: a rare one weighs more."""
        weight = log(2 * COMMON_MATCHES / len(posts)) if posts else 0.0
        for post_id in posts:
            self.weights[post_id] += weight
            fewest = self._fewest.get(post_id)
            if fewest is None or len(posts) < fewest:
                self._fewest[post_id] = len(posts)
                self.words[post_id] = _written(probe)


def _shared(conn: sqlite3.Connection, said: Sequence[str]) -> _Shared:
    """Which posts share shingles with a text."""
    shared = _Shared()
    common: list[tuple[Sequence[str], list[int]]] = []
    places = _places(len(said))
    for at in places:
        probe, posts = _rarest_at(conn, said, at)
        if len(posts) <= COMMON_MATCHES:
            shared.add(probe, posts)
        else:
            common.append((probe, posts))
    is_mostly_common = len(common) > MOST_COMMON * len(places)
    if is_mostly_common and len(places) >= _FEWEST_SHINGLES:
        for probe, posts in common:
            shared.add(probe, posts)
    return shared


def _rarest_at(
    conn: sqlite3.Connection, said: Sequence[str], at: int
) -> tuple[Sequence[str], list[int]]:
    """The shortest shingle at a place that is not common, else the longest; with the posts
    that have it, COMMON_MATCHES + 1 at most."""
    probe: Sequence[str] = ()
    posts: list[int] = []
    for length in range(_SHORTEST, _LONGEST + 1):
        probe = said[at : at + length]
        phrase = " ".join(probe)
        posts = list(fetch_column(conn, _MATCHES, f'{{body}} : "{phrase}"'))
        if len(posts) <= COMMON_MATCHES:
            break
    return probe, posts


def _places(count: int) -> Sequence[int]:
    """Where a text of so many tokens is asked for."""
    starts = max(0, count - _SHORTEST + 1)
    if starts <= PROBES:
        return range(starts)
    return [at * starts // PROBES for at in range(PROBES)]


def _written(probe: Sequence[str]) -> str:
    """Tokens as characters in a row: `极速 速退` is 极速退; letters and digits stay apart."""
    text = probe[0]
    for last, token in pairwise(probe):
        is_pair = len(last) == 2 and last[-1] == token[0]
        text += token[1:] if is_pair else f" {token}"
    return text


@dataclass(frozen=True, slots=True)
class _Compared:
    """A post that was read. `weight`: how rare what it shares with the text is."""

    post_id: int
    likeness: float
    is_copy: bool
    weight: float

    def rank(self) -> tuple[bool, float, float]:
        """Copies by likeness, all others by what they share."""
        likeness = self.likeness if self.is_copy else 0.0
        return self.is_copy, likeness, self.weight


def _compared(
    conn: sqlite3.Connection, mine: set[Shingle], shared: _Shared
) -> list[_Compared]:
    """The posts that share most, with how like they are; those that share nothing in truth
    left out."""
    weights = shared.weights
    likely = nlargest(
        CANDIDATES,
        weights,
        key=weights.__getitem__,
    )
    found: list[_Compared] = []
    for post_id, text in conn.execute(_TEXTS, (str(likely),)):
        said = tokens(text).split()
        theirs = set(pairwise(said))
        both = len(mine & theirs)
        if not both:
            continue
        least = min(len(mine), len(theirs))
        likeness = both / least
        is_copy = likeness >= _copy_likeness(least)
        weight = weights[post_id]
        found.append(_Compared(post_id, likeness, is_copy, weight))
    return found


def _copy_likeness(shingles: int) -> float:
    """The likeness from which a text of so many shingles is a copy; more than there can be
    for a very short one."""
    for least, likeness in COPY_LIKENESS:
        if shingles >= least:
            return likeness
    return _NEVER
