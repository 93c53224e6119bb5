"""`crawl` as scripts call it: one line of JSON whatever happens, exit codes, words that help."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_forum.generate import generated
from fake_forum.server import serve

from archive.cli import cli, run
from archive.commands._crawl_options import Options
from archive.commands._crawling import error_class
from archive.commands._crawling import run as crawl
from archive.schema import open_archive
from archive.warc.captures import Captures
from archive.warc.files import WarcFolder
from scraper.core.errors import (
    FetchError,
    InputError,
    LoginError,
    RefusedError,
    StorageError,
)


def test_whoever_waits_for_a_line_gets_one_when_another_holds_the_archive(
    tmp_path: Path,
) -> None:
    db = tmp_path / "forum.db"
    with Captures(open_archive(db).conn) as other:
        other.open()
        result = CliRunner().invoke(
            cli,
            ["crawl", str(db), "http://127.0.0.1:1/", "--json"],
            standalone_mode=False,
        )
    assert isinstance(result.exception, StorageError)
    lines = result.stdout.splitlines()
    assert len(lines) == 1
    told = json.loads(lines[0])
    assert told["outcome"] == "failed"
    assert "another discuz-archive" in told["error"]


def test_a_full_disk_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_self: WarcFolder, _record: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WarcFolder, "append", full)
    with serve(generated(boards=1, threads=3)) as site:
        words = [
            "crawl",
            str(tmp_path / "forum.db"),
            site.url,
            "--delay",
            "0",
            "--json",
        ]
        assert (
            run(lambda: cli.main(words, standalone_mode=False))
            == StorageError.exit_code
        )
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "failed"
    assert "make room" in err


def test_a_full_disk_in_the_words_of_sqlite(capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    assert run(full) == StorageError.exit_code
    assert "make room" in capsys.readouterr().err


def test_one_forum_that_is_not_there_does_not_hide_the_others_from_a_dry_run(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serve(generated(boards=1, threads=3)) as site:
        words = [
            "crawl",
            str(tmp_path / "a.db"),
            "http://127.0.0.1:1/",
            site.url,
            "--dry-run",
            "--since",
            "2024-01-01",
        ]
        assert (
            run(lambda: cli.main(words, standalone_mode=False)) == FetchError.exit_code
        )
    out, err = capsys.readouterr()
    assert "at most" in out
    assert "nothing answers there" in err


def test_a_place_for_metrics_that_is_not_there_is_told_before_anything_is_asked(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serve(generated(boards=1, threads=3)) as site:
        words = [
            "crawl",
            str(tmp_path / "a.db"),
            site.url,
            "--metrics",
            str(tmp_path / "none" / "a.prom"),
        ]
        assert (
            run(lambda: cli.main(words, standalone_mode=False)) == InputError.exit_code
        )
    assert "there is no folder" in capsys.readouterr().err
    assert site.log == []


def test_figures_that_cannot_be_written_do_not_hide_how_the_run_ended(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.prom").mkdir()
    with serve(generated(boards=1, threads=3)) as site:
        options = Options(
            db=tmp_path / "a.db",
            urls=(site.url,),
            delay_s=0,
            json=True,
            metrics=tmp_path / "a.prom",
        )
        with pytest.raises(OSError, match=r"a\.prom"):
            crawl(options, "crawl")
    assert json.loads(capsys.readouterr().out)["outcome"] == "done"


def test_a_thread_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(generated(boards=1, threads=3)) as site:
        words = [
            "crawl",
            str(tmp_path / "a.db"),
            site.url,
            "--thread",
            "999",
            "--delay",
            "0",
        ]
        assert run(lambda: cli.main(words, standalone_mode=False)) == 0
    told = capsys.readouterr().out
    assert f"{site.url}forum.php?mod=viewthread&tid=999: not there: " in told
    assert "1 pages that the forum does not have" in told


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("login_lost: nobody", LoginError),
        ("challenge: Cloudflare", RefusedError),
        ("closed: for good", RefusedError),
        ("robots: no", RefusedError),
        ("dns: no such host", FetchError),
        ("reset: 10 pages in a row", FetchError),
    ],
)
def test_reasons_are_errors_with_codes(reason: str, error: type[FetchError]) -> None:
    assert error_class(reason) is error
