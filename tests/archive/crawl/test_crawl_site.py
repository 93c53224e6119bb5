"""Crawls of the recorded forums of ../shared, before and after they changed, against what
their databases say."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawling import Runner
from site_truth import missing, unnoticed

from archive.schema import open_archive
from scraper.fetch.fetcher import FetchSettings
from scraper.policy.plan import Scope


@dataclass(frozen=True, slots=True)
class Replay:
    """The recorded forum being served."""

    url: str
    log: Path

    def move_on(self) -> None:
        """Let the forum become what it was some time later."""
        with urllib.request.urlopen(f"{self.url}__replay__/next") as answer:
            answer.read()

    def asked(self) -> list[str]:
        """The addresses asked for since the last time."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [json.loads(line)["path"] for line in lines]


@contextmanager
def replay(
    shared: Path, folder: Path, *faults: str, name: str = "x35-site"
) -> Iterator[Replay]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "requests.jsonl"
    server = subprocess.Popen(
        [
            sys.executable,
            str(shared / "tools/replay.py"),
            str(shared / f"sites/{name}.warc.gz"),
            "--port",
            str(port),
            "--log",
            str(log),
            "--requests",
            "5000",
            *faults,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert "replaying" in server.stdout.readline()
        yield Replay(f"http://127.0.0.1:{port}/", log)
    finally:
        server.terminate()
        server.wait()


def check(runner: Runner, shared: Path, truth: str, changes: bool = False) -> None:
    conn = open_archive(runner.path).conn
    assert missing(conn, shared / "truth" / truth) == []
    if changes:
        assert unnoticed(conn, shared / "truth/x35-site-changes.jsonl") == []
    assert conn.execute(
        "SELECT count(*) - count(DISTINCT pid) FROM posts"
    ).fetchone() == (0,)
    conn.close()


def test_a_whole_forum_then_what_is_new_then_a_sweep(
    shared: Path, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "forum.db")
    with replay(shared, tmp_path) as site:
        runner.run(site.url)
        check(runner, shared, "x35-site.jsonl")
        first = site.asked()
        recorded = [path for path in first if not path.endswith("&cp=all")]
        assert max(Counter(recorded).values()) == 1
        runner.clock.skip(minutes=5)
        runner.run(site.url)
        assert all(
            "forumdisplay" in path or path in ("/", "/robots.txt")
            for path in site.asked()
        )
        site.move_on()
        runner.clock.skip(minutes=5)
        runner.run(site.url)
        assert len(site.asked()) < 0.15 * len(first)
        runner.clock.skip(minutes=5)
        runner.run(site.url, scope=Scope(complete=True))
        check(runner, shared, "x35-site-round1.jsonl", changes=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_the_same_over_a_bad_line(shared: Path, tmp_path: Path, seed: str) -> None:
    runner = Runner(tmp_path / "forum.db")
    faults = (
        "--error",
        "0.05",
        "--truncate",
        "0.05",
        "--reset",
        "0.05",
        "--garble",
        "0.01",
        "--seed",
        seed,
    )
    with replay(shared, tmp_path, *faults) as site:
        runner.run(site.url, settings=FetchSettings(), patience_s=50_000.0)
        check(runner, shared, "x35-site.jsonl")
        site.move_on()
        runner.clock.skip(minutes=5)
        runner.run(site.url, scope=Scope(complete=True), patience_s=50_000.0)
        check(runner, shared, "x35-site-round1.jsonl", changes=True)


HIDDEN_BOARDS = {"board 42"}
"""No page that a guest may see links there."""
NEW = ("thread_new", "post_new")


def missing_of_x5(runner: Runner, shared: Path, truth: str) -> set[str]:
    conn = open_archive(runner.path).conn
    found = set(missing(conn, shared / "truth" / truth))
    conn.close()
    return found - HIDDEN_BOARDS


def unnoticed_in_x5(runner: Runner, shared: Path) -> list[str]:
    conn = open_archive(runner.path).conn
    found = unnoticed(conn, shared / "truth/x5-site-changes.jsonl")
    conn.close()
    return found


def test_a_forum_of_x5_then_what_is_new_then_a_sweep(
    shared: Path, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "forum.db")
    with replay(shared, tmp_path, name="x5-site") as site:
        runner.run(site.url)
        assert missing_of_x5(runner, shared, "x5-site.jsonl") == set()
        first = site.asked()
        split = [path for path in first if path.endswith("&cp=all")]
        assert len(split) == 2
        asked_twice = [path for path, times in Counter(first).items() if times > 1]
        led_to_by_a_pointer = "/forum.php?mod=viewthread&tid=100"
        assert asked_twice == [led_to_by_a_pointer]

        site.move_on()
        runner.clock.skip(minutes=5)
        runner.run(site.url)
        late = unnoticed_in_x5(runner, shared)
        assert [line for line in late if line.startswith(NEW)] == []
        assert len(site.asked()) < 0.35 * len(first)

        runner.clock.skip(minutes=5)
        runner.run(site.url, scope=Scope(complete=True))
        assert missing_of_x5(runner, shared, "x5-site-round1.jsonl") == set()
        assert unnoticed_in_x5(runner, shared) == []
        assert not any("mod=follow" in path for path in site.asked())
