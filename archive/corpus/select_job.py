"""The job that finds possible pages of Discuz! in a web crawl's columnar index (Parquet, as
Common Crawl has it): one task a file, of which three columns are read where the address fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from archive.corpus.address_patterns import PATTERN
from archive.corpus.outputs import Output
from scraper.core.errors import InputError

_PLACE: Final = ("warc_filename", "warc_record_offset", "warc_record_length")
_READ: Final = ("url", "fetch_status", *_PLACE)
_ROWS_AT_ONCE: Final = 50_000
_FIRST_ERROR_STATUS: Final = 400


@dataclass(frozen=True, slots=True)
class _Select:
    """Task: names of index files → lines of a list. `hosts`: only these and what is below
    them; all where there are none."""

    hosts: tuple[str, ...]

    def __call__(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            folder, _, file = name.rpartition("/")
            with Output(folder).open(file) as opened:
                yield from self._lines(pq.ParquetFile(opened))

    def _lines(self, index: Any) -> Iterator[str]:
        columns = [name for name in _READ if name in index.schema_arrow.names]
        for batch in index.iter_batches(_ROWS_AT_ONCE, columns=columns):
            found = batch.filter(self._fits(batch))
            for row in found.to_pylist():
                filename, offset, length = (row[name] for name in _PLACE)
                said = {"filename": filename, "offset": offset, "length": length}
                yield json.dumps(
                    {**said, "url": row["url"]},
                    ensure_ascii=False,
                )

    def _fits(self, batch: Any) -> Any:
        urls = batch.column("url")
        fits = pc.match_substring_regex(urls, PATTERN)
        if self.hosts:
            names = "|".join(host.replace(".", r"\.") for host in self.hosts)
            of_host = rf"(?i)^https?://(?:[^/]*\.)?(?:{names})(?:[:/]|$)"
            fits = pc.and_(fits, pc.match_substring_regex(urls, of_host))
        if "fetch_status" in batch.schema.names:
            status = pc.fill_null(batch.column("fetch_status"), 0)
            fits = pc.and_(fits, pc.less(status, _FIRST_ERROR_STATUS))
        return fits


def index_files(places: Sequence[str]) -> list[str]:
    """The index files at some places: files, or folders of them at any depth. InputError
    where there are none."""
    files = []
    for place in places:
        if place.endswith(".parquet"):
            files.append(place)
            continue
        folder = Output(place)
        names = [name for name in folder.names("") if name.endswith(".parquet")]
        files += [folder.path(name) for name in names]
    if not files:
        raise InputError(f"{', '.join(places)}: no index files (*.parquet) there")
    return files


def run(spark: Any, files: Sequence[str], hosts: Sequence[str], out: IO[bytes]) -> int:
    """Write the list of what was found; how many lines."""
    task = _Select(tuple(hosts))
    found = spark.sparkContext.parallelize(files, len(files)).mapPartitions(task)
    count = 0
    for line in found.collect():
        out.write(line.encode() + b"\n")
        count += 1
    return count
