"""The task of one shard: its captures in, a file of pages and one of problems out, and last
the manifest that says that both are whole."""

from __future__ import annotations

import io
import json
import uuid
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from archive.corpus.arrow_records import Plain
from archive.corpus.outputs import Output
from archive.corpus.page_rows import (
    Origin,
    origin_of,
    page_of,
    row_of,
    schema,
    table_of,
)
from archive.corpus.shards import Shard
from archive.intake.inputs import (
    InputItem,
    InputRecord,
    PassedOver,
    Problem,
    printable,
)
from archive.intake.opening import opened
from archive.intake.page_or_not import (
    kind_of,
    kind_of_foreign,
    may_be_page,
    unknown_software,
)
from archive.intake.page_parser import ParseTask
from archive.intake.parsers import Parsers, UnderWay
from archive.intake.sources import read_inputs
from archive.store.storable import storable
from archive.warc.records import software_version
from archive.warc.rows import clean
from scraper.addresses.urls import base_of
from scraper.core.errors import FetchError, InputError, PageError
from scraper.core.records import Capture, Page
from scraper.core.site import AddressPair, Site

PAGES: Final = "pages"
PROBLEMS: Final = "problems"
DONE: Final = "done"
_AHEAD: Final = 8
_GROUP_PAGES: Final = 200
_GROUP_BYTES: Final = 16 << 20
"""So many pages, or bytes of them, are in memory at once; they are one row group."""
_MOST_RANGE_BYTES: Final = 64 << 20
_UNFIT: Final = (OverflowError, UnicodeEncodeError, pa.ArrowInvalid)
"""Errors of values that a column cannot hold."""
_FOREIGN: Final = "pages of other software"
Told: TypeAlias = dict[str, Any]
"""What a shard's manifest says."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A page that is being parsed."""

    origin: Origin
    capture: Capture
    under_way: UnderWay


@dataclass(slots=True)
class _Forums:
    """What the pages of a shard told of their forums' own addresses, for the pages after
    them."""

    utc_offset_minutes: int | None
    pairs: dict[str, dict[AddressPair, None]] = field(default_factory=dict)

    def settings(self, url: str) -> Site:
        base = base_of(url)
        pairs = tuple(self.pairs.get(base, ()))
        site = Site(base, pairs=pairs)
        if self.utc_offset_minutes is None:
            return site
        return replace(
            site,
            utc_offset_minutes=self.utc_offset_minutes,
        )

    def learn(self, page: Page) -> None:
        if page.pairs:
            known = self.pairs.setdefault(base_of(page.url), {})
            known.update(dict.fromkeys(page.pairs))


def parse_shard(
    shard: Shard,
    out: Output,
    parsers: Parsers,
    utc_offset_minutes: int | None = None,
) -> Told:
    """Read a shard's captures into `out`. What is wrong with one of them is a line in the
    file of problems. StorageError where nothing can be written."""
    attempt = f"{shard.name}-{uuid.uuid4().hex[:8]}"
    pages_name = f"{PAGES}/{attempt}.parquet"
    problems_name = f"{PROBLEMS}/{attempt}.jsonl"
    with out.file(pages_name) as pages, out.file(problems_name) as problems:
        parsing = _ShardParsing(
            shard,
            parsers,
            pages,
            problems,
            utc_offset_minutes,
        )
        parsing.run()
    told: Told = {
        "shard": str(shard),
        "pages": pages_name,
        "problems": problems_name,
        "software": software_version(),
        "counts": dict(parsing.counts),
        "passed_over": dict(parsing.passed_over),
    }
    out.write_json(f"{DONE}/{shard.name}.json", told)
    return told


class _ShardParsing:
    def __init__(
        self,
        shard: Shard,
        parsers: Parsers,
        pages: IO[bytes],
        problems: IO[bytes],
        utc_offset_minutes: int | None,
    ) -> None:
        self._shard = shard
        self._parsers = parsers
        self._writer = pq.ParquetWriter(
            pages,
            schema(),
            compression="zstd",
        )
        self._problems = problems
        self._forums = _Forums(utc_offset_minutes)
        self._rows: list[Plain] = []
        self._held_bytes = 0
        self.counts: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()

    def run(self) -> None:
        """Read the shard from its beginning to its end."""
        waiting: deque[_Visit] = deque()
        with self._writer:
            for item in _items(self._shard):
                visit = self._begin(item)
                if visit is None:
                    continue
                waiting.append(visit)
                if len(waiting) >= _AHEAD:
                    self._finish(waiting.popleft())
            for visit in waiting:
                self._finish(visit)
            self._flush()

    def _begin(self, item: InputItem) -> _Visit | None:
        if isinstance(item, Problem):
            self._problem(
                item.source,
                item.url,
                item.reason,
            )
        elif isinstance(item, PassedOver):
            self.passed_over[item.kind] += 1
        elif isinstance(item, InputRecord):
            return self._begin_capture(item.capture)
        else:
            self.passed_over[getattr(item, "kind", "") or "files"] += 1
        return None

    def _begin_capture(self, capture: Capture) -> _Visit | None:
        if not may_be_page(capture):
            self.passed_over[kind_of(capture)] += 1
            return None
        try:
            site = self._forums.settings(capture.url)
            origin = origin_of(self._shard.file, clean(capture))
            under_way = self._parsers.submit(ParseTask(capture, site))
        except Exception as error:  # an address that nothing can be made of
            self._problem(
                self._shard.file,
                capture.url,
                _described(error),
            )
            return None
        return _Visit(origin, capture, under_way)

    def _finish(self, visit: _Visit) -> None:
        page = visit.under_way.result().page
        self._parsers.keep_busy()
        if unknown_software(page):
            kind = kind_of_foreign(visit.capture) or _FOREIGN
            self.passed_over[kind] += 1
            return
        if isinstance(page, PageError):
            self._problem(
                self._shard.file,
                visit.origin.url,
                str(page),
            )
            return
        self._forums.learn(page)
        row = row_of(visit.origin, page)
        self._rows.append(row)
        self.counts[page.content.kind] += 1
        self._held_bytes += len(visit.capture.body)
        is_full = len(self._rows) >= _GROUP_PAGES
        if is_full or self._held_bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        try:
            group = table_of(self._rows)
        except _UNFIT:
            mended = [self._mended(row) for row in self._rows]
            group = table_of(mended)
        self._writer.write_table(group)
        self._rows = []
        self._held_bytes = 0

    def _mended(self, row: Plain) -> Plain:
        """A row as columns can hold it; what is left out of it is a problem."""
        origin, page = page_of(row)
        mended, left_out = storable(page)
        if left_out:
            places = ", ".join(left_out)
            reason = f"left out, since no column can hold it: {places}"
            self._problem(
                self._shard.file,
                origin.url,
                reason,
            )
        return row_of(origin, mended)

    def _problem(self, source: str, url: str, reason: str) -> None:
        self.counts["problems"] += 1
        said = {
            "source": printable(source),
            "url": printable(url),
            "reason": printable(reason),
        }
        line = json.dumps(said, ensure_ascii=False) + "\n"
        self._problems.write(line.encode())


def _items(shard: Shard) -> Iterable[InputItem]:
    """What a shard holds. What cannot be read is a Problem."""
    if not shard.ranges:
        return read_inputs([shard.file])
    return _items_of_ranges(shard)


def _items_of_ranges(shard: Shard) -> Iterator[InputItem]:
    try:
        source = opened(shard.file)
        with source.open() as file:
            for offset, length in shard.ranges:
                name = f"{shard.file} at {offset}"
                if length > _MOST_RANGE_BYTES:
                    yield Problem(name, f"a record of {length} bytes is no page")
                    continue
                file.seek(offset)
                yield from _items_of_bytes(name, file.read(length))
    except (OSError, FetchError, InputError) as error:
        yield Problem(shard.file, f"cannot be read: {error}")


def _items_of_bytes(name: str, content: bytes) -> Iterator[InputItem]:
    stream = io.BytesIO(content)
    stream.name = name
    yield from read_inputs([stream])


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
