"""One picture or file of a crawl: kept, its row settled; of a style sheet, what it needs
itself."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.crawl.context import CrawlContext
from archive.crawl.evidence import keep_redirects
from archive.crawl.media import Media, QueuedFile
from archive.crawl.requisites import Requisites
from archive.crawl.values import CrawlResult
from archive.intake.page_step import PageStep
from archive.store.sites import Sites
from archive.warc.captures import Captures
from scraper.fetch.values import Answer, Failure
from scraper.policy.judgement import VisitOutcome
from scraper.policy.plan import Key


class FileStep:
    """Takes pictures, files and requisites into one archive."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        sites: Sites,
        page_step: PageStep,
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._sites = sites
        self._page_step = page_step

    def media(self, context: CrawlContext) -> Media:
        """The pictures and files of a forum."""
        return Media(
            self._conn,
            self._captures,
            context.frontier.site_id,
            context.base,
            context.tries,
            of_posts=context.media,
            of_pages=context.requisites,
        )

    def requisites(self, context: CrawlContext) -> Requisites:
        """What the pages of a forum need to look as they did."""
        return Requisites(
            self._conn,
            self._captures,
            context.frontier.site_id,
            context.base,
            context.seen_requisites,
        )

    def take(
        self,
        context: CrawlContext,
        queued: QueuedFile,
        response: Answer | Failure,
        now: datetime,
    ) -> CrawlResult:
        """A picture or file that was fetched, or could not be."""
        media = self.media(context)
        outcome: VisitOutcome = "page"
        with self._page_step.transaction():
            if isinstance(response, Answer):
                keep_redirects(self._captures, self._sites, response)
                reason = media.keep(queued, response)
                if reason:
                    outcome = "given_up"
                elif queued.requisite == "style":
                    requisites = self.requisites(context)
                    requisites.want_of_sheet(response.capture, now)
            else:
                reason = f"{response.reason}: {response.message}"
                is_given_up = media.failed(queued, response, now)
                outcome = "given_up" if is_given_up else "again"
        return CrawlResult(
            forum=context.base,
            key=Key("media"),
            url=queued.url,
            outcome=outcome,
            reason=reason,
        )
