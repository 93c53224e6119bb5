"""Which part of the posts by time is read first to find the first of those that fit.

However few are wanted, ClickHouse works out for all posts which of them may fit: in twenty
million 60 to 170 ms of the processor, 10 to 30 in the part that most likely has enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.clickhouse.conditions import Condition, all_of, having
from archive.clickhouse.index import Index

_MANY_POSTS: Final = 2_000_000
"""In fewer it is no quicker."""
_PARTS: Final = (1 / 4096, 1 / 512, 1 / 64, 1 / 8)
_TIMES_AS_MANY: Final = 2
"""Posts with some words do not come as regularly as all others do."""


def windows(
    index: Index, fitting: Condition, wanted: int, *, is_oldest: bool
) -> Iterator[Condition]:
    """A condition on the time of posts, wider ones behind it, before all are looked
    through: none where that is as quick. Where one leaves fewer than are wanted, the next
    is tried."""
    if not fitting.is_narrowed or fitting.is_dated:
        return
    if index.numbers <= _MANY_POSTS:
        return
    share = _share(index, fitting)
    for part, bound in _bounds(index, is_oldest=is_oldest):
        expected = part * share * index.numbers
        if expected >= _TIMES_AS_MANY * wanted:
            sign = ">=" if is_oldest else "<="
            yield Condition(f"newest {sign} {bound}")


def _share(index: Index, fitting: Condition) -> float:
    """Which part of the posts fits at most, by the tokens that all of them have; all, where
    the text index is asked for no such token."""
    asked: Condition | None = None
    if fitting.tokens:
        asked = all_of([having(each.column, each.text) for each in fitting.tokens])
    elif fitting.is_indexed:
        asked = fitting
    if asked is None:
        return 1.0
    count, _ = index.count(asked)
    return count / max(index.numbers, 1)


def _bounds(index: Index, *, is_oldest: bool) -> Iterator[tuple[float, int]]:
    """The parts, and the keys at which they end, the smallest first; none for an index whose
    posts are all on other nodes."""
    parts = [1 - part for part in _PARTS] if is_oldest else _PARTS
    return zip(_PARTS, index.keys_at(parts), strict=False)
