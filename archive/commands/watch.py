"""`discuz-archive watch`: stay, and visit each forum's pages when they are due."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from archive.commands._crawl_options import Options
from archive.commands._crawling import (
    EXIT_INTERRUPTED,
    finish,
    now,
    opened,
    signals,
    visit_all,
)
from archive.commands._network_options import NetworkOptions, network_options
from archive.commands._saying import say
from archive.commands._talk import tell
from archive.commands._telling_people import Teller, WeeklyTeller, on_trouble_option
from archive.crawl.backlog import Backlog
from archive.crawl.report import duration
from scraper.core.errors import StorageError

# Between rounds.
_SHORTEST_S: Final = 1.0
_LONGEST_S: Final = 3_600.0
_TROUBLE_S: Final = 600.0

_NOT_STOPPED: Final = "SELECT site_id FROM crawls WHERE stopped = ''"


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
@network_options
@click.option(
    "--media", is_flag=True, help="Fetch the pictures and files that posts show, too."
)
@click.option(
    "--requisites/--no-requisites",
    default=None,
    help="Fetch what pages need to look as they did (style sheets, scripts, smilies, "
    "pictures of the template), once; on with --media.",
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="As for crawl.",
)
@click.option("--rounds", type=click.IntRange(1), help="End after so many rounds.")
@on_trouble_option
@click.option(
    "--weekly",
    default="",
    metavar="CMD",
    help="Run CMD by the shell every seven days, with what they came to on its standard "
    "input.",
)
def command(
    db: Path,
    urls: tuple[str, ...],
    delay_s: float,
    contact: str,
    cookies: Path | None,
    media: bool,
    requisites: bool | None,
    metrics: Path | None,
    rounds: int | None,
    on_trouble: str,
    weekly: str,
    network: NetworkOptions,
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
        requisites=requisites,
        metrics=metrics,
        network=network,
    )
    stopping = _Stopping()
    with signals(stopping):
        people = _People(Teller(db, on_trouble), WeeklyTeller(db, weekly))
        return _watch(
            options,
            rounds,
            stopping.event,
            people,
        )


@dataclass(frozen=True, slots=True)
class _People:
    """Who is told of what."""

    troubles: Teller
    weeks: WeeklyTeller


def _watch(
    options: Options, rounds: int | None, stopped: threading.Event, people: _People
) -> int:
    """Round after round; the exit code. What goes wrong with the archive in the first round
    is for a person to see."""
    done = 0
    while True:
        problem = ""
        people.weeks.look(now())
        try:
            code, wait_s = _round(replace(options, seeds=done == 0))
        except (StorageError, sqlite3.OperationalError, OSError) as error:
            if done == 0:
                raise
            # a crawl by hand, a full disk: it passes
            say(f"error: {error}; what was saved before is kept", err=True)
            problem = str(error)
            code, wait_s = StorageError.exit_code, _TROUBLE_S

        done += 1
        people.troubles.after_run(
            code,
            now(),
            problem,
        )
        if code == EXIT_INTERRUPTED or stopped.is_set():
            return 0
        if rounds is not None and done >= rounds:
            return code
        _print_round(done, code, wait_s)
        if stopped.wait(wait_s):
            return 0


def _round(options: Options) -> tuple[int, float]:
    """One round: its exit code, and how many seconds to wait for the next one."""
    with opened(options) as session:
        run_id = visit_all(session)
        code = finish(session, "watch", run_id)
        return code, _wait_s(session.conn, now())


def _print_round(done: int, code: int, wait_s: float) -> None:
    how = "well" if code == 0 else f"ended with {code}"
    tell(f"{now():%Y-%m-%dT%H:%M:%SZ} round {done} {how}; next in {duration(wait_s)}")


def _wait_s(conn: sqlite3.Connection, at: datetime) -> float:
    """How long until something is due; a forum that stopped is left alone for the longest."""
    waits_s = [_LONGEST_S]
    for (site_id,) in conn.execute(_NOT_STOPPED):
        next_visit = Backlog(conn, site_id).next_visit()
        if next_visit:
            waits_s.append((next_visit - at).total_seconds())
    return max(min(waits_s), _SHORTEST_S)


class _Stopping:
    """What a signal sets between rounds; during a round it stops the crawl."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def stop(self) -> None:
        """A signal arrived."""
        self.event.set()
