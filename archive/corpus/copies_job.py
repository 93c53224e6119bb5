"""The job that finds threads of a merged corpus that say nearly what an earlier one says, in
whatever forum that stands: by MinHash, in the measure that `export --format mnbvc` has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.corpus.merge_job import MANIFEST, files_named
from archive.corpus.outputs import Output
from archive.corpus.spark import spark_schema
from archive.export.near_copies import THRESHOLD, bands_of, hash_of, likeness_of
from scraper.core.errors import InputError

COPIES: Final = "copies.parquet"
_POSTS: Final = ("forum", "tid", "thread_id", "thread", "posted_at", "text")
_ROWS_AT_ONCE: Final = 2_000
_PIECES: Final = pa.schema(
    [
        ("place", pa.int32()),
        ("piece", pa.binary()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("thread_id", pa.int64()),
        ("forum", pa.string()),
        ("tid", pa.int64()),
        ("hash", pa.binary()),
    ]
)
_BUCKET: Final = ("place", "piece")
_COPY: Final = pa.schema(
    [
        ("forum", pa.string()),
        ("tid", pa.int64()),
        ("thread_id", pa.int64()),
        ("of_forum", pa.string()),
        ("of_tid", pa.int64()),
        ("of_thread_id", pa.int64()),
        ("of_begun_at", pa.timestamp("us", tz="UTC")),
        ("likeness", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Task: names of files of posts → pieces of the hashes of their threads."""

    out: Output

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for file in files_named(batches, self.out):
            posts = _rows(file)
            for _, of_thread in groupby(posts, itemgetter("thread_id")):
                pieces = _pieces_of(list(of_thread))
                yield pa.RecordBatch.from_pylist(pieces, _PIECES)


def _rows(file: Any) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(_POSTS)):
        yield from batch.to_pylist()


def _pieces_of(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pieces of one thread; none where it is too short to be like another."""
    first = posts[0]
    words = [first["thread"], *(post["text"] for post in posts)]
    made = hash_of("\n".join(words))
    if made is None:
        return []
    times = [post["posted_at"] for post in posts if post["posted_at"]]
    known = {
        "at": min(times, default=None),
        "thread_id": first["thread_id"],
        "forum": first["forum"],
        "tid": first["tid"],
        "hash": made.hashvalues.tobytes(),
    }
    pieces = enumerate(bands_of(made))
    return [{"place": place, "piece": piece, **known} for place, piece in pieces]


def _compare(batches: Iterable[Any]) -> Iterator[Any]:
    """Task: pieces, those that are the same together, the earliest thread first → what
    repeats that one."""
    pieces = (row for batch in batches for row in batch.to_pylist())
    for _, same in groupby(pieces, itemgetter(*_BUCKET)):
        earliest, *others = same
        copies = [_copy_of(each, earliest) for each in others]
        found = [copy for copy in copies if copy is not None]
        if found:
            yield pa.RecordBatch.from_pylist(found, _COPY)


def _copy_of(each: dict[str, Any], earliest: dict[str, Any]) -> dict[str, Any] | None:
    likeness = likeness_of(each["hash"], earliest["hash"])
    if each["thread_id"] == earliest["thread_id"] or likeness < THRESHOLD:
        return None
    return {
        "forum": each["forum"],
        "tid": each["tid"],
        "thread_id": each["thread_id"],
        "of_forum": earliest["forum"],
        "of_tid": earliest["tid"],
        "of_thread_id": earliest["thread_id"],
        "of_begun_at": earliest["at"],
        "likeness": likeness,
    }


def run(spark: Any, out: Output, parts: int) -> int:
    """Find the copies in what `corpus merge` has written; how many threads they are. One
    that repeats several is named with the first of them. InputError where nothing is merged."""
    if not out.has(MANIFEST):
        raise InputError(
            f"{out.address} holds no merged forums yet: `corpus merge {out.address}` first"
        )
    names = out.read_json(MANIFEST)["files"]
    names = [name for name in names if name.rpartition("/")[2].startswith("posts-")]
    files = spark.createDataFrame([(name,) for name in names], "name string")
    found = (
        files.repartition(len(names))
        .mapInArrow(_Cut(out), spark_schema(_PIECES))
        .repartition(parts, *_BUCKET)
        .sortWithinPartitions(*_BUCKET, "at", "thread_id")
        .mapInArrow(_compare, spark_schema(_COPY))
        .orderBy("forum", "tid", "thread_id", "of_begun_at", "of_thread_id")
    )
    first: dict[int, dict[str, Any]] = {}
    for row in found.collect():
        first.setdefault(row["thread_id"], row.asDict())
    rows = list(first.values())
    table = pa.Table.from_pylist(rows, _COPY)
    with out.file(COPIES) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
        )
    return len(rows)
