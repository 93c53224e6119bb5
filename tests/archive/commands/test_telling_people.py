"""Somebody is told when a crawl is in trouble, and what each week came to."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from corpus import ROOT
from fake_forum.generate import generated
from fake_forum.server import Running, serve

from archive.commands._telling_people import Teller, WeeklyTeller
from archive.crawl.week import last_week
from archive.schema import open_archive

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=1, threads=2, replies=2)) as found:
        yield found


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "archive", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def told(folder: Path) -> str:
    file = folder / "told"
    return file.read_text("utf-8") if file.exists() else ""


TELL = '{ echo "$DISCUZ_ARCHIVE_EXIT_CODE $DISCUZ_ARCHIVE_DB"; cat; } >> told'


def test_a_crawl_in_trouble(tmp_path: Path) -> None:
    words = ("crawl", "a.db", "http://127.0.0.1:9/", "--delay", "0")
    ran = run(*words, "--on-trouble", TELL, folder=tmp_path)
    assert ran.returncode == 6
    said = told(tmp_path)
    assert said.startswith("6 a.db\na.db: the crawl ended with exit code 6\n")
    assert "http://127.0.0.1:9/" in said
    assert "archive status a.db` tells more" in said


def test_an_error_is_trouble_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database at all" * 100)
    words = ("crawl", "a.db", "http://127.0.0.1:9/", "--delay", "0")
    ran = run(*words, "--on-trouble", TELL, folder=tmp_path)
    assert ran.returncode == 5
    assert "is not an archive" in told(tmp_path)


def test_a_crawl_without_trouble(tmp_path: Path, site: Running) -> None:
    words = ("crawl", "a.db", site.url, "--delay", "0", "--on-trouble", TELL)
    assert run(*words, folder=tmp_path).returncode == 0
    assert told(tmp_path) == ""


def test_a_watch_in_trouble(tmp_path: Path) -> None:
    words = ("watch", "a.db", "http://127.0.0.1:9/", "--delay", "0", "--rounds", "1")
    run(*words, "--on-trouble", TELL, folder=tmp_path)
    assert "ended with exit code 6" in told(tmp_path)


def test_a_command_that_fails_is_said_and_changes_nothing(tmp_path: Path) -> None:
    words = ("crawl", "a.db", "http://127.0.0.1:9/", "--delay", "0")
    ran = run(*words, "--on-trouble", "exit 3", folder=tmp_path)
    assert ran.returncode == 6
    assert "nobody could be told by exit 3: it ended with 3" in ran.stderr


def test_words_are_no_commands(tmp_path: Path) -> None:
    """What happened comes on the standard input: a shell never reads it."""
    teller = Teller(tmp_path / "$(touch a).db", f"cat > {tmp_path}/told")
    teller.after_run(7, NOW, "`touch b`; $(touch c)\n~!touch d")
    assert "$(touch c)" in told(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["told"]


def test_the_same_trouble_is_told_once_a_day(tmp_path: Path) -> None:
    teller = Teller(tmp_path / "a.db", f"cat >> {tmp_path}/told")
    for hours in range(0, 30, 2):
        teller.after_run(6, NOW + timedelta(hours=hours), "no answer")
    assert told(tmp_path).count("no answer") == 2
    teller.after_run(7, NOW + DAY * 1.3, "closed")
    assert told(tmp_path).count("closed") == 1, "another one is told at once"
    teller.after_run(0, NOW + DAY * 1.4)
    teller.after_run(130, NOW + DAY * 1.4)
    teller.after_run(7, NOW + DAY * 1.5, "closed")
    assert told(tmp_path).count("closed") == 2, "and the same after all was well"


def runs(path: Path, *rows: tuple[str, str, str, int]) -> sqlite3.Connection:
    conn = open_archive(path).conn
    conn.executemany(
        """INSERT INTO runs(command, arguments, version, started_at, ended_at, outcome,
        posts_new, requests) VALUES (?, '', '', ?, ?, ?, ?, 10)""",
        [(command, at, at, outcome, new) for command, at, outcome, new in rows],
    )
    return conn


def test_a_weeks_sums(tmp_path: Path) -> None:
    conn = runs(
        tmp_path / "a.db",
        ("crawl", "2026-04-23T00:00:00Z", "done", 100),
        ("crawl", "2026-04-25T00:00:00Z", "done", 5),
        ("watch", "2026-04-30T00:00:00Z", "stopped", 2),
        ("crawl", "2026-05-01T00:00:00Z", "", 0),
        ("ingest", "2026-05-01T00:00:00Z", "done", 1000),
    )
    week = last_week(conn, NOW)
    assert (week.runs, week.requests, week.new) == (3, 30, 7)
    assert (week.stopped_runs, week.unended_runs) == (1, 1)
    quiet = last_week(conn, NOW + DAY * 30)
    assert "does its timer still run?" in "\n".join(quiet.lines())


def test_a_week_is_sent_when_it_is_over(tmp_path: Path) -> None:
    runs(tmp_path / "a.db", ("watch", "2026-05-03T00:00:00Z", "done", 5)).close()
    teller = WeeklyTeller(tmp_path / "a.db", f"cat >> {tmp_path}/told")
    for hours in range(0, 24 * 15, 6):
        teller.look(NOW + timedelta(hours=hours))
    said = told(tmp_path)
    assert said.count("in seven days:") == 2
    assert "in seven days: 1 runs, 10 requests; posts: 5 new" in said


def test_status_tells_the_week(tmp_path: Path, site: Running) -> None:
    run("crawl", "a.db", site.url, "--delay", "0", folder=tmp_path)
    ran = run("status", "a.db", "--week", folder=tmp_path)
    assert ran.stdout.startswith("in seven days: 1 runs, ")
    as_json = run("status", "a.db", "--week", "--json", folder=tmp_path).stdout
    assert '"runs": 1' in as_json


@pytest.mark.parametrize("key", ["on-trouble", "weekly"])
def test_no_command_comes_with_somebodys_archive(tmp_path: Path, key: str) -> None:
    """A settings file beside an archive may have been sent along with it."""
    archive = tmp_path / "sent"
    archive.mkdir()
    command = "crawl" if key == "on-trouble" else "watch"
    setting = f'[{command}]\n{key} = "touch {tmp_path}/run"\n'
    (archive / "discuz-archive.toml").write_text(setting)
    words = (command, "sent/a.db", "http://127.0.0.1:9/", "--delay", "0")
    ran = run(*words, folder=tmp_path)
    assert ran.returncode == 3
    assert "not taken from beside an archive" in ran.stderr
    assert not (tmp_path / "run").exists()

    own = tmp_path / ".config" / "discuz-archive"
    own.mkdir(parents=True)
    (archive / "discuz-archive.toml").rename(own / "discuz-archive.toml")
    rounds = ("--rounds", "1") if command == "watch" else ()
    ran = run(*words, *rounds, folder=tmp_path)
    assert ran.returncode == 6
    assert (tmp_path / "run").exists() == (key == "on-trouble")
