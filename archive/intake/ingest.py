"""The loop that reads inputs into an archive: calls the steps in order, turns each failure
into a value."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from archive.intake.ahead import groups
from archive.intake.inputs import (
    FoundFile,
    InputItem,
    InputRecord,
    PassedOver,
    Problem,
    SameBytes,
    printable,
)
from archive.intake.page_or_not import (
    kind_of,
    kind_of_foreign,
    may_be_page,
    unknown_software,
)
from archive.intake.page_step import (
    PageStep,
    Submitted,
    described,
    ends_run,
)
from archive.intake.parsers import Parsers
from archive.intake.results import IngestResult, Result, result_of
from archive.intake.shown_files import ShownFiles
from archive.store import suspects
from archive.store.save import Store
from archive.store.suspects import SetAsideError
from archive.warc.captures import Captures, Clean, Kept, Verdict, clean
from archive.warc.records import RecordKind, software_version
from scraper.core.errors import StorageError
from scraper.core.records import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A capture under way: being parsed, or its fate known already.

    `cleaned`: as it is kept, where that was needed to see whether it is known; `kept_id`:
    its row, where it is kept whatever comes of it.
    """

    source: str
    capture: Capture | None = None
    record: RecordKind = "response"
    submitted: Submitted | None = None
    cleaned: Clean | None = None
    kept_id: int | None = None
    result: IngestResult | None = None

    @property
    def size_bytes(self) -> int:
        """About how much memory it takes."""
        return len(self.capture.body) if self.capture else 0


class Ingest:
    """Reads captures into one archive."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        store: Store,
        parsers: Parsers | None = None,
    ) -> None:
        """`parsers`: who parses, pages ahead of the one that is stored; this process where
        none are given, page by page."""
        self._conn = conn
        self._captures = captures
        self._step = PageStep(conn, captures, store, parsers)
        self._files = ShownFiles(conn, captures, self._step.transaction)

    def run(self, items: Iterable[InputItem]) -> Iterator[IngestResult]:
        """One IngestResult for each capture or problem; first those that an earlier run
        kept and did not come to read, last the files that posts show, for which the items
        are gone through once more."""
        yield from self._catch_up()
        visits = map(self._begin, items)
        yield from self._results(visits)
        yield from self._files.keep(items)

    def again(self, failed_only: bool = False) -> Iterator[IngestResult]:
        """Read kept captures once more, by today's parsers and without the network: one
        IngestResult for each. What is set aside is read where another version did that, or
        with `failed_only`."""
        self._captures.open()
        suspects.try_again(self._conn, software_version(), failed_only)
        caught_up = yield from self._catch_up()
        numbers = self._captures.read_before(failed_only)
        left = (each for each in numbers if each not in caught_up)
        visits = map(self._begin_again, left)
        yield from self._results(visits)

    def _catch_up(self) -> Generator[IngestResult, None, set[int]]:
        """Read what an earlier run kept and did not come to read, each by itself: one of
        them may have ended that run. Their numbers."""
        self._captures.open()
        self._step.finish_removals()
        suspected = suspects.under_suspicion(self._conn)
        pending = self._captures.pending()
        caught_up = set[int]()
        for capture_id in chain(suspected, pending):
            yield self._read_alone(capture_id)
            caught_up.add(capture_id)
        return caught_up

    def _read_alone(self, capture_id: int) -> IngestResult:
        source = f"capture {capture_id} of an earlier run"
        with suspects.reading(self._conn, capture_id) as may_read:
            if may_read:
                visit = self._begin_pending(capture_id, source)
                return self._finish(visit)
            with self._step.transaction():
                outcome = self._step.set_aside(capture_id)
        url = self._captures.url_of(capture_id)
        return result_of(source, url, outcome)

    def _results(self, visits: Iterator[_Visit]) -> Iterator[IngestResult]:
        """Store what was parsed, in the order of the visits: several in one transaction, in
        which nobody waits for a parser."""
        parsers = self._step.parsers
        for group in groups(visits, parsers.ahead, parsers.together):
            kept = [visit.kept_id for visit in group if visit.kept_id is not None]
            with suspects.watching(self._conn, kept):
                results = self._store(group)
            yield from results

    def _store(self, group: list[_Visit]) -> list[IngestResult]:
        for visit in group:
            if visit.submitted:
                visit.submitted.wait()
        is_nothing_stored = all(visit.result for visit in group)
        if is_nothing_stored:
            return [self._finish(visit) for visit in group]
        results = []
        with self._step.batch():
            for visit in group:
                result = self._finish(visit)
                results.append(result)
                self._step.parsers.keep_busy()
        return results

    def _begin(self, item: InputItem) -> _Visit:
        """Have a capture parsed, unless it is known to be nothing new."""
        if isinstance(item, Problem):
            return _passed_over(item.source, item.url, "unreadable", item.reason)
        if isinstance(item, PassedOver):
            return _passed_over(item.source, "", "skipped", item.kind)
        if isinstance(item, SameBytes):
            self._files.note_led(item.url, item.kept_as)
            return _passed_over(item.source, item.url, "skipped")
        if isinstance(item, FoundFile):
            self._files.note(item.url)
            return _passed_over(item.source, item.url, "skipped", item.kind)
        try:
            return self._begin_capture(item)
        except Exception as error:  # a capture whose very address cannot be kept, say
            if ends_run(error):
                raise
            return _broken(item.source, item.capture, error)

    def _begin_capture(self, found: InputRecord) -> _Visit:
        capture = found.capture
        self._files.note_capture(capture)
        if not may_be_page(capture):
            kind = kind_of(capture)
            return _passed_over(found.source, capture.url, "skipped", kind)
        cleaned = None
        if self._captures.has_like(capture):
            cleaned = clean(capture)
            kept = self._captures.find(cleaned)
            if _is_settled(kept):
                return _passed_over(found.source, capture.url, "known")
            if kept and suspects.find(self._conn, kept.id):
                return _named(found.source, capture.url, kept.message)
        record = None if cleaned else found.record
        return _Visit(
            source=found.source,
            capture=capture,
            record=found.record,
            submitted=self._step.submit(capture, record),
            cleaned=cleaned,
        )

    def _begin_pending(self, capture_id: int, source: str) -> _Visit:
        visit = self._begin_kept(capture_id, source)
        if visit.result:
            verdict = Verdict(outcome="failed", message=visit.result.reason)
            self._captures.settle(capture_id, verdict)
        return visit

    def _begin_again(self, capture_id: int) -> _Visit:
        found = suspects.find(self._conn, capture_id)
        if found is None:
            return self._begin_kept(capture_id, "kept")
        error = SetAsideError(found.reason)
        return _named("kept", found.url, str(error))

    def _begin_kept(self, capture_id: int, source: str) -> _Visit:
        try:
            capture = self._captures.read(capture_id)
        except StorageError as error:
            return _passed_over(source, "", "unreadable", str(error))
        return _Visit(
            source=source,
            capture=capture,
            submitted=self._step.submit(capture),
            kept_id=capture_id,
        )

    def _finish(self, visit: _Visit) -> IngestResult:
        """Store what a visit brought."""
        if visit.result:
            return visit.result
        assert visit.capture
        assert visit.submitted
        if visit.kept_id is not None:
            parsed = visit.submitted.parsed()
            with self._step.transaction():
                outcome = self._step.settle(parsed, visit.kept_id)
            return result_of(visit.source, visit.capture.url, outcome)
        try:
            return self._take_in(visit, visit.capture, visit.submitted)
        except Exception as error:
            if ends_run(error):
                raise
            result = _broken(visit.source, visit.capture, error).result
            assert result
            return result

    def _take_in(
        self, visit: _Visit, capture: Capture, submitted: Submitted
    ) -> IngestResult:
        parsed = submitted.parsed()
        allowed = self._step.without_forgotten(capture, parsed.page)
        if allowed is not capture:
            capture = allowed
            parsed = self._step.submit(capture).parsed()
            cleaned = clean(capture, is_blanked=True)
        else:
            cleaned = visit.cleaned or parsed.packed or clean(capture)
        # what failed is tried again: parsers get better
        kept = self._captures.find(cleaned)
        if _is_settled(kept):
            return _result(visit.source, capture.url, "known")
        if foreign := unknown_software(parsed.page):
            kind = kind_of_foreign(capture)
            if kind:
                return _result(visit.source, capture.url, "skipped", kind)
            return _result(visit.source, capture.url, "foreign", foreign.message)
        with self._step.transaction():
            kept = kept or self._captures.keep(cleaned, visit.record)
            outcome = self._step.settle(parsed, kept.id)
        return result_of(visit.source, capture.url, outcome)


def _is_settled(kept: Kept | None) -> bool:
    return kept is not None and kept.outcome != "failed"


def _passed_over(source: str, url: str, result: Result, reason: str = "") -> _Visit:
    return _Visit(source=source, result=_result(source, url, result, reason))


def _named(source: str, url: str, reason: str) -> _Visit:
    """A capture that is set aside."""
    return _passed_over(source, url, "set_aside", reason)


def _result(source: str, url: str, result: Result, reason: str = "") -> IngestResult:
    return IngestResult(
        source=source,
        url=url,
        result=result,
        reason=reason,
    )


def _broken(source: str, capture: Capture, error: Exception) -> _Visit:
    url = printable(capture.url)
    reason = printable(described(error))
    return _passed_over(source, url, "unreadable", reason)
