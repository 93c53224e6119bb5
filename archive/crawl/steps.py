"""One page of a crawl: kept, parsed, saved, and what it leads to enqueued, all in one
transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Final

from archive.crawl.context import CrawlContext
from archive.crawl.discovery import discover, ended_walk
from archive.crawl.evidence import keep_only, keep_redirects
from archive.crawl.file_step import FileStep
from archive.crawl.frontier import QueuedPage
from archive.crawl.other_address import may_ask_otherwise, note_form
from archive.crawl.values import CrawlResult
from archive.crawl.visits import note_visit
from archive.crawl.walks import Walk
from archive.intake.page_step import PageStep, described, ends_run
from archive.intake.parsers import Parsers
from archive.store.save import Saved, Store
from archive.warc.captures import Captures, Outcome
from scraper.addresses.link_reader import own_forms_read
from scraper.core.census import ENDLESS_PAGES, POST_SPLIT, PageWarning
from scraper.core.records import Capture, Page
from scraper.fetch.values import Answer, Failure
from scraper.policy.judgement import (
    Judgement,
    judge,
    judge_part,
    retry_at,
)
from scraper.policy.plan import REFUSED_AGAIN, Key

_WORTHLESS: Final = frozenset({"truncated", "garbled", "empty", "reset", "timeout"})
"""Failures whose bytes are no evidence of anything, and might be taken for the page later."""

_OUTCOME_CHARS: Final = 40
_WITH_REQUISITES: Final = ("index", "board", "thread", "archiver", "user")
_NOT_AT_OWN: Final = "not at the owner's address: asked for at Discuz!'s own"


class Steps:
    """Takes pages into one archive."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        store: Store,
        parsers: Parsers | None = None,
    ) -> None:
        self._conn = conn
        self._captures = captures
        self.page_step = PageStep(conn, captures, store, parsers)
        self.store = store
        self.files = FileStep(conn, captures, store.sites, self.page_step)

    def batch(self) -> AbstractContextManager[None]:
        """Several pages in one transaction."""
        return self.page_step.batch()

    def page(
        self, context: CrawlContext, queued: QueuedPage, answer: Answer
    ) -> CrawlResult:
        """A page that was fetched: all of it in one transaction, after its capture is in the WARC
        file."""
        with self.page_step.transaction():
            keep_redirects(self._captures, self.store.sites, answer)
            capture, kept = self.page_step.keep(answer.capture)
            result = self.take(context, queued, capture, kept.id)
            note_form(self._conn, context, queued.key, answer)
            return result

    def asks_otherwise(
        self, context: CrawlContext, key: Key, response: Answer | Failure
    ) -> bool:
        """Whether a page is to be asked for at another of its addresses first."""
        if not may_ask_otherwise(self._conn, context, key, response):
            return False
        if not isinstance(response, Failure):
            with self.page_step.transaction():
                self._keep_only(response.capture, "failed", _NOT_AT_OWN)
        return True

    def failure(
        self, context: CrawlContext, queued: QueuedPage, failure: Failure, now: datetime
    ) -> CrawlResult:
        """A page that could not be fetched: tried again later, or given up; what was served
        in its place is kept as evidence."""
        is_sent_away = _is_redirect(failure.capture)
        with self.page_step.transaction():
            if failure.capture and failure.reason not in _WORTHLESS:
                outcome: Outcome = "redirect" if is_sent_away else "failed"
                self._keep_only(failure.capture, outcome, failure.message)

            if failure.reason == "foreign" and is_sent_away:
                return self._elsewhere(context, queued, failure, now)
            return self._failed(
                context,
                queued,
                failure.url,
                f"{failure.reason}: {failure.message}",
                now,
                wait_s=failure.retry_after_s,
                for_good=not failure.transient,
            )

    def take(
        self,
        context: CrawlContext,
        queued: QueuedPage,
        capture: Capture,
        capture_id: int,
    ) -> CrawlResult:
        """A page that is kept: parsed, saved, and what it leads to enqueued, within a
        transaction."""
        outcome = self.page_step.take(capture, capture_id)
        url, at = capture.url, capture.fetched_at
        if outcome.page is None or outcome.fault:
            reason = outcome.fault
            if not outcome.is_set_aside:
                reason = f"unreadable: {reason}"
            return self._failed(context, queued, url, reason, at)

        page = outcome.page
        judgement = judge(page.content, queued.key, page.captured_at)
        judgement = judge_part(judgement, page.warnings, queued.tries)
        if judgement.revisit_at is None:
            reason = judgement.reason
            failed = self._failed(context, queued, url, reason, at)
            return replace(failed, saved=outcome.saved, warnings=page.warnings)
        try:
            with self.page_step.transaction():
                return self._settle(
                    context,
                    queued,
                    capture,
                    page,
                    outcome.saved,
                    judgement,
                )
        except Exception as error:
            if ends_run(error):
                raise
            fault = f"unreadable: where it leads to: {described(error)}"
        failed = self._failed(context, queued, url, fault, at)
        return replace(failed, saved=outcome.saved, warnings=page.warnings)

    def _settle(
        self,
        context: CrawlContext,
        queued: QueuedPage,
        capture: Capture,
        page: Page,
        saved: Saved,
        judgement: Judgement,
    ) -> CrawlResult:
        """Note a visit that did not fail, and enqueue what it leads to."""
        gone = note_visit(
            self._conn,
            context,
            queued.key,
            page,
            saved,
            judgement,
        )
        if page.pairs:
            context.own_forms = self.store.sites.own_forms(capture.url)
        ended = ended_walk(
            context,
            queued,
            page.content,
            capture,
        )
        with own_forms_read(context.own_forms, capture.url):
            found = discover(
                context,
                queued,
                page,
                capture,
                is_news=bool(saved.changed),
            )
        at = page.captured_at
        discovered = context.frontier.add(found, at)
        if context.media and saved.thread_id is not None:
            media = self.files.media(context)
            media.want_of(saved.thread_id, at, at)
        if context.requisites and queued.key.kind in _WITH_REQUISITES:
            requisites = self.files.requisites(context)
            requisites.want_of_page(capture, page.content, saved.thread_id, at)
        return CrawlResult(
            forum=context.base,
            key=queued.key,
            url=capture.url,
            outcome=judgement.outcome,
            saved=saved,
            gone=gone,
            discovered=discovered,
            ends_walk=ended is not None,
            reason=judgement.reason,
            warnings=(*_not_followed(page.warnings), *_named(ended)),
        )

    def _elsewhere(
        self, context: CrawlContext, queued: QueuedPage, failure: Failure, now: datetime
    ) -> CrawlResult:
        """A board that is but a link to somewhere else."""
        context.frontier.done(
            queued.key,
            now,
            now + REFUSED_AGAIN,
            "elsewhere",
            message=failure.message,
        )
        return CrawlResult(
            forum=context.base,
            key=queued.key,
            url=failure.url,
            outcome="elsewhere",
            reason=failure.message,
        )

    def _failed(
        self,
        context: CrawlContext,
        queued: QueuedPage,
        url: str,
        reason: str,
        now: datetime,
        *,
        wait_s: float | None = None,
        for_good: bool = False,
    ) -> CrawlResult:
        again_at = retry_at(
            now,
            queued.tries + 1,
            context.tries,
            wait_s,
            for_good=for_good,
        )
        outcome, _, _ = reason.partition(":")
        context.frontier.failed(
            queued.key,
            again_at,
            outcome[:_OUTCOME_CHARS],
            reason,
        )
        return CrawlResult(
            forum=context.base,
            key=queued.key,
            url=url,
            outcome="again" if again_at else "given_up",
            reason=reason,
        )

    def _keep_only(self, capture: Capture, outcome: Outcome, message: str) -> None:
        allowed = self.page_step.without_forgotten(capture)
        keep_only(self._captures, self.store.sites, allowed, outcome, message)


def _named(ended: Walk | None) -> Iterator[PageWarning]:
    """That further pages of a thing are not asked for, once for each."""
    if ended and ended.times_ended == 1:
        words = f"pages from {ended.end} on show nothing that others of it do not"
        yield PageWarning(kind=ENDLESS_PAGES, detail=words)


def _is_redirect(capture: Capture | None) -> bool:
    return capture is not None and 300 <= capture.status < 400


def _not_followed(warnings: Iterable[PageWarning]) -> Iterator[PageWarning]:
    """What a page lacks that no other page is asked for."""
    for warning in warnings:
        if warning.kind != POST_SPLIT:
            yield warning
