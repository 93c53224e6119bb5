"""What `ingest` and `reparse` share: captures read into an archive, progress, a row in
`runs`, a summary."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.status import Status
from rich.table import Table
from sqlite_utils import Database

from archive.intake.ingest import IngestResult, Ingest
from archive.intake.summary import Tally
from archive.store.save import Store
from archive.warc.captures import Captures
from archive.warc.records import software_version

_SHOWN_PROBLEMS = 20
_PROGRESS_PAGES = 25


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command, as it is logged in `runs`."""

    command: str
    arguments: str
    started: datetime


def read_into(
    archive: Database,
    run: Run,
    visits: Callable[[Ingest], Iterable[IngestResult]],
    *,
    zone: int | None = None,
    as_json: bool = False,
) -> int:
    """Read what `visits` gives into an archive, which is closed; the exit code."""
    tally = Tally()
    try:
        with Captures(archive.conn) as captures, _progress(as_json) as status:
            for visit in visits(
                Ingest(archive.conn, captures, Store(archive.conn, zone))
            ):
                tally.add(visit)
                if status and sum(tally.results.values()) % _PROGRESS_PAGES == 0:
                    status.update(
                        f"{sum(tally.results.values()):,} pages, {tally.new:,} new posts"
                    )
        _log(archive, run, tally, "done")
    except BaseException as error:
        _report(tally, as_json)
        _log_interrupted(archive, run, tally, error)
        raise
    finally:
        archive.close()
    _report(tally, as_json)
    return tally.exit_code


def _progress(quiet: bool) -> Status | nullcontext[None]:
    console = Console(stderr=True)
    return (
        nullcontext()
        if quiet or not console.is_terminal
        else console.status("reading …")
    )


def _log_interrupted(
    archive: Database, run: Run, tally: Tally, error: BaseException
) -> None:
    """Say in the archive how the run ended, if it can still be written."""
    try:
        _log(
            archive,
            run,
            tally,
            "interrupted" if isinstance(error, KeyboardInterrupt) else "failed",
            str(error),
        )
    except Exception as second:  # the first error is the one to report
        error.add_note(f"the run could not be logged: {second}")


def _log(
    archive: Database, run: Run, tally: Tally, outcome: str, message: str = ""
) -> None:
    """A row in `runs`, unless nothing changed: the same input twice leaves the archive as
    it was."""
    if not tally.anything_new:
        return
    archive.table("runs").insert(
        {
            "command": run.command,
            "arguments": run.arguments[:1000],
            "version": software_version(),
            "started_at": f"{run.started:%Y-%m-%dT%H:%M:%SZ}",
            "ended_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "pages": sum(tally.results.values()),
            "posts_new": tally.new,
            "posts_changed": tally.changed,
            "problems": tally.problem_count,
            "outcome": outcome,
            "message": message,
        }
    )


def _report(tally: Tally, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(tally.as_json(), ensure_ascii=False))
        return
    click.echo(tally.headline())
    if sys.stdout.isatty():
        table = Table(show_header=False, box=None)
        for name, value in tally.lines():
            table.add_row(name, value)
        Console().print(table)
    else:
        for name, value in tally.lines():
            click.echo(f"  {name}: {value}")
    for problem in tally.problems[:_SHOWN_PROBLEMS]:
        where = " ".join(filter(None, (problem["source"], problem.get("url"))))
        click.echo(f"  problem: {where}: {problem['reason']}")
    if tally.problem_count > _SHOWN_PROBLEMS:
        click.echo(
            f"  … and {tally.problem_count - _SHOWN_PROBLEMS} more (--json names {len(tally.problems)})"
        )
