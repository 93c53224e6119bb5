"""An archive of an older version opens, is searched, read again and written on.

`old_archives/before-rooms.tar.xz` was made by the version before the packages had rooms
(seven migrations): a crawl of the tests' own forum, cut short, some of `fixtures/`, and one
of them again with a word changed.
"""

from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.index.rebuild import reindex
from archive.index.verify import check
from archive.intake.ingest import Ingest
from archive.schema import open_archive
from archive.search.api import search
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture

PACKED = Path(__file__).parent / "old_archives" / "before-rooms.tar.xz"
OLD_FILE = "old-00001.warc.gz"
TOLD = (
    "sites",
    "boards",
    "threads",
    "users",
    "posts",
    "post_versions",
    "quotes",
    "attachments",
    "ratings",
    "comments",
    "polls",
    "poll_options",
    "frontier",
)
"""Tables that hold what the forum said."""
READ_SINCE = {"ratings_total", "comments_total", "view"}
"""Columns of what no version read when it was made."""
READ_OTHERWISE = {"markdown"}
"""Columns whose rules have changed: a line of code was three in Markdown, five empty ones
between two."""
OHMS = """```
COLORS = "黑棕红橙黄绿蓝紫灰白"

def ohms(a, b, c):
    if a < 0 and b > 9:
        return None  # 不认识
    return (a * 10 + b) * 10 ** c
```"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(PACKED) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def old(folder: Path) -> Iterator[Database]:
    """The archive, opened by today's program."""
    db = open_archive(folder / "old.db", create=False)
    reindex(db.conn)
    yield db
    db.close()


def rows_of(conn: sqlite3.Connection, table: str, columns: list[str]) -> list[object]:
    return conn.execute(
        f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2"
    ).fetchall()


def columns_of(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]


def dump(conn: sqlite3.Connection) -> dict[str, list[object]]:
    """What the archive says of the forum, table by table."""
    return {table: rows_of(conn, table, columns_of(conn, table)) for table in TOLD}


def test_it_is_of_an_older_version(folder: Path) -> None:
    conn = sqlite3.connect(folder / "old.db")
    migrations = conn.execute("SELECT count(*) FROM migrations").fetchone()
    assert migrations == (7,)
    assert "location" not in columns_of(conn, "posts")
    conn.close()


def test_opening_it_changes_no_row(folder: Path) -> None:
    before = sqlite3.connect(folder / "old.db")
    columns = {table: columns_of(before, table) for table in TOLD}
    rows = {table: rows_of(before, table, columns[table]) for table in TOLD}
    before.close()
    with open_archive(folder / "old.db", create=False) as db:
        for table in TOLD:
            assert rows_of(db.conn, table, columns[table]) == rows[table]
        assert rows["posts"]
        assert db.execute("SELECT DISTINCT location FROM posts").fetchall() == [("",)]
        # its words were put into the index by older rules
        assert len(list(check(db.conn, full=True).problems)) > 1
        reindex(db.conn)
        assert not list(check(db.conn, full=True).problems)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("收录机", 1),
        ("收音机", 0),
        ("作者:小雨点", 4),
        ("是:主楼", 3),
        ("没有的话", 0),
    ],
)
def test_it_is_searched(old: Database, query: str, found: int) -> None:
    assert len(search(old.conn, query).hits) == found


def test_reading_it_again_adds_what_is_read_since_and_changes_nothing(
    old: Database,
) -> None:
    passed_over = READ_SINCE | READ_OTHERWISE
    columns = {
        table: [name for name in columns_of(old.conn, table) if name not in passed_over]
        for table in TOLD
    }
    before = {table: rows_of(old.conn, table, columns[table]) for table in TOLD}
    read_again(old)
    for table in TOLD:
        assert rows_of(old.conn, table, columns[table]) == before[table]
    query = "SELECT markdown FROM posts WHERE html LIKE '%blockcode%' ORDER BY pid"
    codes = [markdown for (markdown,) in old.execute(query)]
    assert [code for code in codes if OHMS in code] == codes[:1]

    before = dump(old.conn)
    assert read_again(old) == {"unchanged", "notice"}
    assert dump(old.conn) == before
    assert not list(check(old.conn, full=True).problems)


def read_again(old: Database) -> set[str]:
    """What reading all its pages again came to."""
    with Captures(old.conn) as captures:
        results = list(Ingest(old.conn, captures, Store(old.conn)).again())
    return {result.result for result in results}


def test_it_is_written_on_in_its_own_file(old: Database, folder: Path) -> None:
    """Its WARC file names no archive; its captures tell that it is ours."""
    file = folder / "old.warc" / OLD_FILE
    size = file.stat().st_size
    captures_before = old.table("captures").count
    with Captures(old.conn) as captures:
        url = "https://bbs.qingshixiang.example/forum.php?mod=viewthread&tid=1"
        at = datetime(2026, 12, 1, tzinfo=UTC)
        kept = captures.keep(Capture(url, at, "新的".encode()))
        assert captures.read(kept.id).body == "新的".encode()
        for capture_id in range(1, captures_before + 1):
            assert captures.read(capture_id).body
    assert file.stat().st_size > size
    assert [path.name for path in file.parent.glob("*.warc.gz")] == [OLD_FILE]
