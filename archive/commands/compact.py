"""`discuz-archive compact`: write an archive's file anew, smaller and quicker to read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._talk import tell


@click.command()
@click.argument("db", type=ArchiveFile())
def command(db: Path) -> None:
    """Write the file of the archive DB anew, without the parts of it that are free.

    Pages of less than 16 KB become as large as that; in an archive of more than three
    million posts 64 KB, of which a search on a cold disk reads half as many. It takes room
    for the file twice more, and nobody else may have the archive open meanwhile. Where it
    is cut short, the archive is what it was.
    """
    # imported when it runs: --help is quick
    from archive.commands._page_size import usual_page_bytes
    from archive.schema import connect
    from archive.store.compact import compact
    from archive.warc.lock import writer_lock

    with closing(connect(db, create=False)) as conn, writer_lock(conn):
        done = compact(conn, usual_page_bytes(conn))
    tell(
        f"{done.before_bytes / 1e6:,.1f} MB before, {done.after_bytes / 1e6:,.1f} MB now, "
        f"in pages of {done.page_bytes // 1024} KB"
    )
