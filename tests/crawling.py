"""Crawls of the fake forum for tests: in this process, on a clock that runs fast, so that
no pause is waited out."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fake_forum.forum import Forum

from archive.crawl.forum import Forum as Crawled
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult, CrawlSettings, Totals
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.fetch.clients import Tools
from scraper.fetch.fetcher import Fetcher, FetchSettings
from scraper.policy.plan import Scope

FAST = 200.0


@dataclass
class FastClock:
    """A clock that runs `FAST` times as fast as the real one, from some day on; `skip` moves it."""

    start: datetime = datetime(2024, 6, 1, tzinfo=UTC)
    skipped: timedelta = timedelta()
    _began_s: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The time."""
        return self.start + self.skipped + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since it began."""
        return (time.monotonic() - self._began_s) * FAST

    def sleep(self, seconds: float) -> None:
        """Wait as long as it takes on this clock."""
        time.sleep(min(seconds, 3600.0) / FAST)

    def skip(self, **length: float) -> None:
        """Let time pass at once."""
        self.skipped += timedelta(**length)


@dataclass
class Ran:
    """What a run came to."""

    visits: list[CrawlResult]
    forums: list[Crawled]
    totals: Totals

    @property
    def stopped(self) -> list[str]:
        """Why each forum stopped, in the order of the addresses."""
        return [forum.stopped for forum in self.forums]

    def ended(self, ending: str) -> list[CrawlResult]:
        """Visits that ended so."""
        return [visit for visit in self.visits if visit.ending == ending]


@dataclass
class Runner:
    """Crawls into one archive file."""

    path: Path
    clock: FastClock = field(default_factory=FastClock)

    def run(
        self,
        *urls: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        settings: FetchSettings | None = None,
        each: Callable[[Crawl, CrawlResult], object] | None = None,
        seeds: bool = True,
        max_pages: int | None = None,
        media: bool = False,
        patience_s: float = 900.0,
    ) -> Ran:
        """One run; `each` sees every visit."""
        conn = open_archive(self.path).conn
        asked = settings or FetchSettings(delay_s=0.0)
        totals, visits = Totals(), list[CrawlResult]()
        with Captures(conn) as captures:
            crawl = Crawl(conn, captures, Store(conn), self.clock.now)
            for url in urls:
                tools = Tools(
                    now_s=self.clock.monotonic,
                    sleep=self.clock.sleep,
                    clock=self.clock.now,
                    dice=random.Random(1),
                )
                source = Fetcher(url, asked, tools)
                crawl.add(
                    source,
                    CrawlSettings(
                        scope=scope,
                        max_pages=max_pages,
                        seeds=seeds,
                        patience_s=patience_s,
                        login=asked.login,
                        media=media,
                    ),
                    asked.concurrency,
                )
            for visit in crawl.run():
                totals.add(visit)
                visits.append(visit)
                if each:
                    each(crawl, visit)
        conn.close()
        return Ran(visits, crawl.forums, totals)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What a query of the archive finds."""
        conn = open_archive(self.path).conn
        try:
            return conn.execute(query, values).fetchall()
        finally:
            conn.close()

    def pids(self) -> set[object]:
        """The posts here that are not gone."""
        return {
            row[0] for row in self.rows("SELECT pid FROM posts WHERE gone_at IS NULL")
        }


def readable(forum: Forum) -> set[int]:
    """The posts of a forum that a guest can read or see withheld."""
    return {post.pid for thread, post in forum.posts() if forum.readable(thread)}
