"""The command line turns each error into an exit code and words to act on."""

from __future__ import annotations

import errno
import importlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner

from archive.cli import cli, run
from scraper.core.errors import (
    DiscuzArchiveError,
    FetchError,
    InputError,
    LoginError,
    PageError,
    QueryError,
    RefusedError,
    StorageError,
)


def raising(error: BaseException) -> Callable[[], object]:
    """A command that ends with this error."""

    def command() -> object:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (DiscuzArchiveError("甲"), 1, "error: 甲"),
        (click.UsageError("乙"), 2, "Error: 乙"),
        (InputError("丙"), 3, "error: 丙"),
        (PageError("丁"), 4, "error: 丁"),
        (StorageError("戊"), 5, "error: 戊"),
        (FetchError("己"), 6, "error: 己"),
        (RefusedError("庚"), 7, "error: 庚"),
        (LoginError("辛"), 8, "error: 辛"),
        (QueryError("壬", "壬"), 9, "error: 壬"),
        (KeyboardInterrupt(), 130, "run the same command again"),
        (click.Abort(), 130, "run the same command again"),
        (sqlite3.OperationalError("database is locked"), 5, "database is locked"),
        (
            sqlite3.OperationalError("database or disk is full"),
            5,
            "make room on the disk",
        ),
        (
            OSError(errno.ENOSPC, "No space left", "a.warc.gz"),
            5,
            "make room on the disk",
        ),
        (OSError(errno.EACCES, "Permission denied", "a.db"), 5, "denied: a.db\n"),
        (OSError("odd"), 5, "error: odd\n"),
    ],
)
def test_an_error_has_a_code_and_words(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(raising(error)) == code
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), ("words", 0)])
def test_a_command_says_its_code(result: object, code: int) -> None:
    assert run(lambda: result) == code


def test_an_asked_for_exit_is_kept() -> None:
    assert run(raising(click.exceptions.Exit(3))) == 3


LISTED = """
import sys
from archive.cli import cli
cli.main(["--help"], standalone_mode=False)
for name in sys.modules:
    if name.startswith(("archive.", "scraper.")):
        print(name, file=sys.stderr)
"""


def test_the_list_of_commands_imports_none_of_them() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LISTED], capture_output=True, text=True, check=True
    )
    imported = set(ran.stderr.split())
    assert "Crawl forums into the archive DB." in ran.stdout
    assert imported <= {
        "archive.cli",
        "archive.commands",
        "archive.commands._chinese",
        "archive.commands._help",
        "archive.commands._saying",
        "archive.commands._talk",
        "archive.languages",
        "archive.plain",
        "scraper.core",
        "scraper.core.errors",
    }


def test_the_list_says_what_each_command_says_of_itself() -> None:
    """First what people need first."""
    listed = CliRunner().invoke(cli, ["--help"], terminal_width=80).output
    assert "..." not in listed.partition("Commands:\n")[2], "nothing is cut"
    listed = CliRunner().invoke(
        cli, ["--help"], terminal_width=400, max_content_width=400
    )
    rows = listed.output.partition("Commands:\n")[2].splitlines()
    names = [row.split()[0] for row in rows]
    assert names[:4] == ["start", "crawl", "ingest", "search"]
    assert names == cli.list_commands(click.Context(cli))
    for row, name in zip(rows, names, strict=True):
        command = importlib.import_module(f"archive.commands.{name}").command
        assert row.split(maxsplit=1)[1] == command.get_short_help_str(1_000)
