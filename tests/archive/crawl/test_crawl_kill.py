"""A crawl that is killed at any moment loses at most the page in flight."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from corpus import ROOT
from crawling import readable
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.server import Running, serve
from fastwarc.warc import ArchiveIterator

from archive.warc.captures import warc_folder

HELD_AFTER = 5
STUCK_S = 600


def begin(db: Path, site: Running, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "archive",
            "crawl",
            str(db),
            site.url,
            "--delay",
            "0.02",
            *more,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_requests(site: Running, count: int, crawl: subprocess.Popen[str]) -> None:
    """Wait until so many more were sent; soon after them the forum stops to answer, so that
    no crawl ends before the test comes to stop it."""
    wanted = len(site.log) + count
    site.hold_after = wanted + HELD_AFTER
    while len(site.log) < wanted:
        assert crawl.poll() is None, "the crawl had ended: a larger forum is needed"
        time.sleep(0.002)


def check_whole(db: Path, site: Running) -> None:
    """All posts once, the file and its WARC files whole."""
    conn = sqlite3.connect(db)
    pids = [
        row[0] for row in conn.execute("SELECT pid FROM posts WHERE gone_at IS NULL")
    ]
    assert sorted(pids) == sorted(readable(site.forum))
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert conn.execute(
        "SELECT count(*) FROM captures WHERE outcome = 'pending'"
    ).fetchone() == (0,)
    records = conn.execute(
        "SELECT count(*) FROM captures WHERE file IS NOT NULL"
    ).fetchone()[0]
    found = 0
    for path in warc_folder(conn).glob("*.warc.gz"):
        with path.open("rb") as file:
            kinds = [
                (record.headers["WARC-Type"], record.verify_block_digest(consume=True))
                for record in ArchiveIterator(file, parse_http=False)
            ]
        assert all(good for _, good in kinds)
        found += sum(kind not in ("warcinfo", "request") for kind, _ in kinds)
    assert found == records


def rows(db: Path) -> list[tuple[object, ...]]:
    """What readers see of an archive, without its own numbers and times."""
    conn = sqlite3.connect(db)
    return conn.execute("""SELECT b.fid, b.name, t.tid, t.title, t.replies,
        p.pid, p.floor, p.author, p.text
      FROM posts p JOIN threads t ON t.id = p.thread_id LEFT JOIN boards b ON b.id = t.board_id
      ORDER BY p.pid""").fetchall()


def killed(
    tmp_path: Path, kills: int, seed: int, forum: Forum, between: int
) -> tuple[int, int]:
    """One crawl, killed so often; how many pages were asked for more than once, and how
    many there are."""
    dice, db = random.Random(seed), tmp_path / "forum.db"
    with serve(forum) as site:
        for _ in range(kills):
            crawl = begin(db, site)
            wait_for_requests(site, dice.randrange(2, between), crawl)
            time.sleep(dice.random() * 0.03)
            crawl.send_signal(signal.SIGKILL)
            crawl.communicate()
            site.hold_after = None
        crawl = begin(db, site)
        words = crawl.communicate(timeout=STUCK_S)[0]
        assert crawl.returncode == 0, words
        check_whole(db, site)
        counts = Counter(path for path in site.paths() if path != "/robots.txt")
        undisturbed = begin(tmp_path / "undisturbed.db", site, "--delay", "0")
        undisturbed.communicate(timeout=STUCK_S)
        assert rows(db) == rows(tmp_path / "undisturbed.db")
        return sum(count - 1 for count in counts.values()), len(counts)


def test_killed_twice(tmp_path: Path) -> None:
    twice, _ = killed(
        tmp_path,
        2,
        seed=1,
        forum=generated(boards=2, threads=22, replies=12),
        between=12,
    )
    assert twice <= 2


@pytest.mark.slow
def test_killed_thirty_times(tmp_path: Path) -> None:
    twice, pages = killed(
        tmp_path,
        30,
        seed=2,
        forum=generated(boards=4, threads=290, replies=14),
        between=60,
    )
    assert twice < 0.02 * pages  # at most the page in flight: one a kill


def test_ctrl_c_finishes_the_page_and_says_how_to_go_on(tmp_path: Path) -> None:
    db = tmp_path / "forum.db"
    with serve(generated(boards=2, threads=22, replies=12)) as site:
        crawl = begin(db, site)
        wait_for_requests(site, 12, crawl)
        crawl.send_signal(signal.SIGINT)
        site.hold_after = None
        words = crawl.communicate(timeout=STUCK_S)[0]
        assert crawl.returncode == 130
        assert (
            f"go on with `discuz-archive crawl {db} {site.url} --delay 0.02`" in words
        )
        asked = len(site.log)
        crawl = begin(db, site, "--json")
        assert '"outcome": "done"' in crawl.communicate(timeout=STUCK_S)[0]
        assert asked < 40
        check_whole(db, site)


def test_watch_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    with serve(generated(boards=1, threads=3, replies=3)) as site:
        watch = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "archive",
                "watch",
                str(tmp_path / "forum.db"),
                site.url,
                "--delay",
                "0",
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert watch.stdout is not None
        line = ""
        while " round 1 " not in line:
            line = watch.stdout.readline()
            assert line, "watch ended by itself"
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(STUCK_S) == 0
        check_whole(tmp_path / "forum.db", site)
