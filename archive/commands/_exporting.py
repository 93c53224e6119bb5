"""Runs an export: what is chosen, progress, and what is told in the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from archive.commands._freshness import freshen
from archive.commands._hit_output import EXIT_NOTHING_FOUND
from archive.commands._moved_folder import refuse_without_folder, say_if_left_behind
from archive.commands._saying import say
from archive.commands._talk import is_quiet, tell
from archive.export.choosing import Asked, choose
from archive.export.form import Form
from archive.export.job import Job
from archive.export.run import Size, export_to, measure
from archive.reading.chosen import Choice, chosen_threads, count_chosen_posts
from archive.reading.forums import list_forums
from archive.schema import connect
from archive.warc.captures import warc_folder
from scraper.core.errors import InputError

_MADE_OF_CAPTURES: Final = ("warc", "wacz")
_WITH_PICTURES: Final = ("html", "epub", "site")
_COUNTED: Final = ("threads", "posts")
"""What is told of every export, before all else that a form counts."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written, and where to."""

    form: Form
    form_name: str
    target: Path
    is_one_file: bool
    removes_personal: bool
    asked: Asked

    def about(self) -> dict[str, object]:
        """What stands in the manifest."""
        said: dict[str, object] = {
            "form": self.form_name,
            "asked": self.asked.as_json(),
        }
        if self.removes_personal:
            said["removes_personal_data"] = True
        return said


def export(db: Path, order: Order, *, dry_run: bool) -> int:
    """Write what is ordered, or tell how much it would be; the exit code."""
    conn = connect(db, create=False)
    _refuse_own_files(conn, db, order.target)
    if order.form_name in _MADE_OF_CAPTURES:
        refuse_without_folder(conn)
    elif order.form_name in _WITH_PICTURES:
        say_if_left_behind(conn)
    if order.asked.query:
        freshen(conn)
    conn.execute("BEGIN")  # all that is read is of one moment
    try:
        return _run(conn, order, dry_run)
    finally:
        conn.execute("ROLLBACK")
        conn.close()


def _run(conn: sqlite3.Connection, order: Order, dry_run: bool) -> int:
    choice, notices = choose(
        conn,
        order.asked,
        datetime.now(UTC),
    )
    for notice in notices:
        say(notice, err=True)
    posts = count_chosen_posts(conn, choice)
    thread_ids = chosen_threads(conn, choice)
    needs_posts = order.form.needs_posts
    if not posts and (needs_posts or not thread_ids):
        say("nothing to export: no post fits all that was asked for", err=True)
        return EXIT_NOTHING_FOUND

    doing = "measuring" if dry_run else "exporting"
    with Progress(console=Console(stderr=True), disable=is_quiet()) as progress:
        task = progress.add_task(
            f"{doing} {order.form.summary}",
            total=posts,
        )
        job = _job(
            conn,
            order,
            choice,
            thread_ids,
            lambda done: progress.advance(task, done),
        )
        if dry_run:
            size = measure(
                order.form,
                job,
                one_file=order.is_one_file,
            )
        else:
            size = export_to(
                order.form,
                job,
                order.target,
                order.about(),
                one_file=order.is_one_file,
            )
    tell_written(job.told, size, would=dry_run)
    return 0


def _job(
    conn: sqlite3.Connection,
    order: Order,
    choice: Choice,
    thread_ids: list[int],
    tick: Callable[[int], None],
) -> Job:
    forums = {forum.id: forum for forum in list_forums(conn)}
    return Job(
        conn=conn,
        choice=choice,
        forums=forums,
        thread_ids=thread_ids,
        now=datetime.now(UTC),
        removes_personal=order.removes_personal,
        tick=tick,
    )


def tell_written(told: Mapping[str, int], size: Size, *, would: bool = False) -> None:
    """What was written, and what should be known of it."""
    counted = [_number_of(told.get(name, 0), name) for name in _COUNTED]
    verb = "would write" if would else "wrote"
    files = _number_of(size.files, "files")
    tell(f"{verb} {', '.join(counted)}: {files}, {size.bytes:,} bytes")
    for name, count in told.items():
        if count and name not in _COUNTED:
            tell(f"  {name}: {count:,}")


def _number_of(count: int, things: str) -> str:
    return f"1 {things[:-1]}" if count == 1 else f"{count:,} {things}"


def _refuse_own_files(conn: sqlite3.Connection, db: Path, target: Path) -> None:
    """Nothing is written over the archive, nor among its WARC files."""
    place = target.resolve()
    pages = warc_folder(conn).resolve()
    if place == db.resolve() or place.is_relative_to(pages):
        raise InputError(f"{target} belongs to the archive itself: name another place")
