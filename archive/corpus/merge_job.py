"""The job that brings a corpus's pages together by forum, and writes its tables.

Spark reads the files of pages, sends all pages of a forum to one task in the order of time,
each page once, and the task stores them as `ingest` would. Tables are Parquet, a folder for
each part of the forums; what counts is named by `merged.json`, written last.
"""

from __future__ import annotations

import pickle
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.corpus.hosts import part_of, together
from archive.corpus.merge_forums import ForumMerger
from archive.corpus.merged_files import MergedFiles
from archive.corpus.outputs import Output
from archive.corpus.page_rows import page_of
from archive.corpus.parse_job import manifests_of
from archive.corpus.spark import spark_schema
from archive.intake import wire as wire  # how records are pickled
from scraper.core.errors import InputError

MERGED: Final = "merged"
MANIFEST: Final = "merged.json"
PARTS: Final = 16
_READ_AT_ONCE: Final = 200
_HOSTS: Final = pa.schema([("host", pa.string()), ("printed_host", pa.string())])
_PAGES: Final = pa.schema(
    [
        ("part", pa.int32()),
        ("forum", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("url", pa.string()),
        ("digest", pa.string()),
        ("page", pa.binary()),
    ]
)
_WRITTEN: Final = pa.schema(
    [("table", pa.string()), ("file", pa.string()), ("rows", pa.int64())]
)
_SAME_PAGE: Final = ("forum", "at", "url", "digest")
_IN_ORDER: Final = ("part", *_SAME_PAGE)


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """What a merge wrote: rows by table, in how many files; pages that could not be stored
    count as rows of `problems`."""

    folder: str
    rows: Counter[str]
    files: int
    swept: int


@dataclass(frozen=True, slots=True)
class _ReadHosts:
    """Task: names of files → the hosts of their pages."""

    out: Output

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for file in files_named(batches, self.out):
            found = file.read(columns=_HOSTS.names).group_by(_HOSTS.names)
            yield from found.aggregate([]).cast(_HOSTS).to_batches()


@dataclass(frozen=True, slots=True)
class _ReadPages:
    """Task: names of files → their pages, and which part and forum each goes to."""

    out: Output
    forums: Any
    """Host → the name of its forum's group, as Spark sends it around."""
    parts: int

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        forums: Mapping[str, str] = self.forums.value
        for file in files_named(batches, self.out):
            for batch in file.iter_batches(_READ_AT_ONCE):
                rows = [self._row(plain, forums) for plain in batch.to_pylist()]
                yield pa.RecordBatch.from_pylist(rows, _PAGES)

    def _row(self, plain: dict[str, Any], forums: Mapping[str, str]) -> dict[str, Any]:
        origin, page = page_of(plain)
        forum = forums[plain["host"] or plain["printed_host"]]
        return {
            "part": part_of(forum, self.parts),
            "forum": forum,
            "at": origin.fetched_at,
            "url": origin.url,
            "digest": origin.digest,
            "page": pickle.dumps((origin, page), pickle.HIGHEST_PROTOCOL),
        }


@dataclass(frozen=True, slots=True)
class _Merge:
    """Task: pages in order → files of tables."""

    out: Output
    folder: str
    utc_offset_minutes: int | None

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        pages = (row for batch in batches for row in batch.to_pylist())
        with ForumMerger(self.utc_offset_minutes) as merger:
            for part, of_part in groupby(pages, itemgetter("part")):
                folder = f"{self.folder}/part={part:04d}"
                written = self._merge_part(
                    merger,
                    folder,
                    of_part,
                )
                yield pa.RecordBatch.from_pylist(written, _WRITTEN)

    def _merge_part(
        self, merger: ForumMerger, folder: str, pages: Iterable[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        with MergedFiles(self.out, folder) as files:
            for _, of_forum in groupby(pages, itemgetter("forum")):
                loaded = (pickle.loads(row["page"]) for row in of_forum)
                for merged in merger.merge(loaded):
                    files.write(merged)
        return files.written


def run(
    spark: Any, out: Output, parts: int = PARTS, utc_offset_minutes: int | None = None
) -> MergeSummary:
    """Merge what `corpus parse` has read so far, all of it anew. InputError where that is
    nothing."""
    names = [told["pages"] for told in manifests_of(out).values()]
    if not names:
        raise InputError(
            f"{out.address} holds no pages yet: `corpus parse LIST {out.address}` first"
        )
    folder = f"{MERGED}/{uuid.uuid4().hex[:12]}"
    files = spark.createDataFrame([(name,) for name in sorted(names)], ["name"])
    files = files.repartition(min(len(names), 4 * parts))
    forums = spark.sparkContext.broadcast(_forums(files, out))
    pages = (
        files.mapInArrow(_ReadPages(out, forums, parts), spark_schema(_PAGES))
        .dropDuplicates(list(_SAME_PAGE))
        .repartition(parts, "part")
        .sortWithinPartitions(*_IN_ORDER)
    )
    merge = _Merge(out, folder, utc_offset_minutes)
    written = pages.mapInArrow(merge, spark_schema(_WRITTEN)).collect()
    rows: Counter[str] = Counter()
    for each in written:
        rows[each["table"]] += each["rows"]
    names = sorted(each["file"] for each in written)
    out.write_json(MANIFEST, {"folder": folder, "files": names, "rows": dict(rows)})
    return MergeSummary(
        folder=folder,
        rows=rows,
        files=len(names),
        swept=out.sweep(MERGED, set(names)),
    )


def _forums(files: Any, out: Output) -> dict[str, str]:
    """Host → the group of hosts that it belongs to."""
    found = files.mapInArrow(_ReadHosts(out), spark_schema(_HOSTS)).distinct()
    return together((row["host"], row["printed_host"]) for row in found.collect())


def files_named(batches: Iterable[Any], out: Output) -> Iterator[Any]:
    """The files of pages that are named."""
    for batch in batches:
        for name in batch.column("name").to_pylist():
            with out.open(name) as file:
                yield pq.ParquetFile(file)
