"""`discuz-archive check`: is the search index what the posts say, and are the kept pages there?"""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option(
    "--full",
    is_flag=True,
    help="Compare every word of every post, and read every kept page back: "
    "minutes for a million.",
)
@click.option(
    "--accept-losses",
    "accepts",
    is_flag=True,
    help="What is lost stays lost: it is written down, `status` shows it, and it is no "
    "problem any more.",
)
def command(db: Path, full: bool, accepts: bool) -> int:
    """Compare the search index of the archive DB with its posts, and its WARC files.

    These are compared with what was written to them: their sizes and ends, and a sample of
    the pages in them.

    Exit code 1 where something differs or is lost, unless the loss was accepted.
    """
    # imported when it runs: --help is quick
    from archive.commands._checking import check_archive

    return check_archive(
        db,
        full=full,
        accepts=accepts,
    )
