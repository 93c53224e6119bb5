"""Forums that want to be left alone for ages: for a day at most, and what a user names is
asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from corpus import ROOT
from crawling import Runner, readable
from fake_forum.faults import Fault
from fake_forum.generate import generated
from fake_forum.server import Running, serve

from archive.crawl.frontier import Frontier
from archive.schema import open_archive
from scraper.policy.plan import Scope

AGES = ["9" * 18, "Fri, 31 Dec 9999 23:59:59 GMT"]
THREAD = "/forum.php?mod=viewthread&tid=2"
STUCK_S = 60


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=1, threads=3, replies=3)) as running:
        yield running


def due_at(runner: Runner) -> str:
    ((due,),) = runner.rows("SELECT max(due_at) FROM frontier WHERE state = 'due'")
    return str(due)


@pytest.fixture(params=AGES, ids=["seconds", "date"])
def rested(site: Running, runner: Runner, request: pytest.FixtureRequest) -> Running:
    """A forum of which one thread wanted to be left alone for ages; it is well again."""
    site.faults.retry_after = request.param
    site.faults.script[THREAD] = ["busy"]
    runner.run(site.url)
    site.clear()
    return site


def test_it_is_a_day_at_most(rested: Running, runner: Runner) -> None:
    a_day_on = runner.clock.now() + timedelta(days=1, minutes=1)
    assert due_at(runner) < f"{a_day_on:%Y-%m-%dT%H:%M:%SZ}"
    runner.clock.skip(days=1)
    runner.run(rested.url)
    assert THREAD in rested.paths()
    assert runner.pids() == readable(rested.forum)


def test_what_is_named_is_asked_for_at_once(rested: Running, runner: Runner) -> None:
    runner.run(rested.url, scope=Scope(threads=frozenset({2})))
    assert THREAD in rested.paths()
    assert runner.pids() == readable(rested.forum)


def test_what_waits_for_another_try_can_be_put_back(
    rested: Running, runner: Runner
) -> None:
    conn = open_archive(runner.path).conn
    assert Frontier(conn, 1, runner.clock.now()).retry(runner.clock.now()) == 1
    conn.close()
    runner.run(rested.url)
    assert THREAD in rested.paths()


def test_one_page_that_waits_keeps_no_run_from_the_boards(
    rested: Running, runner: Runner
) -> None:
    runner.clock.skip(hours=2)
    rested.forum.new_thread(10, "新的", rested.forum.users[0])
    runner.run(rested.url)
    assert any("mod=forumdisplay" in path for path in rested.paths())
    missing = readable(rested.forum) - runner.pids()
    thread = rested.forum.threads[2]
    assert missing <= {post.pid for post in thread.posts}


# Ctrl-C, with a real process.


def crawl(db: Path, site: Running) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "archive", "crawl", str(db), site.url, "--delay", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(site: Running, path: str) -> None:
    while not any(asked.startswith(path) for asked in site.paths()):
        threading.Event().wait(0.01)


@pytest.mark.parametrize("kind", ["slow_headers", "hints", "slow_chunk"])
def test_ctrl_c_ends_a_run_whatever_a_server_does(
    site: Running, tmp_path: Path, kind: Fault
) -> None:
    """One is enough, though the time limit of a request is two minutes: what was read before
    is kept, and the page under way is asked for again."""
    site.faults.script[THREAD] = [kind]
    db = tmp_path / "a.db"
    running = crawl(db, site)
    wait_for(site, THREAD)
    running.send_signal(signal.SIGINT)
    words, _ = running.communicate(timeout=STUCK_S)
    assert running.returncode == 130, words
    assert "interrupted" in words

    words, _ = crawl(db, site).communicate(timeout=STUCK_S)
    assert Runner(db).pids() == readable(site.forum), words


@pytest.mark.parametrize("path", ["/robots.txt", "/"])
def test_ctrl_c_ends_a_run_that_has_hardly_begun(
    site: Running, tmp_path: Path, path: str
) -> None:
    site.faults.script[path] = ["slow_headers"]
    running = crawl(tmp_path / "a.db", site)
    wait_for(site, path)
    running.send_signal(signal.SIGINT)
    words, _ = running.communicate(timeout=STUCK_S)
    assert running.returncode == 130, words


def test_ctrl_c_ends_a_pause_that_robots_ask_for(site: Running, tmp_path: Path) -> None:
    site.site.robots = b"User-agent: *\nCrawl-delay: 1e9\n"
    running = crawl(tmp_path / "a.db", site)
    wait_for(site, "/robots.txt")
    assert running.stdout
    said = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    words, _ = running.communicate(timeout=STUCK_S)
    assert running.returncode == 130, words
    assert "86400 s apart" in said + words
