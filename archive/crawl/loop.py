"""The crawl loop: takes responses and requests what is due, for several forums side by side."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from math import inf
from time import monotonic
from typing import Final

from archive.crawl.fetching import Inbox, Source
from archive.crawl.forum import FetchResult, Forum
from archive.crawl.frontier import QueuedPage
from archive.crawl.steps import Steps
from archive.crawl.unread import Unread
from archive.crawl.values import CrawlResult, CrawlSettings
from archive.intake.parsers import Parsers
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.fetch.values import Answer

_BATCH_PAGES: Final = 32
_BATCH_S: Final = 1.0
"""So many pages, and for so long, share a transaction at most."""


class Crawl:
    """A crawl of several forums into one archive. StorageError where another process is
    writing to it.

    `now` and `inbox` are its clock: the time, and a way to wait for what fetching threads
    bring. `parsers`: who parses pages; this process where none are given.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        store: Store,
        now: Callable[[], datetime],
        inbox: Inbox[FetchResult] | None = None,
        parsers: Parsers | None = None,
    ) -> None:
        captures.open()
        self._conn = conn
        self._now = now
        self._steps = Steps(conn, captures, store, parsers)
        self._steps.page_step.finish_removals()
        self._inbox = inbox or Inbox()
        self._stop = threading.Event()
        self.forums: list[Forum] = []
        unread = Unread(conn, captures, self._steps)
        self.caught_up = unread.read(now())

    def add(
        self, source: Source, settings: CrawlSettings, concurrency: int = 1
    ) -> Forum:
        """One more forum, with as many fetching threads as connections are allowed."""
        forum = Forum(
            self._conn,
            self._steps,
            source,
            settings,
            self._inbox,
            self._now,
            concurrency,
        )
        self.forums.append(forum)
        return forum

    def stop(self) -> None:
        """Finish what is under way and end; may be called from a signal handler."""
        self._stop.set()
        self._steps.page_step.parsers.hurry()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def run(self) -> Iterator[CrawlResult]:
        """One CrawlResult for each page, until nothing is due."""
        for forum in self.forums:
            forum.begin()
        try:
            yield from self._results()
            for forum in self.forums:
                forum.conclude()
        finally:
            for forum in self.forums:
                forum.close()

    def _results(self) -> Iterator[CrawlResult]:
        forums_were_told = False
        while True:
            wait_s = self._wait_s()
            if wait_s is None:
                return
            if self.stopping and not forums_were_told:
                forums_were_told = True
                for forum in self.forums:
                    forum.stop()

            fetched = self._inbox.get(wait_s)
            if fetched is None:
                for forum in self.forums:
                    forum.fill()
                continue
            yield from self._take_batch(fetched)

    def _take_batch(self, first: FetchResult) -> list[CrawlResult]:
        """Take what came, and the pages that come soon after it, in one transaction.

        Where it does not come to its end nothing is lost: the captures are in the WARC files,
        and the next run begins with those that have no row.
        """
        results = []
        end_s = monotonic() + _BATCH_S
        pages = 0
        fetched: FetchResult | None = first
        with self._steps.batch():
            while fetched:
                result = fetched.forum.take(fetched)
                fetched.forum.fill()
                if result is None:
                    break
                results.append(result)
                pages += 1
                is_full = pages == _BATCH_PAGES or monotonic() > end_s
                if is_full or self.stopping or not _is_plain_page(fetched):
                    break
                fetched = self._inbox.get_soon()
        return results

    def _wait_s(self) -> float | None:
        """How long to wait for what is under way, or until something is due; None where
        nothing is left to wait for."""
        waits_s = list[float]()
        for forum in self.forums:
            wait_s = inf if forum.busy else forum.wait_s()
            if wait_s is not None:
                waits_s.append(wait_s)
        return min(waits_s, default=None)


def _is_plain_page(fetched: FetchResult) -> bool:
    """Whether a capture alone tells all that became of a request."""
    if not isinstance(fetched.request, QueuedPage):
        return False
    response = fetched.response
    return isinstance(response, Answer) and not response.redirects
