"""A capture that ends every run which reads it is set aside, named, and passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from crawling import Runner, readable
from fake_forum.generate import generated
from fake_forum.server import serve

from archive.schema import open_archive
from archive.store import suspects


def pending(runner: Runner) -> int:
    """A capture as a killed run leaves it, with its page still due."""
    conn = open_archive(runner.path).conn
    ((capture_id,),) = conn.execute("SELECT max(id) FROM captures").fetchall()
    conn.execute("UPDATE captures SET outcome = 'pending' WHERE id = ?", (capture_id,))
    conn.close()
    return int(capture_id)


def die_reading(path: Path, capture_id: int) -> None:
    """What is left of a process that was killed while it read a capture."""
    child = os.fork()
    if child == 0:
        with suspects.reading(open_archive(path).conn, capture_id):
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)


@pytest.mark.parametrize(("deaths", "is_read"), [(0, True), (1, True), (2, False)])
def test_twice_without_an_end_and_it_is_passed_over(
    runner: Runner, deaths: int, is_read: bool
) -> None:
    forum = generated(boards=1, threads=4, replies=3)
    with serve(forum) as site:
        runner.run(site.url)
        capture_id = pending(runner)
        for _ in range(deaths):
            die_reading(runner.path, capture_id)
        for _ in range(2):
            runner.run(site.url)
            query = "SELECT outcome, message FROM captures WHERE id = ?"
            ((outcome, message),) = runner.rows(query, capture_id)
            assert (outcome != "failed") is is_read
            words = f"set aside: {suspects.ENDED_PROGRAM}"
            assert message == ("" if is_read else words)
            rows = runner.rows("SELECT capture_id, reason FROM suspects")
            assert rows == ([] if is_read else [(capture_id, suspects.ENDED_PROGRAM)])
        assert runner.pids() == readable(forum)
        query = "SELECT count(*) FROM frontier WHERE outcome = 'set aside'"
        assert runner.rows(query) == [(0 if is_read else 1,)]
