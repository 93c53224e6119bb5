"""WARC files that are missing, cut, exchanged or altered: noticed, named, never written into, and
made good again by the file itself, by the same pages, or by the forum."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from command_line import Run
from fake_forum.generate import generated
from fake_forum.server import serve

from archive.schema import open_archive
from archive.warc.captures import Captures
from archive.warc.ledger import END_BYTES

FIRST = "forum-00001.warc.gz"
ALTERED_BYTES = 900
"""So much of a file's end is not what it was."""


@pytest.fixture
def db(call: Run, fixtures: Path, tmp_path: Path) -> Path:
    """An archive of our own pages, in one WARC file."""
    db = tmp_path / "forum.db"
    call("ingest", db, fixtures)
    return db


@pytest.fixture
def first(db: Path) -> Path:
    """Its WARC file."""
    return db.with_suffix(".warc") / FIRST


def value(db: Path, query: str) -> object:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query).fetchone()[0]


def captures_of(db: Path) -> int:
    count = value(db, "SELECT count(*) FROM captures")
    assert isinstance(count, int)
    return count


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def missing(path: Path) -> str:
    path.unlink()
    return "is missing"


def emptied(path: Path) -> str:
    os.truncate(path, 0)
    return "was cut"


def short_of_a_byte(path: Path) -> str:
    os.truncate(path, path.stat().st_size - 1)
    return "was cut"


def halved(path: Path) -> str:
    os.truncate(path, path.stat().st_size // 2)
    return "was cut"


def cut_within_its_head(path: Path) -> str:
    os.truncate(path, END_BYTES // 2)
    return "was cut"


def exchanged(path: Path) -> str:
    """Of the same size, and of a WARC file's form."""
    size_bytes = path.stat().st_size
    path.write_bytes((path.read_bytes()[5000:] * 2)[:size_bytes])
    return "is another file"


def exchanged_for_a_small_one(path: Path) -> str:
    path.write_bytes(b"not a WARC file at all")
    return "is another file"


def altered_at_its_end(path: Path) -> str:
    overwrite(path, path.stat().st_size - ALTERED_BYTES, bytes(800))
    return "was altered"


def a_folder_in_its_place(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return "cannot be read"


TROUBLES = (
    missing,
    emptied,
    short_of_a_byte,
    halved,
    cut_within_its_head,
    exchanged,
    exchanged_for_a_small_one,
    altered_at_its_end,
    a_folder_in_its_place,
)


def put_back(path: Path, whole: bytes) -> None:
    if path.is_dir():
        path.rmdir()
    path.write_bytes(whole)


def test_what_is_whole_is_all_right(call: Run, db: Path) -> None:
    for words in (["check", db], ["check", "--full", db]):
        code, out = call(*words)
        assert code == 0
        assert "captures read back: all right" in out
    assert f"{captures_of(db)} captures read back" in out


@pytest.mark.parametrize("harm", TROUBLES)
def test_harm_is_noticed_and_healed_by_the_file_itself(
    call: Run, db: Path, first: Path, harm: Callable[[Path], str]
) -> None:
    whole = first.read_bytes()
    words = harm(first)
    code, out = call("check", db)
    assert code == 1
    assert f"{FIRST} {words}" in out
    assert " captures are lost: " in out
    if harm not in (short_of_a_byte, altered_at_its_end):  # the last page has no posts
        assert " posts are here, but the page that they were read from is lost" in out
    assert value(db, "SELECT count(*) FROM lost_captures") != 0
    put_back(first, whole)
    code, out = call("check", "--full", db)
    assert (code, value(db, "SELECT count(*) FROM lost_captures")) == (0, 0)
    assert "all right" in out


@pytest.mark.parametrize("harm", TROUBLES)
def test_what_comes_next_goes_elsewhere_and_brings_back(
    call: Run, db: Path, first: Path, harm: Callable[[Path], str], fixtures: Path
) -> None:
    """The same pages again: what is lost of them is kept once more, under other names."""
    before = value(db, "SELECT group_concat(text) FROM posts")
    harm(first)
    after_harm = None if first.is_dir() or not first.exists() else first.read_bytes()
    code, _ = call("ingest", db, fixtures)
    assert code == 0
    assert first.with_name("forum-00002.warc.gz").exists()
    if harm in (exchanged, exchanged_for_a_small_one):
        assert first.read_bytes() == after_harm  # it is somebody's
    assert value(db, "SELECT count(*) FROM lost_captures") == 0
    assert value(db, "SELECT group_concat(text) FROM posts") == before
    with open_archive(db) as archive, Captures(archive.conn) as captures:
        for (number,) in archive.execute("SELECT id FROM captures"):
            captures.read(number)
    assert not value(
        db,
        f"SELECT count(*) FROM captures WHERE file = '{FIRST}' AND offset + length > "
        f"{first.stat().st_size if first.exists() else 0}",
    )


def test_a_record_damaged_in_the_middle_is_found_by_reading_all(
    call: Run, db: Path, first: Path
) -> None:
    with closing(sqlite3.connect(db)) as conn:
        at, length = conn.execute(
            "SELECT offset, length FROM captures WHERE offset > 50000 AND length > 500 LIMIT 1"
        ).fetchone()
    overwrite(first, at + length // 2, bytes(100))
    code, out = call("check", "--full", db)
    assert code == 1
    assert "1 captures are lost: 1 pages" in out
    assert f"discuz-archive ingest {db} FILE..." in out
    # what was found is remembered, and looked at again by the next sample
    assert "1 captures are lost" in call("check", db)[1]


def test_a_row_that_points_elsewhere_is_found(call: Run, db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("UPDATE captures SET offset = offset - 7 WHERE id = 3")
        conn.execute("UPDATE captures SET offset = 999999999 WHERE id = 4")
        first, second = conn.execute(
            "SELECT offset, length FROM captures WHERE id IN (5, 6)"
        ).fetchall()
        swap = "UPDATE captures SET offset = ?, length = ? WHERE id = ?"
        conn.execute(swap, (*first, 6))
        conn.execute(swap, (*second, 5))
        conn.commit()
    code, out = call("check", "--full", db)
    assert code == 1
    assert "4 captures are lost" in out


def test_a_renamed_archive_is_told_how_to_name_its_folder(call: Run, db: Path) -> None:
    other = db.rename(db.with_name("other.db"))
    code, out = call("check", other)
    assert code == 1
    assert f"rename {db.with_suffix('.warc')} to other.warc" in out
    db.with_suffix(".warc").rename(other.with_suffix(".warc"))
    assert call("check", "--full", other)[0] == 0


def test_a_renamed_archive_that_was_written_to_is_told_to_move_its_files(
    call: Run, db: Path, fixtures: Path
) -> None:
    """Names are not used twice, so both folders' files go into one."""
    other = db.rename(db.with_name("other.db"))
    page = next(fixtures.rglob("*.html"))
    call("ingest", other, page, "--captured-at", "2020-01-01")
    code, out = call("check", other)
    assert code == 1
    assert f"move the files of {db.with_suffix('.warc')}" in out
    for file in db.with_suffix(".warc").glob("*.gz"):
        assert not (other.with_suffix(".warc") / file.name).exists()
        shutil.move(file, other.with_suffix(".warc"))
    assert call("check", "--full", other)[0] == 0


@pytest.mark.parametrize("way", ["deleted", "of somebody", "of a killed run"])
def test_a_name_is_never_used_twice(
    call: Run, db: Path, first: Path, fixtures: Path, way: str
) -> None:
    page = next(fixtures.rglob("*.html"))
    if way == "of somebody":
        theirs = first.with_name("forum-00002.warc.gz")
        theirs.write_bytes(b"somebody's")
        call("ingest", db, page, "--captured-at", "2020-01-01")
        theirs.unlink()
    if way == "of a killed run":
        with closing(sqlite3.connect(db)) as conn:
            conn.execute("UPDATE warc_files SET size_bytes = 0, head_digest = ''")
            conn.commit()
    taken = {row.name for row in first.parent.glob("*.gz")} | {first.name}
    if way == "of somebody":
        taken.add("forum-00002.warc.gz")
    first.unlink()
    call("ingest", db, page, "--captured-at", "2020-01-02")
    (new,) = first.parent.glob("*.gz")
    assert new.name not in taken


def test_the_forum_brings_back_what_is_lost(call: Run, tmp_path: Path) -> None:
    """`crawl --complete`: pages, and pictures; from then on posts have a source again."""
    db = tmp_path / "forum.db"
    with serve(generated(boards=1, threads=4, replies=3)) as site:
        crawl = ("crawl", db, site.url, "--delay", "0", "--media", "--owner-consents")
        assert call(*crawl)[0] == 0
        posts = value(db, "SELECT count(*) FROM posts")
        (first,) = db.with_suffix(".warc").glob("*.gz")
        first.unlink()
        code, out = call("check", db)
        assert code == 1
        assert f"{posts} posts are here" in out
        assert f"discuz-archive crawl {db} --complete asks the forum for" in out
        assert call(*crawl, "--complete")[0] == 0
    code, out = call("check", "--full", db)
    assert code == 0
    # a page that is the same to the byte is the same capture again
    assert "captures are lost, but made good" in out or "lost" not in out
    assert "problem" not in out
    assert "--complete" not in out
    lost_files = """SELECT count(*) FROM media WHERE state = 'done'
        AND capture_id IN (SELECT id FROM lost_captures)"""
    assert value(db, lost_files) == 0
    with open_archive(db) as archive, Captures(archive.conn) as captures:
        for (number,) in archive.execute("SELECT DISTINCT capture_id FROM posts"):
            captures.read(number)


def test_reading_and_searching_need_no_warc_file(call: Run, db: Path) -> None:
    shutil.rmtree(db.with_suffix(".warc"))
    before = db.read_bytes()
    assert call("stats", db)[0] == 0
    assert db.read_bytes() == before
