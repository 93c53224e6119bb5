"""The archive file: opens it, brings its tables up to date, and tells what each table and
column means."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from scraper.core.errors import StorageError

APPLICATION_ID: Final = (
    0x44534341  # "DSCA" in the file's header, so that `file` and we know it
)
BUSY_TIMEOUT_MS: Final = 30_000
_FOLDER = Path(__file__).parent / "migrations"
_SETTINGS = (
    "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;"
    # every statement that fires a trigger keeps a journal of its own: a file else
    "PRAGMA temp_store = MEMORY;"
    # 32 MB: the pages that every commit touches are copied an eighth as often
    "PRAGMA wal_autocheckpoint = 8000;"
)
_CREATE = re.compile(
    r"((?:^--[^\n]*\n)*)^CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (?:IF NOT EXISTS )?(\w+)(.*?);(?=\n|\Z)",
    re.M | re.S,
)
_LEDGER: Final = """-- Changes of these tables that this file has been through.
CREATE TABLE IF NOT EXISTS migrations (
  name TEXT PRIMARY KEY -- Name of the change
) STRICT, WITHOUT ROWID;
"""
_ADDED = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN (\w+).*?;[ \t]*--[ \t]*(.+)$", re.M)
_COLUMN = re.compile(
    r"^\s+.*?(\w+)(?: (?:INTEGER|TEXT|REAL|BLOB|ANY)\b.*?)?,?[ \t]+--[ \t]*(.+)$"
)


def open_archive(path: str | Path, *, create: bool = True) -> Database:
    """Open an archive for reading and writing, its tables brought up to date.

    The connection is in autocommit mode: write within `transaction(conn)`. Raises
    StorageError where the file is missing (and `create` is false), not ours, written by a
    newer version, or cannot be written.
    """
    path = Path(path)
    if not create and not path.exists():
        raise StorageError(
            f"{path}: no such archive; `discuz-archive ingest {path.name} FILE...` makes one"
        )
    if not path.parent.is_dir():
        raise StorageError(
            f"{path}: there is no folder {path.parent}; make it first, or name another"
        )
    try:
        conn = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000
        )
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be opened: {error}") from error
    try:
        _prepare(conn, path)
    except sqlite3.Error as error:
        conn.close()
        raise StorageError(_why(path, error)) from error
    except BaseException:
        conn.close()
        raise
    return Database(conn)


def open_to_read(path: str | Path) -> sqlite3.Connection:
    """Open an archive for reading alone, on a medium that cannot be written, too. Raises
    sqlite3.Error."""
    path = Path(path).resolve()
    conn = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        conn.execute("PRAGMA application_id")
    except sqlite3.OperationalError:
        conn.close()
        if os.access(path.parent, os.W_OK):
            raise
        conn = sqlite3.connect(
            f"{path.as_uri()}?immutable=1", uri=True
        )  # no journal can be there, nor be made
    return conn


def check_unwritable(path: str | Path) -> None:
    """Whether an archive where nothing can be written can be read as it is. Raises
    StorageError where it cannot."""
    try:
        with closing(open_to_read(path)) as conn:
            if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise StorageError(
                    f"{path}: is an SQLite file of something else; name another file for the archive"
                )
            if _todo(conn, Path(path)):
                raise StorageError(
                    f"{path}: was made by an older discuz-archive; copy it to where it can be written"
                )
    except sqlite3.Error as error:
        raise StorageError(_why(Path(path), error)) from error


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: a transaction that takes the write lock at once, or a savepoint
    within one that is open."""
    nested = conn.in_transaction
    conn.execute("SAVEPOINT inner_step" if nested else "BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if conn.in_transaction:  # a full disk may have ended it already
            conn.execute("ROLLBACK TO inner_step" if nested else "ROLLBACK")
            if nested:
                conn.execute("RELEASE inner_step")
        raise
    conn.execute("RELEASE inner_step" if nested else "COMMIT")


@cache
def descriptions() -> dict[str, tuple[str, dict[str, str]]]:
    """What tables and views mean: name → (text, {column: text}), read from the comments in
    the migrations."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for sql in (_LEDGER, *(file.read_text(encoding="utf-8") for file in _migrations())):
        for comment, name, body in _CREATE.findall(sql):
            text = " ".join(
                line.removeprefix("--").strip() for line in comment.splitlines()
            )
            matches = (_COLUMN.match(line) for line in body.splitlines())
            found[name] = text, {match[1]: match[2] for match in matches if match}
        for name, column, text in _ADDED.findall(sql):
            found[name][1][column] = text
    return found


def _prepare(conn: sqlite3.Connection, path: Path) -> None:
    ours = conn.execute("PRAGMA application_id").fetchone()[0]
    tables = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if ours != APPLICATION_ID and (ours or tables):
        raise StorageError(
            f"{path}: is an SQLite file of something else; name another file for the archive"
        )
    if not ours:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.executescript(_SETTINGS)
    _migrate(conn, path)


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    for file in _todo(conn, path):
        with transaction(conn):
            conn.execute(_LEDGER)
            if file in _todo(
                conn, path
            ):  # another process may have done it while we waited for the lock
                for statement in _statements(file.read_text(encoding="utf-8")):
                    conn.execute(statement)
                conn.execute("INSERT INTO migrations(name) VALUES (?)", (file.stem,))


def _todo(conn: sqlite3.Connection, path: Path) -> list[Path]:
    known = conn.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'migrations'"
    ).fetchone()
    done = (
        {row[0] for row in conn.execute("SELECT name FROM migrations")}
        if known
        else set()
    )
    files = _migrations()
    if newer := done - {file.stem for file in files}:
        names = ", ".join(sorted(newer))
        raise StorageError(
            f"{path}: was written by a newer discuz-archive ({names}); upgrade this one"
        )
    return [file for file in files if file.stem not in done]


def _migrations() -> list[Path]:
    return sorted(_FOLDER.glob("[0-9][0-9][0-9]_*.sql"))


def _statements(sql: str) -> Iterator[str]:
    """The statements of a script one by one: executescript would commit the transaction
    they belong to."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if ";" in line and sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _why(path: Path, error: sqlite3.Error) -> str:
    words = str(error)
    if "not a database" in words:
        return f"{path}: is not an archive, nor an SQLite file at all; name another file for the archive"
    if "readonly" in words or "unable to open" in words:
        return f"{path}: cannot be written here ({words}); check its folder and permissions"
    return f"{path}: cannot be used as an archive: {words}"
