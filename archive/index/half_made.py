"""The tables of an index that is being made beside the one in use, and how far it has come:
a process that is killed leaves them, and the next one goes on from there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from archive.index import segment
from archive.index.writer import BEFORE_ALL, INDEXES, Index

BULK_SETTINGS: Final[dict[str, int | str]] = {
    # twice as quick as with FTS5's own; more gains nothing, and a crawl runs in little memory
    "hashsize": 32 << 20,
    # what is written step by step is merged at the end: else every sixteenth step takes long
    "automerge": 0,
    "crisismerge": 1_999,
}
OLD: Final = "_old"
_NEW: Final = "_new"
_OWNER: Final = "rebuild"
_RULES: Final = "rebuild_segmentation"
_OURS: Final = "name = 'rebuild' OR name LIKE 'rebuild\\_%' ESCAPE '\\'"
_TABLE_NAME: Final = re.compile(r'(?<=TABLE )("?)(\w+)\1', re.IGNORECASE)


def is_half_made(conn: sqlite3.Connection) -> bool:
    """Whether an index is being made, or was when its process ended."""
    return owner(conn) is not None


def owner(conn: sqlite3.Connection) -> str | None:
    """The mark of the process that makes the index."""
    return _noted(conn, _OWNER)


def take_over(conn: sqlite3.Connection, mark: str) -> None:
    """Make the process with this mark the one that makes the index: from where another was,
    where it left tables as they would be made today, else from the beginning."""
    if not _can_go_on(conn):
        drop(conn)
        for index in INDEXES:
            _create(conn, index)
        _note(conn, _RULES, str(segment.VERSION))
    _note(conn, _OWNER, mark)


def last_row(conn: sqlite3.Connection, index: Index) -> int:
    """Up to this number all rows are in the new index."""
    number = _noted(conn, _last_name(index))
    return BEFORE_ALL if number is None else int(number)


def note_last_row(conn: sqlite3.Connection, index: Index, last: int) -> None:
    """Part of the transaction that writes these rows."""
    _note(conn, _last_name(index), str(last))


def rows_in(conn: sqlite3.Connection, index: Index) -> int:
    """How many rows an index has."""
    row = conn.execute(f"SELECT count(*) FROM {index.name}_docsize").fetchone()
    return int(row[0])


def new_of(index: Index) -> Index:
    """The index that is made in the place of one."""
    return index.renamed(index.name + _NEW)


def settings_of(conn: sqlite3.Connection, index: Index) -> dict[str, int | str]:
    """The options of FTS5's that were set for an index, its format's version left out."""
    sql = f"SELECT k, v FROM {index.name}_config WHERE k NOT IN ('version', 'hashsize')"
    return dict(conn.execute(sql))


def statement_of(conn: sqlite3.Connection, index: Index) -> str:
    """What made the table of an index."""
    return _statement(conn, "table", index.name)


def drop_notes(conn: sqlite3.Connection, new: Index) -> None:
    """Remove what notes the changes of rows that a new index holds."""
    for name in _names(conn, "trigger"):
        if name.startswith(f"{new.name}_"):
            conn.execute(f"DROP TRIGGER {name}")
    conn.execute(f"DROP TABLE IF EXISTS {new.dirty_table}")


def drop(conn: sqlite3.Connection) -> None:
    """Remove all that is there of a new index, or left of an old one."""
    conn.execute(f"DELETE FROM posts_fts_state WHERE {_OURS}")
    for index in INDEXES:
        new = new_of(index)
        drop_notes(conn, new)
        conn.execute(f"DROP TABLE IF EXISTS {new.name}")
        conn.execute(f"DROP TABLE IF EXISTS {index.name}{OLD}")


def _can_go_on(conn: sqlite3.Connection) -> bool:
    if _noted(conn, _RULES) != str(segment.VERSION):
        return False
    there = {row[0] for row in conn.execute("SELECT sql FROM sqlite_master")}
    wanted = [sql for index in INDEXES for sql in _new_statements(conn, index)]
    return there.issuperset(wanted)


def _create(conn: sqlite3.Connection, index: Index) -> None:
    new = new_of(index)
    for statement in _new_statements(conn, index):
        conn.execute(statement)
    settings = settings_of(conn, index) | BULK_SETTINGS
    for option, value in settings.items():
        new.set(conn, option, value)


def _new_statements(conn: sqlite3.Connection, index: Index) -> Iterator[str]:
    """What makes the tables and triggers of the new index, after those of the old one."""
    new = new_of(index)
    for name in (index.name, index.dirty_table):
        table = _statement(conn, "table", name)
        new_name = name.replace(index.name, new.name)
        yield _TABLE_NAME.sub(new_name, table, count=1)
    for name in _names(conn, "trigger"):
        if not name.startswith(f"{index.name}_") or name.startswith(f"{new.name}_"):
            continue
        trigger = _statement(conn, "trigger", name)
        yield trigger.replace(f"{index.name}_", f"{new.name}_")


def _names(conn: sqlite3.Connection, kind: str) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = ? ORDER BY name"
    return [row[0] for row in conn.execute(sql, (kind,))]


def _statement(conn: sqlite3.Connection, kind: str, name: str) -> str:
    """What made a table or trigger."""
    sql = "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?"
    row = conn.execute(sql, (kind, name)).fetchone()
    return str(row[0])


def _last_name(index: Index) -> str:
    return f"rebuild_{index.name}"


def _noted(conn: sqlite3.Connection, name: str) -> str | None:
    sql = "SELECT value FROM posts_fts_state WHERE name = ?"
    row = conn.execute(sql, (name,)).fetchone()
    return None if row is None else str(row[0])


def _note(conn: sqlite3.Connection, name: str, value: str) -> None:
    sql = "INSERT OR REPLACE INTO posts_fts_state VALUES (?, ?)"
    conn.execute(sql, (name, value))
