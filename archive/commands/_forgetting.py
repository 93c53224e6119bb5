"""Removes what was asked for: asks whether it may, shows progress, tells what went."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from archive.commands._forget_request import Typed, request_of
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


def forget(
    db: Path, typed: Typed, *, dry_run: bool, is_sure: bool, as_json: bool
) -> None:
    """Do what was asked for, and what was asked for before and cut short. InputError, or a
    UsageError, where that is nothing."""
    conn = connect(db, create=False)
    request = None
    if typed:
        request = request_of(conn, typed)
    elif not is_unfinished(conn):
        raise click.UsageError(
            "name what to forget: --user, --thread, --post or --text"
        )
    try:
        _forget(
            conn,
            request,
            dry_run=dry_run,
            is_sure=is_sure,
            as_json=as_json,
        )
    finally:
        conn.close()


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


def list_requests(db: Path, *, as_json: bool) -> None:
    """Print the requests so far."""
    conn = connect(db, create=False)
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
