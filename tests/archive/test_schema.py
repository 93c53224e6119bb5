"""The archive file: opened, refused, migrated, and described down to the last column."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import schema
from archive.schema import descriptions, open_archive, transaction
from scraper.core.errors import StorageError


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_archive(tmp_path / "forum.db")


def test_every_table_and_column_says_what_it_means(db: Database) -> None:
    known = descriptions()
    virtual = tuple(
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        )
    )
    for name in db.table_names() + db.view_names():
        if any(name.startswith(f"{table}_") for table in virtual) and name not in known:
            continue  # a table that SQLite makes for a virtual one
        assert known[name][0], f"{name} has no comment"
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({name})")}
        assert name in virtual or columns == set(known[name][1]), name


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db").close()
    before = (tmp_path / "a.db").read_bytes()
    open_archive(tmp_path / "a.db").close()
    assert (tmp_path / "a.db").read_bytes() == before


def test_settings(db: Database) -> None:
    settings = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in (
            "journal_mode",
            "foreign_keys",
            "synchronous",
            "busy_timeout",
            "application_id",
        )
    }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": schema.BUSY_TIMEOUT_MS,
        "application_id": schema.APPLICATION_ID,
    }


def test_pages_are_large_in_a_new_archive_and_stay_as_they_are_in_an_old_one(
    tmp_path: Path,
) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    open_archive(new).close()
    copy = sqlite3.connect(new)
    copy.execute("PRAGMA page_size = 4096")
    copy.execute("VACUUM INTO ?", (str(old),))
    copy.close()
    for path, page_bytes in ((new, schema.PAGE_BYTES), (old, 4096)):
        conn = open_archive(path).conn
        pages = conn.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
        assert conn.execute("PRAGMA page_size").fetchone()[0] == page_bytes
        assert pages * page_bytes == 32 << 20
        conn.close()


def test_an_archive_that_was_begun_with_larger_pages_has_them(tmp_path: Path) -> None:
    path = tmp_path / "begun.db"
    empty = sqlite3.connect(path, isolation_level=None)
    empty.execute("PRAGMA page_size = 65536")
    empty.execute("VACUUM")
    empty.close()
    conn = open_archive(path).conn
    assert conn.execute("PRAGMA page_size").fetchone()[0] == 65536
    assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    conn.close()


def test_a_reader_keeps_what_a_search_reads(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db").close()
    conn = schema.open_to_read(tmp_path / "a.db")
    kept_kb = -conn.execute("PRAGMA cache_size").fetchone()[0]
    conn.close()
    assert kept_kb == schema.READING_CACHE_KB


def test_refuses_a_file_of_something_else(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    with pytest.raises(StorageError, match="something else"):
        open_archive(tmp_path / "other.db")


def test_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>" * 1000)
    with pytest.raises(StorageError, match="not an archive"):
        open_archive(tmp_path / "page.html")


def test_refuses_a_newer_archive(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "a.db")
    db.execute("INSERT INTO migrations VALUES ('999_future')")
    db.close()
    with pytest.raises(StorageError, match=r"newer discuz-archive.*999_future"):
        open_archive(tmp_path / "a.db")


def test_missing_file_and_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such archive"):
        open_archive(tmp_path / "a.db", create=False)
    with pytest.raises(StorageError, match="no folder"):
        open_archive(tmp_path / "nowhere" / "a.db")


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    good = "-- One.\nCREATE TABLE one (a TEXT); -- x; y\nALTER TABLE one ADD COLUMN b; -- B"
    (folder / "001_good.sql").write_text(good)
    (folder / "002_bad.sql").write_text(
        "CREATE TABLE two (a);\nINSERT INTO nowhere VALUES (1);"
    )
    monkeypatch.setattr(schema, "_FOLDER", folder)
    with pytest.raises(StorageError, match="nowhere"):
        open_archive(tmp_path / "a.db")
    tables = {
        row[0]
        for row in sqlite3.connect(tmp_path / "a.db").execute(
            "SELECT name FROM sqlite_master"
        )
    }
    assert {"migrations", "one"} <= tables
    assert "two" not in tables


def test_inner_transaction_is_undone_alone(db: Database) -> None:
    def fail(statement: str) -> None:
        with transaction(db.conn):
            db.conn.execute(statement)
            raise ZeroDivisionError

    with transaction(db.conn):
        db.conn.execute("INSERT INTO runs(command, started_at) VALUES ('outer', '')")
        with pytest.raises(ZeroDivisionError):
            fail("INSERT INTO runs(command, started_at) VALUES ('inner', '')")
    assert [row[0] for row in db.execute("SELECT command FROM runs")] == ["outer"]
    with pytest.raises(ZeroDivisionError):
        fail("DELETE FROM runs")
    assert db.table("runs").count == 1


def test_a_transaction_waits_for_another_program_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = open_archive(tmp_path / "a.db").conn
    second = open_archive(tmp_path / "a.db").conn
    first.execute("BEGIN IMMEDIATE")

    class Listener(logging.Handler):
        """Lets the other program end once the waiting is said."""

        def emit(self, record: logging.LogRecord) -> None:
            if first.in_transaction:
                first.execute("COMMIT")

    listener = Listener()
    logger = logging.getLogger("archive.schema")
    logger.addHandler(listener)
    try:
        schema._begin(second, notice_ms=1)
    finally:
        logger.removeHandler(listener)
    assert second.in_transaction
    assert "waiting for another program" in caplog.text
    second.execute("ROLLBACK")
    timeout_ms = second.execute("PRAGMA busy_timeout").fetchone()[0]
    assert timeout_ms == schema.BUSY_TIMEOUT_MS
    first.close()
    second.close()


def test_a_transaction_that_can_never_begin_is_not_waited_for(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db").close()
    conn = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    conn.execute("PRAGMA query_only = 1")
    with pytest.raises(sqlite3.OperationalError, match="readonly"), transaction(conn):
        pass
    conn.close()
