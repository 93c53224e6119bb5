"""`discuz-archive search`: what it prints, and what its exit code says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from archive_of_posts import ROWS, Row, add_post, make_archive
from click.testing import CliRunner
from rich.console import Console

from archive.cli import cli, run
from archive.commands import _hit_output, _question
from archive.index.writer import catch_up
from archive.schema import open_archive
from archive.search.api import search


@pytest.fixture
def db(tmp_path: Path) -> str:
    make_archive(tmp_path / "forum.db", ROWS).close()
    return str(tmp_path / "forum.db")


def test_command_prints_json(db: str) -> None:
    result = CliRunner().invoke(
        cli, ["search", db, "--json", "手机", "-猫"], standalone_mode=False
    )
    assert [json.loads(line)["post_id"] for line in result.stdout.splitlines()] == [1]
    assert result.return_value == 0


def test_command_prints_lines_csv_and_addresses(db: str) -> None:
    runner = CliRunner()
    lines = runner.invoke(cli, ["search", db, "极速退"], standalone_mode=False).stdout
    assert lines.split("\t")[:4] == [
        "2024-05-01 08:00",
        "张三",
        "主题",
        "在淘宝店鋪【極速退】款的問題，iPhone15手機",
    ]
    table = runner.invoke(
        cli, ["search", db, "--csv", "极速退"], standalone_mode=False
    ).stdout
    assert table.startswith("\ufeffpost_id,site,")  # Excel takes it for UTF-8
    assert (
        runner.invoke(
            cli, ["search", db, "--urls", "极速退"], standalone_mode=False
        ).stdout.count("https://")
        == 1
    )


@pytest.mark.parametrize(
    ("named", "encoding"), [({}, "utf-8"), ({"PYTHONIOENCODING": "gbk"}, "gbk")]
)
@pytest.mark.parametrize("shape", ["--csv", "--json", "--urls", "--limit=9"])
def test_what_goes_into_a_pipe_is_utf8_unless_another_encoding_is_named(
    db: str, named: dict[str, str], encoding: str, shape: str
) -> None:
    other = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "archive", "search", db, "floor:1", shape]
    done = subprocess.run(
        command, env={**other, **named}, capture_output=True, check=True, timeout=60
    )
    shown = done.stdout.decode(encoding)
    assert shown.startswith("\ufeff") == (shape == "--csv" and encoding == "utf-8")
    assert ("😂" in shown) == (shape != "--urls" and encoding == "utf-8")
    assert "软件" in shown or shape == "--urls"


def test_table_shows_names_as_they_are(db: str) -> None:
    conn = open_archive(db).conn
    add_post(conn, Row(text="手机", author="[red]方\x1b[31m", thread="[方括号]\n题"))
    catch_up(conn)
    shown = StringIO()
    console = Console(file=shown, width=120)
    console.print(_hit_output.table_of(search(conn, "方括号 OR 手机 -猫 -淘宝").hits))
    assert "[red]方" in shown.getvalue()
    assert "[方括号] 题" in shown.getvalue()
    assert "\x1b[31m" not in shown.getvalue()
    assert re.search(r"^ *1 .*2024-05-01 08:00 · 数码", shown.getvalue(), re.M)
    assert (
        shown.getvalue().count(
            "https://bbs.example/forum.php?mod=redirect&goto=findpost&ptid="
        )
        == 1
    )


def test_command_shows_threads_with_their_next_posts(db: str) -> None:
    conn = open_archive(db).conn
    for number in range(4):
        add_post(
            conn,
            Row(text=f"又一部手机，第{number}部", author=f"人{number}", thread="长题"),
        )
    catch_up(conn)
    shown = StringIO()
    Console(file=shown, width=120).print(
        _hit_output.table_of(search(conn, "手机", by_thread=True).hits)
    )
    assert (
        len(
            re.findall(
                r"^ +\+ 人\d · 2024-05-01 08:00 +又一部手机", shown.getvalue(), re.M
            )
        )
        == 2
    )
    assert "· +3" in shown.getvalue()
    counted = (
        CliRunner()
        .invoke(cli, ["search", db, "手机", "--threads"], standalone_mode=False)
        .stderr
    )
    assert "1–3 of 3 threads, with 6 posts" in counted


def test_command_takes_queries_that_begin_with_a_dash(db: str) -> None:
    for words in (["--", "-淘宝"], ["-淘宝"]):
        result = CliRunner().invoke(
            cli, ["search", db, "--urls", *words], standalone_mode=False
        )
        assert len(result.stdout.splitlines()) == 3
    assert (
        run(lambda: cli(["search", db, "--limt", "3", "x"], standalone_mode=False)) == 2
    )


def test_command_tells_by_its_exit_code(db: str) -> None:
    def code(*args: str) -> int:
        return run(lambda: cli(["search", db, *args], standalone_mode=False))

    assert [code("淘宝"), code("没有的词"), code("is:foo")] == [0, 1, 9]


def test_command_opens_a_hit_by_its_number(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(_question.click, "launch", opened.append)
    runner = CliRunner()
    assert (
        runner.invoke(
            cli, ["search", db, "手机", "--open", "2"], standalone_mode=False
        ).stdout
        == ""
    )
    assert opened == [
        runner.invoke(cli, ["search", db, "手机", "--urls"]).stdout.split()[1]
    ]
    beyond = runner.invoke(
        cli, ["search", db, "手机", "--open", "9"], standalone_mode=False
    )
    assert "no hit 9" in beyond.stderr
    assert len(opened) == 1


def test_command_says_what_was_searched_and_what_was_perhaps_meant(db: str) -> None:
    def told(query: str) -> str:
        return (
            CliRunner().invoke(cli, ["search", db, query], standalone_mode=False).stderr
        )

    assert "nothing found in 4 posts of 2023-02-01 to 2025-02-01" in told("没有")
    assert "did you mean “极速退”?" in told("极速腿")
    assert "did you mean “author:王五”?" in told("王五")
    assert "“王” is no author; did you mean" in told("作者:王")
    assert "is in no board's name" in told("版块:没有")
    assert "“手机” is in 2 posts, but in none with all the rest" in told("手机 软件")
