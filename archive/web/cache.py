"""Counts over the whole file, kept for a while: they cost a pass over all posts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

KEPT_S: Final = 300.0
_LARGEST: Final = 500

T = TypeVar("T")
_values: dict[tuple[str, str], tuple[float, Any]] = {}


def kept(database: str, name: str, make: Callable[[], T]) -> T:
    """The value as made at most KEPT_S seconds ago; a quick one is as good as new, since it is made again sooner."""
    now = time.monotonic()
    until, value = _values.get((database, name), (0.0, None))
    if now < until:
        return value  # type: ignore[no-any-return]
    made = make()
    took_s = time.monotonic() - now
    if len(_values) >= _LARGEST:
        _values.clear()
    _values[database, name] = now + min(KEPT_S, took_s * 2_000), made  # a count of 5 ms is kept for 10 s
    return made


def forget() -> None:
    """Drop all values: for tests, which change the file under the pages."""
    _values.clear()
