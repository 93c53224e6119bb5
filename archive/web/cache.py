"""Counts over the whole file: made beside the pages, kept, and made again when the file has
changed.

A count of a million posts takes a second or more. No page waits for that twice: what was
counted is shown until the new count is there, and a first count that takes long leaves its
place empty for now.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlowError
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from archive.schema import open_to_read
from archive.store.file import path_of

PATIENCE_S: Final = 0.5
"""A page waits so long for a count that was never made; the count goes on without it."""
SHARE: Final = 200
"""A count that took a second is made again after SHARE seconds at the soonest: half a per
cent of one processor."""
_LARGEST: Final = 2_000

T = TypeVar("T")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    until_s: float
    state: tuple[int, ...]


_values: dict[Key, _Kept] = {}
_pending: dict[Key, Future[Any]] = {}
_lock: Final = threading.Lock()
# one thread: counts must not take the processor from the pages
_counters: Final = ThreadPoolExecutor(1, "counts")


def kept(
    conn: sqlite3.Connection,
    name: str,
    make: Callable[[sqlite3.Connection], T],
    default: T,
    patience_s: float = PATIENCE_S,
) -> T:
    """What `make` says of the file that `conn` reads: the newest count there is, the
    default where there is none yet.

    `make` gets a connection of its own, in another thread.
    """
    path = path_of(conn)
    key = path, name
    found = _values.get(key)
    if found and _is_fresh(found, path):
        return cast(T, found.value)
    future = _begin(key, path, make)
    if found:
        return cast(T, found.value)
    try:
        return cast(T, future.result(patience_s))
    except TooSlowError:
        return default


def remembered(conn: sqlite3.Connection, name: str, make: Callable[[], T]) -> T:
    """What `make` says, made here and now where the file has changed since it was last asked."""
    path = path_of(conn)
    key = path, name
    state = _state(path)
    found = _values.get(key)
    if found and found.state == state:
        return cast(T, found.value)
    value = make()
    _keep(key, _Kept(value, until_s=0.0, state=state))
    return value


def tell(conn: sqlite3.Connection, name: str, value: object) -> None:
    """Let `kept` say from now on what is known from elsewhere of the file that `conn` reads."""
    key = path_of(conn), name
    _keep(key, _Kept(value, until_s=float("inf"), state=()))


def settle() -> None:
    """Wait until no count is under way."""
    with _lock:
        pending = list(_pending.values())
    for future in pending:
        future.exception(300)


def forget() -> None:
    """Drop all values: for tests, which change the file under the pages."""
    settle()
    _values.clear()


def _is_fresh(found: _Kept, path: str) -> bool:
    """Whether a count need not be made again: it is young, or the file has not changed."""
    if time.monotonic() < found.until_s:
        return True
    return found.state == _state(path)


def _begin(
    key: Key, path: str, make: Callable[[sqlite3.Connection], Any]
) -> Future[Any]:
    with _lock:
        if key not in _pending:
            _pending[key] = _counters.submit(_count, key, path, make)
        return _pending[key]


def _count(key: Key, path: str, make: Callable[[sqlite3.Connection], Any]) -> Any:
    try:
        state = _state(path)
        begun_s = time.monotonic()
        with closing(open_to_read(path)) as conn:
            value = make(conn)
        ended_s = time.monotonic()
        took_s = ended_s - begun_s
        until_s = ended_s + took_s * SHARE
        _keep(key, _Kept(value, until_s, state))
        return value
    finally:
        with _lock:
            _pending.pop(key, None)


def _keep(key: Key, value: _Kept) -> None:
    if len(_values) >= _LARGEST:
        _values.clear()
    _values[key] = value


def _state(path: str) -> tuple[int, ...]:
    """What changes when the file does: of the file and its journal, size and time."""
    found: list[int] = []
    for name in (path, f"{path}-wal"):
        try:
            stat = Path(name).stat()
        except OSError:
            continue
        found.append(stat.st_size)
        found.append(stat.st_mtime_ns)
    return tuple(found)
