"""Reading again what is kept: a better parser's word replaces a worse one's, and nothing
counts as an edit."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import Run
from sqlite_utils import Database
from store_pages import AT, FIRST, THREAD, page, rows

from archive.index.verify import check
from archive.schema import open_archive, transaction
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture


@pytest.fixture
def kept(call: Run, fixtures: Path, tmp_path: Path) -> Path:
    """An archive of all our pages, read in the order of their capture, as reading again does."""
    db = tmp_path / "forum.db"
    call("ingest", db, fixtures)
    call("reparse", db)
    return db


def dump(db: Path) -> list[str]:
    """All rows but the log of runs; the index is compared by `check`."""
    conn = sqlite3.connect(db)
    lines = [
        line
        for line in conn.iterdump()
        if "posts_fts" not in line and not line.startswith('INSERT INTO "runs"')
    ]
    conn.close()
    return lines


def test_the_same_parsers_change_nothing(call: Run, kept: Path) -> None:
    before = dump(kept)
    code, out = call("reparse", kept)
    assert code == 0
    assert "0 new" in out
    assert dump(kept) == before


def test_what_a_worse_parser_wrote_is_replaced(call: Run, kept: Path) -> None:
    before = dump(kept)
    conn = open_archive(kept).conn
    with transaction(conn):
        conn.execute(
            "UPDATE posts SET text = '坏了', html = '', markdown = '' "
            "WHERE id % 3 = 0 AND text <> '' AND rank = 5"
        )
        conn.execute(
            "UPDATE posts SET posted_at = '2001-01-01T00:00:00Z' WHERE id % 7 = 0 AND rank = 5 "
            "AND posted_at IS NOT NULL"
        )
    conn.close()
    assert dump(kept) != before
    code, out = call("reparse", kept)
    assert code == 0
    assert "0 new" in out
    assert dump(kept) == before
    assert not list(check(open_archive(kept).conn, full=True).problems)


def test_pages_that_could_not_be_read_are_read(call: Run, kept: Path) -> None:
    conn = open_archive(kept).conn
    posts = conn.execute("SELECT count(*) FROM posts").fetchone()
    with transaction(conn):
        lost = conn.execute(
            "SELECT capture_id FROM posts GROUP BY capture_id ORDER BY count(*) DESC"
        ).fetchone()[0]
        conn.execute("DELETE FROM posts WHERE capture_id = ?", (lost,))
        conn.execute(
            "UPDATE captures SET outcome = 'failed', message = 'no parser' WHERE id = ?",
            (lost,),
        )
    assert conn.execute("SELECT count(*) FROM posts").fetchone() < posts
    assert call("reparse", kept, "--failed")[0] == 0
    assert conn.execute("SELECT count(*) FROM posts").fetchone() == posts
    assert conn.execute(
        "SELECT outcome, message FROM captures WHERE id = ?", (lost,)
    ).fetchone() == ("stored", "")
    assert conn.execute(
        "SELECT command, arguments FROM runs ORDER BY id DESC"
    ).fetchone() == ("reparse", "--failed")


def test_missing_warc_files_cost_nothing_that_is_there(call: Run, kept: Path) -> None:
    before = dump(kept)
    for file in kept.with_suffix(".warc").glob("*.warc.gz"):
        file.rename(file.with_suffix(".away"))
    code, out = call("reparse", kept)
    assert code == 3
    assert "problem" in out
    assert dump(kept) == before


LATER = AT + timedelta(days=1)


def two_captures(db: Database) -> list[int]:
    """Numbers of a capture at `AT` and of one a day later."""
    with Captures(db.conn) as captures:
        return [
            captures.keep(
                Capture(f"{page(THREAD).url}&n={at.day}", at, b"x" * at.day)
            ).id
            for at in (AT, LATER)
        ]


def test_an_edit_stays_an_edit_and_no_other_is_made(db: Database) -> None:
    """Two states of a post, both read badly at first; the second reading mends both."""
    first, second = two_captures(db)
    store = Store(db.conn)
    for bad in (True, False, False):
        for capture, at, text in ((first, AT, "旧话"), (second, LATER, "新话")):
            post = replace(FIRST, text=f"{text} 下载次数" if bad else text)
            store.save(page(replace(THREAD, posts=(post,)), at=at), capture)
    assert rows(db, "text, capture_id") == [("新话", second)]
    assert rows(db, "text, capture_id", "post_versions") == [("旧话", first)]


def test_a_version_that_only_a_worse_parser_saw_goes(db: Database) -> None:
    first, second = two_captures(db)
    store = Store(db.conn)
    for bad in (True, False):
        for capture, at, rest in ((first, AT, " 干扰码"), (second, LATER, "")):
            post = replace(
                FIRST, text=FIRST.text + (rest if bad else ""), edited_by="甲"
            )
            store.save(page(replace(THREAD, posts=(post,)), at=at), capture)
            if bad:
                assert len(rows(db, "id", "post_versions")) == (at == LATER)
    assert rows(db, "text") == [(FIRST.text,)]
    assert rows(db, "text", "post_versions") == []
