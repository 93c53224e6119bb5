"""`discuz-archive stats`: what an archive holds, forum by forum."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(db: Path, as_json: bool) -> None:
    """Say what the archive DB holds: forums with their boards, threads, posts, members,
    dates and sizes."""
    # imported when it runs: --help is quick
    from archive.commands._holdings import tell_holdings

    tell_holdings(db, as_json=as_json)
