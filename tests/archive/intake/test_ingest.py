"""Ingest from files to rows: each failure is named and costs nothing else, no interruption
loses or doubles a thing."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import breaking_parser
import pytest
from corpus import ROOT

from archive.cli import cli, run
from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord
from archive.intake.parsers import ParserProcesses
from archive.intake.results import IngestResult
from archive.intake.sources import read_inputs
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from archive.warc.files import WarcFolder
from archive.warc.records import pack, sha1_base32
from scraper.core.records import Capture

AT = datetime(2024, 6, 1, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


def print_page(tid: int, posts: int = 3) -> bytes:
    """A print page (template `viewthread_printable`) of a thread of our own."""
    blocks = "".join(
        f"<b>作者: </b>作者{n}&nbsp; &nbsp; <b>时间: </b>2024-5-14 "
        f"{8 + n % 12:02}:{tid % 60:02}<br />\n"
        f"{'<b>标题: </b>第 ' + str(tid) + ' 题<br />' if n == 0 else ''}第 {tid} "
        f"题的第 {n} 帖，淘宝开店经验。"
        '<hr noshade size="2" width="100%" color="#808080">\n'
        for n in range(posts)
    )
    return (
        f"<html><head><title>第 {tid} 题 - 小镇论坛 - Powered by Discuz!</title>"
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head><body>'
        f"<h1>小镇论坛</h1><b>标题: </b>第 {tid} 题 "
        '<b><a href="###" onclick="window.print()">[打印本页]</a></b><br />\n'
        f'<hr noshade size="2" width="100%" color="#808080">\n{blocks}<br />'
        "<table><tr><td>欢迎光临 小镇论坛 (https://town.example/)</td><td>Powered by "
        "Discuz! X3.4</td></tr></table>"
        "</body></html>"
    ).encode()


def url_of(tid: int) -> str:
    return f"https://town.example/forum.php?mod=viewthread&action=printable&tid={tid}"


def make_warc(folder: Path, tids: range, name: str = "town") -> Path:
    """A WARC file of print pages, one thread each."""
    folder.mkdir(exist_ok=True)
    warcs = WarcFolder(folder, name)
    for tid in tids:
        body = print_page(tid)
        capture = Capture(url_of(tid), AT, body, 200, (("Content-Type", "text/html"),))
        warcs.append(pack(capture, "response", sha1_base32(body)))
    warcs.close()
    return folder / f"{name}-00001.warc.gz"


def posts_of(db: Path) -> list[tuple[object, ...]]:
    """What the archive says, whatever order it was stored in."""
    conn = sqlite3.connect(db)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = conn.execute(
        "SELECT tid, p.author, posted_at, text FROM posts p JOIN threads t ON t.id = "
        "thread_id ORDER BY 1, 2"
    ).fetchall()
    assert conn.execute(
        "SELECT count(*) FROM captures WHERE outcome = 'pending'"
    ).fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM posts_fts_dirty").fetchone() == (0,)
    conn.close()
    return rows


def warc_is_valid(db: Path) -> bool:
    files = [str(path) for path in db.with_suffix(".warc").glob("*.warc.gz")]
    return (
        subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True
        ).returncode
        == 0
    )


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as the terminal would: exit code, what it printed, what it complained
    about."""

    def call(*words: object) -> tuple[int, str, str]:
        code = run(
            lambda: cli.main([str(word) for word in words], standalone_mode=False)
        )
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_pages_are_stored_once(call: Run, tmp_path: Path) -> None:
    db, warc = tmp_path / "a.db", make_warc(tmp_path / "in", range(1, 4))
    code, out, _ = call("ingest", db, warc)
    assert code == 0
    assert "9 new posts" in out
    before = list(sqlite3.connect(db).iterdump())
    code, out, _ = call("ingest", db, warc)
    assert code == 0
    assert "nothing new: 3 pages already in the archive" in out
    assert list(sqlite3.connect(db).iterdump()) == before
    assert warc_is_valid(db)


def test_single_page_and_its_folder(call: Run, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_bytes(print_page(5))
    assert (
        call("ingest", tmp_path / "a.db", "--url", url_of(5), pages / "a.html")[0] == 0
    )
    assert [row[0] for row in posts_of(tmp_path / "a.db")] == [5, 5, 5]
    code, out, _ = call("ingest", tmp_path / "a.db", pages, "--json")
    assert code == 0
    assert json.loads(out)["posts"] == {"new": 0, "changed": 0, "unchanged": 3}


def test_a_file_with_the_name_of_the_folder_of_pages(call: Run, tmp_path: Path) -> None:
    warc = make_warc(tmp_path / "in", range(1, 2))
    namesake = warc.rename(tmp_path / "forum.warc")
    code, _, err = call("ingest", tmp_path / "forum.db", namesake)
    assert code == 5
    assert "another name" in err
    assert namesake.stat().st_size
    assert call("ingest", tmp_path / "other.db", namesake)[0] == 0


def test_zone_is_kept_with_the_forum(call: Run, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    call("ingest", db, make_warc(tmp_path / "one", range(1, 2)), "--zone", "+0")
    call("ingest", db, make_warc(tmp_path / "two", range(2, 3)))
    assert [row[2] for row in posts_of(db)][::3] == [
        "2024-05-14T08:01:00Z",
        "2024-05-14T08:02:00Z",
    ]


def test_every_failure_is_named_and_nothing_else_is_lost(
    call: Run, tmp_path: Path
) -> None:
    good = make_warc(tmp_path / "in", range(1, 9))
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(good.read_bytes()[:-200])
    foreign = WarcFolder(tmp_path, "foreign")
    body = b"<html><title>News</title><p>hello</p></html>"
    other = Capture(
        "https://news.example/", AT, body, 200, (("Content-Type", "text/html"),)
    )
    picture = Capture(
        "https://news.example/1.png",
        AT,
        b"\x89PNG",
        200,
        (("Content-Type", "image/png"),),
    )
    robots = Capture(
        "https://town.example/robots.txt",
        AT,
        b"# robots.txt for Discuz! X3.4",
        200,
        (("Content-Type", "text/plain"),),
    )
    for capture in (other, picture, robots):
        foreign.append(pack(capture, "response", sha1_base32(capture.body)))
    foreign.close()
    empty, png, big, broken = (
        tmp_path / name for name in ("empty.html", "a.png", "big.html", "broken.html")
    )
    empty.touch()
    png.write_bytes(b"\x89PNG\r\n\x1a\n\0")
    with big.open("wb") as file:
        file.write(b"<html>")
        file.truncate(50 << 20)
    broken.write_bytes(print_page(9, posts=0))
    inputs = (
        empty,
        png,
        big,
        broken,
        tmp_path / "foreign-00001.warc.gz",
        cut,
        tmp_path / "missing.html",
    )
    code, out, _ = call("ingest", tmp_path / "a.db", "--json", *inputs)
    told = json.loads(out)
    reasons = {
        (Path(problem["source"]).name, problem["reason"][:12])
        for problem in told["problems"]
    }
    assert code == 0
    assert told["posts"]["new"] == 7 * 3
    assert {
        ("empty.html", "an empty fil"),
        ("a.png", "a PNG pictur"),
        ("big.html", "too big for "),
        ("cut.warc.gz", "cut in the m"),
        ("missing.html", "cannot be re"),
        ("foreign-00001.warc.gz", "not a page o"),
    } <= reasons
    assert "broken.html" in {name for name, _ in reasons}
    assert told["results"]["skipped"] == 2
    assert b"news.example" not in b"".join(
        p.read_bytes() for p in (tmp_path / "a.warc").glob("*.gz")
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 3),
        (b"\x89PNG", 3),
        (b"<html><p>news</p></html>", 3),
        (b"SQLite format 3\0", 3),
    ],
)
def test_exit_code_when_nothing_is_stored(
    call: Run, tmp_path: Path, content: bytes, code: int
) -> None:
    (tmp_path / "page.html").write_bytes(content)
    told = call("ingest", tmp_path / "a.db", tmp_path / "page.html")
    assert told[0] == code
    assert "nothing was stored" in told[1]


def test_page_that_fails_is_kept_and_tried_again(
    call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistaken = partial(ParserProcesses, work=breaking_parser.mistaken)
    db, warc = tmp_path / "a.db", make_warc(tmp_path / "in", range(1, 3))
    with monkeypatch.context() as patch:
        patch.setattr("archive.commands._reading.ParserProcesses", mistaken)
        for _ in range(2):
            code, out, _ = call("ingest", db, warc)
            assert code == 4
            assert out.count("a parser's mistake") == 2
    assert warc_is_valid(db)
    assert "6 new posts" in call("ingest", db, warc)[1]
    assert sqlite3.connect(db).execute(
        "SELECT outcome, count(*) FROM captures"
    ).fetchall() == [("stored", 2)]


def test_archive_that_is_something_else(call: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(print_page(1) * 10)
    code, _, err = call("ingest", page, page)
    assert code == 5
    assert "is not an archive" in err
    assert call("stats", tmp_path / "none.db")[0] == 3


def test_stats(call: Run, tmp_path: Path) -> None:
    call("ingest", tmp_path / "a.db", make_warc(tmp_path / "in", range(1, 4)))
    code, out, _ = call("stats", tmp_path / "a.db", "--json")
    told = json.loads(out)
    assert code == 0
    assert (
        told["forums"][0]
        | {"forum": "小镇论坛", "threads": 3, "posts": 9, "without_pid": 9}
        == told["forums"][0]
    )
    assert told["captures"] == 3
    assert "posts: 9" in call("stats", tmp_path / "a.db")[1]


def ingest_all(db: Path, paths: list[Path]) -> list[IngestResult]:
    archive = open_archive(db)
    with Captures(archive.conn) as captures:
        visits = list(
            Ingest(archive.conn, captures, Store(archive.conn)).run(read_inputs(paths))
        )
    archive.close()
    return visits


def test_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    db, warc = tmp_path / "a.db", make_warc(tmp_path / "in", range(1, 60))
    ingest_all(db, [make_warc(tmp_path / "one", range(60, 61))])
    archive = open_archive(db)
    done: list[IngestResult] = []
    pages = archive.conn.execute("PRAGMA page_count").fetchone()[0]
    with Captures(archive.conn) as captures:
        archive.conn.execute(f"PRAGMA max_page_count = {pages + 4}")
        visits = Ingest(archive.conn, captures, Store(archive.conn)).run(
            read_inputs([warc])
        )
        with pytest.raises(sqlite3.OperationalError, match="full"):
            done.extend(visits)
    archive.close()
    conn = sqlite3.connect(db)
    stored = conn.execute("SELECT count(*) FROM threads").fetchone()[0]
    assert 1 < stored < 60
    assert conn.execute(
        "SELECT count(*) FROM captures WHERE outcome = 'stored'"
    ).fetchone() == (stored,)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()
    ingest_all(db, [warc])
    assert len(posts_of(db)) == 60 * 3
    assert warc_is_valid(db)


def test_record_of_a_page_that_was_not_stored_is_read_first(tmp_path: Path) -> None:
    db, warc = tmp_path / "a.db", make_warc(tmp_path / "in", range(1, 3))
    archive = open_archive(db)
    with Captures(archive.conn) as captures:
        found = [item for item in read_inputs([warc]) if isinstance(item, InputRecord)]
        captures.keep(found[0].capture)
    archive.close()
    assert [visit.source for visit in ingest_all(db, [])] == [
        "capture 1 of an earlier run"
    ]
    assert [row[0] for row in posts_of(db)] == [1, 1, 1]


def start(
    db: Path, warc: Path, limit_bytes: int | None = None
) -> subprocess.Popen[str]:
    """The command in a process of its own, its files no longer than a limit."""

    def limit() -> None:
        if limit_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    words = [sys.executable, "-m", "archive", "ingest", str(db), str(warc)]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        text=True,
        preexec_fn=limit,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_rows(db: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Until so many threads are stored, or the process has ended."""
    while process.poll() is None and threads_in(db) < count:
        time.sleep(0.01)


def threads_in(db: Path) -> int:
    try:
        conn = sqlite3.connect(db)
        stored = int(conn.execute("SELECT count(*) FROM threads").fetchone()[0])
        conn.close()
    except sqlite3.Error:
        return 0
    return stored


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_ingest_is_completed_by_the_next(
    tmp_path: Path, how: signal.Signals
) -> None:
    warc = make_warc(tmp_path / "in", range(1, 800))
    db = tmp_path / "a.db"
    for more in (20, 150, 150):
        stored = threads_in(db)
        process = start(db, warc)
        wait_for_rows(db, stored + more, process)
        process.send_signal(how)
        told = process.communicate(timeout=60)
        if (
            how == signal.SIGINT
        ):  # where the machine is slow to run us, it may have ended before the signal
            assert process.returncode in (130, 0), told
            assert "new posts" in told[0] or stored + more > 799, told
        conn = sqlite3.connect(db)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        conn.close()
    ingest_all(db, [warc])
    ingest_all(tmp_path / "undisturbed.db", [warc])
    assert posts_of(db) == posts_of(tmp_path / "undisturbed.db")
    assert warc_is_valid(db)
    assert (
        db.with_suffix(".warc") / "a-00001.warc.gz"
    ).stat().st_size < 1.1 * warc.stat().st_size


def test_full_disk_is_said_and_the_next_run_completes(tmp_path: Path) -> None:
    warc = make_warc(tmp_path / "in", range(1, 800))
    db = tmp_path / "a.db"
    process = start(db, warc, limit_bytes=1_000_000)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 5, (out, err)
    assert "error:" in err
    ingest_all(db, [warc])
    assert len(posts_of(db)) == 799 * 3
    assert warc_is_valid(db)


def test_source_post(call: Run, shared: Path, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    assert call("ingest", db, shared / "source-post.txt")[0] == 0
    conn = sqlite3.connect(db)
    assert conn.execute("SELECT count(*), count(pid) FROM posts").fetchone() == (18, 0)
    assert conn.execute("SELECT tid, author FROM threads").fetchall() == [
        (None, "淘宝代运营")
    ]
    assert call("ingest", db, shared / "pages" / "source-post.warc.gz")[0] == 0
    counts = conn.execute(
        "SELECT count(*), count(pid), count(floor), sum(opening) FROM posts"
    ).fetchone()
    assert counts == (18, 18, 18, 1)
    assert conn.execute(
        "SELECT count(*) FROM threads JOIN posts p ON p.thread_id = threads.id"
    ).fetchone() == (18,)
    assert conn.execute("SELECT count(*) FROM post_versions").fetchone() == (0,)
    assert call("ingest", db, shared / "source-post.txt")[1].startswith(
        "nothing new: 1 page already"
    )
    conn.close()
