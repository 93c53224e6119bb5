"""`discuz-archive forget`: remove a member, a thread, a post or words on request, everywhere,
for good."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console
from rich.status import Status

from archive.commands._archive_file import ArchiveFile
from archive.commands._forget_request import request_of
from archive.commands._saying import say, say_json
from archive.forgetting.requests import (
    LoggedRequest,
    Request,
    is_unfinished,
    requests_in,
)
from archive.forgetting.steps import Removal, begin, finish, measure, plan_removal
from archive.forgetting.warc_files import LookedThrough, files_left
from archive.intake.page_reader import PageReader
from archive.intake.parsers import ParserProcesses
from archive.schema import connect
from archive.store.sites import Sites
from archive.warc.captures import Captures
from archive.warc.lock import warc_folder
from scraper.core.errors import InputError

_SHOWN = 5
_TICK_CAPTURES = 20


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
    conn = connect(db, create=False)
    if is_list:
        _list(conn, as_json)
        return 0
    given = {"user": user, "thread": thread, "post": post}
    named = {kind: value for kind, value in given.items() if value}
    request = None
    if named or text:
        passages = text.read() if text else ""
        request = request_of(
            conn,
            named,
            passages,
            forum,
            reason,
            asked_by,
        )
    elif not is_unfinished(conn):
        raise click.UsageError(
            "name what to forget: --user, --thread, --post or --text"
        )
    try:
        _forget(
            conn,
            request,
            dry_run=dry_run,
            is_sure=yes,
            as_json=as_json,
        )
    finally:
        conn.close()
    return 0


def _forget(
    conn: sqlite3.Connection,
    request: Request | None,
    *,
    dry_run: bool,
    is_sure: bool,
    as_json: bool,
) -> None:
    with Captures(conn, wait=True) as captures, ParserProcesses(1) as parsers:
        read = PageReader(Sites(conn), parsers)
        if not dry_run:
            captures.open()
        if request is None:
            with _progress() as tick:
                finish(conn, read, tick)
            _say_done(conn, LookedThrough(), as_json)
            return
        removal = plan_removal(conn, request)
        if dry_run:
            with _progress() as tick:
                found = measure(
                    conn,
                    removal,
                    read,
                    tick,
                )
            _say_plan(removal, found, as_json)
            return
        if not is_sure:
            _confirm(removal)
        begin(conn, removal)
        with _progress() as tick:
            found = finish(conn, read, tick)
        _say_done(conn, found, as_json)


def _confirm(removal: Removal) -> None:
    if not sys.stdin.isatty():
        raise InputError("nothing was changed: give --yes where nobody can be asked")
    for name, count in _counts(removal).items():
        say(f"{name}: {count:,}")
    click.confirm("Remove this for good? There is no way back", abort=True)


def _counts(removal: Removal) -> dict[str, int]:
    chosen = removal.chosen
    return {
        "posts": len(chosen.posts),
        "others' posts that quote or repeat it": len(removal.others.posts),
        "threads": len(chosen.threads),
        "threads that stay without their opening post": len(chosen.opened),
        "members": len(chosen.users),
        "pictures and files": len(removal.media.names),
    }


def _say_plan(removal: Removal, found: LookedThrough, as_json: bool) -> None:
    counts = _counts(removal)
    counts["kept pages looked at"] = found.captures
    counts["kept pages that would lose a part"] = found.blanked
    counts["kept pages that would be removed"] = found.removed
    if as_json:
        say_json(json.dumps(counts | {"urls": found.urls}, ensure_ascii=False))
        return
    say("nothing was changed; this would go:")
    for name, count in counts.items():
        say(f"  {name}: {count:,}")
    for url in found.urls[:_SHOWN]:
        say(f"  {url}")
    more = len(found.urls) - _SHOWN
    if more > 0:
        say(f"  and {more:,} more: --json lists all")


def _say_done(conn: sqlite3.Connection, found: LookedThrough, as_json: bool) -> None:
    last = requests_in(conn)[-1]
    if as_json:
        say_json(json.dumps(last.as_json(), ensure_ascii=False))
        return
    say(f"removed: {_described(last)}")
    if not last.done_at:
        say("  it is not done yet: run `discuz-archive forget DB` to finish")
    say(f"  {found.captures:,} kept pages looked at")
    for path in files_left(warc_folder(conn)):
        say(f"  {path} has damaged parts of a WARC file, and was not looked into")


def _list(conn: sqlite3.Connection, as_json: bool) -> None:
    for each in requests_in(conn):
        if as_json:
            say_json(json.dumps(each.as_json(), ensure_ascii=False))
            continue
        state = "done" if each.done_at else f"not done yet ({each.step})"
        said = [each.reason, each.asked_by and f"asked by {each.asked_by}"]
        words = "; ".join(filter(None, said))
        say(f"{each.id}  {each.asked_at}  {each.kind}  {state}  {_described(each)}")
        if words:
            say(f"   {words}")


def _described(each: LoggedRequest) -> str:
    return (
        f"{each.posts:,} posts, {each.threads:,} threads, {each.members:,} members, "
        f"{each.media:,} pictures and files, words in {each.others:,} posts of others; "
        f"{each.captures_blanked:,} kept pages blanked, "
        f"{each.captures_removed:,} removed"
    )


class _Ticker:
    """Shows how many pages were looked at."""

    def __init__(self, status: Status | None) -> None:
        self._status = status
        self._count = 0

    def __call__(self) -> None:
        self._count += 1
        if self._status and self._count % _TICK_CAPTURES == 0:
            self._status.update(f"{self._count:,} kept pages looked at")


@contextmanager
def _progress() -> Iterator[_Ticker]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Ticker(None)
        return
    with console.status("looking at kept pages …") as status:
        yield _Ticker(status)
