"""`discuz-archive watch`: stay, and visit each forum's pages when they are due."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import click

from archive.commands._crawling import (
    EXIT_INTERRUPTED,
    Options,
    finish,
    now,
    opened,
    signals,
    visit_all,
)
from archive.crawl.frontier import Frontier
from archive.crawl.report import duration
from scraper.core.errors import StorageError

_LONGEST_S = 3_600.0
_TROUBLE_S = 600.0


@click.command()
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--delay",
    "delay_s",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Pause between requests, in seconds.",
)
@click.option(
    "--contact",
    default="",
    help="An address that the forum's owner can write to, sent with requests.",
)
@click.option(
    "--cookies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="As for crawl.",
)
@click.option(
    "--media", is_flag=True, help="Fetch the pictures and files that posts show, too."
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="As for crawl.",
)
@click.option("--rounds", type=click.IntRange(1), help="End after so many rounds.")
def command(
    db: Path,
    urls: tuple[str, ...],
    delay_s: float,
    contact: str,
    cookies: Path | None,
    media: bool,
    metrics: Path | None,
    rounds: int | None,
) -> int:
    """Crawl into DB and stay: visit pages when they are due, until SIGTERM or Ctrl-C.

    A line after each round says how it went. The first round begins with every board, later
    ones with what is due.
    """
    options = Options(
        db=db,
        urls=urls,
        delay_s=delay_s,
        contact=contact,
        cookies=cookies,
        media=media,
        metrics=metrics,
    )
    told = _Told()
    with signals(told):
        return _watch(options, rounds, told.stopped)


def _watch(options: Options, rounds: int | None, stopped: threading.Event) -> int:
    """Round after round; the exit code. What goes wrong with the archive in the first round
    is for a person to see."""
    done = 0
    while True:
        try:
            code, wait_s = _round(replace(options, seeds=done == 0))
        except (
            StorageError,
            sqlite3.OperationalError,
            OSError,
        ) as error:  # a crawl by hand, a full disk: it passes
            if done == 0:
                raise
            click.echo(f"error: {error}; what was saved before is kept", err=True)
            code, wait_s = StorageError.exit_code, _TROUBLE_S
        done += 1
        if code == EXIT_INTERRUPTED or stopped.is_set():
            return 0
        if rounds is not None and done >= rounds:
            return code
        click.echo(
            f"{now():%Y-%m-%dT%H:%M:%SZ} round {done} {'well' if code == 0 else f'ended with {code}'}; "
            f"next in {duration(wait_s)}"
        )
        if stopped.wait(wait_s):
            return 0


def _round(options: Options) -> tuple[int, float]:
    """One round: its exit code, and how long to wait for the next one."""
    with opened(options) as session:
        code = finish(session, "watch", visit_all(session))
        return code, _wait_s(session.conn.conn, now())


def _wait_s(conn: sqlite3.Connection, at: datetime) -> float:
    """How long until something is due; a forum that stopped is left alone for the longest."""
    sites = [
        row[0] for row in conn.execute("SELECT site_id FROM crawls WHERE stopped = ''")
    ]
    due = [when for site in sites if (when := Frontier(conn, site, at).next_visit())]
    wait_s = (min(due, default=at + timedelta(seconds=_LONGEST_S)) - at).total_seconds()
    return min(max(wait_s, 1.0), _LONGEST_S)


class _Told:
    """What a signal stops between rounds; during a round it stops the crawl."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def stop(self) -> None:
        """A signal came."""
        self.stopped.set()
