"""The loop that reads inputs into an archive: calls the steps in order, turns each failure
into a value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from archive.intake.inputs import InputRecord, Problem, printable
from archive.intake.page_step import (
    NOTHING_SAVED,
    PageOutcome,
    PageStep,
    described,
    ends_run,
)
from archive.store.save import Saved, Store
from archive.warc.captures import Captures, Verdict, clean
from scraper.core.census import PageWarning
from scraper.core.errors import PageError, StorageError
from scraper.core.records import Capture, Page, Unknown

Result: TypeAlias = Literal[
    "stored",
    "unchanged",
    "known",
    "notice",
    "redirect",
    "other",
    "foreign",
    "skipped",
    "failed",
    "unreadable",
]
"""What became of one capture. known: it was in the archive before; foreign: not a page of
Discuz!, not kept; skipped: no page at all (a picture, a script); failed: kept, and could
not be stored; unreadable: could not even be read."""

_PAGES: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/rss",
    "application/atom",
)
_NO_PAGES: Final = ("text/css", "text/javascript", "text/calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """One capture's fate; `reason` in words for people, `page_error` where a page of
    Discuz! could not be read; `teaches_addresses`: where links of the forum's own forms
    lead is known by it."""

    source: str
    url: str = ""
    kind: str = ""
    result: Result
    saved: Saved = NOTHING_SAVED
    reason: str = ""
    page_error: bool = False
    teaches_addresses: bool = False
    warnings: tuple[PageWarning, ...] = ()


class Ingest:
    """Reads captures into one archive."""

    def __init__(
        self, conn: sqlite3.Connection, captures: Captures, store: Store
    ) -> None:
        self._captures = captures
        self._step = PageStep(conn, captures, store)

    def run(self, items: Iterable[InputRecord | Problem]) -> Iterator[IngestResult]:
        """One IngestResult for each capture or problem; first those that an earlier run
        kept and did not come to read."""
        yield from self._catch_up()
        for item in items:
            if isinstance(item, Problem):
                yield IngestResult(
                    source=item.source,
                    url=item.url,
                    result="unreadable",
                    reason=item.reason,
                )
            else:
                yield self._visit(item)

    def again(self, failed_only: bool = False) -> Iterator[IngestResult]:
        """Read kept captures once more, by today's parsers and without the network: one
        IngestResult for each."""
        yield from self._catch_up()
        for capture_id in self._captures.read_before(failed_only):
            yield self._reread(capture_id, "kept")

    def _catch_up(self) -> Iterator[IngestResult]:
        """Read what an earlier run kept and did not come to read."""
        self._captures.open()
        for capture_id in self._captures.pending():
            source = f"capture {capture_id} of an earlier run"
            result = self._reread(capture_id, source)
            if result.result == "unreadable":
                verdict = Verdict(outcome="failed", message=result.reason)
                self._captures.settle(capture_id, verdict)
            yield result

    def _visit(self, found: InputRecord) -> IngestResult:
        try:
            return self._take_in(found)
        except Exception as error:  # a capture whose very address cannot be kept, say
            if ends_run(error):
                raise
            return IngestResult(
                source=found.source,
                url=printable(found.capture.url),
                result="unreadable",
                reason=printable(described(error)),
            )

    def _take_in(self, found: InputRecord) -> IngestResult:
        capture = found.capture

        def passed_over(result: Result, reason: str = "") -> IngestResult:
            return IngestResult(
                source=found.source,
                url=capture.url,
                result=result,
                reason=reason,
            )

        if not _may_be_page(capture):
            return passed_over("skipped", capture.header("content-type"))
        cleaned = clean(capture)
        kept = self._captures.find(cleaned)
        # what failed is tried again: parsers get better
        if kept and kept.outcome != "failed":
            return passed_over("known")
        page = self._step.parse(capture)
        if foreign := _unknown_software(page):
            return passed_over("foreign", foreign.message)
        with self._step.transaction():
            kept = kept or self._captures.keep(cleaned, found.record)
            outcome = self._step.settle(page, kept.id)
        return _result_of(found.source, capture.url, outcome)

    def _reread(self, capture_id: int, source: str) -> IngestResult:
        try:
            capture = self._captures.read(capture_id)
        except StorageError as error:
            return IngestResult(
                source=source,
                result="unreadable",
                reason=str(error),
            )
        with self._step.transaction():
            outcome = self._step.take(capture, capture_id)
        return _result_of(source, capture.url, outcome)


def _may_be_page(capture: Capture) -> bool:
    if urlsplit(capture.url).path == "/robots.txt":
        return False
    content_type = capture.header("content-type").strip().lower()
    is_redirect = 300 <= capture.status < 400
    if is_redirect or not content_type:
        return True
    if content_type.startswith(_NO_PAGES):
        return False
    return content_type.startswith(_PAGES)


def _unknown_software(page: Page | PageError) -> Unknown | None:
    """What a page says that is not one of Discuz!; None where it is."""
    if isinstance(page, PageError) or page.software:
        return None
    return page.content if isinstance(page.content, Unknown) else None


def _result_of(source: str, url: str, outcome: PageOutcome) -> IngestResult:
    verdict = outcome.verdict
    assert verdict.outcome != "pending"
    return IngestResult(
        source=source,
        url=url,
        kind=verdict.kind,
        result=verdict.outcome,
        saved=outcome.saved,
        reason=verdict.message,
        page_error=outcome.is_page_error,
        teaches_addresses=outcome.teaches_addresses,
        warnings=outcome.warnings,
    )
