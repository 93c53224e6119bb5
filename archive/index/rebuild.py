"""Makes the whole search index again, in steps that let others read and write meanwhile.

The new index grows beside the old one, as `posts_fts_new`, a batch of rows in each
transaction. Triggers of its own note what changes of the rows that it holds already. When
all rows are in it, what was noted is caught up with, and in one short transaction it takes
the place of the old one. Until then everybody reads and writes the old one, so that a
process that is killed leaves nothing worse than tables that the next `reindex` removes.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from secrets import token_hex
from typing import Final

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
_BULK_SETTINGS: Final[dict[str, int | str]] = {
    # twice as quick as with FTS5's own; more gains nothing, and a crawl runs in little memory
    "hashsize": 32 << 20,
    # what is written step by step is merged at the end: else every sixteenth step takes long
    "automerge": 0,
    "crisismerge": 1_999,
}
MOST_SEGMENTS = 1_000
"""FTS5 has room for twice as many; then they are merged before it goes on."""
_FREED_ROWS: Final = 5_000
"""Records of the old index, some 20 MB, that are removed in a step."""
_LAST_OWN_RECORD: Final = 10
"""FTS5's records up to this number tell what the index is made of."""
_CATCH_UP_STEPS: Final = 100
_NEW: Final = "_new"
_OLD: Final = "_old"
_OWNER: Final = "SELECT value FROM posts_fts_state WHERE name = 'rebuild'"
_TABLE_NAME: Final = re.compile(r'(?<=TABLE )("?)(\w+)\1', re.IGNORECASE)

StepLock = Callable[[], AbstractContextManager[None]]
"""Makes a context that holds the lock among the writers of an archive."""


def reindex(
    conn: sqlite3.Connection,
    progress: Callable[[int], None] = lambda posts: None,
    *,
    lock: StepLock = nullcontext,
) -> int:
    """Make the whole index again from the rows; returns the number of posts.

    `progress` is told the number of posts of each step. `lock` is entered for each step: a
    lock among the writers of an archive. Raises StorageError where another `reindex` of the
    same archive takes over.

    Open the archive anew for small writes: FTS5 keeps the large hash table of a bulk load,
    and clears all of it at each later one.
    """
    rebuild = _Rebuild(conn, lock)
    rebuild.begin()
    try:
        posts = rebuild.fill(POSTS, progress)
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
    return posts


def is_half_made(conn: sqlite3.Connection) -> bool:
    """Whether an index is being made, or was when its process ended."""
    return conn.execute(_OWNER).fetchone() is not None


class _Rebuild:
    """The making of an index. Each step is a transaction of its own."""

    def __init__(self, conn: sqlite3.Connection, lock: StepLock) -> None:
        self._conn = conn
        self._lock = lock
        self._owner = token_hex(8)

    def begin(self) -> None:
        """Make empty tables, and the triggers that note what changes."""
        with self._lock(), transaction(self._conn):
            self._drop_leftovers()
            for index in INDEXES:
                _create(self._conn, index)
            sql = "INSERT OR REPLACE INTO posts_fts_state VALUES ('rebuild', ?)"
            self._conn.execute(sql, (self._owner,))

    def fill(self, index: Index, progress: Callable[[int], None]) -> int:
        """Index all rows; returns how many there are."""
        count = 0
        last = BEFORE_ALL
        for step in itertools.count(1):
            with self._step():
                rows, last = self._add_some(index, last)
            count += rows
            if rows:
                progress(rows)
            if last == AFTER_ALL:
                break
            if step % MOST_SEGMENTS == 0:
                self.merge(index)
            time.sleep(PAUSE_S)
        return count

    def _add_some(self, index: Index, last: int) -> tuple[int, int]:
        """Index the next rows behind the number `last`; returns how many, and up to which
        number all are in the index."""
        new = _new(index)
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
        return len(changes), until

    def merge(self, index: Index) -> None:
        """Put what was written step by step into one piece."""
        new = _new(index)
        pages = -_MERGED_PAGES  # a negative number begins to merge all there is
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
        new = _new(index)
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
        name = index.name + _OLD
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
            self._drop_leftovers()

    def give_up(self) -> None:
        """Remove what was made, if that can be done now; else the next `reindex` does."""
        with suppress(sqlite3.Error), transaction(self._conn):
            if self._is_owner():
                self._drop_leftovers()

    @contextmanager
    def _step(self) -> Iterator[None]:
        """A transaction under the lock."""
        with self._lock(), transaction(self._conn):
            if not self._is_owner():
                raise StorageError("another reindex of this archive has taken over")
            yield

    def _is_owner(self) -> bool:
        """Whether no other `reindex` has begun since."""
        row = self._conn.execute(_OWNER).fetchone()
        return row is not None and bool(row[0] == self._owner)

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
        new = _new(index)
        while self._follow(new):
            pass  # others wait: nothing is noted any more
        settings = _USUAL_SETTINGS | _settings(self._conn, index)
        for option, value in settings.items():
            new.set(self._conn, option, value)
        _drop_notes(self._conn, new)
        old_name = index.name + _OLD
        self._conn.execute(f"ALTER TABLE {index.name} RENAME TO {old_name}")
        self._conn.execute(f"ALTER TABLE {new.name} RENAME TO {index.name}")
        self._conn.execute(f"DELETE FROM {index.dirty_table}")

    def _drop_leftovers(self) -> None:
        self._conn.execute("DELETE FROM posts_fts_state WHERE name = 'rebuild'")
        for index in INDEXES:
            new = _new(index)
            _drop_notes(self._conn, new)
            self._conn.execute(f"DROP TABLE IF EXISTS {new.name}")
            self._conn.execute(f"DROP TABLE IF EXISTS {index.name}{_OLD}")


def _new(index: Index) -> Index:
    return index.renamed(index.name + _NEW)


def _create(conn: sqlite3.Connection, index: Index) -> None:
    """Make the tables and triggers of the new index after those of the old one."""
    new = _new(index)
    for name in (index.name, index.dirty_table):
        sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
        (table,) = conn.execute(sql, (name,)).fetchone()
        new_name = name.replace(index.name, new.name)
        conn.execute(_TABLE_NAME.sub(new_name, table, count=1))
    for trigger in _triggers(conn, index):
        conn.execute(trigger.replace(f"{index.name}_", f"{new.name}_"))

    settings = _settings(conn, index) | _BULK_SETTINGS
    for option, value in settings.items():
        new.set(conn, option, value)


def _settings(conn: sqlite3.Connection, index: Index) -> dict[str, int | str]:
    """The options of FTS5's that were set for an index, its format's version left out."""
    sql = f"SELECT k, v FROM {index.name}_config WHERE k NOT IN ('version', 'hashsize')"
    return dict(conn.execute(sql))


def _drop_notes(conn: sqlite3.Connection, new: Index) -> None:
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in conn.execute(sql).fetchall():
        if name.startswith(f"{new.name}_"):
            conn.execute(f"DROP TRIGGER {name}")
    conn.execute(f"DROP TABLE IF EXISTS {new.dirty_table}")


def _triggers(conn: sqlite3.Connection, index: Index) -> list[str]:
    """The triggers that note what changes of an index."""
    sql = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE ?"
    rows = conn.execute(sql, (f"{index.name}%",))
    return [row[0] for row in rows]
