"""`discuz-archive ingest`: saved pages into an archive, with a summary of what was stored and what was not."""

from __future__ import annotations

import json
import re
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status
from rich.table import Table
from sqlite_utils import Database

from archive.captures import Captures
from archive.ingest import Ingest
from archive.inputs import MAX_BYTES, Hints
from archive.schema import open_archive
from archive.sources import read_inputs
from archive.store import Store
from archive.tally import Tally
from archive.warc_file import software_version

_SHOWN_PROBLEMS = 20
_PROGRESS_PAGES = 25


class _Zone(click.ParamType[int]):
    """Hours east of Greenwich: `+8`, `8`, `-3:30`, `5.5`; minutes inside."""

    name = "hours"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(?:GMT|UTC)?([+-]?)(\d{1,2})(?::(\d{2})|(\.\d+))?", str(value), re.I)
        if not found or int(found[2]) > 14:
            self.fail(f"{value!r} is not a time zone such as +8 or -3:30", param, ctx)
        minutes = int(found[2]) * 60 + int(found[3] or 0) + round(float(found[4] or 0) * 60)
        return -minutes if found[1] == "-" else minutes


@click.command()
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--url", default="", help="Address that a single saved page had, where the page does not tell it.")
@click.option("--zone", type=_Zone(), default=None, help="The forum's time zone, hours east of Greenwich (usually +8).")
@click.option("--captured-at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]),
              help="When single saved pages were saved (UTC), where neither the page nor the file's date tells it.")
@click.option("--max-mb", type=click.FloatRange(min=0), default=MAX_BYTES >> 20, show_default=True,
              help="Pages bigger than this are named and passed over.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def command(
    db: Path, files: tuple[Path, ...], url: str, zone: int | None, captured_at: datetime | None, max_mb: float,
    as_json: bool,
) -> int:
    """Read saved pages (WARC, HTML, MHTML, text, folders of them) into the archive DB, made if it is not there.

    Exit code 0: something was stored, or all of it was there already; 3: nothing that could be read; 4: pages of a
    forum that no parser could read; 5: the archive cannot be written.
    """  # fmt: skip
    started = datetime.now(UTC)
    hints = Hints(url, captured_at.replace(tzinfo=UTC) if captured_at else None, round(max_mb * (1 << 20)))
    archive, tally = open_archive(db), Tally()
    try:
        with Captures(archive.conn) as captures, _progress(as_json) as status:
            for visit in Ingest(archive.conn, captures, Store(archive.conn, zone)).run(read_inputs(files, hints)):
                tally.add(visit)
                if status and sum(tally.results.values()) % _PROGRESS_PAGES == 0:
                    status.update(f"{sum(tally.results.values()):,} pages, {tally.new:,} new posts")
        _log_run(archive, files, started, tally, "done")
    except BaseException as error:
        _report(tally, as_json)
        _log_interrupted(archive, files, started, tally, error)
        raise
    finally:
        archive.close()
    _report(tally, as_json)
    return tally.exit_code


def _progress(quiet: bool) -> Status | nullcontext[None]:
    console = Console(stderr=True)
    return nullcontext() if quiet or not console.is_terminal else console.status("reading …")


def _log_interrupted(
    archive: Database, files: tuple[Path, ...], started: datetime, tally: Tally, error: BaseException
) -> None:
    """Say in the archive how the run ended, if it can still be written."""
    try:
        _log_run(archive, files, started, tally, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed",
                 str(error))  # fmt: skip
    except Exception as second:  # the first error is the one to report
        error.add_note(f"the run could not be logged: {second}")


def _log_run(
    archive: Database, files: tuple[Path, ...], started: datetime, tally: Tally, outcome: str, message: str = ""
) -> None:
    """A row in `runs`, unless nothing changed: the same input twice leaves the archive as it was."""
    if not tally.anything_new:
        return
    archive.table("runs").insert({
        "command": "ingest", "arguments": " ".join(path.name for path in files)[:1000], "version": software_version(),
        "started_at": f"{started:%Y-%m-%dT%H:%M:%SZ}", "ended_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "pages": sum(tally.results.values()), "posts_new": tally.new, "posts_changed": tally.changed,
        "problems": tally.problem_count, "outcome": outcome, "message": message,
    })  # fmt: skip


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
        click.echo(f"  … and {tally.problem_count - _SHOWN_PROBLEMS} more (--json names {len(tally.problems)})")
