"""The crawl: takes what came, asks for what is due, for several forums side by side; it
calls the steps in order."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Final

from archive.crawl.forum import FetchResult, Forum, Source
from archive.crawl.steps import Steps
from archive.crawl.values import CrawlResult, CrawlSettings
from archive.store.save import Store
from archive.warc.captures import Captures

_TICK_S: Final = 0.2  # how soon a signal is noticed


class Crawl:
    """A crawl of several forums into one archive. StorageError where another process is
    writing to it."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        store: Store,
        now: Callable[[], datetime],
    ) -> None:
        captures.open()
        self._conn, self._now = conn, now
        self._steps = Steps(conn, captures, store)
        self._results: SimpleQueue[FetchResult] = SimpleQueue()
        self._stop = threading.Event()
        self.forums: list[Forum] = []
        self.caught_up = self._steps.catch_up(now())

    def add(
        self, source: Source, settings: CrawlSettings, concurrency: int = 1
    ) -> Forum:
        """One more forum, with as many fetching threads as connections are allowed."""
        forum = Forum(
            self._conn,
            self._steps,
            source,
            settings,
            self._results,
            self._now,
            concurrency,
        )
        self.forums.append(forum)
        return forum

    def stop(self) -> None:
        """Finish what is under way and end; may be called from a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def run(self) -> Iterator[CrawlResult]:
        """One CrawlResult for each page, until nothing is due."""
        told = False
        for forum in self.forums:
            forum.begin()
        try:
            while self._under_way(self.forums):
                if self.stopping and not told:
                    told = True
                    for forum in self.forums:
                        forum.stop()
                yield from self._next()
        finally:
            for forum in self.forums:
                forum.close()

    def _next(self) -> Iterator[CrawlResult]:
        try:
            came = self._results.get(timeout=_TICK_S)
        except Empty:
            came = None
        visit = came.forum.take(came) if came else None
        for forum in self.forums if came is None else [came.forum]:
            forum.fill()
        if visit:
            yield visit

    @staticmethod
    def _under_way(forums: Sequence[Forum]) -> bool:
        return any(forum.busy or forum.wait_s() is not None for forum in forums)
