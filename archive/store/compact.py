"""Writes an archive's file anew: without the parts of it that are free, and in pages of
another size.

SQLite's own VACUUM does it in place: where it is cut short, the file is what it was. It
changes the size of pages only without the journal beside the file (WAL), which nobody else
may use meanwhile.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.store.file import path_of
from scraper.core.errors import StorageError

_TIMES_ITS_SIZE: Final = 2
"""Room for a copy, and for the pages that the copy takes the place of."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """How large the file was and is, and its pages."""

    before_bytes: int
    after_bytes: int
    page_bytes: int


def compact(conn: sqlite3.Connection, least_page_bytes: int) -> Compacted:
    """Write the file of an archive anew, in pages of at least that size. The caller is the
    archive's only writer.

    StorageError where another program has it open, or the disk lacks room: nothing has
    changed then. sqlite3.OperationalError where the disk fills up all the same.
    """
    path = Path(path_of(conn))
    _check_room(conn, path)
    before_bytes = path.stat().st_size
    page_bytes = max(_pragma(conn, "page_size"), least_page_bytes)
    with _alone(conn, path):
        conn.execute(f"PRAGMA page_size = {page_bytes}")
        vacuum(conn)
    return Compacted(
        before_bytes=before_bytes,
        after_bytes=path.stat().st_size,
        page_bytes=_pragma(conn, "page_size"),
    )


def vacuum(conn: sqlite3.Connection) -> None:
    """SQLite's VACUUM, with its copy on the archive's own disk: that of the system's
    temporary files may be small, or memory."""
    folder = str(Path(path_of(conn)).parent).replace("'", "''")
    conn.execute("PRAGMA temp_store = FILE")
    conn.execute(f"PRAGMA temp_store_directory = '{folder}'")
    try:
        conn.execute("VACUUM")
    finally:
        conn.execute("PRAGMA temp_store_directory = ''")
        conn.execute("PRAGMA temp_store = MEMORY")


def _pragma(conn: sqlite3.Connection, name: str) -> int:
    (value,) = conn.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _check_room(conn: sqlite3.Connection, path: Path) -> None:
    used_pages = _pragma(conn, "page_count") - _pragma(conn, "freelist_count")
    needed_bytes = _TIMES_ITS_SIZE * used_pages * _pragma(conn, "page_size")
    free_bytes = shutil.disk_usage(path.parent).free
    if free_bytes < needed_bytes:
        raise StorageError(
            f"{path}: to write it anew takes {needed_bytes / 1e6:,.0f} MB beside it, and "
            f"{free_bytes / 1e6:,.0f} MB are free; nothing was changed"
        )


@contextmanager
def _alone(conn: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Without the journal beside the file, as long as nobody else has it open."""
    try:
        conn.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise StorageError(
            f"{path}: another program has it open (serve?); end that first; "
            "nothing was changed"
        ) from error
    try:
        yield
    finally:
        conn.execute("PRAGMA journal_mode = WAL")
