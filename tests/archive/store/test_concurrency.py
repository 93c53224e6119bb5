"""Reading while crawls write: no page fails, no lock is left, and the file can be tidied
while readers read."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from browser import served
from fake_forum.generate import generated
from fake_forum.server import serve

from archive.schema import open_archive

pytest.importorskip("datasette")
pytest.importorskip("nh3")

PAGES = (
    "/?home=1",
    "/f/1",
    "/f/1/board/{board}",
    "/f/1/thread/{thread}",
    "/search?q=的",
    "/search.atom?q=我",
    "/pictures?site=1",
    "/pictures/months.svg?site=1",
    "/health",
    "/forum/posts.json?_size=20",
    "/forum/post_list",
    "/forum/silent_threads.json",
    "/forum.php?mod=viewthread&tid={thread}",
)


@contextmanager
def crawled_on_and_on(
    database: Path, until: threading.Event
) -> Iterator[list[subprocess.CompletedProcess[str]]]:
    """One forum after the other is crawled into the archive; what each crawl ended with."""
    ended: list[subprocess.CompletedProcess[str]] = []

    def crawl() -> None:
        for seed in itertools.count(2):
            if until.is_set():
                return
            with serve(generated(seed, threads=30)) as forum:
                ended.append(crawl_once(database, forum.url))

    writer = threading.Thread(target=crawl)
    writer.start()
    try:
        yield ended
    finally:
        until.set()
        writer.join()


def crawl_once(database: Path, address: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "archive",
        "crawl",
        str(database),
        address,
        "--delay",
        "0",
        "--concurrency",
        "4",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_readers_and_a_crawl_do_not_disturb_each_other(
    tmp_path: Path, seconds: int
) -> None:
    database = tmp_path / "forum.db"
    with serve(generated(1, threads=30)) as forum:
        assert crawl_once(database, forum.url).returncode == 0
    with sqlite3.connect(database) as conn:
        board = conn.execute("SELECT fid FROM boards WHERE fid IS NOT NULL").fetchone()[
            0
        ]
        thread = conn.execute(
            "SELECT tid FROM threads WHERE tid IS NOT NULL"
        ).fetchone()[0]
        before = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    paths = [path.format(board=board, thread=thread) for path in PAGES]
    answers: Counter[tuple[str, int]] = Counter()
    with (
        served(database) as address,
        httpx.Client(base_url=address, timeout=30, trust_env=False) as client,
    ):
        with crawled_on_and_on(database, threading.Event()) as ended:
            end = time.monotonic() + seconds
            for path in itertools.cycle(paths):
                answers[path, client.get(path).status_code] += 1
                is_last = path == paths[-1]  # each page is asked for at least once
                if is_last and time.monotonic() > end:
                    break
        # an old address leads to the one forum that has the thread, and names both when the
        # second one has come so far
        right = {200, 300, 302}
        statuses = {status for _, status in answers}
        assert 200 in statuses
        assert statuses <= right, [key for key in answers if key[1] not in right]
        assert {
            (crawl.returncode, crawl.stderr[-500:])
            for crawl in ended
            if crawl.returncode
        } == set()
        conn = open_archive(database).conn  # the server is still there
        assert conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, (
            "a reader holds the file"
        )
        assert conn.execute("SELECT count(*) FROM posts").fetchone()[0] > before
        assert conn.execute("PRAGMA quick_check").fetchone() == ("ok",)
        conn.execute("UPDATE sites SET name = '改了名' WHERE id = 1")
        assert "改了名" in client.get("/f/1").text
        conn.close()


def test_the_file_is_opened_to_read_only_and_queries_have_their_time(
    tmp_path: Path,
) -> None:
    open_archive(tmp_path / "forum.db").conn.close()
    endless = (
        "with recursive n(x) as (select 1 union all select x + 1 from n) "
        "select count(*) from n"
    )
    with served(tmp_path / "forum.db") as address:
        for sql in (
            "delete from posts",
            "insert into sites(name) values (1)",
            "pragma journal_mode=delete",
            endless,
        ):
            answer = httpx.get(
                f"{address}/forum.json",
                params={"sql": sql},
                timeout=30,
                trust_env=False,
            )
            assert answer.status_code == 400
