"""What the address that a crawl is given names: that thing, or a sentence; never the whole forum
without a word. And what a later run without an address goes on with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from crawling import readable
from fake_forum.generate import generated
from fake_forum.server import Running, serve

from archive.cli import cli
from archive.commands._crawl_options import Options, forums_of
from archive.commands._scopes import scope_of
from archive.schema import open_archive
from scraper.core.errors import InputError
from scraper.policy.plan import Scope

OPTIONS = Options(db=Path("a.db"))


@pytest.mark.parametrize(
    "path",
    [
        "forum.php?mod=collection&action=view&ctid=1",
        "forum.php?mod=guide&view=hot",
        "misc.php?mod=tag&id=3",
        "forum.php?mod=tag&id=3",
        "search.php?mod=forum&searchid=5",
        "forum.php?mod=forumdisplay&fid=37&filter=digest&digest=1",
        "forum.php?mod=forumdisplay&fid=37&filter=typeid&typeid=8",
        "forumdisplay.php?fid=37&filter=digest",
        "forum.php?keyword=abc",
        "forum.php?pid=77",
        "portal.php?mod=view&aid=5",
        "home.php?mod=space&do=blog&id=4",
        "home.php?mod=space&username=%E6%9C%A8",
        "plugin.php?id=sign",
        "member.php?mod=logging&action=login",
        "forum.php?mod=viewthread",
        "tag-3.html",
        "topics.aspx?id=3",
        "data/attachment/forum/a.jpg",
    ],
)
def test_a_part_that_cannot_be_crawled_by_itself_is_named(path: str) -> None:
    url = f"http://bbs.example.com/{path}"
    with pytest.raises(InputError, match="no place to begin a crawl; give that"):
        scope_of(OPTIONS, [url])


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("forum.php?tid=5", Scope(threads=frozenset({5}))),
        ("forum.php?tid=5&page=2", Scope(threads=frozenset({5}))),
        ("index.php?tid=5", Scope(threads=frozenset({5}))),
        ("forum.php?fid=37", Scope(boards=frozenset({37}))),
        (
            "forum.php?mod=viewthread&tid=5&authorid=7",
            Scope(threads=frozenset({5})),
        ),
        ("home.php?mod=space&uid=7&do=thread", Scope(users=frozenset({7}))),
        ("", Scope()),
        ("forum.php", Scope()),
        ("forum.php?mod=index", Scope()),
        ("forum.php?mobile=no", Scope()),
        ("index.php?fromuid=7", Scope()),
        ("bbs/", Scope()),
        ("a/b/c/", Scope()),
    ],
)
def test_what_an_address_names(path: str, scope: Scope) -> None:
    assert scope_of(OPTIONS, [f"http://bbs.example.com/{path}"]) == scope


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("bbs.example.com", "http://bbs.example.com/"),
        ("example.com/bbs", "http://example.com/bbs/"),
        ("https://example.com/a/bbs", "https://example.com/a/bbs/"),
        ("example.com/bbs/forum.php", "http://example.com/bbs/"),
        ("example.com/t5-1-1", "http://example.com/"),
    ],
)
def test_a_folder_as_people_type_it(typed: str, base: str) -> None:
    assert list(forums_of(Options(db=Path("a.db"), urls=(typed,)), [])) == [base]


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=12, replies=12)) as running:
        yield running


def crawl(db: Path, *words: object) -> Result:
    result = CliRunner().invoke(
        cli,
        ["crawl", str(db), *map(str, words), "--delay", "0"],
        standalone_mode=False,
    )
    assert result.exception is None, result.output
    return result


def tids(db: Path) -> set[int]:
    with closing(open_archive(db)) as archive:
        query = (
            "SELECT DISTINCT t.tid FROM posts p JOIN threads t ON t.id = p.thread_id"
        )
        return {tid for (tid,) in archive.conn.execute(query)}


def test_a_later_run_goes_on_with_what_was_named(site: Running, tmp_path: Path) -> None:
    db = tmp_path / "one.db"
    one, other = sorted(site.forum.threads)[:2]
    thread = f"{site.url}forum.php?mod=viewthread&tid="
    crawl(db, f"{thread}{one}")
    again = crawl(db)
    assert f"{site.url}: goes on with thread {one} only" in again.output
    assert f"`discuz-archive crawl {db} {site.url}` takes all of it" in again.output
    assert tids(db) == {one}

    crawl(db, f"{thread}{other}")
    assert f"goes on with threads {one}, {other} only" in crawl(db, "--dry-run").output
    crawl(db)
    assert tids(db) == {one, other}

    assert "goes on with" not in crawl(db, site.url).output
    assert tids(db) == set(site.forum.threads)
    crawl(db, f"{thread}{one}")
    assert "goes on with" not in crawl(db).output


def test_options_name_what_a_later_run_goes_on_with(
    site: Running, tmp_path: Path
) -> None:
    db = tmp_path / "one.db"
    board = site.forum.boards[1].fid
    crawl(db, site.url, "--board", board)
    assert f"goes on with board {board} only" in crawl(db).output
    in_board = {tid for tid, one in site.forum.threads.items() if one.fid == board}
    assert tids(db) == in_board
    other = min(set(site.forum.threads) - in_board)
    assert "goes on with" not in crawl(db, "--thread", other).output
    assert tids(db) == {*in_board, other}


def test_the_whole_forum_is_gone_on_with_after_an_interrupted_thread(
    site: Running, tmp_path: Path
) -> None:
    db = tmp_path / "one.db"
    tid = max(site.forum.threads, key=lambda tid: len(site.forum.threads[tid].posts))
    crawl(db, site.url, "--thread", tid, "--max-pages", 1)
    crawl(db, site.url, "--max-pages", 3)
    assert "goes on with" not in crawl(db).output
    assert tids(db) == set(site.forum.threads)


@pytest.mark.parametrize("kind", ["thread", "board"])
def test_an_archive_of_an_older_version_knows_what_it_was_about(
    site: Running, tmp_path: Path, kind: str
) -> None:
    db = tmp_path / "old.db"
    number = min(site.forum.threads) if kind == "thread" else site.forum.boards[0].fid
    crawl(db, site.url, f"--{kind}", number)
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("ALTER TABLE crawls DROP COLUMN scope")
        conn.execute("ALTER TABLE crawls DROP COLUMN member_since")
        conn.execute("DELETE FROM migrations WHERE name LIKE '%crawl_scope'")
    assert f"goes on with {kind} {number} only" in crawl(db).output


def test_all_of_it_was_the_default_before(site: Running, tmp_path: Path) -> None:
    db = tmp_path / "old.db"
    crawl(db, site.url)
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("ALTER TABLE crawls DROP COLUMN scope")
        conn.execute("ALTER TABLE crawls DROP COLUMN member_since")
        conn.execute("DELETE FROM migrations WHERE name LIKE '%crawl_scope'")
    assert "goes on with" not in crawl(db).output
    assert readable(site.forum)
