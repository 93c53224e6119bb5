"""Archives that were copied by a dump, or moved without their WARC files; commands make no
files before there is something to put into them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from browser import free_port
from command_line import Run
from corpus import FIXTURES, ROOT

from archive.cli import cli, run
from archive.schema import APPLICATION_ID, is_archive, open_archive
from archive.warc.captures import Captures

ALL = "SELECT * FROM {} ORDER BY 1, 2"
TABLES = ("sites", "boards", "threads", "posts", "users", "captures", "archive_facts")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive."""
    folder = tmp_path_factory.mktemp("whole")
    words = [sys.executable, "-m", "archive", "demo", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return folder / "demo.db"


@pytest.fixture
def dumped(whole: Path, tmp_path: Path) -> Path:
    """A copy that the shell's `.dump` went through, with the WARC files."""
    shell = shutil.which("sqlite3")
    if not shell:
        pytest.skip("no sqlite3 here")
    copy = tmp_path / "demo.db"
    script = subprocess.run([shell, whole, ".dump"], check=True, capture_output=True)
    subprocess.run([shell, copy], input=script.stdout, check=True)
    shutil.copytree(whole.with_suffix(".warc"), copy.with_suffix(".warc"))
    return copy


@pytest.fixture
def alone(whole: Path, tmp_path: Path) -> Path:
    """A copy without the WARC files."""
    copy = tmp_path / "demo.db"
    shutil.copy(whole, copy)
    return copy


def number_of(path: Path) -> int:
    """The number in a file's header."""
    conn = sqlite3.connect(path)
    (number,) = conn.execute("PRAGMA application_id").fetchone()
    conn.close()
    return int(number)


def test_a_dump_is_the_same_archive(whole: Path, dumped: Path, call: Run) -> None:
    assert number_of(dumped) == 0
    code, said = call("search", dumped, "收音机")
    assert code == 0
    assert (code, said) == call("search", whole, "收音机")
    assert call("check", dumped, "--full")[0] == 0
    assert number_of(dumped) == APPLICATION_ID
    old, new = open_archive(whole).conn, open_archive(dumped).conn
    for table in TABLES:
        query = ALL.format(table)
        assert new.execute(query).fetchall() == old.execute(query).fetchall(), table
    old.close()
    new.close()


def test_a_dump_takes_more_pages(dumped: Path, call: Run) -> None:
    code, said = call("ingest", dumped, FIXTURES / "x3")
    assert code == 0
    assert "problem" not in said
    assert call("reparse", dumped)[0] == 0
    assert call("check", dumped, "--full")[0] == 0


def test_a_dump_can_be_read_where_nothing_can_be_written(dumped: Path) -> None:
    conn = sqlite3.connect(f"{dumped.as_uri()}?mode=ro", uri=True)
    assert is_archive(conn)
    conn.close()


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE posts(id)",
        "CREATE TABLE migrations(name); CREATE TABLE captures(id)",
        "CREATE TABLE migrations(name); INSERT INTO migrations VALUES ('001_archive')",
        "CREATE VIEW captures AS SELECT 1; CREATE TABLE migrations(name);"
        "INSERT INTO migrations VALUES ('001_archive')",
        "PRAGMA application_id = 7; CREATE TABLE captures(id);"
        "CREATE TABLE migrations(name); INSERT INTO migrations VALUES ('001_archive')",
        "PRAGMA application_id = 7",
    ],
)
def test_a_file_of_something_else_stays_one(
    tmp_path: Path, call: Run, script: str
) -> None:
    path = tmp_path / "other.db"
    conn = sqlite3.connect(path)
    conn.executescript(script)
    conn.close()
    before = path.read_bytes()
    code, _ = call("ingest", path, FIXTURES / "x3")
    assert code != 0
    assert path.read_bytes() == before
    assert not path.with_suffix(".warc").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["reparse", "{db}"],
        ["reparse", "{db}", "--failed"],
        ["export", "{db}", "--format", "warc", "--to", "{out}.warc.gz"],
        ["export", "{db}", "--format", "wacz", "--to", "{out}.wacz"],
    ],
)
def test_without_the_folder_it_is_named_in_one_line(
    alone: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    out = alone.with_name("out")
    given = [word.format(db=alone, out=out) for word in words]
    code = run(lambda: cli.main(given, standalone_mode=False))
    said = capsys.readouterr()
    assert code == 5
    (line,) = (said.out + said.err).strip().splitlines()
    assert f"there is no folder {alone.with_suffix('.warc')}" in line
    assert "put it back beside the file" in line
    assert not alone.with_suffix(".warc").exists()
    assert not list(alone.parent.glob("out*"))


@pytest.mark.parametrize("form", ["html", "epub"])
def test_forms_with_pictures_say_what_they_lack(
    alone: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    target = alone.with_name(f"out.{form}")
    words = ["export", alone, "--format", form, "--to", target, "--thread", "110"]
    code = run(lambda: cli.main(list(map(str, words)), standalone_mode=False))
    assert code == 0
    said = capsys.readouterr().err
    assert said.count("there is no folder") == 1


def test_the_folder_that_has_them_is_named(
    alone: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = alone.with_name("older.warc")
    shutil.copytree(whole.with_suffix(".warc"), elsewhere)
    code = run(lambda: cli.main(["reparse", str(alone)], standalone_mode=False))
    assert code == 5
    assert f"rename {elsewhere} to demo.warc" in capsys.readouterr().err


def test_what_needs_no_folder_says_nothing(alone: Path, call: Run) -> None:
    for words in (["search", alone, "收音机"], ["stats", alone]):
        code, said = call(*words)
        assert code == 0
        assert "no folder" not in said
    target = alone.with_name("posts.jsonl")
    code, said = call("export", alone, "--format", "jsonl", "--to", target)
    assert code == 0
    assert "no folder" not in said


def test_what_writes_names_the_folder_once(alone: Path, call: Run) -> None:
    with Captures(open_archive(alone).conn):
        pass
    words = [sys.executable, "-m", "archive", "ingest", alone, FIXTURES / "x3"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0
    lines = [line for line in ended.stderr.splitlines() if "demo.warc" in line]
    assert len(lines) == 1
    assert "has none of its files" in lines[0]


def test_serve_names_it(alone: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "archive", "serve", str(alone), "--port", str(port)]
    server = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(600):
            assert server.poll() is None
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
    finally:
        server.terminate()
        _, said = server.communicate(timeout=60)
    assert said.count("there is no folder") == 1


@pytest.mark.parametrize(
    "given",
    [
        ["{folder}/none.html"],
        ["{folder}/none.html", "{folder}/nor-this.warc.gz"],
        ["{folder}/empty"],
        ["{folder}/picture.png"],
        ["http://127.0.0.1:9/pages.warc.gz"],
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_ingest_of_nothing_makes_no_archive(
    tmp_path: Path, call: Run, given: list[str], as_json: bool
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    before = sorted(tmp_path.iterdir())
    files = [each.format(folder=tmp_path) for each in given]
    options = ["--json"] if as_json else []
    code, said = call("ingest", tmp_path / "new.db", *files, *options)
    assert code == 3
    if as_json:
        assert json.loads(said)
    assert sorted(tmp_path.iterdir()) == before


def test_ingest_of_something_beside_nothing_makes_one(
    tmp_path: Path, call: Run
) -> None:
    page = next((FIXTURES / "x3").glob("thread-closed.html"))
    db = tmp_path / "new.db"
    code, said = call("ingest", db, tmp_path / "none.html", page)
    assert code == 0
    assert "none.html" in said
    assert db.exists()
