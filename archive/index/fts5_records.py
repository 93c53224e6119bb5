"""The two records in which FTS5 keeps what an index is made of: its segments, and how many
rows and words it has.

The format is told at the top of SQLite's `ext/fts5/fts5_index.c`, in force since FTS5's
first release (2015). What is not read and written back to the byte is not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

AVERAGES_ID: Final = 1
STRUCTURE_ID: Final = 10
"""Where `…_data` has the two; all behind them are leaves of segments."""
MOST_SEGMENTS: Final = 2_000
"""FTS5_MAX_SEGMENT."""

_SEGMENT_SHIFT: Final = 37
"""FTS5_DATA_PAGE_B + FTS5_DATA_HEIGHT_B + FTS5_DATA_DLI_B: a leaf's id is its segment's
number, then its place there."""
_COOKIE_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A sorted piece of an index, and its pages."""

    number: int
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Level:
    """Segments of about one size, the oldest first. `merging`: so many of them are being
    made into one of the next level."""

    merging: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """What an index is made of. `cookie` is that of its settings; `written_pages` tells FTS5
    how much work at merging is due."""

    cookie: bytes
    written_pages: int
    levels: tuple[Level, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All of them."""
        return tuple(segment for level in self.levels for segment in level.segments)

    def with_segment(self, pages: Segment) -> tuple[Structure, Segment]:
        """The same with a newest segment of such pages; and that, with a free number."""
        taken = {segment.number for segment in self.segments}
        free = next(n for n in range(1, MOST_SEGMENTS + 1) if n not in taken)
        added = replace(pages, number=free)
        level = Level(0, ())
        if self.levels:
            level = self.levels[0]
        level = replace(level, segments=(*level.segments, added))
        structure = replace(
            self,
            written_pages=self.written_pages + pages.last_page,
            levels=(level, *self.levels[1:]),
        )
        return structure, added


def read_structure(record: bytes) -> Structure | None:
    """None for one of a form that is not known here."""
    numbers = read_varints(record[_COOKIE_BYTES:])
    try:
        structure = _structure(record[:_COOKIE_BYTES], numbers)
    except StopIteration:
        return None
    if write_structure(structure) != record:
        return None
    return structure


def _structure(cookie: bytes, numbers: Iterator[int]) -> Structure:
    level_count = next(numbers)
    next(numbers)  # how many segments there are in all
    written_pages = next(numbers)
    levels = []
    for _ in range(level_count):
        merging = next(numbers)
        segment_count = next(numbers)
        segments = [
            Segment(next(numbers), next(numbers), next(numbers))
            for _ in range(segment_count)
        ]
        levels.append(Level(merging, tuple(segments)))
    return Structure(cookie, written_pages, tuple(levels))


def write_structure(structure: Structure) -> bytes:
    """The record of a structure."""
    numbers = [len(structure.levels), len(structure.segments), structure.written_pages]
    for level in structure.levels:
        numbers += (level.merging, len(level.segments))
        for segment in level.segments:
            numbers += (segment.number, segment.first_page, segment.last_page)
    return structure.cookie + _varints(numbers)


def read_averages(record: bytes) -> list[int]:
    """How many rows an index has, and how many words each of its columns; an empty record
    stands for none."""
    return list(read_varints(record))


def write_averages(numbers: Iterable[int]) -> bytes:
    """The record of these numbers."""
    return _varints(numbers)


def leaves_of(number: int) -> tuple[int, int]:
    """The least and the greatest id that a leaf of a segment may have."""
    first = number << _SEGMENT_SHIFT
    return first, first + (1 << _SEGMENT_SHIFT) - 1


def read_varints(record: bytes) -> Iterator[int]:
    """SQLite's variable-length numbers: seven bits a byte, the highest first. Numbers of more
    than eight bytes do not occur."""
    number = 0
    for byte in record:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _varints(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _varint(number: int) -> bytes:
    last = number & 0x7F
    rest = number >> 7
    reversed_bytes = [last]
    while rest:
        reversed_bytes.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes(reversed(reversed_bytes))
