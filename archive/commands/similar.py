"""`discuz-archive similar`: copies of a post in other threads and forums, and posts on the
same matter."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._hit_output import (
    EXIT_NOTHING_FOUND,
    line_of,
    print_json,
    print_table,
)
from archive.commands._resolve_post import resolve_post
from archive.commands._saying import say
from archive.index.writer import catch_up
from archive.schema import connect
from archive.search.similar import Similar, similar, similar_to_text
from scraper.markup.decode import decode

MAX_TEXT_BYTES: Final = 1 << 20
"""Of a longer text only the beginning is looked for."""


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
    conn = connect(db, create=False)
    catch_up(conn)
    found = _like_text(conn, text, limit) if text else _like_post(conn, post, limit)
    if copies:
        found = [each for each in found if each.is_copy]
    _show(
        found,
        as_json=as_json,
    )
    if found:
        return 0
    say(
        _nothing_found(copies=copies),
        err=True,
    )
    return EXIT_NOTHING_FOUND


def _like_text(conn: sqlite3.Connection, text: BinaryIO, limit: int) -> list[Similar]:
    body = text.read(MAX_TEXT_BYTES)
    decoded, _ = decode(body)
    return list(similar_to_text(conn, decoded, limit))


def _like_post(conn: sqlite3.Connection, post: str | None, limit: int) -> list[Similar]:
    post_id = resolve_post(conn, post or "")
    return list(similar(conn, post_id, limit))


def _show(found: list[Similar], *, as_json: bool) -> None:
    if as_json:
        for each in found:
            print_json(each.as_json())
    elif sys.stdout.isatty():
        leads = [_likeness(each) for each in found]
        print_table([each.hit for each in found], leads)
    else:
        for each in found:
            say(f"{_likeness(each)}\t{line_of(each.hit)}")


def _likeness(each: Similar) -> str:
    kind = "copy" if each.is_copy else "related"
    return f"{each.likeness:.0%} {kind}"


def _nothing_found(*, copies: bool) -> str:
    if copies:
        return "no copy found"
    return "nothing like it found: it may be too short, or say what many say"
