"""`discuz-archive similar`: copies of a post in other threads and forums, and posts on the
same matter."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from archive.commands._archive_file import ArchiveFile


@click.command()
@click.argument("db", type=ArchiveFile())
@click.argument("post", metavar="[PID]", required=False)
@click.option(
    "--text",
    type=click.File("rb"),
    metavar="FILE",
    help="Posts like this text; - reads it.",
)
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="So many posts at the most.",
)
@click.option(
    "--copies",
    is_flag=True,
    help="Only copies, none that are merely on the same matter.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(
    db: Path,
    post: str | None,
    text: BinaryIO | None,
    limit: int,
    copies: bool,
    as_json: bool,
) -> int:
    """Find posts of the archive DB like the post PID: the same text, even with its words
    swapped, goes first.

    PID is the forum's number of the post, its address (a thread's address means its opening
    post), or `id:` and its number in the archive. With --text it is left out.
    """
    if (post is None) == (text is None):
        raise click.UsageError("name one post, or a file of text with --text")
    # imported when it runs: --help is quick
    from archive.commands._alike import find_alike

    return find_alike(
        db,
        text or post or "",
        limit=limit,
        only_copies=copies,
        as_json=as_json,
    )
