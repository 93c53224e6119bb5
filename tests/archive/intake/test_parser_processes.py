"""Parser processes: the same rows however many there are, and a page that breaks one costs
that page."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import breaking_parser
import pytest
from breaking_parser import broken_by
from corpus import ROOT

from archive.cli import cli, run
from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord, Problem
from archive.intake.parsers import ParserProcesses
from archive.intake.results import IngestResult
from archive.intake.sources import read_inputs
from archive.processes.task_process import Limits
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture

AT = datetime(2024, 6, 1, tzinfo=UTC)
LIMITS = Limits(cpu_s=0.5, clock_s=120.0, memory_bytes=400 << 20)
IMPATIENT = replace(LIMITS, clock_s=5.0)
PATIENT = replace(LIMITS, cpu_s=30.0)
"""To fill memory takes a busy machine longer than to loop for half a second."""
Rows = dict[str, list[tuple[Any, ...]]]


def page_of(tid: int, extra: bytes = b"") -> InputRecord:
    """A print page of a thread with two posts."""
    posts = "".join(
        f"<b>作者: </b>作者{n}&nbsp; &nbsp; <b>时间: </b>2024-5-14 08:{tid % 60:02}<br />\n"
        f"{'<b>标题: </b>第 ' + str(tid) + ' 题<br />' if n == 0 else ''}第 {tid} 题的第 {n} 帖。"
        '<hr noshade size="2" width="100%" color="#808080">\n'
        for n in range(2)
    )
    body = (
        f"<html><head><title>第 {tid} 题 - 小镇论坛 - Powered by Discuz!</title></head><body>"
        f"<h1>小镇论坛</h1><b>标题: </b>第 {tid} 题 "
        '<b><a href="###" onclick="window.print()">[打印本页]</a></b><br />\n'
        f'<hr noshade size="2" width="100%" color="#808080">\n{posts}<br />'
        "<table><tr><td>欢迎光临 小镇论坛 (https://town.example/)</td><td>Powered by "
        "Discuz! X3.4</td></tr></table></body></html>"
    )
    url = f"https://town.example/forum.php?mod=viewthread&action=printable&tid={tid}"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return InputRecord("town", Capture(url, AT, body.encode() + extra, 200, headers))


def ingested(
    db: Path,
    items: Iterable[InputRecord | Problem],
    jobs: int,
    limits: Limits = LIMITS,
    *,
    again: bool = False,
) -> list[IngestResult]:
    """Read into an archive with so many parser processes, all of whose rules for breaking
    pages are those of `breaking_parser`; 0: by this process."""
    archive = open_archive(db)
    with contextlib.ExitStack() as stack:
        stack.callback(archive.close)
        captures = stack.enter_context(Captures(archive.conn))
        parsers = None
        if jobs:
            processes = ParserProcesses(jobs, limits, breaking_parser.parse)
            parsers = stack.enter_context(processes)
        ingest = Ingest(archive.conn, captures, Store(archive.conn), parsers)
        results = list(ingest.run(items))
        if again:
            results += ingest.again()
        return results


def rows_of(db: Path) -> Rows:
    """Every row of every table, down to those that the index is kept in; places in WARC
    files from the first record on, for what stands before it tells the time."""
    conn = sqlite3.connect(db)
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    tables = [name for (name,) in conn.execute(query)]
    rows = {name: conn.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    start = "offset - (SELECT min(offset) FROM captures c WHERE c.file = captures.file)"
    columns = [row[1] for row in conn.execute("PRAGMA table_info(captures)")]
    columns[columns.index("offset")] = start
    query = f"SELECT {', '.join(columns)} FROM captures"
    rows["captures"] = conn.execute(query).fetchall()
    del rows["warc_files"]  # sizes, and digests of what tells the time
    conn.close()
    return rows


@pytest.fixture
def begun(tmp_path: Path) -> list[Path]:
    """Archives that are one file, copied before anything is in it: an archive has a number of
    its own."""
    open_archive(tmp_path / "forum.db").close()
    copies = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        copies.append(Path(shutil.copy(tmp_path / "forum.db", folder)))
    return copies


def test_every_table_is_the_same_with_any_number_of_processes(
    begun: list[Path], fixtures: Path
) -> None:
    """Our pages are of forums of every kind: some teach how to read those that follow."""
    wanted = ingested(begun[0], read_inputs([fixtures]), jobs=1, again=True)
    rows = rows_of(begun[0])
    assert rows["posts"]
    assert rows["posts_fts_data"]
    for db, jobs in zip(begun[1:], (2, 4), strict=False):
        assert ingested(db, read_inputs([fixtures]), jobs, again=True) == wanted
        assert rows_of(db) == rows
    assert ingested(begun[3], read_inputs([fixtures]), jobs=0, again=True) == wanted
    by_this_process = rows_of(begun[3])
    for table, found in rows.items():
        if (
            "_fts_" not in table
        ):  # an index that is written page by page has more pieces
            assert by_this_process[table] == found, table


def test_a_page_that_is_given_twice_is_known_the_second_time(tmp_path: Path) -> None:
    items = [page_of(1), page_of(2), page_of(1)]
    results = ingested(tmp_path / "a.db", items, jobs=2)
    assert [result.result for result in results] == ["stored", "stored", "known"]


BREAKING = {
    "loop": "of the processor",
    "loop-in-c": "of the processor",
    "sleep": "more than 5 s",
    "memory": "more than 400 MB of memory",
    "die-of-memory": "SIGABRT",
    "segfault": "SIGSEGV",
    "exit": "exit code 3",
    "kill": "SIGKILL",
}


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("way", BREAKING)
def test_a_page_that_breaks_its_parser_costs_that_page(
    tmp_path: Path, way: str, jobs: int
) -> None:
    db = tmp_path / "a.db"
    items = [page_of(tid) for tid in range(1, 41)]
    items[20] = page_of(21, broken_by(way))
    limits = {"sleep": IMPATIENT, "memory": PATIENT, "die-of-memory": PATIENT}
    results = ingested(db, items, jobs, limits.get(way, LIMITS))
    (failed,) = [result for result in results if result.result != "stored"]
    assert failed == results[20]
    assert failed.result == "set_aside"
    assert failed.page_error
    assert BREAKING[way] in failed.reason
    conn = sqlite3.connect(db)
    assert conn.execute("SELECT count(*) FROM posts").fetchone() == (39 * 2,)
    assert conn.execute(
        "SELECT outcome, message FROM captures WHERE outcome <> 'stored'"
    ).fetchall() == [("failed", failed.reason)]
    conn.close()
    with open_archive(db).conn as conn, Captures(conn) as captures:
        again = list(Ingest(conn, captures, Store(conn)).again(failed_only=True))
    assert [result.saved.new for result in again] == [2]


def test_pages_that_break_their_parsers_one_after_the_other(tmp_path: Path) -> None:
    items = [page_of(tid, broken_by("exit")) for tid in range(1, 13)]
    items += [page_of(tid) for tid in range(13, 40)]
    results = ingested(tmp_path / "a.db", items, jobs=2)
    assert [result.result for result in results] == ["set_aside"] * 12 + ["stored"] * 27


def test_ingest_and_reparse_take_the_number_of_processes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fixtures: Path
) -> None:
    def call(*words: object) -> str:
        arguments = [str(word) for word in words]
        assert run(lambda: cli.main(arguments, standalone_mode=False)) == 0
        return capsys.readouterr().out

    db = tmp_path / "a.db"
    assert "new posts" in call("ingest", db, fixtures / "x3", "--jobs", 2)
    assert "0 new" in call("reparse", db, "--jobs", 2)
    assert "already in the archive" in call("ingest", db, fixtures / "x3")


def write_pages(folder: Path, count: int) -> Path:
    """A folder of pages."""
    folder.mkdir()
    for tid in range(1, count + 1):
        body = page_of(tid).capture.body
        (folder / f"thread-{tid}-1-1.html").write_bytes(body)
    return folder


def begin(db: Path, pages: Path, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "archive", "ingest", str(db), str(pages), *more]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def threads_in(db: Path) -> int:
    try:
        with contextlib.closing(sqlite3.connect(db)) as conn:
            return int(conn.execute("SELECT count(*) FROM threads").fetchone()[0])
    except sqlite3.Error:
        return 0


def children_of(pid: int) -> list[int]:
    """The processes below one, where the system tells."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(each) for each in children.read_text().split()]
    except OSError:
        return []
    return [*found, *(below for child in found for below in children_of(child))]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def posts_of(db: Path) -> list[tuple[Any, ...]]:
    conn = sqlite3.connect(db)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    pending = "SELECT count(*) FROM captures WHERE outcome IN ('pending', 'failed')"
    assert conn.execute(pending).fetchone() == (0,)
    query = """SELECT t.title, p.author, p.text FROM posts p
      JOIN threads t ON t.id = p.thread_id ORDER BY 1, 2"""
    rows = conn.execute(query).fetchall()
    conn.close()
    return rows


def wait_for_threads(db: Path, more: int, process: subprocess.Popen[str]) -> None:
    """Until so many more are stored, or the process has ended."""
    wanted = threads_in(db) + more
    while process.poll() is None and threads_in(db) < wanted:
        time.sleep(0.005)


def kill_often(tmp_path: Path, kills: int, pages: int, seed: int) -> None:
    """Ingest a folder; kill the run, or one of its processes and then the run, again and
    again; nothing is lost, nothing lives on."""
    dice = random.Random(seed)
    folder = write_pages(tmp_path / "pages", pages)
    db = tmp_path / "a.db"
    for number in range(kills):
        process = begin(db, folder, "--jobs", str(dice.choice((1, 2, 4))))
        wait_for_threads(db, dice.randrange(1, pages // kills), process)
        time.sleep(0.05 * dice.random())
        below = children_of(process.pid)
        if number % 2 and below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(below), signal.SIGKILL)
            wait_for_threads(db, 1, process)
            below += children_of(process.pid)
        process.kill()
        process.communicate(timeout=60)
        wait_until_dead(below)
    last = begin(db, folder)
    out, err = last.communicate(timeout=300)
    assert last.returncode == 0, (out, err)
    ingested(tmp_path / "undisturbed.db", read_inputs([folder]), jobs=0)
    assert posts_of(db) == posts_of(tmp_path / "undisturbed.db")


def wait_until_dead(processes: Iterable[int]) -> None:
    """Processes end with their parent."""
    ends_s = time.monotonic() + 60
    while any(map(is_alive, processes)):
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def test_killed_a_few_times(tmp_path: Path) -> None:
    kill_often(tmp_path, kills=4, pages=400, seed=1)


@pytest.mark.slow
def test_killed_thirty_times(tmp_path: Path) -> None:
    kill_often(tmp_path, kills=30, pages=3000, seed=2)


def test_ctrl_c_ends_all_of_it(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "pages", 1500)
    db = tmp_path / "a.db"
    process = begin(db, folder, "--jobs", "2")
    wait_for_threads(db, 1, process)
    below = children_of(process.pid)
    for pid in (process.pid, *below):  # a terminal sends it to all of them
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "Traceback" not in err
    wait_until_dead(below)
