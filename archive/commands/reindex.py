"""`discuz-archive reindex`: make the search index again from the posts."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from archive.index.rebuild import reindex
from archive.schema import open_archive


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(db: Path) -> None:
    """Make the search index of the archive DB again. It can be searched meanwhile; writers wait."""
    conn = open_archive(db, create=False).conn
    posts = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("indexing", total=posts)
        reindex(conn, lambda done: progress.advance(task, done))
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    click.echo(f"{posts:,} posts indexed")
