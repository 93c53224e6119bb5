"""`discuz-archive reparse`: what is kept, read again by today's parsers, without asking the
forum."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._jobs_option import jobs_option


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option(
    "--failed", is_flag=True, help="Only the pages that could not be read so far."
)
@jobs_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print the summary as one JSON object."
)
def command(db: Path, failed: bool, jobs: int, as_json: bool) -> int:
    """Read all pages that the archive DB keeps in its WARC files again: after an upgrade,
    before the next crawl.

    What a better parser makes of a page takes the place of what came from that page; it is
    not taken for an edit. No network is needed. Killed and run again, it begins anew and
    loses nothing.
    """
    # imported when it runs: --help is quick
    from archive.commands._moved_folder import refuse_without_folder
    from archive.commands._reading import Run, read_into
    from archive.schema import connect

    run = Run(
        command="reparse",
        arguments="--failed" if failed else "",
        started=datetime.now(UTC),
    )
    conn = connect(db, create=False)
    refuse_without_folder(conn)
    return read_into(
        conn,
        run,
        lambda ingest: ingest.again(failed),
        jobs=jobs,
        as_json=as_json,
    )
