"""Makes the whole search index again, in steps that let others read and write meanwhile.

The new index grows beside the old one, as `posts_fts_new`: rows are read in one transaction,
made into a part of the index while the archive is open to everybody, and the part is put in
place in another one. Triggers of its own note what changes of the rows that were read. When
all parts are in it, what was noted is caught up with, and in one short transaction it takes
the place of the old one. Until then everybody reads and writes the old one. A process that
is killed leaves tables from which the next `reindex` goes on.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

from archive.index import fts5_records
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
    statement_of,
    take_over,
)
from archive.index.part_makers import Later, PartMaker, part_maker
from archive.index.parts import PartTask, can_take_parts, changes_of, take_part
from archive.index.writer import (
    AFTER_ALL,
    BEFORE_ALL,
    INDEXES,
    POSTS,
    QUOTES,
    Index,
    record_version,
)
from archive.schema import transaction
from scraper.core.errors import StorageError

STEP_ROWS = 10_000
"""Rows of a part. To read them, and to put the part in place, takes a tenth of a second or
so: for so long another writer waits."""
STEP_CHARS = 8_000_000
"""No more rows than come to this are taken at once: a post may be very long."""
PAUSE_S = 0.1
"""Between two steps: whoever waits for SQLite's lock looks every tenth of a second."""
_MERGED_PAGES = 4_000
"""Pages that FTS5 writes in a step, a tenth of a second, when it merges the index into one
piece."""
_USUAL_SETTINGS: Final[dict[str, int | str]] = {
    "hashsize": 1 << 20,
    "automerge": 4,
    "crisismerge": 16,
}
"""FTS5's own; the settings stay in the file."""
MOST_SEGMENTS = fts5_records.MOST_SEGMENTS // 2
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
    jobs: int = 1,
) -> int:
    """Make the whole index again from the rows; returns the number of posts.

    `jobs`: so many processes make its parts, one stands for this one.

    `progress` is told the number of posts of each step, first of those that another process
    had done before it was killed. `lock` is entered for each step: a lock among the writers
    of an archive. Raises StorageError where another `reindex` of the same archive takes over.

    Open the archive anew for small writes: FTS5 keeps the large hash table of a bulk load,
    and clears all of it at each later one.
    """
    rebuild = _Rebuild(conn, lock)
    rebuild.begin()
    try:
        with part_maker(jobs) as maker:
            rebuild.fill(POSTS, maker, progress)
            rebuild.fill(QUOTES, maker, lambda rows: None)
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


@dataclass(frozen=True, slots=True)
class _Step:
    """Rows that were read: all that there are up to the number `until`. Without a `part`
    they are written as any change is."""

    until: int
    task: PartTask
    part: Later | None


class _Rebuild:
    """The making of an index. Each step is a transaction of its own."""

    def __init__(self, conn: sqlite3.Connection, lock: StepLock) -> None:
        self._conn = conn
        self._lock = lock
        self._owner = token_hex(8)
        self._takes_parts = False

    def begin(self) -> None:
        """Make empty tables, and the triggers that note what changes, or go on with those
        that are there."""
        with self._lock(), transaction(self._conn):
            take_over(self._conn, self._owner)
            new = map(new_of, INDEXES)
            self._takes_parts = all(can_take_parts(self._conn, each) for each in new)

    def fill(
        self, index: Index, maker: PartMaker, progress: Callable[[int], None]
    ) -> None:
        """Index all rows that are not in the new index."""
        last = last_row(self._conn, index)
        if last != BEFORE_ALL:
            progress(rows_in(self._conn, new_of(index)))
        statement = statement_of(self._conn, index)
        under_way: deque[_Step] = deque()
        for step in itertools.count(1):
            while last != AFTER_ALL and len(under_way) < maker.ahead:
                rows, last = self._read_some(index, last)
                task = PartTask(index, statement, rows)
                part = maker.submit(task) if self._takes_parts and rows else None
                under_way.append(_Step(last, task, part))
            if not under_way:
                return
            done = self._end_step(index, under_way.popleft())
            if done:
                progress(done)
            if step % MOST_SEGMENTS == 0:
                self.merge(index, is_all=False)
            time.sleep(PAUSE_S)

    def _read_some(self, index: Index, last: int) -> tuple[list[tuple[Any, ...]], int]:
        """The next rows behind the number `last`, and up to which number these are all."""
        rows: list[tuple[Any, ...]] = []
        until = AFTER_ALL
        chars = 0
        with self._step():
            for row in self._conn.execute(index.some_rows, (last, STEP_ROWS)):
                rows.append(row)
                chars += len(row[1])
                if len(rows) == STEP_ROWS or chars >= STEP_CHARS:
                    until = row[0]
                    break
            # what was noted of these rows is in what was just read
            dirty = new_of(index).dirty_table
            forget = f"DELETE FROM {dirty} WHERE id > ? AND id <= ?"
            self._conn.execute(forget, (last, until))
        return rows, until

    def _end_step(self, index: Index, step: _Step) -> int:
        """Put rows that were read in their place; returns how many there are."""
        new = new_of(index)
        rows = step.task.rows
        part = step.part() if step.part else None
        with self._step():
            if part is not None:
                take_part(self._conn, new, part)
            else:
                new.write(self._conn, changes_of(index, rows))
            note_last_row(self._conn, index, step.until)
        return len(rows)

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
