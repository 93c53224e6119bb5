"""The loop that reads inputs into an archive: calls the steps in order, turns each failure
into a value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from archive.intake.inputs import InputRecord, Problem
from archive.schema import transaction
from archive.store.save import Saved, Store
from archive.warc.captures import Captures, Outcome, Verdict, clean
from scraper.core.errors import InputError, PageError, StorageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Notice,
    Other,
    Page,
    Redirect,
    ThreadPage,
    Unknown,
)
from scraper.parsing import parse_capture

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
_NOTHING: Final = Saved()
_NO_PAGES: Final = ("text/css", "text/javascript", "text/calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """One capture's fate; `reason` in words for people, `page_error` where a page of
    Discuz! could not be read."""

    source: str
    url: str = ""
    kind: str = ""
    result: Result
    saved: Saved = _NOTHING
    reason: str = ""
    page_error: bool = False


class Ingest:
    """Reads captures into one archive."""

    def __init__(
        self, conn: sqlite3.Connection, captures: Captures, store: Store
    ) -> None:
        self._conn, self._captures, self._store = conn, captures, store

    def run(self, items: Iterable[InputRecord | Problem]) -> Iterator[IngestResult]:
        """One IngestResult for each capture or problem; first those that an earlier run
        kept and did not come to read."""
        self._captures.open()
        for capture_id in self._captures.pending():
            yield self._catch_up(capture_id)
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
        self._captures.open()
        for capture_id in self._captures.pending():
            yield self._catch_up(capture_id)
        for capture_id in self._captures.read_before(failed_only):
            yield self._kept(capture_id, "kept")

    def _visit(self, found: InputRecord) -> IngestResult:
        capture = found.capture
        if not _may_be_page(capture):
            return IngestResult(
                source=found.source,
                url=capture.url,
                result="skipped",
                reason=capture.header("content-type"),
            )
        what = clean(capture)
        kept = self._captures.find(what)
        if (
            kept and kept.outcome != "failed"
        ):  # what failed is tried again: parsers get better
            return IngestResult(source=found.source, url=capture.url, result="known")
        page = self._parse(capture)
        if (
            isinstance(page, Page)
            and isinstance(page.content, Unknown)
            and not page.software
        ):
            return IngestResult(
                source=found.source,
                url=capture.url,
                result="foreign",
                reason=page.content.message,
            )
        with self._page():
            kept = kept or self._captures.keep(what, found.record)
            return self._store_page(found.source, capture.url, kept.id, page)

    def _catch_up(self, capture_id: int) -> IngestResult:
        visit = self._kept(capture_id, f"capture {capture_id} of an earlier run")
        if visit.result == "unreadable":
            self._captures.settle(
                capture_id, Verdict(outcome="failed", message=visit.reason)
            )
        return visit

    def _kept(self, capture_id: int, source: str) -> IngestResult:
        try:
            capture = self._captures.read(capture_id)
        except StorageError as error:
            return IngestResult(source=source, result="unreadable", reason=str(error))
        with self._page():
            return self._store_page(
                source, capture.url, capture_id, self._parse(capture)
            )

    @contextmanager
    def _page(self) -> Iterator[None]:
        """One page is one transaction: its capture's row, what it says, and the index."""
        try:
            with transaction(self._conn):
                yield
        except BaseException:
            self._store.undone()
            raise

    def _parse(self, capture: Capture) -> Page | Exception:
        try:
            return parse_capture(capture, self._store.sites.settings(capture.url))
        except PageError as error:
            return error
        except (ImportError, MemoryError):
            raise
        except Exception as error:  # a parser's mistake costs one page, which is kept and named, not the run
            return PageError(f"the parser failed: {type(error).__name__}: {error}")

    def _store_page(
        self, source: str, url: str, capture_id: int, page: Page | Exception
    ) -> IngestResult:
        saved = _NOTHING
        try:
            if isinstance(page, Exception):
                raise page
            saved = self._store.write(page, capture_id)
            verdict = verdict_of(page, saved)
        except InputError as error:
            theme = "" if isinstance(page, Exception) else page.theme
            verdict = Verdict(outcome="failed", message=str(error), theme=theme)
        self._captures.settle(capture_id, verdict)
        return IngestResult(
            source=source,
            url=url,
            kind=verdict.kind,
            result=_result(verdict.outcome),
            saved=saved,
            reason=verdict.message,
            page_error=isinstance(page, PageError),
        )


def _may_be_page(capture: Capture) -> bool:
    if urlsplit(capture.url).path == "/robots.txt":
        return False
    content_type = capture.header("content-type").strip().lower()
    if not content_type or 300 <= capture.status < 400:
        return True
    return content_type.startswith(_PAGES) and not content_type.startswith(_NO_PAGES)


def verdict_of(page: Page, saved: Saved) -> Verdict:
    """What became of a capture whose page was saved."""
    content = page.content
    outcome: Outcome = "stored" if saved.anything else "unchanged"
    message = ""
    if isinstance(content, Notice):
        outcome, message = "notice", f"{content.reason}: {content.message}"
    elif isinstance(content, Redirect):
        outcome, message = "redirect", content.location
    elif isinstance(content, Other):
        outcome, message = "other", content.message
    elif isinstance(content, Unknown):
        outcome, message = "failed", content.message
    return Verdict(
        outcome=outcome,
        kind=content.kind,
        theme=page.theme,
        message=message,
        site_id=saved.site_id,
        thread_id=saved.thread_id,
        board_id=saved.board_id,
        page=content.page if isinstance(content, ThreadPage | BoardPage) else None,
    )


def _result(outcome: Outcome) -> Result:
    assert outcome != "pending"
    return outcome
