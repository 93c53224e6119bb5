"""`--quiet`, `--verbose` and `--log`: how much is said, and where to."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import ROOT
from fake_forum.generate import generated
from fake_forum.server import serve

PAGE = ROOT / "fixtures" / "x3" / "thread-radio.html"


@pytest.fixture
def address() -> Iterator[str]:
    with serve(generated(boards=1, threads=2, replies=2)) as site:
        yield site.url


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "archive", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("is_before", [True, False])
def test_quiet_says_results_alone(
    tmp_path: Path, address: str, is_before: bool
) -> None:
    def quiet(*words: str) -> str:
        said = ["--quiet", *words] if is_before else [*words, "-q"]
        ran = run(*said, folder=tmp_path)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout + ran.stderr

    assert quiet("crawl", "a.db", address, "--delay", "0") == ""
    assert quiet("ingest", "b.db", str(PAGE)) == ""
    assert quiet("reindex", "b.db") == ""
    assert quiet("retry", "a.db") == ""
    assert quiet("export", "b.db", "--format", "txt", "--to", "b.txt") == ""
    assert "收音机" in quiet("search", "b.db", "收音机")


def test_quiet_says_what_is_wrong(tmp_path: Path) -> None:
    ran = run("-q", "crawl", "a.db", "http://127.0.0.1:9/", folder=tmp_path)
    assert ran.returncode != 0
    assert ran.stdout + ran.stderr != ""
    ran = run("-q", "ingest", "a.db", "missing.html", folder=tmp_path)
    assert "missing.html" in ran.stdout + ran.stderr


def test_verbose_names_every_page(tmp_path: Path, address: str) -> None:
    words = ("crawl", "a.db", address, "--delay", "0")
    ran = run("--verbose", *words, folder=tmp_path)
    assert len(re.findall(r"viewthread&tid=\d+: \w+, \d+ new posts", ran.stdout)) == 2
    usual = run(*words, "--complete", folder=tmp_path)
    assert "viewthread" not in usual.stdout


def test_a_log_has_what_was_said_with_the_time(tmp_path: Path, address: str) -> None:
    words = ("crawl", "a.db", address, "--delay", "0")
    ran = run(*words, "--log", "a.log", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    log = tmp_path / "a.log"
    first = log.read_text("utf-8")
    last = ran.stdout.splitlines()[-1]
    assert re.search(rf"(?m)^\d{{4}}-\d\d-\d\d \S+ INFO {re.escape(last)}$", first)
    run(*words, "--log", "a.log", folder=tmp_path)
    assert log.read_text("utf-8").startswith(first), "it is appended to"


def test_an_error_is_in_the_log(tmp_path: Path) -> None:
    ran = run("--log", "a.log", "stats", "none.db", folder=tmp_path)
    assert ran.returncode == 3
    assert "none.db: no such file" in (tmp_path / "a.log").read_text("utf-8")


def test_a_log_that_cannot_be_is_said_at_once(tmp_path: Path) -> None:
    ran = run("--log", "no/a.log", "crawl", "a.db", "x", folder=tmp_path)
    assert ran.returncode == 2
    assert "there is no folder no" in ran.stderr
    assert list(tmp_path.iterdir()) == []
