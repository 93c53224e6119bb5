"""Finds the page of a query: places of posts in the order asked for, and how many fit.

Best: of more posts than RANKED the newest are read and ranked by the project's own score, as
on one machine; the rest follows by time, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.clickhouse.conditions import Condition
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import COUNTED, Index
from archive.clickhouse.rows import Place, ReadPost, places, read_newest
from archive.search.chronological import Row
from archive.search.context import Order
from archive.search.expressions import is_words
from archive.search.nearness import boost
from archive.search.notices import SearchNotice
from archive.search.pages import Matches
from archive.search.score import Scorer, best_first, chars_of
from archive.search.tree import Node, Words, near_words, parts_of, ranking_words

RANKED = COUNTED
"""Of more posts so many are read and ranked, the newest."""


@dataclass(slots=True)
class Found:
    """The page of a query, as one machine's search gives it, and where its posts are."""

    matches: Matches
    places: dict[int, Place] = field(default_factory=dict)

    @staticmethod
    def of(shown: Sequence[Place], total: int, *, is_exact: bool) -> Found:
        """A page of posts in their order."""
        matches = Matches(
            [place.post_id for place in shown],
            total,
            is_exact,
        )
        return Found(matches, {place.post_id: place for place in shown})


def look_up(index: Index, root: Node, order: Order, limit: int, offset: int) -> Found:
    """The posts from `offset` on, at most `limit`."""
    fitting = tree_sql(root, index)
    scored = _scored(root)
    if order == "best" and scored:
        return _Best(index, root, fitting, scored).page(limit, offset)
    shown = places(
        index,
        fitting,
        order,
        limit + 1,
        offset,
    )
    is_last = len(shown) <= limit
    if is_last and (shown or not offset):
        return Found.of(
            shown,
            offset + len(shown),
            is_exact=True,
        )
    total, is_exact = index.count(fitting)
    least = offset + len(shown)
    return Found.of(
        shown[:limit],
        max(total, least) if not is_last else total,
        is_exact=is_exact,
    )


def _scored(root: Node) -> tuple[Words, ...]:
    """The words by which posts are ranked; none where all stand beside filters in an OR."""
    if not any(is_words(part) for part in parts_of(root)):
        return ()
    return ranking_words(root)


@dataclass(frozen=True, slots=True)
class _Best:
    """Ranks the posts that fit."""

    index: Index
    root: Node
    fitting: Condition
    scored: tuple[Words, ...]

    def page(self, limit: int, offset: int) -> Found:
        """A page of them."""
        read = read_newest(
            self.index,
            self.fitting,
            RANKED + 1,
        )
        are_all = len(read) <= RANKED
        ranked = self._ranked(read[:RANKED])
        place_of = {each.place.post_id: each.place for each in read}
        in_order = [place_of[row[0]] for row in ranked]
        shown = in_order[offset : offset + limit]
        scores = {row[0]: row[1] for row in ranked}
        if are_all:
            found = Found.of(
                shown,
                len(read),
                is_exact=True,
            )
            found.matches = _with(found.matches, scores)
            return found

        missing = limit - len(shown)
        if missing:
            behind = max(offset, RANKED)
            shown += places(self.index, self.fitting, "newest", missing, behind)
        total = len(read)
        is_exact = False
        if self.fitting.is_indexed:
            total, is_exact = self.index.count(self.fitting)
        end = offset + len(shown) if shown else 0
        found = Found.of(
            shown,
            max(total, end),
            is_exact=is_exact,
        )
        times = [each.posted_at for each in read[:RANKED] if each.posted_at]
        since = min(times, default="")[:7]
        notice = SearchNotice("newest", (RANKED, since))
        found.matches = _with(
            found.matches,
            scores,
            notice,
        )
        return found

    def _ranked(self, read: Sequence[ReadPost]) -> list[Row]:
        """Post number, score, time: the best first."""
        lengths = [chars_of(each.folded) for each in read]
        mean_chars = sum(lengths) / max(len(lengths), 1)
        scorer = Scorer(
            self.index,
            self.scored,
            mean_chars,
        )
        near = near_words(self.root)
        rows: list[Row] = []
        for each in read:
            score = scorer.score(each.folded) * boost(each.folded, near)
            rows.append((each.place.post_id, score, each.posted_at))
        return best_first(rows)


def _with(
    matches: Matches, scores: dict[int, float], *notices: SearchNotice
) -> Matches:
    shown = {post_id: scores[post_id] for post_id in matches.ids if post_id in scores}
    return Matches(
        matches.ids,
        matches.total,
        matches.is_total_exact,
        scores=shown,
        notices=notices,
    )
