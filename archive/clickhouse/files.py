"""The Parquet files that an index is made of: those of `corpus merge`, of `export --format
parquet`, or whatever lies in a folder and bears their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from archive.corpus.merge_job import MANIFEST as MERGED
from archive.corpus.outputs import Output
from archive.export.folder import MANIFEST as EXPORTED
from scraper.core.errors import InputError

_SUFFIX: Final = ".parquet"
_BATCH_BYTES: Final = 256 << 20
"""So much is read at once, or a single row that is larger."""


def files_of(out: Output) -> dict[str, list[str]]:
    """Table → the names of its files. InputError where there are none of posts."""
    found: dict[str, list[str]] = {}
    for name in _names(out):
        table = _table_of(name)
        found.setdefault(table, []).append(name)
    if "posts" not in found:
        raise InputError(
            f"{out.address} holds no posts: name a folder of `export --format parquet` or "
            "of `corpus merge`"
        )
    return found


def _names(out: Output) -> list[str]:
    """What the manifest names, where there is one: other files are left of a task that was
    cut short."""
    all_names = out.names("")
    if MERGED in all_names:
        return list(out.read_json(MERGED)["files"])
    if EXPORTED in all_names:
        files = out.read_json(EXPORTED)["files"]
        return [each["path"] for each in files]
    return [name for name in all_names if name.endswith(_SUFFIX)]


def _table_of(name: str) -> str:
    """`merged/1f/part=0001/posts-9d.parquet` → `posts`."""
    stem = PurePosixPath(name).stem
    table, _, _ = stem.partition("-")
    return table


def batches(out: Output, name: str, columns: list[str], rows: int) -> Iterator[Any]:
    """The columns of a file as Arrow tables of so many rows at the most, of large rows fewer.
    InputError where it is no such table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with out.open(name) as stream:
        try:
            file = pq.ParquetFile(stream)
        except pa.ArrowInvalid as error:
            raise InputError(f"{out.path(name)}: {error}") from error
        missing = set(columns) - set(file.schema_arrow.names)
        if missing:
            listed = ", ".join(sorted(missing))
            raise InputError(
                f"{out.path(name)} lacks columns: {listed}; export or merge again"
            )
        at_once = min(rows, _rows_of(file.metadata))
        for batch in file.iter_batches(at_once, columns=columns):
            yield pa.Table.from_batches([batch])


def _rows_of(metadata: Any) -> int:
    """How many rows of a file, usual ones, take the memory of a batch."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    size_bytes = sum(group.total_byte_size for group in groups)
    row_bytes = size_bytes // max(1, metadata.num_rows)
    rows: int = _BATCH_BYTES // max(1, row_bytes)
    return max(1, rows)
