"""Has somebody told of what happened: by a command of theirs, which gets the words on its
standard input (`mail -s trouble me@example.com`, say)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from archive.commands._chinese import translated
from archive.commands._saying import as_called, say
from archive.schema import open_to_read
from scraper.core.errors import DiscuzArchiveError

EXIT_INTERRUPTED: Final = 130
_AGAIN: Final = timedelta(days=1)
"""After so long the same trouble is told once more."""
_PATIENCE_S: Final = 120.0
_LAST_RUN: Final = "SELECT message FROM runs ORDER BY id DESC LIMIT 1"

on_trouble_option: Final[Callable[..., Any]] = click.option(
    "--on-trouble",
    default="",
    metavar="CMD",
    help="Run CMD by the shell where a run ends in trouble, with what happened on its "
    "standard input, so that somebody is told.",
)


@dataclass(slots=True)
class Teller:
    """Tells of troubles with an archive by a command, each once a day; empty: nobody."""

    archive: Path
    command: str
    _told: str = ""
    _told_at: datetime | None = None

    def after_run(self, code: int, at: datetime, error: str = "") -> None:
        """Tell of a run that ended with a code, and with an error where one ended it."""
        if not self.command:
            return
        if code in (0, EXIT_INTERRUPTED):
            self._told = ""
            return
        words = error or self._last_message()
        text = trouble(
            self.archive,
            code,
            words,
        )
        is_news = text != self._told
        is_old = self._told_at is None or at - self._told_at >= _AGAIN
        if is_news or is_old:
            self._told = text
            self._told_at = at
            run_for_people(
                self.command,
                text,
                self.archive,
                code,
            )

    def watching(self, run: Callable[[], int], now: Callable[[], datetime]) -> int:
        """Run something and tell how it ended, whatever ends it; its exit code."""
        try:
            code = run()
        except DiscuzArchiveError as error:
            self.after_run(
                error.exit_code,
                now(),
                str(error),
            )
            raise
        self.after_run(code, now())
        return code

    def _last_message(self) -> str:
        try:
            conn = open_to_read(self.archive)
        except sqlite3.Error:
            return ""
        row = conn.execute(_LAST_RUN).fetchone()
        conn.close()
        return str(row[0]) if row else ""


@dataclass(slots=True)
class WeeklyTeller:
    """Sends what the week came to by a command, every seven days from the first look."""

    archive: Path
    command: str
    _next_at: datetime | None = None

    def look(self, at: datetime) -> None:
        """Send it where a week is over."""
        # imported when it runs: --help is quick
        from archive.crawl.week import WEEK, last_week

        if not self.command:
            return
        if self._next_at is None:
            self._next_at = at + WEEK
        if at < self._next_at:
            return
        self._next_at = at + WEEK
        conn = open_to_read(self.archive)
        text = "\n".join([str(self.archive), *last_week(conn, at).lines()])
        conn.close()
        run_for_people(
            self.command,
            text,
            self.archive,
            0,
        )


def trouble(archive: Path, code: int, words: str) -> str:
    """What is told of a run that went wrong."""
    lines = [
        f"{archive}: the crawl ended with exit code {code}",
        words,
        f"`discuz-archive status {archive}` tells more",
    ]
    return "\n".join(line for line in lines if line)


def run_for_people(command: str, text: str, archive: Path, code: int) -> None:
    """Run a command of the user's with words for people; where it fails, that is said, and
    nothing else."""
    environment = {
        **os.environ,
        "DISCUZ_ARCHIVE_DB": str(archive),
        "DISCUZ_ARCHIVE_EXIT_CODE": str(code),
    }
    try:
        ran = subprocess.run(
            command,
            shell=True,
            input=f"{as_called(translated(text))}\n",
            encoding="utf-8",
            env=environment,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"error: nobody could be told by {command}: {error}", err=True)
        return
    if ran.returncode:
        say(
            f"error: nobody could be told by {command}: it ended with {ran.returncode}",
            err=True,
        )
