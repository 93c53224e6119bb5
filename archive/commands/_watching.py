"""Crawls round after round, until a signal comes."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from archive.commands._crawl_options import Options
from archive.commands._crawling import (
    EXIT_INTERRUPTED,
    finish,
    now,
    opened,
    signals,
    visit_all,
)
from archive.commands._saying import say
from archive.commands._talk import tell
from archive.commands._telling_people import Teller, WeeklyTeller
from archive.crawl.backlog import Backlog
from archive.crawl.report import duration
from scraper.core.errors import StorageError

# Between rounds.
_SHORTEST_S: Final = 1.0
_LONGEST_S: Final = 3_600.0
_TROUBLE_S: Final = 600.0
_NOT_STOPPED: Final = "SELECT site_id FROM crawls WHERE stopped = ''"


@dataclass(frozen=True, slots=True)
class _People:
    """Who is told of what."""

    troubles: Teller
    weeks: WeeklyTeller


def watch(options: Options, rounds: int | None, *, on_trouble: str, weekly: str) -> int:
    """Crawl until a signal comes, or for so many rounds; the exit code. `on_trouble` and
    `weekly` are commands of the user's that tell people."""
    stopping = _Stopping()
    with signals(stopping):
        troubles = Teller(options.db, on_trouble)
        weeks = WeeklyTeller(options.db, weekly)
        return _watch(
            options,
            rounds,
            stopping.event,
            _People(troubles, weeks),
        )


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
