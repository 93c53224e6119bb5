"""`discuz-archive export`: what is chosen, where it goes, and what is said."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Run
from corpus import ROOT

from archive.cli import EXIT_INTERRUPTED, cli, run
from archive.export.forms import form_names, load_form
from scraper.core.errors import StorageError
from tests.archive_of_posts import Row, make_archive

NOTHING_CHOSEN = 1
WRONG_ARGUMENTS = 2
NOT_THERE = 3
STUCK_S = 120
MANY = 6_000
MOST_BYTES = 300_000
"""What a file may hold at most where a disk is full."""


def test_all_of_an_archive_in_one_file(
    forum_db: Path, tmp_path: Path, call: Run
) -> None:
    target = tmp_path / "all.txt"
    code, said = call("export", forum_db, "--format", "txt", "--to", target)
    assert code == 0
    assert said.startswith("wrote 3 threads, 6 posts: 1 file, ")
    assert "  withheld by the forum: 1\n" in said
    assert "  since gone: 1\n" in said
    assert f"{target.stat().st_size:,} bytes" in said


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        (("--site", "1"), 5),
        (("--site", "other.example"), 1),
        (("--site", "另一个"), 1),
        (("--site", "1", "--thread", "1"), 4),
        (("--thread", "2"), 1),
        (("--thread", "~1"), 4),
        (("--board", "2"), 1),
        (("--board", "2", "--thread", "~1"), 5),
        (("--only-author", "小雨点"), 2),
        (("--only-op",), 4),
        (("--query", "电压"), 1),
        (("--query", "电压 之前:今天"), 1),
        (("--query", "作者:小雨点 -杂音"), 1),
        (("--query", "收音机 OR 猫", "--board", "2"), 1),
    ],
)
def test_what_is_chosen(
    forum_db: Path, tmp_path: Path, call: Run, words: tuple[str, ...], posts: int
) -> None:
    target = tmp_path / "some.txt"
    code, said = call("export", forum_db, "--format", "txt", "--to", target, *words)
    assert code == 0
    things = "1 post" if posts == 1 else f"{posts} posts"
    assert f", {things}: " in said


@pytest.mark.parametrize(
    ("words", "expected", "message"),
    [
        (("--query", "没有的话"), NOTHING_CHOSEN, "nothing to export"),
        (("--query", "电压 彗星"), NOTHING_CHOSEN, "nothing to export"),
        (("--only-author", "没有的人"), NOTHING_CHOSEN, "nothing to export"),
        (("--query", "()"), NOT_THERE, "no word"),
        (("--thread", "99"), NOT_THERE, "thread 99 is not in the archive"),
        (("--thread", "x"), NOT_THERE, "not the number of a thread"),
        (("--board", "99"), NOT_THERE, "board 99 is not in the archive"),
        (("--thread", "1"), NOT_THERE, "several forums have a thread 1"),
        (("--site", "nowhere"), NOT_THERE, "no forum here is called"),
        (("--site", "example"), NOT_THERE, "several forums are called"),
        (("--only-op", "--only-author", "x"), WRONG_ARGUMENTS, "not both"),
        (("--no-personal-data",), WRONG_ARGUMENTS, "txt cannot do that"),
    ],
)
def test_what_cannot_be_done_is_said(
    forum_db: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    expected: int,
    message: str,
) -> None:
    target = tmp_path / "some.txt"
    line = ["export", str(forum_db), "--format", "txt", "--to", str(target), *words]
    code = run(lambda: cli.main(line, standalone_mode=False))
    assert code == expected
    assert message in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("typed", "meant"), [("mdd", "md"), ("text", "txt"), ("TXTT", "txt")]
)
def test_an_unknown_form_gets_the_nearest(
    forum_db: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    meant: str,
) -> None:
    line = ["export", str(forum_db), "--format", typed, "--to", str(tmp_path / "x")]
    code = run(lambda: cli.main(line, standalone_mode=False))
    assert code == WRONG_ARGUMENTS
    message = capsys.readouterr().err
    assert "did you mean" in message
    assert meant in message.partition("did you mean")[2].partition("?")[0].split()
    assert all(name in message for name in form_names())


def test_the_archive_itself_is_not_written_over(forum_db: Path, call: Run) -> None:
    before = forum_db.read_bytes()
    inside = forum_db.with_suffix(".warc") / "x.txt"
    for target in (forum_db, inside):
        code, _ = call("export", forum_db, "--format", "txt", "--to", target)
        assert code == NOT_THERE
    assert forum_db.read_bytes() == before


def test_a_dry_run_tells_the_size_and_writes_nothing(
    forum_db: Path, tmp_path: Path, call: Run
) -> None:
    for name in ("all.md", "folder"):
        target = tmp_path / name
        words = ("export", forum_db, "--format", "md", "--to", target)
        _, foretold = call(*words, "--dry-run")
        assert not target.exists()
        assert foretold.startswith("would write 3 threads, 6 posts: ")
        code, said = call(*words)
        assert code == 0
        assert said == foretold.replace("would write", "wrote")


def test_a_folder_goes_on_and_follows_what_changes(
    forum_db: Path, tmp_path: Path, call: Run
) -> None:
    target = tmp_path / "threads"
    words = ("export", forum_db, "--format", "txt", "--to", target)
    assert call(*words)[0] == 0
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    names = {each["path"] for each in manifest["files"]}
    assert names == {
        "1-thread-1.txt",
        "1-thread-2.txt",
        "2-thread-1.txt",
        "index.txt",
    }
    assert {path.name for path in target.iterdir()} == names | {"manifest.json"}
    before = {name: (target / name).stat().st_mtime_ns for name in names}

    with sqlite3.connect(forum_db) as conn:
        conn.execute("UPDATE posts SET text = '两只猫' WHERE id = 5")
        conn.execute("DELETE FROM posts WHERE site_id = 2")
    conn.close()
    assert call(*words)[0] == 0
    assert not (target / "2-thread-1.txt").exists()
    assert "两只猫" in (target / "1-thread-2.txt").read_text("utf-8")
    unchanged = (target / "1-thread-1.txt").stat().st_mtime_ns
    assert unchanged == before["1-thread-1.txt"]


def test_a_folder_of_something_else_is_left_alone(
    forum_db: Path, tmp_path: Path, call: Run
) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "letter.txt").write_text("mine", "utf-8")
    assert call("export", forum_db, "--format", "txt", "--to", target)[0] == NOT_THERE
    assert [path.name for path in target.iterdir()] == ["letter.txt"]

    other = tmp_path / "threads"
    assert call("export", forum_db, "--format", "txt", "--to", other)[0] == 0
    files = sorted(other.iterdir())
    assert call("export", forum_db, "--format", "md", "--to", other)[0] == NOT_THERE
    assert sorted(other.iterdir()) == files


@pytest.mark.parametrize("name", form_names())
def test_no_file_tells_where_the_archive_was(
    forum_db: Path, tmp_path: Path, call: Run, name: str
) -> None:
    form = load_form(name)
    target = tmp_path / "out"
    if form.parts is None:
        target = tmp_path / f"out{form.suffixes[0]}"
    assert call("export", forum_db, "--format", name, "--to", target)[0] == 0
    found = [target, *target.rglob("*")]
    files = [path for path in found if path.is_file()]
    assert files
    for path in files:
        for data in _within(path):
            assert str(tmp_path).encode() not in data
            assert forum_db.name.encode() not in data


def _within(path: Path) -> Iterator[bytes]:
    """What a file holds, and what its files hold where it is a ZIP file."""
    yield path.read_bytes()
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield package.read(name)


def test_the_guide_names_every_form() -> None:
    guide = (ROOT / "archive" / "export" / "README.md").read_text("utf-8")
    for name in form_names():
        assert f"\n| `{name}` | " in guide


def test_what_a_killed_run_left_is_removed_in_time(
    forum_db: Path, tmp_path: Path, call: Run
) -> None:
    target = tmp_path / "all.txt"
    abandoned = tmp_path / ".all.txt.1.part"
    recent = tmp_path / ".all.txt.2.part"
    others = tmp_path / ".letter.1.part"
    for path in (abandoned, recent, others):
        path.write_bytes(b"half")
    for path in (abandoned, others):
        os.utime(path, (0, 0))
    assert call("export", forum_db, "--format", "txt", "--to", target)[0] == 0
    assert not abandoned.exists()
    assert recent.exists()
    assert others.exists()


@pytest.fixture(scope="module")
def many_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose export takes a moment."""
    path = tmp_path_factory.mktemp("many") / "forum.db"
    rows = (
        Row(
            text=f"第{number}帖的话" * 20,
            thread=f"主题{number // 100}",
            posted_at=f"2024-05-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        )
        for number in range(MANY)
    )
    make_archive(path, rows).close()
    return path


@pytest.mark.parametrize("name", ["all.txt", "folder"])
def test_killed_at_any_moment_no_half_file_has_its_name(
    many_db: Path, tmp_path: Path, name: str
) -> None:
    whole = tmp_path / "whole" / name
    whole.parent.mkdir()
    assert _export(many_db, whole).wait(STUCK_S) == 0
    complete = _contents(whole)

    target = tmp_path / name
    killed = 0
    for attempt in range(5):
        export = _export(many_db, target)
        _wait_for_files(export, target, attempt)
        export.kill()
        killed += export.wait(STUCK_S) == -signal.SIGKILL
        for file, words in _contents(target).items():
            assert words == complete[file], f"{file} is not whole"
    assert killed
    assert _export(many_db, target).wait(STUCK_S) == 0
    assert _contents(target) == complete


def test_interrupted_nothing_is_left(many_db: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.txt"
    export = _export(many_db, target)
    _wait_for_files(export, target, attempt=0)
    export.send_signal(signal.SIGINT)
    assert export.wait(STUCK_S) == EXIT_INTERRUPTED
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_nothing_is_left(many_db: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.txt"
    words = ["export", str(many_db), "--format", "txt", "--to", str(target)]
    ran = subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES)
        ),
    )
    assert ran.returncode == StorageError.exit_code
    assert "error: File too large" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def _export(db: Path, target: Path) -> subprocess.Popen[bytes]:
    words = ["export", str(db), "--format", "txt", "--to", str(target)]
    return subprocess.Popen(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for_files(
    export: subprocess.Popen[bytes], target: Path, attempt: int
) -> None:
    """Wait until a file is in the making, then for more of it; in a folder for so many."""
    wanted = 1 + attempt * 3
    while export.poll() is None:
        parts = list(target.parent.glob(f".{target.name}*.part"))
        if target.suffix and parts:
            time.sleep(0.02 * attempt)
            return
        files = list(target.glob("*"))
        if not target.suffix and len(files) >= wanted:
            return
        time.sleep(0.001)


def _contents(target: Path) -> dict[str, bytes]:
    """The files that have their final name."""
    files = [target] if target.is_file() else target.glob("[!.]*")
    return {path.name: path.read_bytes() for path in files}
