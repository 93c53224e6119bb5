"""Captures that a run kept and did not come to read, for it was killed: the next one does."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from archive.crawl.addresses import key_of
from archive.crawl.context import CrawlContext
from archive.crawl.frontier import Frontier, QueuedPage
from archive.crawl.requisites import were_looked_for
from archive.crawl.steps import Steps
from archive.intake.page_step import described, ends_run
from archive.store import suspects
from archive.warc.captures import Captures, Verdict
from scraper.addresses.link_reader import own_forms_read
from scraper.core.errors import StorageError
from scraper.policy.plan import Key

_QUEUED: Final = """SELECT fid, tries, tid FROM frontier
  WHERE site_id = ? AND kind = ? AND item = ? AND page = ?"""


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
            with (
                suspects.reading(self._conn, capture_id) as may_read,
                self._steps.page_step.transaction(),
            ):
                if may_read:
                    self._take_or_fail(capture_id, now)
                else:
                    self._set_aside(capture_id, now)
            count += 1
        return count

    def _take_or_fail(self, capture_id: int, now: datetime) -> None:
        """Take a capture; what it does to the store is a fault of its own."""
        try:
            with self._steps.page_step.transaction():
                self._take(capture_id, now)
        except Exception as error:
            if ends_run(error):
                raise
            verdict = Verdict(outcome="failed", message=described(error))
            self._captures.settle(capture_id, verdict)

    def _set_aside(self, capture_id: int, now: datetime) -> None:
        """Pass over a capture that broke runs, and over its page."""
        outcome = self._steps.page_step.set_aside(capture_id)
        url = self._captures.url_of(capture_id)
        key = key_of(url)
        site_id = self._steps.store.sites.find(url)
        if key is not None and site_id is not None:
            frontier = Frontier(self._conn, site_id, now)
            frontier.failed(key, None, suspects.SET_ASIDE, outcome.fault)

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
        context = CrawlContext(
            "",
            frontier,
            requisites=were_looked_for(self._conn, site_id),
            own_forms=own_forms,
        )
        queued = self._queued(site_id, key)
        self._steps.take(context, queued, capture, capture_id)

    def _queued(self, site_id: int, key: Key) -> QueuedPage:
        """A page as the frontier has it, with how often it was tried."""
        rows = self._conn.execute(_QUEUED, (site_id, key.kind, key.item, key.page))
        known = rows.fetchone() or ()
        return QueuedPage(key, *known)
