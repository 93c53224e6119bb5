"""The list of what is to be read: files, or ranges of files, put together to shards of work.

A line is a path or an address; or these and an offset and a length in bytes, with tabs
between them; or a row of a Common Crawl index as JSON (`filename`, `offset`, `length`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, TypeAlias

from archive.intake.opening import is_address
from scraper.core.errors import InputError

Range: TypeAlias = tuple[int, int]
"""Offset and length in bytes."""

_MOST_RANGES: Final = 1_000
"""Records of one shard: some seconds of work, so that little is lost with a worker."""
_SLASH: Final = "/"


@dataclass(frozen=True, slots=True)
class Shard:
    """What one task reads: a file, or `ranges` of it; all of it where there are none."""

    file: str
    ranges: tuple[Range, ...] = ()

    @property
    def name(self) -> str:
        """A name of its own, which is the same in the next run."""
        said = f"{self.file}\n{self.ranges}"
        return hashlib.sha256(said.encode()).hexdigest()[:20]

    def __str__(self) -> str:
        if not self.ranges:
            return self.file
        return f"{self.file} ({len(self.ranges)} ranges)"


def read_list(path: Path, base: str = "") -> list[Shard]:
    """The shards of a list. `base`: an address or folder that paths of the list lie below;
    the list's own folder where it is not given. InputError for a line that says nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the list cannot be read: {error}") from error
    wanted = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line and not line.startswith("#"):
            file, extent = _parsed(line, f"{path}, line {number}")
            wanted.append((_placed(file, base, path.parent), extent))
    shards = list(dict.fromkeys(_shards(wanted)))
    if not shards:
        raise InputError(f"{path}: the list names no file")
    return shards


def _parsed(line: str, where: str) -> tuple[str, Range | None]:
    try:
        if line.startswith("{"):
            row = json.loads(line)
            return str(row["filename"]), (int(row["offset"]), int(row["length"]))
        file, *numbers = line.split("\t")
        if not numbers:
            return file, None
        offset, length = map(int, numbers)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{where}: neither a path, nor path, offset and length with tabs between "
            "them, nor a row of an index as JSON"
        ) from error
    return file, (offset, length)


def _placed(file: str, base: str, folder: Path) -> str:
    """Where a file of the list lies."""
    if is_address(file) or Path(file).is_absolute():
        return file
    if not base:
        return str((folder / file).absolute())
    return base.rstrip(_SLASH) + _SLASH + file


def _shards(wanted: Iterable[tuple[str, Range | None]]) -> Iterator[Shard]:
    in_order = sorted(
        wanted,
        key=lambda each: (each[0], each[1] or (-1, 0)),
    )
    for file, rows in groupby(in_order, key=lambda each: each[0]):
        ranges = [extent for _, extent in rows]
        if None in ranges:  # the file as a whole is wanted anyway
            yield Shard(file)
            continue
        known = list(dict.fromkeys(each for each in ranges if each))
        for start in range(0, len(known), _MOST_RANGES):
            yield Shard(file, tuple(known[start : start + _MOST_RANGES]))
