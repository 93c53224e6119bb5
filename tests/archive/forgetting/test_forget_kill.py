"""A removal that is killed at any moment: all of it is to be seen or nothing, and the next
command goes on with it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from corpus import ROOT
from forgetting import Crawled, check_whole
from grepping import grep

STUCK_S = 600
ZHOU = 4
GONE = ("老周修表", "先别拆。量一下B+电压", "抽屉里翻出来的")
POSTS = "SELECT count(*) FROM posts WHERE author = '老周修表'"
TRIES = int(os.environ.get("DISCUZ_ARCHIVE_TRIES", "30"))


def begin(db: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "archive", *words[:1], str(db), *words[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def count(db: Path) -> int:
    """How many posts of the member readers see."""
    conn = sqlite3.connect(db)
    try:
        return int(conn.execute(POSTS).fetchone()[0])
    finally:
        conn.close()


def killed(crawled: Crawled, folder: Path, tries: int, seed: int) -> None:
    """Kill a removal so often, each time of another copy, and finish it by the next
    command: itself, or another that writes."""
    dice = random.Random(seed)
    whole_s = 0.0
    finishers: list[tuple[str, ...]] = [("forget",), ("reparse",)]
    for number in range(tries + 1):
        db = crawled.copy(folder / str(number)).path
        all_posts = count(db)
        assert all_posts > 1
        began_s = time.monotonic()
        running = begin(db, "forget", "--user", str(ZHOU), "--yes")
        if number:
            time.sleep(dice.random() * whole_s)
            running.send_signal(signal.SIGKILL)
        words = running.communicate(timeout=STUCK_S)[0]
        if not number:
            assert running.returncode == 0, words
            whole_s = time.monotonic() - began_s
        left = count(db)
        assert left in (0, all_posts)
        next_command = finishers[number % len(finishers)]
        if left:
            next_command = ("forget", "--user", str(ZHOU), "--yes")
        if (left == 0 and number and is_unfinished(db)) or left:
            finishing = begin(db, *next_command)
            words = finishing.communicate(timeout=STUCK_S)[0]
            assert finishing.returncode == 0, words
        assert not is_unfinished(db)
        assert grep(db.parent, *GONE) == []
        check_whole(db)
        parts = [*db.with_suffix(".warc").glob("*.part")]
        assert parts == []
        shutil.rmtree(db.parent)


def is_unfinished(db: Path) -> bool:
    conn = sqlite3.connect(db)
    try:
        rows = conn.execute(
            "SELECT count(*) FROM forgetting_requests WHERE step <> 'done'"
        )
        return bool(rows.fetchone()[0])
    finally:
        conn.close()


def test_killed_twice(crawled: Crawled, tmp_path: Path) -> None:
    killed(crawled, tmp_path / "copies", 2, seed=1)


@pytest.mark.slow
def test_killed_thirty_times(crawled: Crawled, tmp_path: Path) -> None:
    killed(crawled, tmp_path / "copies", TRIES, seed=2)
