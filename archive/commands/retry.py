"""`discuz-archive retry`: put pages that were given up back, to be visited by the next crawl."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._talk import tell


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option(
    "--refused",
    is_flag=True,
    help="Also the pages that the forum refuses: after getting permission, say.",
)
def command(db: Path, refused: bool) -> int:
    """Put the pages that crawls of DB gave up back; `crawl` visits them next."""
    # imported when it runs: --help is quick
    from archive.commands._crawling import now
    from archive.crawl.frontier import Frontier
    from archive.crawl.media import retry_files
    from archive.schema import connect, transaction

    conn = connect(db, create=False)
    at = now()
    pages = files = 0
    with transaction(conn):
        site_ids = [row[0] for row in conn.execute("SELECT site_id FROM crawls")]
        for site_id in site_ids:
            pages += Frontier(conn, site_id, at).retry(at, refused=refused)
            files += retry_files(conn, site_id)
    tell(
        f"{pages} pages and {files} pictures or files put back: "
        f"`discuz-archive crawl {db}` visits them"
    )
    return 0
