"""`discuz-archive check`: is the search index what the posts say?"""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._saying import say
from archive.index.verify import check
from archive.index.writer import catch_up
from archive.schema import open_archive

EXIT_PROBLEMS = 1


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--full",
    is_flag=True,
    help="Compare every word of every post: minutes for a million.",
)
def command(db: Path, full: bool) -> int:
    """Compare the search index of the archive DB with its posts. Exit code 1 where they differ."""
    conn = open_archive(db, create=False).conn
    waiting = catch_up(conn)
    if waiting:
        say(f"indexed {waiting:,} posts that another program had changed")
    report = check(
        conn,
        full=full,
    )
    for problem in report.problems:
        say(f"problem: {problem}")
    if report.problems:
        say(f"run: discuz-archive reindex {db}")
        return EXIT_PROBLEMS
    say(
        f"{report.rows:,} rows indexed, {report.compared:,} compared word by word: all right"
    )
    return 0
