"""Ctrl-C ends every command, whatever it waits for: a parser that hangs (long before its own time
is up), a server that does not answer, a pause. Nothing is set aside for it."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import breaking_parser
import pytest
from corpus import ROOT
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import serve

from archive.intake.sources import read_captures
from archive.schema import open_archive
from archive.warc.captures import Captures

HANGS = "breaks-the-parser:sleep "
SAVED = ROOT / "fixtures" / "x3"
SOON_S = 30
"""A tenth of what any server, pause or parser would take; on an idle machine it is a second."""
PROGRAM = ROOT / "tests" / "breaking_cli.py"


@contextlib.contextmanager
def begun(command: str, folder: Path) -> Iterator[list[str]]:
    """The words of a command whose second page hangs."""
    db = folder / "a.db"
    if command == "crawl":
        forum = generated(boards=1, threads=3, replies=2)
        for thread in forum.threads.values():
            opening = thread.posts[0]
            thread.posts[0] = replace(opening, parts=(Words(HANGS),))
        with serve(forum) as site:
            yield [command, str(db), site.url, "--delay", "0"]
        return
    page = next(iter(sorted(SAVED.glob("*.html"))))
    body = page.read_bytes()
    hanging = folder / "hanging.html"
    hanging.write_bytes(body + b"<!-- " + HANGS.encode() + b"-->")
    if command == "ingest":
        yield [command, str(db), str(page), str(hanging)]
        return
    conn = open_archive(db).conn
    with Captures(conn) as captures:
        for capture in read_captures([page, hanging]):
            captures.keep(capture)
    conn.execute("UPDATE captures SET outcome = 'unchanged', kind = 'thread'")
    conn.close()
    yield [command, str(db)]


def below(pid: int) -> list[int]:
    """The processes below one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError):
        found = [int(each) for each in children.read_text().split()]
        return [*found, *(each for child in found for each in below(child))]
    return []


def interrupted(words: list[str], folder: Path) -> tuple[float, int, str]:
    """Begin a command, wait until a parser hangs, press Ctrl-C: seconds until it has ended,
    its exit code and error stream."""
    note = folder / "hangs"
    note.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), *words],
        cwd=ROOT,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
            breaking_parser.NOTE: str(note),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    ends_s = time.monotonic() + 60
    while not note.exists() and process.poll() is None:
        assert time.monotonic() < ends_s, "no parser hangs"
        time.sleep(0.02)
    began_s = time.monotonic()
    for pid in (process.pid, *below(process.pid)):  # a terminal sends it to all of them
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)  # half of what a parser may take
    return time.monotonic() - began_s, process.returncode, err


@pytest.mark.parametrize("command", ["crawl", "ingest", "reparse"])
def test_ctrl_c_while_a_parser_hangs(tmp_path: Path, command: str) -> None:
    with begun(command, tmp_path) as words:
        _, code, err = interrupted(words, tmp_path)
    assert code == 130, err
    assert "Traceback" not in err
    conn = sqlite3.connect(tmp_path / "a.db")
    assert conn.execute("SELECT count(*) FROM suspects").fetchone() == (0,)
    conn.close()


def pressed(words: list[str], is_waiting: Callable[[], bool]) -> tuple[int, str]:
    """Begin a command, press Ctrl-C once it waits: its exit code and what it says."""
    process = subprocess.Popen(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    ends_s = time.monotonic() + 60
    while not is_waiting():
        assert process.poll() is None
        assert time.monotonic() < ends_s, "it does not come to wait"
        time.sleep(0.02)
    for pid in (process.pid, *below(process.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    said, _ = process.communicate(timeout=SOON_S)
    assert "Traceback" not in said
    return process.returncode, said


@pytest.mark.parametrize("command", ["crawl", "watch"])
@pytest.mark.parametrize("answered", [1, 2, 4])
def test_ctrl_c_while_a_server_does_not_answer(
    tmp_path: Path, command: str, answered: int
) -> None:
    """For the front page, a board or a thread, having answered so many requests."""
    with serve(generated(boards=1, threads=3, replies=2)) as site:
        site.hold_after = answered
        words = [command, str(tmp_path / "a.db"), site.url, "--delay", "0"]
        code, _ = pressed(words, lambda: site.is_held)
        site.hold_after = None
    assert code == (130 if command == "crawl" else 0)


@pytest.mark.parametrize("command", ["crawl", "watch"])
def test_ctrl_c_in_a_pause(tmp_path: Path, command: str) -> None:
    with serve(generated(boards=1, threads=3, replies=2)) as site:
        words = [command, str(tmp_path / "a.db"), site.url, "--delay", "3600"]
        code, _ = pressed(words, lambda: bool(site.log))
        assert len(site.log) < 5
    assert code == (130 if command == "crawl" else 0)


def test_ctrl_c_between_two_rounds(tmp_path: Path) -> None:
    said = tmp_path / "metrics"
    with serve(generated(boards=1, threads=3, replies=2)) as site:
        words = ["watch", str(tmp_path / "a.db"), site.url, "--delay", "0"]
        code, _ = pressed([*words, "--metrics", str(said)], said.exists)
    assert code == 0


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_ctrl_c_with_many_parsers(tmp_path: Path, jobs: str) -> None:
    with begun("ingest", tmp_path) as words:
        _, code, err = interrupted([*words, "--jobs", jobs], tmp_path)
    assert code == 130, err
    assert "Traceback" not in err
