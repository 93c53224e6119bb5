"""The command line turns each error into an exit code and words to act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable

import click
import pytest

from archive.cli import run
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
