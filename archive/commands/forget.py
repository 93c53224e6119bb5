"""`discuz-archive forget`: remove a member, a thread, a post or words on request, everywhere,
for good."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from archive.commands._archive_file import ArchiveFile


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option("--user", metavar="UID", help="A member: number, or address.")
@click.option("--thread", metavar="TID", help="A thread: number, or address.")
@click.option("--post", metavar="PID", help="A post: number, or address.")
@click.option(
    "--text",
    type=click.File(encoding="utf-8"),
    help="Words wherever they stand: the lines of this file, each by itself.",
)
@click.option(
    "--forum",
    metavar="ADDRESS",
    help="The forum, where several have a member, thread or post of that number.",
)
@click.option(
    "--reason", default="", help="Why, for the log: no name, nothing personal."
)
@click.option(
    "--asked-by",
    default="",
    help="On whose word, for the log: a role or a case number, and no name.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Ask for no confirmation.")
@click.option("--list", "is_list", is_flag=True, help="List the requests so far.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, an object a line.")
def command(
    db: Path,
    user: str | None,
    thread: str | None,
    post: str | None,
    text: TextIO | None,
    forum: str | None,
    reason: str,
    asked_by: str,
    dry_run: bool,
    yes: bool,
    is_list: bool,
    as_json: bool,
) -> int:
    """Remove a member with all posts, a thread, a post, or words from DB, for good.

    From rows, former versions and quotes in others' posts, from the search index, pictures
    and files, and from the kept pages in the WARC files; what others wrote stays. It does
    not come back with another crawl or saved copy. What was cut short goes on with the next
    command that writes, or with `forget DB` alone.

    The log (`--list`) has no word of what was removed: give no names in --reason and
    --asked-by.
    """
    # imported when it runs: --help is quick
    from archive.commands._forget_request import Typed
    from archive.commands._forgetting import forget, list_requests

    if is_list:
        list_requests(db, as_json=as_json)
        return 0
    given = {"user": user, "thread": thread, "post": post}
    typed = Typed(
        named={kind: value for kind, value in given.items() if value},
        passages=text.read() if text else None,
        forum=forum,
        reason=reason,
        asked_by=asked_by,
    )
    forget(
        db,
        typed,
        dry_run=dry_run,
        is_sure=yes,
        as_json=as_json,
    )
    return 0
