"""What the crawls of the last seven days came to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.crawl.values import stamp

WEEK: Final = timedelta(days=7)
_RUNS: Final = """
SELECT count(*), coalesce(sum(requests), 0), coalesce(sum(posts_new), 0),
  coalesce(sum(posts_changed), 0), coalesce(sum(posts_gone), 0),
  coalesce(sum(outcome = 'stopped'), 0), coalesce(sum(outcome = ''), 0)
FROM runs WHERE command IN ('crawl', 'watch') AND started_at >= ?
"""
_STOPPED: Final = "SELECT address, stopped FROM crawls WHERE stopped <> '' ORDER BY 1"
_GIVEN_UP: Final = "SELECT count(*) FROM frontier WHERE state = 'given_up'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Sums of the runs of a week; `stopped_runs` ended early, `unended_runs` go on or were
    killed. `given_up`: pages that are given up now; `stopped`: (forum, why) now."""

    runs: int
    requests: int
    new: int
    changed: int
    gone: int
    stopped_runs: int
    unended_runs: int
    given_up: int
    stopped: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield (
            f"in seven days: {self.runs} runs, {self.requests} requests; "
            f"posts: {self.new} new, {self.changed} changed, {self.gone} gone"
        )
        if self.stopped_runs:
            yield f"  {self.stopped_runs} runs were stopped early"
        if self.unended_runs:
            yield f"  {self.unended_runs} runs have not ended, or were killed"
        if self.given_up:
            yield f"  {self.given_up} pages are given up: `discuz-archive status` lists them"
        for forum, reason in self.stopped:
            yield f"  {forum}: stopped: {reason}"
        if not self.runs:
            yield "  nothing was crawled: does its timer still run?"


def last_week(conn: sqlite3.Connection, at: datetime) -> Week:
    """The seven days before a time."""
    since = stamp(at - WEEK)
    row = conn.execute(_RUNS, (since,)).fetchone()
    runs, requests, new, changed, gone, stopped_runs, unended_runs = row
    (given_up,) = conn.execute(_GIVEN_UP).fetchone()
    return Week(
        runs=runs,
        requests=requests,
        new=new,
        changed=changed,
        gone=gone,
        stopped_runs=stopped_runs,
        unended_runs=unended_runs,
        given_up=given_up,
        stopped=tuple(conn.execute(_STOPPED).fetchall()),
    )
