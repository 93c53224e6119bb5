"""Crawls with a browser's cookies: members' boards, a login lost on the way, nothing secret
kept."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from crawling import Runner, readable
from fake_forum.generate import generated
from fake_forum.server import Running, serve
from fake_forum.story import QING, qingshi

from archive.cli import cli, run
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from scraper.core.errors import LoginError
from scraper.fetch.cookies import read_cookies
from scraper.fetch.fetcher import FetchSettings
from scraper.policy.plan import Scope


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi()) as running:
        yield running


@pytest.fixture
def cookies(site: Running, tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    lines = [
        f"127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}"
        for name, value in site.site.login(QING).items()
    ]
    path.write_text("# Netscape HTTP Cookie File\n" + "\n".join(lines) + "\n")
    return path


def member(cookies: Path) -> FetchSettings:
    return FetchSettings(
        cookies=read_cookies(cookies.read_text(), "127.0.0.1", 0.0),
        login=True,
    )


def test_a_member_sees_more_and_a_guest_takes_nothing_away(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "forum.db")
    runner.run(site.url, settings=member(cookies))
    seen, texts = runner.pids(), dict(runner.rows("SELECT pid, text FROM posts"))
    assert seen > readable(site.forum)
    runner.clock.skip(hours=1)
    runner.run(site.url)
    assert runner.pids() == seen
    assert dict(runner.rows("SELECT pid, text FROM posts")) == texts


def test_what_was_refused_to_a_guest_is_asked_for_as_a_member(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "forum.db")
    runner.run(site.url)
    before = runner.pids()
    runner.clock.skip(hours=1)
    runner.run(site.url, settings=member(cookies))
    assert runner.pids() > before


def test_the_threads_of_a_member_on_every_page_of_the_list(tmp_path: Path) -> None:
    forum = generated(boards=2, threads=150, replies=1)
    who = forum.users[0]
    own = {tid for tid, thread in forum.threads.items() if thread.first.author == who}
    assert len(own) > 20
    path, runner = tmp_path / "cookies.txt", Runner(tmp_path / "forum.db")
    with serve(forum) as site:
        path.write_text(
            "".join(
                f"127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n"
                for name, value in site.site.login(forum.users[1]).items()
            )
        )
        runner.run(
            site.url, settings=member(path), scope=Scope(users=frozenset({who.uid}))
        )
    assert {
        row[0]
        for row in runner.rows(
            "SELECT DISTINCT t.tid FROM posts p JOIN threads t ON t.id = thread_id"
        )
    } == own


def test_a_login_lost_on_the_way_stops_the_run(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    def log_out(_crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.kind == "thread":
            site.site.logout()

    ran = Runner(tmp_path / "forum.db").run(
        site.url, settings=member(cookies), each=log_out
    )
    assert ran.stopped[0].startswith("login_lost")


def test_cookies_that_do_not_log_in_end_with_a_code_of_their_own(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    site.site.logout()
    words = [
        "crawl",
        str(tmp_path / "a.db"),
        site.url,
        "--delay",
        "0",
        "--cookies",
        str(cookies),
    ]
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    assert result.return_value == LoginError.exit_code


def test_no_secret_is_kept(site: Running, cookies: Path, tmp_path: Path) -> None:
    tokens = [token.encode() for token in site.site.tokens]
    runner = Runner(tmp_path / "forum.db")
    runner.run(site.url, settings=member(cookies))
    files = [
        gzip.decompress(path.read_bytes())
        for path in (tmp_path / "forum.warc").glob("*.gz")
    ]
    files.append(runner.path.read_bytes())
    assert not any(token in data for token in tokens for data in files)
    assert b"msgtype=request" in files[0]
    assert b"\r\ncookie:" not in files[0].lower()


def test_the_commands_of_a_crawl(site: Running, tmp_path: Path) -> None:
    db, metrics = tmp_path / "forum.db", tmp_path / "crawl.prom"

    def call(*words: str) -> str:
        result = CliRunner().invoke(cli, list(words), standalone_mode=False)
        assert result.exception is None, result.output
        assert result.return_value in (0, None)
        return result.output

    assert "about" in call("crawl", str(db), site.url, "--dry-run", "--delay", "0")
    assert not db.exists()
    assert '"outcome": "done"' in call(
        "crawl", str(db), site.url, "--delay", "0", "--json", "--metrics", str(metrics)
    )
    assert "discuz_archive_new{forum=" in metrics.read_text()
    assert "refused: " in call("status", str(db))
    assert "0 pages" in call("retry", str(db))
    assert "OnCalendar=" in call("schedule", str(db), site.url)
    assert "posts: 0 new" in call("crawl", str(db), "--delay", "0")
    assert (
        run(
            lambda: cli.main(["crawl", str(tmp_path / "new.db")], standalone_mode=False)
        )
        == 3
    )


def test_what_was_read_as_a_guest_is_named_until_it_was_read_as_a_member(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    db = tmp_path / "forum.db"

    def crawl(*words: str) -> str:
        line = ["crawl", str(db), site.url, "--delay", "0", *words]
        result = CliRunner().invoke(cli, line, standalone_mode=False)
        assert result.exception is None, result.output
        return result.output

    as_member = ("--cookies", str(cookies))
    assert "read as a guest" not in crawl()
    runner = Runner(db)
    runner.rows("UPDATE frontier SET visited_at = '2024-01-01T00:00:00Z'")
    threads = runner.rows(
        "SELECT count(DISTINCT item) FROM frontier "
        "WHERE kind = 'thread' AND outcome = 'page'"
    )[0][0]
    for _ in range(2):
        told = crawl(*as_member)
        assert f"{threads} threads here were read as a guest" in told
        assert f"--cookies {cookies} --complete` reads them again" in told
    assert "read as a guest" not in crawl(*as_member, "--complete")
    assert "read as a guest" not in crawl(*as_member)
    assert "read as a guest" not in crawl()


def test_an_archive_that_a_member_began_has_nothing_of_a_guest(
    site: Running, cookies: Path, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "forum.db")
    for _ in range(2):
        ran = runner.run(site.url, settings=member(cookies))
        runner.clock.skip(hours=2)
    assert runner.rows(
        "SELECT count(*) FROM frontier, crawls WHERE visited_at < member_since"
    ) == [(0,)]
    assert ran.totals.new == 0
