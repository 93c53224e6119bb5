"""Crawls of the recorded forum of ../shared, before and after it changed, against what its
database says."""

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
def replay(shared: Path, folder: Path, *faults: str) -> Iterator[Replay]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "requests.jsonl"
    server = subprocess.Popen(
        [
            sys.executable,
            str(shared / "tools/replay.py"),
            str(shared / "sites/x35-site.warc.gz"),
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
        assert max(Counter(first).values()) == 1
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
