"""The one step from a capture that is kept to rows: parse, save, settle. A fault costs its
page alone.

`ingest`, `reparse` and `crawl` take it for every page. Whatever one page does to the parser
or to the store, its capture is settled as `failed` with the reason and the run goes on; only
faults of the machine (disk full, file locked or damaged) are raised.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from archive.forgetting.judging import Judge
from archive.forgetting.steps import finish
from archive.index import made_tokens
from archive.intake.page_parser import Parsed, ParseTask
from archive.intake.page_reader import PageReader
from archive.intake.parsers import ParseHere, Parsers, UnderWay
from archive.schema import transaction
from archive.store import suspects
from archive.store.census import counts_column, warnings_column
from archive.store.markdown import made_before
from archive.store.save import Saved, Store
from archive.store.storable import storable
from archive.store.suspects import SetAsideError
from archive.warc.captures import Captures, Kept, Outcome, Verdict
from archive.warc.records import RecordKind, software_version
from scraper.core.census import PageWarning
from scraper.core.errors import InputError, PageError, StorageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Notice,
    Other,
    Page,
    PostExtras,
    Redirect,
    ThreadPage,
    Unknown,
)
from scraper.core.site import Site

NOTHING_SAVED: Final = Saved()

_PAGE_FAULT_CODES: Final = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # a statement that this page's values made impossible
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
    }
)

_NO_POST: Final = "about a post that is not here: `reparse` adds it once its thread is"
_VOTERS: Final = "who voted for one option of a poll: not kept"

_NOT_OF_A_PAGE: Final = (OSError, ImportError, StorageError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What became of one capture, as it is written in its row.

    `page` is None where no parser could read it; `fault` says why the page could not be
    read or stored, and is empty where it was.
    """

    page: Page | None
    saved: Saved = NOTHING_SAVED
    verdict: Verdict
    fault: str = ""
    is_page_error: bool = False
    is_set_aside: bool = False

    @property
    def warnings(self) -> tuple[PageWarning, ...]:
        """What the page prints and was not read."""
        return self.page.warnings if self.page else ()

    @property
    def teaches_addresses(self) -> bool:
        """Whether the page tells something new of its forum's own forms of addresses."""
        return self.page is not None and bool(self.page.pairs)


class Submitted:
    """A capture that is being parsed. What its forum's row, or its very address, does to the
    store is a fault of its page."""

    def __init__(
        self,
        store: Store,
        parsers: Parsers,
        capture: Capture,
        record: RecordKind | None,
    ) -> None:
        self._store = store
        self._parsers = parsers
        self._capture = capture
        self._record = record
        self._site: Site | PageError = self._known_site()
        self._under_way = self._submit()

    def wait(self) -> None:
        """Wait until it is parsed."""
        if self._under_way:
            self._under_way.wait()

    def parsed(self) -> Parsed:
        """What it says, by what is known of its forum now: pages stored meanwhile may have
        told more, and then it is read once more."""
        site = self._known_site()
        if isinstance(site, PageError):
            return Parsed(site)
        if site != self._site or self._under_way is None:
            self._site = site
            self._under_way = self._submit()
        assert self._under_way
        return self._under_way.result()

    def _submit(self) -> UnderWay | None:
        if isinstance(self._site, PageError):
            return None
        task = ParseTask(self._capture, self._site, self._record)
        return self._parsers.submit(task)

    def _known_site(self) -> Site | PageError:
        try:
            return self._store.sites.settings(self._capture.url)
        except Exception as error:
            if ends_run(error):
                raise
            return PageError(f"its forum cannot be told: {described(error)}")


class PageStep:
    """Takes the pages of kept captures into one archive."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        store: Store,
        parsers: Parsers | None = None,
    ) -> None:
        """`parsers`: who parses; this process where none are given."""
        self._conn = conn
        self._captures = captures
        self._store = store
        self.parsers = parsers or ParseHere()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One page is one transaction: its capture's row, what it says, and the index."""
        try:
            with transaction(self._conn):
                yield
        except BaseException:
            self._store.undone()
            raise

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Several pages in one transaction: all of them or none."""
        with self.transaction(), made_tokens.gathered(), self._store.indexed_together():
            yield

    def take(self, capture: Capture, capture_id: int) -> PageOutcome:
        """Parse a kept capture, save what its page says, settle the capture."""
        submitted = self.submit(capture)
        return self.settle(submitted.parsed(), capture_id)

    def submit(self, capture: Capture, record: RecordKind | None = None) -> Submitted:
        """Have a capture parsed, by what is known of its forum now; and packed, where it is
        to be kept as a `record`."""
        return Submitted(self._store, self.parsers, capture, record)

    def finish_removals(self) -> None:
        """Do first what a removal that was cut short has left to do."""
        finish(self._conn, self._reader())

    def without_forgotten(
        self, capture: Capture, page: Page | PageError | None = None
    ) -> Capture:
        """A capture as it may be kept: itself, unless it shows what was forgotten on
        request. `page`: what it says, where it was read."""
        forgotten = self._store.forgotten.current()
        if not forgotten.marks:
            return capture
        read = self._reader()
        if page is None:
            page = read(capture)
        site_id = self._store.sites.find(capture.url)
        found = Judge(forgotten, read).judge(capture, site_id, page)
        return found.capture if found else capture

    def keep(self, capture: Capture) -> tuple[Capture, Kept]:
        """Keep a capture without what was forgotten on request; as it is kept, and its
        row."""
        allowed = self.without_forgotten(capture)
        is_blanked = allowed is not capture
        return allowed, self._captures.keep(allowed, is_blanked=is_blanked)

    def _reader(self) -> PageReader:
        return PageReader(self._store.sites, self.parsers)

    def settle(self, parsed: Parsed, capture_id: int) -> PageOutcome:
        """Save what a parsed page says, and write down what became of its capture."""
        suspects.clear(self._conn, capture_id)
        with made_before(parsed.markdowns), made_tokens.taken(parsed.tokens):
            return self._settle(parsed.page, capture_id)

    def set_aside(self, capture_id: int) -> PageOutcome:
        """Pass over a capture that ended the program."""
        error = SetAsideError(suspects.ENDED_PROGRAM)
        return self._settle_failed(None, error, capture_id)

    def _settle(self, page: Page | PageError, capture_id: int) -> PageOutcome:
        if isinstance(page, PageError):
            return self._settle_failed(None, page, capture_id)
        try:
            return self._save_and_settle(page, capture_id)
        except Exception as error:
            if ends_run(error):
                raise
            fault = error
        mended, left_out = storable(page)
        if not left_out:
            return self._settle_failed(page, fault, capture_id)
        try:
            return self._save_and_settle(mended, capture_id, left_out)
        except Exception as error:
            if ends_run(error):
                raise
            return self._settle_failed(page, error, capture_id)

    def _save_and_settle(
        self, page: Page, capture_id: int, left_out: Sequence[str] = ()
    ) -> PageOutcome:
        with self.transaction():
            saved = self._store.write(page, capture_id)
            verdict = verdict_of(page, saved)
            if left_out:
                places = ", ".join(left_out)
                left_out_words = f"left out, since no column can hold it: {places}"
                message = verdict.message or left_out_words
                verdict = replace(verdict, message=message)
            self._captures.settle(capture_id, verdict)
        return PageOutcome(page=page, saved=saved, verdict=verdict)

    def _settle_failed(
        self, page: Page | None, error: Exception, capture_id: int
    ) -> PageOutcome:
        reason = str(error) if isinstance(error, InputError) else described(error)
        reason = reason.encode("utf-8", "replace").decode("utf-8")
        theme = page.theme if page else ""
        verdict = Verdict(outcome="failed", theme=theme, message=reason)
        self._captures.settle(capture_id, verdict)
        if isinstance(error, SetAsideError):
            version = software_version()
            suspects.set_aside(self._conn, capture_id, error.reason, version)
        return PageOutcome(
            page=page,
            verdict=verdict,
            fault=reason,
            is_page_error=page is None,
            is_set_aside=isinstance(error, SetAsideError),
        )


def is_machine_fault(error: Exception) -> bool:
    """Whether an error says nothing of the page at hand: a disk that is full, a file that is
    locked or damaged."""
    if not isinstance(error, sqlite3.Error):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # of the Python module: a value that it cannot hand to SQLite
        return False
    primary_code = code & 0xFF
    return primary_code not in _PAGE_FAULT_CODES


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
    elif isinstance(content, PostExtras) and saved.thread_id is None:
        outcome, message = "other", _NO_POST if content.pid else _VOTERS
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
        warnings=warnings_column(page.warnings),
        field_counts=counts_column(page.counts),
    )


def ends_run(error: Exception) -> bool:
    """Whether storing cannot go on with the next page: what the store and the WARC writer
    say of files is of the machine."""
    return is_machine_fault(error) or isinstance(error, _NOT_OF_A_PAGE)


def described(error: Exception) -> str:
    """An error in words for people."""
    return f"{type(error).__name__}: {error}"
