"""`discuz-archive similar`: copies of a post in other threads and forums, and posts on the
same matter."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console

from archive.commands._resolve_post import resolve_post
from archive.commands.search import EXIT_NOTHING_FOUND, local_time, table_of
from archive.index.writer import catch_up
from archive.schema import open_archive
from archive.search.similar import Similar, similar, similar_to_text
from archive.search.snippet import PLAIN, one_line
from scraper.markup.decode import decode

MAX_TEXT_BYTES = 1 << 20
"""Of a longer text only the beginning is looked for."""


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
    conn = open_archive(db, create=False).conn
    catch_up(conn)
    if text:
        like = similar_to_text(conn, decode(text.read(MAX_TEXT_BYTES))[0], limit)
    else:
        like = similar(conn, resolve_post(conn, post or ""), limit)
    found = [one for one in like if one.is_copy or not copies]
    if as_json:
        for one in found:
            click.echo(json.dumps(one.as_json(), ensure_ascii=False))
    elif sys.stdout.isatty():
        Console().print(
            table_of([one.hit for one in found], [_how(one) for one in found])
        )
    else:
        for one in found:
            click.echo(_line(one))
    if not found:
        click.echo(
            "no copy found"
            if copies
            else "nothing like it found: it may be too short, or say what many say",
            err=True,
        )
    return 0 if found else EXIT_NOTHING_FOUND


def _how(one: Similar) -> str:
    return f"{one.likeness:.0%} {'copy' if one.is_copy else 'related'}"


def _line(one: Similar) -> str:
    hit = one.hit
    fields = (
        _how(one),
        local_time(hit),
        hit.author,
        hit.thread,
        hit.snippet.marked(PLAIN),
        hit.url,
    )
    return "\t".join(map(one_line, fields))
