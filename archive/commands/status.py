"""`discuz-archive status`: how far each forum's crawl is, and the pages given up or
refused, with reasons."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object a forum, a line each, with every page.",
)
@click.option(
    "--week",
    is_flag=True,
    help="Only what the crawls of the last seven days came to: for a mail, say.",
)
def command(db: Path, as_json: bool, week: bool) -> int:
    """Say how far the crawls of DB are, and list the pages that were given up or are refused."""
    # imported when it runs: --help is quick
    from archive.commands._crawl_status import tell_status, tell_week

    if week:
        tell_week(db, as_json=as_json)
    else:
        tell_status(db, as_json=as_json)
    return 0
