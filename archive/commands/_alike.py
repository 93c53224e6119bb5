"""Posts that are like a post or a text, found and shown."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import BinaryIO, Final

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


def find_alike(
    db: Path, like: BinaryIO | str, *, limit: int, only_copies: bool, as_json: bool
) -> int:
    """Show the posts that are like a text, or like the post that is named; the exit code."""
    conn = connect(db, create=False)
    catch_up(conn)
    found = (
        _like_post(conn, like, limit)
        if isinstance(like, str)
        else _like_text(conn, like, limit)
    )
    if only_copies:
        found = [each for each in found if each.is_copy]
    _show(
        found,
        as_json=as_json,
    )
    if found:
        return 0
    say(
        _nothing_found(copies=only_copies),
        err=True,
    )
    return EXIT_NOTHING_FOUND


def _like_text(conn: sqlite3.Connection, text: BinaryIO, limit: int) -> list[Similar]:
    body = text.read(MAX_TEXT_BYTES)
    decoded, _ = decode(body)
    return list(similar_to_text(conn, decoded, limit))


def _like_post(conn: sqlite3.Connection, post: str, limit: int) -> list[Similar]:
    post_id = resolve_post(conn, post)
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
