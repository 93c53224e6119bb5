"""Makes the whole search index again, in steps that let others read and write meanwhile.

The new index grows beside the old one, as `posts_fts_new`, a batch of rows in each
transaction. Triggers of its own note what changes of the rows that it holds already. When
all rows are in it, what was noted is caught up with, and in one short transaction it takes
the place of the old one. Until then everybody reads and writes the old one. A process that
is killed leaves tables from which the next `reindex` goes on.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from secrets import token_hex
from typing import Final

from archive.index.half_made import (
    OLD,
    drop,
    drop_notes,
    last_row,
    new_of,
    note_last_row,
    owner,
    rows_in,
    settings_of,
    take_over,
)
from archive.index.writer import (
    AFTER_ALL,
    BEFORE_ALL,
    INDEXES,
    POSTS,
    QUOTES,
    Change,
    Index,
    record_version,
)
from archive.schema import transaction
from scraper.core.errors import StorageError

STEP_ROWS = 2_000
"""Rows of a step, a quarter of a second or so: for so long another writer waits."""
PAUSE_S = 0.1
"""Between two steps: whoever waits for SQLite's lock looks every tenth of a second."""
_MERGED_PAGES = 2_000
"""Pages that FTS5 writes in a step when it merges the index into one piece."""
_USUAL_SETTINGS: Final[dict[str, int | str]] = {
    "hashsize": 1 << 20,
    "automerge": 4,
    "crisismerge": 16,
}
"""FTS5's own; the settings stay in the file."""
MOST_SEGMENTS = 1_000
"""FTS5 has room for twice as many; then they are merged before it goes on."""
_FREED_ROWS: Final = 5_000
"""Records of the old index, some 20 MB, that are removed in a step."""
_LAST_OWN_RECORD: Final = 10
"""FTS5's records up to this number tell what the index is made of."""
_CATCH_UP_STEPS: Final = 100

StepLock = Callable[[], AbstractContextManager[None]]
"""Makes a context that holds the lock among the writers of an archive."""


def reindex(
    conn: sqlite3.Connection,
    progress: Callable[[int], None] = lambda posts: None,
    *,
    lock: StepLock = nullcontext,
) -> int:
    """Make the whole index again from the rows; returns the number of posts.

    `progress` is told the number of posts of each step, first of those that another process
    had done before it was killed. `lock` is entered for each step: a lock among the writers
    of an archive. Raises StorageError where another `reindex` of the same archive takes over.

    Open the archive anew for small writes: FTS5 keeps the large hash table of a bulk load,
    and clears all of it at each later one.
    """
    rebuild = _Rebuild(conn, lock)
    rebuild.begin()
    try:
        rebuild.fill(POSTS, progress)
        rebuild.fill(QUOTES, lambda rows: None)
        for index in INDEXES:
            rebuild.merge(index)
            rebuild.catch_up(index)
        rebuild.take_place()
    except BaseException:
        rebuild.give_up()
        raise
    for index in INDEXES:
        rebuild.discard(index)
    rebuild.finish()
    return rows_in(conn, POSTS)


class _Rebuild:
    """The making of an index. Each step is a transaction of its own."""

    def __init__(self, conn: sqlite3.Connection, lock: StepLock) -> None:
        self._conn = conn
        self._lock = lock
        self._owner = token_hex(8)

    def begin(self) -> None:
        """Make empty tables, and the triggers that note what changes, or go on with those
        that are there."""
        with self._lock(), transaction(self._conn):
            take_over(self._conn, self._owner)

    def fill(self, index: Index, progress: Callable[[int], None]) -> None:
        """Index all rows that are not in the new index."""
        last = last_row(self._conn, index)
        if last != BEFORE_ALL:
            progress(rows_in(self._conn, new_of(index)))
        for step in itertools.count(1):
            if last == AFTER_ALL:
                return
            with self._step():
                rows, last = self._add_some(index, last)
            if rows:
                progress(rows)
            if step % MOST_SEGMENTS == 0:
                self.merge(index, is_all=False)
            time.sleep(PAUSE_S)

    def _add_some(self, index: Index, last: int) -> tuple[int, int]:
        """Index the next rows behind the number `last`; returns how many, and up to which
        number all are in the index."""
        new = new_of(index)
        until = AFTER_ALL
        rows = self._conn.execute(index.some_rows, (last, STEP_ROWS))
        changes: list[Change] = []
        for row, *values in rows:
            tokens = index.tokens(*values)
            changes.append((row, None, tokens))
        new.write(self._conn, changes)
        if len(changes) == STEP_ROWS:
            until, _, _ = changes[-1]
        # what was noted of these rows is in what was just read
        forget = f"DELETE FROM {new.dirty_table} WHERE id > ? AND id <= ?"
        self._conn.execute(forget, (last, until))
        note_last_row(self._conn, index, until)
        return len(changes), until

    def merge(self, index: Index, *, is_all: bool = True) -> None:
        """Put what was written step by step into one piece; or only the small pieces into
        larger ones, for to write the large ones again and again takes ever longer."""
        new = new_of(index)
        # a negative number begins to merge all there is
        pages = -_MERGED_PAGES if is_all else _MERGED_PAGES
        while True:
            before = self._conn.total_changes
            with self._step():
                new.set(self._conn, "merge", pages)
            if self._conn.total_changes - before < 2:
                return  # as FTS5's documentation says: there was nothing left to do
            pages = _MERGED_PAGES
            time.sleep(PAUSE_S)

    def catch_up(self, index: Index) -> None:
        """Follow what was changed meanwhile, until little is left for the last step; not
        for ever, where others write as fast."""
        new = new_of(index)
        for _ in range(_CATCH_UP_STEPS):
            with self._step():
                followed = self._follow(new)
            if followed < STEP_ROWS:
                return
            time.sleep(PAUSE_S)

    def take_place(self) -> None:
        """Put the new index in the place of the old one."""
        # else SQLite would refuse the new name while the view `search` asks for the table
        self._conn.execute("PRAGMA legacy_alter_table = ON")
        try:
            with self._step():
                for index in INDEXES:
                    self._replace(index)
                sql = "DELETE FROM posts_fts_state WHERE name = 'segmentation'"
                self._conn.execute(sql)
                record_version(self._conn)
        finally:
            self._conn.execute("PRAGMA legacy_alter_table = OFF")

    def discard(self, index: Index) -> None:
        """Remove the old index: to free all its pages at once takes seconds."""
        name = index.name + OLD
        some = f"SELECT id FROM {name}_data WHERE id > {_LAST_OWN_RECORD} LIMIT {_FREED_ROWS}"
        while True:
            with self._step():
                sql = f"DELETE FROM {name}_data WHERE id IN ({some})"
                freed = self._conn.execute(sql).rowcount
            if freed < _FREED_ROWS:
                break
            time.sleep(PAUSE_S)
        with self._step():
            self._conn.execute(f"DROP TABLE {name}")

    def finish(self) -> None:
        """Say that the index is whole."""
        with self._step():
            drop(self._conn)

    def give_up(self) -> None:
        """Remove what was made, if that can be done now; else the next `reindex` does."""
        with suppress(sqlite3.Error), transaction(self._conn):
            if self._is_owner():
                drop(self._conn)

    @contextmanager
    def _step(self) -> Iterator[None]:
        """A transaction under the lock."""
        with self._lock(), transaction(self._conn):
            if not self._is_owner():
                raise StorageError("another reindex of this archive has taken over")
            yield

    def _is_owner(self) -> bool:
        """Whether no other `reindex` has begun since."""
        return owner(self._conn) == self._owner

    def _follow(self, new: Index) -> int:
        """Follow some of the changes that were noted; returns how many."""
        changes = new.changes(self._conn, BEFORE_ALL, STEP_ROWS)
        if not changes:
            return 0
        new.write(self._conn, changes)
        last, _, _ = changes[-1]
        done = f"DELETE FROM {new.dirty_table} WHERE id <= ?"
        self._conn.execute(done, (last,))
        return len(changes)

    def _replace(self, index: Index) -> None:
        new = new_of(index)
        while self._follow(new):
            pass  # others wait: nothing is noted any more
        settings = _USUAL_SETTINGS | settings_of(self._conn, index)
        for option, value in settings.items():
            new.set(self._conn, option, value)
        drop_notes(self._conn, new)
        old_name = index.name + OLD
        self._conn.execute(f"ALTER TABLE {index.name} RENAME TO {old_name}")
        self._conn.execute(f"ALTER TABLE {new.name} RENAME TO {index.name}")
        self._conn.execute(f"DELETE FROM {index.dirty_table}")
