"""`check` finds what FTS5's own integrity check calls fine, and `reindex` mends it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from archive_of_posts import Row, insert, make_archive
from click.testing import CliRunner

from archive.cli import cli
from archive.index.rebuild import reindex
from archive.index.verify import check
from archive.index.writer import catch_up

ROWS = [
    Row(text=f"第{number}个帖子，淘宝开店 RTX{number}", subject="标题" * (number % 2))
    for number in range(30)
]


@pytest.fixture
def conn() -> sqlite3.Connection:
    conn = make_archive(":memory:", ROWS)
    insert(conn, "quotes", post_id=1, position=1, text="引用的话")
    catch_up(conn)
    return conn


@pytest.mark.parametrize("full", [False, True])
def test_all_right(conn: sqlite3.Connection, full: bool) -> None:
    report = check(conn, full=full)
    assert (report.rows, report.compared, report.problems) == (31, 31, ())


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            "INSERT INTO posts_fts(rowid, body, title, month) VALUES (999, '多余 余', '', '')",
            "have no row: 999",
        ),
        (
            "INSERT INTO posts_fts(rowid, body, title, month) VALUES (5, '陈旧 旧', '', '')",
            "words in posts_fts: 5",
        ),
        ("DELETE FROM posts_fts_docsize WHERE id = 7", "not in posts_fts: 7"),
        ("DELETE FROM quotes_fts_docsize WHERE id = 1", "not in quotes_fts: 1"),
        ("UPDATE posts_fts_state SET value = '0'", "version 0"),
        ("UPDATE posts SET text = '改了' WHERE id = 3", "wait to be indexed"),
    ],
)
def test_damage_is_found_and_mended(
    conn: sqlite3.Connection, damage: str, problem: str
) -> None:
    conn.execute(damage)
    assert problem in " ".join(check(conn).problems)
    assert problem in " ".join(check(conn, full=True).problems)
    reindex(conn)
    assert check(conn, full=True).problems == ()


def test_full_finds_a_word_at_a_wrong_place(conn: sqlite3.Connection) -> None:
    words = ("第 4 个帖 帖子 子 淘宝 宝开 开店 店 rtx 4 ¦ rtx4", "", "¦202405")
    conn.execute(
        "INSERT INTO posts_fts(posts_fts, rowid, body, title, month) VALUES ('delete', 5, ?, ?, ?)",
        words,
    )
    swapped = (words[0].replace("淘宝 宝开", "宝开 淘宝"), *words[1:])
    conn.execute(
        "INSERT INTO posts_fts(rowid, body, title, month) VALUES (5, ?, ?, ?)", swapped
    )
    assert "other words in posts_fts: 5" in " ".join(check(conn, full=True).problems)


def test_commands(tmp_path: Path) -> None:
    path = tmp_path / "forum.db"
    conn = make_archive(path, ROWS)
    conn.execute("UPDATE posts SET text = '改了' WHERE id = 3")
    conn.close()
    runner = CliRunner()
    result = runner.invoke(cli, ["check", "--full", str(path)], standalone_mode=False)
    assert "indexed 1 posts" in result.stdout
    assert "all right" in result.stdout
    assert (
        "30 posts indexed"
        in runner.invoke(cli, ["reindex", str(path)], standalone_mode=False).stdout
    )
