"""`compact`: nothing is lost, whenever it is cut short, and it says why it cannot be."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from archive_of_posts import Row, make_archive
from click.testing import CliRunner
from small_disk import small_disk

from archive.cli import cli
from archive.index.verify import check
from archive.schema import PAGE_BYTES, connect, open_to_read
from archive.search import limits
from archive.search.api import search
from archive.store.compact import compact
from scraper.core.errors import StorageError

POSTS = 2_000
KILLS = 8
LARGE_BYTES = 65_536


def forum(path: Path, page_bytes: int = 4096) -> Path:
    """An archive as an older version made them: small pages, some of them free."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as begun:
        begun.execute(f"PRAGMA page_size = {page_bytes}")
        begun.execute("VACUUM")
    text = "贵州茅台" * 300
    rows = [Row(text=f"第{number}帖{text}") for number in range(POSTS)]
    with closing(make_archive(path, rows)) as conn:
        conn.execute("CREATE TABLE filler(bytes BLOB)")
        conn.execute("INSERT INTO filler VALUES (zeroblob(4000000))")
        conn.execute("DROP TABLE filler")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return forum(tmp_path / "forum" / "forum.db")


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(path, create=False)) as opened:
        yield opened


def told(conn: sqlite3.Connection, name: str) -> object:
    """A setting of the file."""
    (value,) = conn.execute(f"PRAGMA {name}").fetchone()
    return value


def said_of(path: Path) -> list[str]:
    """All that the file has, as SQL, whatever comes first in it."""
    with closing(sqlite3.connect(path)) as conn:
        return sorted(conn.iterdump())


def check_whole(path: Path) -> None:
    """Nothing is broken, and all is found."""
    with closing(connect(path, create=False)) as conn:
        assert told(conn, "integrity_check") == "ok"
        assert told(conn, "journal_mode") == "wal"
        assert check(conn, full=True).problems == ()
        assert search(conn, "茅台").total == POSTS


def test_the_file_is_smaller_and_has_all(conn: sqlite3.Connection, path: Path) -> None:
    before = said_of(path)
    done = compact(conn, PAGE_BYTES)
    assert done.after_bytes < done.before_bytes - 2_000_000
    assert done.after_bytes == path.stat().st_size
    assert (done.page_bytes, told(conn, "freelist_count")) == (PAGE_BYTES, 0)
    conn.close()
    assert said_of(path) == before
    check_whole(path)


def test_pages_never_become_smaller(tmp_path: Path) -> None:
    path = forum(tmp_path / "large" / "forum.db", LARGE_BYTES)
    with closing(connect(path)) as conn:
        assert compact(conn, PAGE_BYTES).page_bytes == LARGE_BYTES


def test_a_reader_is_not_disturbed_and_that_is_said(
    conn: sqlite3.Connection, path: Path
) -> None:
    conn.execute("PRAGMA busy_timeout = 100")
    with closing(open_to_read(path)) as reader:
        reader.execute("BEGIN")
        assert search(reader, "茅台").total == POSTS
        with pytest.raises(StorageError, match="another program has it open"):
            compact(conn, PAGE_BYTES)
        assert search(reader, "茅台").total == POSTS
        reader.execute("COMMIT")
    assert compact(conn, PAGE_BYTES).page_bytes == PAGE_BYTES


def test_a_disk_without_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 40_000_000) as disk:
        path = forum(disk / "forum.db")
        filler = disk / "filler"
        filler.write_bytes(bytes(40_000_000 - 3 * path.stat().st_size // 2))
        before = said_of(path)
        with (
            closing(connect(path)) as conn,
            pytest.raises(StorageError, match="MB are free"),
        ):
            compact(conn, PAGE_BYTES)
        assert said_of(path) == before
        check_whole(path)


def test_killed_at_any_moment(path: Path) -> None:
    """As soon as SQLite's journal tells that the file itself is being written, or later."""
    before = said_of(path)
    journal = path.with_name(f"{path.name}-journal")
    chance = random.Random(7)
    cut_short = 0
    for _ in range(KILLS):
        words = [sys.executable, "-m", "archive", "compact", str(path)]
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while not journal.exists() and running.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        running.send_signal(signal.SIGKILL)
        cut_short += running.wait() != 0
        assert said_of(path) == before
        check_whole(path)
    assert cut_short


@pytest.mark.parametrize(
    ("huge_posts", "page_bytes"), [(POSTS, PAGE_BYTES), (POSTS - 1, LARGE_BYTES)]
)
def test_the_commands(
    path: Path, monkeypatch: pytest.MonkeyPatch, huge_posts: int, page_bytes: int
) -> None:
    runner = CliRunner()
    is_huge = page_bytes == LARGE_BYTES
    with monkeypatch.context() as patch:
        patch.setattr(limits, "HUGE_POSTS", huge_posts)
        advised = runner.invoke(cli, ["reindex", str(path)], standalone_mode=False)
        assert (f"discuz-archive compact {path}" in advised.stdout) == is_huge
        said = runner.invoke(cli, ["compact", str(path)], standalone_mode=False)
        assert f"in pages of {page_bytes // 1024} KB" in said.stdout
        advised = runner.invoke(cli, ["reindex", str(path)], standalone_mode=False)
        assert "compact" not in advised.stdout
    check_whole(path)
