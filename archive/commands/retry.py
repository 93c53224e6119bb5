"""`discuz-archive retry`: put pages that were given up back, to be visited by the next crawl."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._crawling import now
from archive.crawl.frontier import Frontier
from archive.schema import open_archive, transaction


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--refused",
    is_flag=True,
    help="Also the pages that the forum refuses: after getting permission, say.",
)
def command(db: Path, refused: bool) -> int:
    """Put the pages that crawls of DB gave up back; `crawl` visits them next."""
    conn = open_archive(db, create=False).conn
    with transaction(conn):
        sites = [row[0] for row in conn.execute("SELECT site_id FROM crawls")]
        pages = sum(
            Frontier(conn, site_id, now()).retry(now(), refused=refused)
            for site_id in sites
        )
        media = conn.execute(
            "UPDATE media SET state = 'due', tries = 0, due_at = '' WHERE state = 'given_up'"
        ).rowcount
    click.echo(
        f"{pages} pages and {media} pictures or files put back: `discuz-archive crawl {db}` visits them"
    )
    return 0
