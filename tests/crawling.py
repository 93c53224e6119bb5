"""Crawls of the fake forum for tests: in this process, on a clock that moves while everybody
waits, so that no pause is waited out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_clock import FakeClock, FakeInbox
from fake_forum.forum import Forum
from fake_forum.server import Running

from archive.crawl.forum import FetchResult
from archive.crawl.forum import Forum as Crawled
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult, CrawlSettings, Totals
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.fetch.clients import Tools
from scraper.fetch.fetcher import Fetcher, FetchSettings
from scraper.policy.judgement import VisitOutcome
from scraper.policy.plan import Scope


class ClockedFetcher(Fetcher):
    """A fetcher whose threads sleep on the test's clock."""

    def __init__(
        self,
        url: str,
        settings: FetchSettings,
        clock: FakeClock,
        inbox: FakeInbox[FetchResult],
    ) -> None:
        self._sleeper = inbox.sleeper()
        tools = Tools(
            now_s=clock.monotonic,
            sleep=self._sleeper.sleep,
            clock=clock.now,
            dice=random.Random(1),
        )
        super().__init__(url, settings, tools)

    def stop(self) -> None:
        """Let pauses end."""
        super().stop()
        self._sleeper.stop()


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

    def ended(self, outcome: VisitOutcome) -> list[CrawlResult]:
        """Visits that ended so."""
        return [visit for visit in self.visits if visit.outcome == outcome]


@dataclass
class Runner:
    """Crawls into one archive file."""

    path: Path
    clock: FakeClock = field(default_factory=FakeClock)

    def run(
        self,
        *urls: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        settings: FetchSettings | None = None,
        each: Callable[[Crawl, CrawlResult], object] | None = None,
        seeds: bool = True,
        max_pages: int | None = None,
        media: bool = False,
        requisites: bool = False,
        patience_s: float = 900.0,
    ) -> Ran:
        """One run, a minute after what went before; `each` sees every visit."""
        self.clock.skip(minutes=1)
        asked = settings or FetchSettings(delay_s=0.5)
        crawl_settings = CrawlSettings(
            scope=scope,
            max_pages=max_pages,
            seeds=seeds,
            patience_s=patience_s,
            login=asked.login,
            media=media,
            requisites=requisites,
            owner_consents=asked.owner_consents,
        )
        totals, visits = Totals(), list[CrawlResult]()
        conn = open_archive(self.path).conn
        with Captures(conn) as captures:
            inbox = FakeInbox[FetchResult](
                self.clock,
                lambda: sum(forum.at_work for forum in crawl.forums),
            )
            crawl = Crawl(conn, captures, Store(conn), self.clock.now, inbox)
            for url in urls:
                source = ClockedFetcher(url, asked, self.clock, inbox)
                crawl.add(source, crawl_settings, asked.concurrency)
            for visit in crawl.run():
                totals.add(visit)
                visits.append(visit)
                if each:
                    each(crawl, visit)
        conn.close()
        return Ran(visits, crawl.forums, totals)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
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


def words(site: Running) -> set[str]:
    """The words of every post."""
    return {"".join("".join(post.own_words).split()) for _, post in site.forum.posts()}


def stored_words(runner: Runner) -> set[str]:
    """The words of every post of an archive, former ones too."""
    rows = runner.rows("SELECT text FROM posts UNION SELECT text FROM post_versions")
    return {"".join(str(row[0]).split()) for row in rows}
