"""`discuz-archive reindex`: make the search index again from the posts."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._jobs_option import index_jobs_option
from archive.commands._talk import is_quiet, tell


@click.command()
@click.argument("db", type=ArchiveFile())
@index_jobs_option
def command(db: Path, jobs: int) -> None:
    """Make the search index of the archive DB again.

    It can be searched meanwhile, by the old index. Others can write, too: each step waits
    for them, and they wait for a step, a fraction of a second. What Ctrl-C breaks off is
    made from the beginning the next time; where the process was killed, it goes on.
    """
    # imported when it runs: --help is quick
    from rich.console import Console
    from rich.progress import Progress

    from archive.commands._page_size import advise_larger_pages
    from archive.index.rebuild import reindex
    from archive.schema import connect
    from archive.search.searched import searched
    from archive.warc.lock import writer_lock

    with closing(connect(db, create=False)) as conn:
        posts, _, _ = searched(conn)
        with Progress(console=Console(stderr=True), disable=is_quiet()) as progress:
            task = progress.add_task(
                "indexing",
                total=posts,
            )
            indexed = reindex(
                conn,
                lambda done: progress.advance(task, done),
                lock=partial(writer_lock, conn),
                jobs=jobs,
            )
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tell(f"{indexed:,} posts indexed")
        advise_larger_pages(conn, db)
