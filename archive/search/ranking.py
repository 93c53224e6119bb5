"""Ranks posts that come newest first: the newest of them by score, all others behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from archive.search.budget import BoundedConnection
from archive.search.chronological import Row
from archive.search.nearness import boost
from archive.search.notices import SearchNotice
from archive.search.pages import Matches, Pager
from archive.search.plan import Plan
from archive.search.post_filter import PostReader
from archive.search.score import Scorer, best_first, chars_of
from archive.search.stats import IndexStats


class Ranker:
    """Reads posts and ranks them by a plan's words."""

    def __init__(
        self,
        conn: BoundedConnection,
        reader: PostReader,
        pager: Pager,
        stats: IndexStats,
    ) -> None:
        self._conn = conn
        self._reader = reader
        self._pager = pager
        self._stats = stats

    def page(
        self,
        plan: Plan,
        rows: Iterator[Row],
        *,
        ranked_posts: int,
        rows_count: int | None = None,
        matches: int | None = None,
        also_ranked: Sequence[Row] = (),
    ) -> Matches:
        """The page of rows, of which the first `ranked_posts` are ranked, and with them
        `also_ranked`, which are not among the rows. `rows_count`: how many they are, and
        `matches`: how many match in the index, if that is known."""
        if not plan.scored:
            return self._pager.page(
                plan,
                chain(also_ranked, rows),
                rows_count=rows_count,
                matches=matches,
            )
        newest = list(islice(rows, ranked_posts))
        ranked = self._ranked(plan, [*also_ranked, *newest])
        # whether there are older ones at all is told by the first of them
        older = list(islice(rows, 1))
        found = self._pager.page(
            plan,
            chain(ranked, older, rows),
            rows_count=rows_count,
            matches=matches,
        )
        scores = {row[0]: row[1] for row in ranked}
        if not older:
            return replace(
                found,
                scores=scores,
            )
        total = max(found.total, len(ranked) + 1)
        notice = self._notice(plan, newest, total)
        return replace(
            found,
            scores=scores,
            total=total,
            notices=(notice,),
        )

    def _ranked(self, plan: Plan, rows: list[Row]) -> list[Row]:
        texts = self._reader.texts(rows)
        read = list(texts)
        lengths = [chars_of(post) for _, post in read]
        posts = max(len(lengths), 1)
        mean_chars = sum(lengths) / posts
        with self._conn.unbounded():
            scorer = Scorer(self._stats, plan.scored, mean_chars)
        scored: list[Row] = []
        for row, post in read:
            post_id, _, time = row
            score = scorer.score(post)
            score *= boost(post, plan.near)
            scored.append((post_id, score, time))
        return best_first(scored)

    def _notice(self, plan: Plan, newest: list[Row], least: int) -> SearchNotice:
        """That only these are ranked, and of how many, of which `least` were found."""
        times = [time for _, _, time in newest if time]
        since = min(times, default="")[:7]
        if not plan.match or plan.is_full:
            return SearchNotice("newest", (len(newest), since))
        with self._conn.unbounded():
            about = max(self._stats.about(plan.match), least)
        return SearchNotice("ranked", (about, len(newest), since))
