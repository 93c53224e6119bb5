"""What `ingest` and `reparse` share: captures read into an archive, progress, a row in
`runs`, a summary."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.status import Status
from rich.table import Table

from archive.commands._index_age import say_if_outdated
from archive.commands._saying import say, say_json
from archive.commands._talk import is_quiet
from archive.intake.ingest import Ingest
from archive.intake.parsers import ParserProcesses
from archive.intake.results import IngestResult
from archive.intake.summary import IngestSummary
from archive.schema import transaction
from archive.store.save import Store
from archive.store.stamps import iso
from archive.warc.captures import Captures
from archive.warc.records import software_version

_SHOWN_PROBLEMS = 20
_PROGRESS_PAGES = 25
_LOGGED_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command, as it is logged in `runs`."""

    command: str
    arguments: str
    started: datetime


def read_into(
    conn: sqlite3.Connection,
    run: Run,
    read: Callable[[Ingest], Iterable[IngestResult]],
    *,
    jobs: int,
    zone: int | None = None,
    as_json: bool = False,
) -> int:
    """Read what `read` gives into an archive, which is closed, with so many processes that
    parse; the exit code."""
    summary = IngestSummary()
    try:
        captures = Captures(
            conn,
            wait=True,
        )
        parsers = ParserProcesses(jobs)
        with captures, parsers, _progress(as_json) as status:
            store = Store(conn, zone)
            ingest = Ingest(
                conn,
                captures,
                store,
                parsers,
            )
            for result in read(ingest):
                summary.add(result)
                if status:
                    _show(status, summary)
        _log(conn, run, summary, "done")
        say_if_outdated(conn)
    except BaseException as error:
        _report(summary, as_json)
        _log_interrupted(conn, run, summary, error)
        raise
    finally:
        conn.close()
    _report(summary, as_json)
    return summary.exit_code


def _progress(quiet: bool) -> Status | nullcontext[None]:
    console = Console(stderr=True)
    if quiet or is_quiet() or not console.is_terminal:
        return nullcontext()
    return console.status("reading …")


def _show(status: Status, summary: IngestSummary) -> None:
    pages = summary.captures
    if pages % _PROGRESS_PAGES == 0:
        status.update(f"{pages:,} pages, {summary.new:,} new posts")


def _log_interrupted(
    conn: sqlite3.Connection, run: Run, summary: IngestSummary, error: BaseException
) -> None:
    """Say in the archive how the run ended, if it can still be written."""
    is_by_user = isinstance(error, KeyboardInterrupt)
    outcome = "interrupted" if is_by_user else "failed"
    try:
        _log(
            conn,
            run,
            summary,
            outcome,
            str(error),
        )
    except Exception as second:  # the first error is the one to report
        error.add_note(f"the run could not be logged: {second}")


def _log(
    conn: sqlite3.Connection,
    run: Run,
    summary: IngestSummary,
    outcome: str,
    message: str = "",
) -> None:
    """A row in `runs`, unless nothing changed: the same input twice leaves the archive as
    it was."""
    if not summary.anything_new:
        return
    row = {
        "command": run.command,
        "arguments": run.arguments[:_LOGGED_CHARS],
        "version": software_version(),
        "started_at": iso(run.started),
        "ended_at": iso(datetime.now(UTC)),
        "pages": summary.captures,
        "posts_new": summary.new,
        "posts_changed": summary.changed,
        "problems": summary.problem_count,
        "outcome": outcome,
        "message": message,
    }
    columns = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    with transaction(conn):
        conn.execute(f"INSERT INTO runs({columns}) VALUES ({places})", row)


def _report(summary: IngestSummary, as_json: bool) -> None:
    if as_json:
        say_json(json.dumps(summary.as_json(), ensure_ascii=False))
        return
    if not is_quiet():
        say(summary.headline())
        _report_counts(summary)
        for warning in summary.warnings.lines():
            say(f"  warning: {warning}")
    for problem in summary.problems[:_SHOWN_PROBLEMS]:
        places = (problem["source"], problem.get("url"))
        where = " ".join(filter(None, places))
        say(f"  problem: {where}: {problem['reason']}")
    if summary.problem_count > _SHOWN_PROBLEMS:
        more = summary.problem_count - _SHOWN_PROBLEMS
        say(f"  … and {more} more (--json names {len(summary.problems)})")


def _report_counts(summary: IngestSummary) -> None:
    if not sys.stdout.isatty():
        for name, value in summary.lines():
            say(f"  {name}: {value}")
        return
    table = Table(
        show_header=False,
        box=None,
    )
    for name, value in summary.lines():
        table.add_row(name, value)
    Console().print(table)
