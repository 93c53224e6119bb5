"""Captures that a run kept and did not come to read, for it was killed: the next one does."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.crawl.addresses import key_of
from archive.crawl.context import CrawlContext
from archive.crawl.frontier import Frontier, QueuedPage
from archive.crawl.steps import Steps
from archive.warc.captures import Captures, Verdict
from scraper.addresses.link_reader import own_forms_read
from scraper.core.errors import StorageError


class Unread:
    """The captures of one archive that no parser has looked at."""

    def __init__(
        self, conn: sqlite3.Connection, captures: Captures, steps: Steps
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._steps = steps

    def read(self, now: datetime) -> int:
        """Read them; how many."""
        count = 0
        for capture_id in self._captures.pending():
            with self._steps.page_step.transaction():
                self._take(capture_id, now)
            count += 1
        return count

    def _take(self, capture_id: int, now: datetime) -> None:
        try:
            capture = self._captures.read(capture_id)
        except StorageError as error:
            verdict = Verdict(outcome="failed", message=str(error))
            self._captures.settle(capture_id, verdict)
            return

        sites = self._steps.store.sites
        own_forms = sites.own_forms(capture.url)
        with own_forms_read(own_forms, capture.url):
            key = key_of(capture.url)
        site_id = sites.find(capture.url)
        if key is None or site_id is None:
            self._steps.page_step.take(capture, capture_id)
            return
        frontier = Frontier(self._conn, site_id, now)
        context = CrawlContext("", frontier, own_forms=own_forms)
        queued = QueuedPage(key)
        self._steps.take(context, queued, capture, capture_id)
