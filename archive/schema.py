"""The archive file: opens it, brings its tables up to date, and tells what each table and
column means."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from scraper.core.errors import StorageError

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x44534341
"""`DSCA` in the file's header, so that `file` and we know it."""
BUSY_TIMEOUT_MS: Final = 30_000
"""How long statements outside of `transaction` wait for another writer."""
PAGE_BYTES: Final = 16_384
"""A page of a new archive. A search in a large one reads pages that lie apart, and waits for
each; rows of posts fill pages of SQLite's usual size, and go on in others."""
READING_CACHE_KB: Final = 32_768
"""So much is kept of what was read: with SQLite's own 2 MB a search reads pages twice."""
_WAL_BYTES: Final = 32 << 20
"""So much is written before it is copied to its place: the pages that every commit touches
are copied an eighth as often as by SQLite's own measure."""
_NOTICE_MS: Final = 5_000
_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "migrations"
_SETTINGS = (
    "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;"
    # every statement that fires a trigger keeps a journal of its own: a file else
    "PRAGMA temp_store = MEMORY;"
)
_CREATE = re.compile(
    r"((?:^--[^\n]*\n)*)"  # the comment above
    r"^CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (?:IF NOT EXISTS )?(\w+)(.*?);(?=\n|\Z)",
    re.M | re.S,
)
_NOT_OURS: Final = (
    "is an SQLite file of something else; name another file for the archive"
)
_OUR_TABLES: Final = """SELECT count(*) FROM sqlite_master
  WHERE type = 'table' AND name IN ('migrations', 'captures')"""
_FIRST_CHANGE: Final = "SELECT 1 FROM migrations WHERE name = '001_archive'"
_LEDGER: Final = """-- Changes of these tables that this file has been through.
CREATE TABLE IF NOT EXISTS migrations (
  name TEXT PRIMARY KEY -- Name of the change
) STRICT, WITHOUT ROWID;
"""
_ADDED = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN (\w+).*?;[ \t]*--[ \t]*(.+)$", re.M)
_COLUMN = re.compile(
    r"^\s+.*?(\w+)(?: (?:INTEGER|TEXT|REAL|BLOB|ANY)\b.*?)?,?[ \t]+--[ \t]*(.+)$"
)

Archive: TypeAlias = "sqlite3.Connection | Database"
"""An open archive: what `open_archive` returns, or its bare connection."""


def open_archive(path: str | Path, *, create: bool = True) -> Database:
    """As `connect`, as a database of sqlite-utils."""
    # takes longer to import than all of our own modules that store: not before it is needed
    from sqlite_utils import Database

    return Database(connect(path, create=create))


def connect(path: str | Path, *, create: bool = True) -> sqlite3.Connection:
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
        timeout_s = BUSY_TIMEOUT_MS / 1000
        conn = sqlite3.connect(path, isolation_level=None, timeout=timeout_s)
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
    return conn


def connection_of(archive: Archive) -> sqlite3.Connection:
    """The SQLite connection of an open archive."""
    if isinstance(archive, sqlite3.Connection):
        return archive
    return archive.conn


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
        # no journal can be there, nor be made
        conn = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
    conn.execute(f"PRAGMA cache_size = -{READING_CACHE_KB}")
    return conn


def is_archive(conn: sqlite3.Connection) -> bool:
    """Whether a file is an archive of ours: by the number in its header, or, where a copy
    made from a dump has none, by its tables."""
    (number,) = conn.execute("PRAGMA application_id").fetchone()
    if number:
        return bool(number == APPLICATION_ID)
    (tables,) = conn.execute(_OUR_TABLES).fetchone()
    if tables < 2:
        return False
    return conn.execute(_FIRST_CHANGE).fetchone() is not None


def check_unwritable(path: str | Path) -> None:
    """Whether an archive where nothing can be written can be read as it is. Raises
    StorageError where it cannot."""
    try:
        with closing(open_to_read(path)) as conn:
            if not is_archive(conn):
                raise StorageError(f"{path}: {_NOT_OURS}")
            if _todo(conn, Path(path)):
                raise StorageError(
                    f"{path}: was made by an older discuz-archive; "
                    "copy it to where it can be written"
                )
    except sqlite3.Error as error:
        raise StorageError(_why(Path(path), error)) from error


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: a transaction that takes the write lock at once, or a savepoint
    within one that is open.

    Where another program is writing it waits for as long as that takes, and says so.
    """
    nested = conn.in_transaction
    if nested:
        conn.execute("SAVEPOINT inner_step")
    else:
        _begin(conn)
    try:
        yield
    except BaseException:
        if conn.in_transaction:  # a full disk may have ended it already
            conn.execute("ROLLBACK TO inner_step" if nested else "ROLLBACK")
            if nested:
                conn.execute("RELEASE inner_step")
        raise
    conn.execute("RELEASE inner_step" if nested else "COMMIT")


def _begin(conn: sqlite3.Connection, notice_ms: int = _NOTICE_MS) -> None:
    """Take SQLite's write lock; every few seconds of waiting are said on the error stream."""
    waited_ms = 0
    conn.execute(f"PRAGMA busy_timeout = {notice_ms}")
    try:
        while not _took_lock(conn):
            waited_ms += notice_ms
            _log.warning(
                "waiting for another program that is writing to the archive (%.0f s so far)",
                waited_ms / 1000,
            )
    finally:
        conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _took_lock(conn: sqlite3.Connection) -> bool:
    try:
        conn.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@cache
def descriptions() -> dict[str, tuple[str, dict[str, str]]]:
    """What tables and views mean: name → (text, {column: text}), read from the comments in
    the migrations."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    scripts = [file.read_text(encoding="utf-8") for file in _migrations()]
    for sql in (_LEDGER, *scripts):
        for comment, name, body in _CREATE.findall(sql):
            found[name] = (_comment_text(comment), _column_texts(body))
        for name, column, text in _ADDED.findall(sql):
            found[name][1][column] = text
    return found


def _comment_text(comment: str) -> str:
    lines = [line.removeprefix("--").strip() for line in comment.splitlines()]
    return " ".join(lines)


def _column_texts(body: str) -> dict[str, str]:
    """Column → comment of a table's or view's columns, one a line."""
    texts = {}
    for line in body.splitlines():
        if match := _COLUMN.match(line):
            column, text = match.groups()
            texts[column] = text
    return texts


def _prepare(conn: sqlite3.Connection, path: Path) -> None:
    number = conn.execute("PRAGMA application_id").fetchone()[0]
    tables = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    is_new = not number and not tables
    if not is_new and not is_archive(conn):
        raise StorageError(f"{path}: {_NOT_OURS}")
    if number != APPLICATION_ID:
        conn.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    # a file whose `compact` was cut short has lost it; one that is read just then keeps that
    with suppress(sqlite3.OperationalError):
        conn.execute("PRAGMA journal_mode = WAL")
    conn.executescript(_SETTINGS)
    page_bytes = conn.execute("PRAGMA page_size").fetchone()[0]
    conn.execute(f"PRAGMA wal_autocheckpoint = {_WAL_BYTES // page_bytes}")
    _migrate(conn, path)
    # as sqlite-utils has it: a row that another takes the place of fires its triggers, too
    conn.execute("PRAGMA recursive_triggers = ON")


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    for file in _todo(conn, path):
        with transaction(conn):
            conn.execute(_LEDGER)
            # another process may have done it while we waited for the lock
            if file in _todo(conn, path):
                _apply(conn, file)


def _apply(conn: sqlite3.Connection, file: Path) -> None:
    for statement in _statements(file.read_text(encoding="utf-8")):
        conn.execute(statement)
    conn.execute("INSERT INTO migrations(name) VALUES (?)", (file.stem,))


def _todo(conn: sqlite3.Connection, path: Path) -> list[Path]:
    """The changes that a file has not been through. StorageError where it has been through
    one that we do not know."""
    done = _done(conn)
    files = _migrations()
    newer = done - {file.stem for file in files}
    if newer:
        names = ", ".join(sorted(newer))
        raise StorageError(
            f"{path}: was written by a newer discuz-archive ({names}); upgrade this one"
        )
    return [file for file in files if file.stem not in done]


def _done(conn: sqlite3.Connection) -> set[str]:
    """Names of the changes that a file has been through."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'migrations'"
    if conn.execute(query).fetchone() is None:
        return set()
    return {row[0] for row in conn.execute("SELECT name FROM migrations")}


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


def lacks_room(error: sqlite3.Error) -> bool:
    """Whether the disk was full."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the file beside a WAL
        return True
    return "is full" in str(error)


def _why(path: Path, error: sqlite3.Error) -> str:
    words = str(error)
    if "not a database" in words:
        return (
            f"{path}: is not an archive, nor an SQLite file at all; "
            "name another file for the archive"
        )
    if "readonly" in words or "unable to open" in words:
        return f"{path}: cannot be written here ({words}); check its folder and permissions"
    if lacks_room(error):
        return (
            f"{path}: {words}; what was saved before is kept; "
            "make room on the disk, then run the same command again"
        )
    return f"{path}: cannot be used as an archive: {words}"
