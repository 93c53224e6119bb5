"""Keeps the pictures and files that posts show, where inputs hold them: by their bytes, in the
WARC files, once for each content."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from archive.intake.file_index import FileIndex
from archive.intake.inputs import MAX_BYTES, FoundFile, InputItem, InputRecord
from archive.intake.page_or_not import kind_of, may_be_page
from archive.intake.results import IngestResult
from archive.store.shown_files import KeptFile, ShownFile, note_kept
from archive.store.stamps import iso
from archive.warc.captures import Captures, Verdict, clean
from scraper.addresses.urls import absolute, parse_url
from scraper.core.records import Capture

_FOUND: Final = 200
_SAFE: Final = "/:?&=%#@!$'()*+,;~[]"


class ShownFiles:
    """What inputs hold of the files that posts show. All pages are read first: only then is
    it known which files are shown; those are read from the inputs again."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._transaction = transaction
        self._index = FileIndex(conn)

    def note(self, url: str) -> None:
        """An input holds a file of this address."""
        self._index.note(url)

    def note_led(self, url: str, target: str) -> None:
        """Who asks for an address gets what lies at another."""
        self._index.note_led(url, target)

    def note_capture(self, capture: Capture) -> None:
        """An input holds a capture: note it where it is a file, or led to one."""
        if is_file(capture):
            self._index.note(capture.url)
            return
        location = capture.header("location")
        is_led = 300 <= capture.status < 400
        if is_led and location and parse_url(location) is None:
            target = absolute(capture.url, location)
            self._index.note_led(capture.url, target)

    def keep(self, items: Iterable[InputItem]) -> Iterator[IngestResult]:
        """Read the inputs once more where posts show something of them, and keep that."""
        with self._index as index:
            if not index.look_up():
                return
            for item in items:
                yield from self._keep_item(item)
                if not index.is_any_left():
                    return

    def _keep_item(self, item: InputItem) -> Iterator[IngestResult]:
        if isinstance(item, FoundFile):
            shown = self._index.take(item.url)
            if shown:
                yield self._keep_found(item, shown)
            return
        if not isinstance(item, InputRecord):
            return
        capture = item.capture
        if not is_file(capture):
            return
        shown = self._index.take(capture.url)
        if shown:
            kind = kind_of(capture)
            yield self._keep(item.source, capture, shown, kind)

    def _keep_found(self, found: FoundFile, shown: list[ShownFile]) -> IngestResult:
        try:
            capture = found.load()
        except (OSError, ValueError) as error:
            reason = f"a file that a post shows cannot be read: {error}"
            return _unread(found, reason)
        if len(capture.body) > MAX_BYTES:
            limit_mb = MAX_BYTES >> 20
            return _unread(
                found, f"a file that a post shows has more than {limit_mb} MB"
            )
        return self._keep(found.source, capture, shown, found.kind)

    def _keep(
        self, source: str, capture: Capture, shown: list[ShownFile], kind: str
    ) -> IngestResult:
        """Keep a file under each name that posts have for it."""
        url = quote(capture.url, safe=_SAFE)
        capture = replace(capture, url=url)
        cleaned = clean(capture)
        first = shown[0]
        verdict = Verdict(
            outcome="other",
            kind="media",
            site_id=first.site_id,
        )
        with self._transaction():
            kept = self._captures.find(cleaned)
            if kept is None:
                kept = self._captures.keep(cleaned)
            self._captures.settle(kept.id, verdict)
            file = KeptFile(
                capture_id=kept.id,
                digest=cleaned.digest,
                content_type=capture.header("content-type"),
                size_bytes=len(capture.body),
            )
            at = iso(capture.fetched_at) or ""
            for each in shown:
                note_kept(self._conn, each, file, at)
        return IngestResult(
            source=source,
            url=url,
            result="file",
            reason=kind,
        )


def is_file(capture: Capture) -> bool:
    """Whether a capture is a picture or other file that a post may show."""
    if capture.status != _FOUND or not capture.body:
        return False
    return not may_be_page(capture)


def _unread(found: FoundFile, reason: str) -> IngestResult:
    return IngestResult(
        source=found.source,
        url=found.url,
        result="unreadable",
        reason=reason,
    )
