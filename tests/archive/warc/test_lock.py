"""One writer an archive: others wait and say for whom, or give up where they were told to."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from corpus import ROOT
from sqlite_utils import Database

from archive.warc.captures import Captures
from archive.warc.lock import HOLDER_NAME, WriterLock, read_holder, writer_lock
from scraper.core.errors import StorageError


def held_by_another(folder: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until it is ended."""
    code = (
        "import pathlib, sys\n"
        "from archive.warc.lock import WriterLock\n"
        "lock = WriterLock(pathlib.Path(sys.argv[2]))\n"
        "lock.acquire()\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "crawl", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_who_does_not_wait_is_told_who_writes(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process:
        with pytest.raises(StorageError, match=rf"process {process.pid}: crawl\)"):
            WriterLock(tmp_path).acquire()
        assert process.stdin
        process.stdin.close()
    WriterLock(tmp_path).acquire()


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process:
        process.kill()
        process.wait()
        lock = WriterLock(tmp_path, wait=True)
        lock.acquire()
        assert read_holder(tmp_path).startswith(f"process {os.getpid()}")
        lock.release()
    assert not (tmp_path / HOLDER_NAME).exists()


def test_who_waits_says_for_whom_until_it_has_the_lock(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = threading.Event()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.set()

    logger = logging.getLogger("archive.warc.lock")
    listener = Listener()
    logger.addHandler(listener)
    first = WriterLock(tmp_path)
    second = WriterLock(tmp_path, wait=True, notice_s=0.02)
    first.acquire()
    waiting = threading.Thread(target=second.acquire)
    waiting.start()
    said.wait()
    first.release()
    waiting.join()
    logger.removeHandler(listener)
    message = caplog.messages[0]
    assert f"process {os.getpid()}" in message
    assert "s so far" in message
    with pytest.raises(StorageError):
        first.acquire()
    second.release()
    first.acquire()
    first.release()


@pytest.mark.parametrize("words", ["", "{", "7", '{"pid": 1, "of": 2}', "\udcff"])
def test_a_holder_that_says_nothing_is_another_process(
    tmp_path: Path, words: str
) -> None:
    assert read_holder(tmp_path) == "another process"
    path = tmp_path / HOLDER_NAME
    path.write_bytes(words.encode("utf-8", "surrogateescape"))
    assert read_holder(tmp_path) == "another process"


def test_a_holder_is_named_with_its_command(tmp_path: Path) -> None:
    path = tmp_path / HOLDER_NAME
    path.write_text(json.dumps({"pid": 7, "command": "reindex"}))
    assert read_holder(tmp_path) == "process 7: reindex"


def test_the_lock_is_given_back_whatever_happens(db: Database) -> None:
    def fail_while_writing() -> None:
        with writer_lock(db.conn, wait=False), Captures(db.conn) as captures:
            captures.open()

    for _ in range(2):  # the lock that the helper holds keeps the captures out
        with pytest.raises(StorageError, match=f"process {os.getpid()}"):
            fail_while_writing()
    with Captures(db.conn) as captures:
        captures.open()


def test_letting_go_of_what_is_not_held_takes_nothing_from_others(
    tmp_path: Path,
) -> None:
    first = WriterLock(tmp_path)
    first.acquire()
    WriterLock(tmp_path).release()
    assert (tmp_path / HOLDER_NAME).exists()
    with pytest.raises(StorageError):
        WriterLock(tmp_path).acquire()
    first.release()
