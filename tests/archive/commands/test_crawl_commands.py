"""What the commands around a crawl print: schedules, ways to go on, what was given up;
where a crawl begins."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import cli
from archive.commands._crawl_options import Options, command_line
from archive.commands._scopes import scope_of
from archive.schema import open_archive
from scraper.core.errors import InputError
from scraper.policy.plan import Scope


def call(*words: str) -> str:
    result = CliRunner().invoke(cli, list(words), standalone_mode=False)
    assert result.exception is None, result.output
    return result.output


def test_going_on_keeps_to_what_the_run_was_about() -> None:
    options = Options(
        db=Path("my forum.db"),
        urls=("http://a/",),
        boards=(2, 36),
        since=date(2024, 1, 1),
        delay_s=5.0,
        media=True,
    )
    assert command_line("crawl", options) == (
        "discuz-archive crawl 'my forum.db' http://a/ --board 2 --board 36 "
        "--since 2024-01-01 --delay 5 --media"
    )


@pytest.mark.parametrize(
    ("url", "scope"),
    [
        ("bbs.example.com", Scope()),
        ("http://bbs.example.com/thread-5-1-1.html", Scope(threads=frozenset({5}))),
        (
            "http://bbs.example.com/forum.php?mod=redirect&goto=findpost&ptid=5&pid=77",
            Scope(threads=frozenset({5})),
        ),
        ("http://bbs.example.com/forum-2-1.html", Scope(boards=frozenset({2}))),
    ],
)
def test_where_a_crawl_begins(url: str, scope: Scope) -> None:
    assert scope_of(Options(db=Path("a.db")), [url]) == scope


@pytest.mark.parametrize(
    "url",
    ["http://a.example/forum.php?gid=3", "http://a.example/forum.php?mod=rss&fid=2"],
)
def test_an_address_that_is_no_place_to_begin_does_not_mean_the_whole_forum(
    url: str,
) -> None:
    with pytest.raises(InputError, match="no place to begin"):
        scope_of(Options(db=Path("a.db")), [url])


def test_status_lists_files_given_up_and_says_where_nothing_was_crawled(
    tmp_path: Path,
) -> None:
    db = tmp_path / "forum.db"
    conn = open_archive(db).conn
    assert "nothing was crawled" in call("status", str(db))
    conn.execute(
        "INSERT INTO sites(base_url, first_seen_at, last_seen_at) VALUES ('http://a/', '', '')"
    )
    conn.execute("INSERT INTO crawls(site_id, address) VALUES (1, 'http://a/')")
    conn.execute(
        "INSERT INTO media(site_id, name, url, state, due_at, message) "
        "VALUES (1, 'x', 'http://b/x.jpg', 'given_up', '', 'dns: no such host')"
    )
    conn.close()
    assert "given up: http://b/x.jpg: dns: no such host" in call("status", str(db))


def test_a_schedule_with_blanks_and_signs_in_its_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my 100% forum's"
    folder.mkdir()
    (tmp_path / "cookies.txt").touch()
    text = call(
        "schedule",
        str(folder / "老 论坛.db"),
        "http://a/?x=$y",
        "--cookies",
        "cookies.txt",
    )
    assert "enable --now discuz-archive-" in text
    assert f"--cookies {tmp_path / 'cookies.txt'}" in text
    assert "100%% forum's" in text
    assert "$$y" in text
    (cron,) = (
        line for line in text.splitlines() if r"100\%" in line and " crawl " in line
    )
    assert cron.count(r"100\%") == 3
    if not shutil.which("systemd-analyze"):
        return
    service = text.partition(".service\n")[2].partition("\n\n# ~")[0]
    unit = tmp_path / "crawl.service"
    unit.write_text(service, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(unit)],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert not [
        line
        for line in said.stderr.splitlines()
        if "crawl.service:" in line and "executable" not in line
    ]
