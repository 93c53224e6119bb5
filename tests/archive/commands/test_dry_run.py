"""`--dry-run` knows what was named, and about how many pages that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_forum.generate import generated
from fake_forum.server import Running, serve

from archive.cli import cli
from scraper.core.errors import DiscuzArchiveError


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with serve(generated(boards=3, threads=66, replies=14)) as running:
        yield running


def crawl(db: Path, *words: object) -> tuple[int, str]:
    result = CliRunner().invoke(
        cli,
        ["crawl", str(db), *map(str, words), "--delay", "0"],
        standalone_mode=False,
    )
    assert result.exception is None, result.output
    return result.return_value, result.output


def estimated(db: Path, *words: object) -> int:
    code, output = crawl(db, *words, "--dry-run")
    assert code == 0
    assert not db.exists()
    found = re.search(r"about (\d+) pages; at this pace", output)
    assert found, output
    return int(found[1])


def asked(site: Running, db: Path, *words: object) -> int:
    site.clear()
    crawl(db, *words)
    return len([path for path in site.paths() if path != "/robots.txt"])


@pytest.mark.parametrize("what", ["everything", "board", "two boards", "thread"])
def test_within_a_quarter(site: Running, tmp_path: Path, what: str) -> None:
    db = tmp_path / "a.db"
    forum = site.forum
    longest = max(forum.threads.values(), key=lambda thread: len(thread.posts))
    boards = [board.fid for board in forum.boards]
    words: dict[str, list[object]] = {
        "everything": [site.url],
        "board": [site.url, "--board", boards[1]],
        "two boards": [site.url, "--board", boards[0], "--board", boards[2]],
        "thread": [f"{site.url}forum.php?mod=viewthread&tid={longest.tid}"],
    }
    site.clear()
    guess = estimated(db, *words[what])
    assert len(site.log) <= 4
    assert guess == pytest.approx(asked(site, db, *words[what]), rel=0.25)


@pytest.mark.parametrize("threads", [23, 39, 45])
def test_a_board_without_counts(tmp_path: Path, threads: int) -> None:
    db = tmp_path / "a.db"
    with serve(generated(boards=1, threads=threads, replies=3)) as site:
        (board,) = site.forum.boards
        words = [site.url, "--board", board.fid]
        front = f'<a href="forum.php?mod=forumdisplay&fid={board.fid}">x</a>'
        site.site.front = f"<html>{front} Powered by Discuz!</html>"
        guess = estimated(db, *words)
        assert guess == pytest.approx(asked(site, db, *words), rel=0.25)


def test_what_is_named_is_told(site: Running, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    tid = min(site.forum.threads)
    title = site.forum.threads[tid].title
    _, output = crawl(db, site.url, "--thread", tid, "--thread", 9999, "--dry-run")
    assert f"thread {tid} {title}" in output
    assert "thread 9999: not_found: " in output
    assert "user" not in output


def test_the_threads_of_a_member(site: Running, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    site.site.barred = ""
    _, output = crawl(db, site.url, "--user", 1, "--dry-run")
    assert "member 1: login: " in output


def test_a_forum_that_is_known(site: Running, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    tid = min(site.forum.threads)
    crawl(db, site.url, "--thread", tid)
    _, output = crawl(db, "--dry-run")
    assert "goes on with thread" in output
    assert "known already; 0 pages are due" in output
    _, output = crawl(db, site.url, "--dry-run")
    assert "known already" in output
    other = max(site.forum.threads)
    _, output = crawl(db, site.url, "--thread", other, "--dry-run")
    assert f"thread {other} " in output


def test_no_forum_is_no_success(tmp_path: Path) -> None:
    with serve(generated(boards=1, threads=3), "/bbs/") as site:
        code, _ = crawl(tmp_path / "a.db", site.url.removesuffix("bbs/"), "--dry-run")
        assert code == DiscuzArchiveError.exit_code
