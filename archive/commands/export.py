"""`discuz-archive export`: an archive, or a part of it, in the forms that others read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress

from archive.commands._archive_file import ArchiveFile
from archive.commands._freshness import freshen
from archive.commands._hit_output import EXIT_NOTHING_FOUND
from archive.commands._moved_folder import refuse_without_folder, say_if_left_behind
from archive.commands._saying import say
from archive.commands._talk import is_quiet, tell
from archive.export.choosing import Asked, choose
from archive.export.form import Form
from archive.export.forms import form_names, load_form, nearest_names
from archive.export.job import Job
from archive.export.run import Size, export_to, is_one_file, measure
from archive.reading.chosen import Choice, chosen_threads, count_chosen_posts
from archive.reading.forums import list_forums
from archive.schema import open_archive
from archive.warc.captures import warc_folder
from scraper.core.errors import InputError

_FORMS: Final = ", ".join(form_names())
_MADE_OF_CAPTURES: Final = ("warc", "wacz")
_WITH_PICTURES: Final = ("html", "epub", "site")
_COUNTED: Final = ("threads", "posts")
"""What is told of every export, before all else that a form counts."""


class _FormName(click.ParamType[str]):
    """The name of a form."""

    name = "form"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        name = str(value).lower()
        if name in form_names():
            return name
        nearest = " or ".join(nearest_names(name))
        meant = f"did you mean {nearest}? " if nearest else ""
        self.fail(f"there is no form {value!r}: {meant}There are {_FORMS}", param, ctx)


@dataclass(frozen=True, slots=True)
class _Order:
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


@click.command()
@click.argument("db", type=ArchiveFile())
@click.option(
    "--format",
    "form_name",
    type=_FormName(),
    required=True,
    help=f"One of {_FORMS}.",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="A file whose name ends as the form's do (.md), or a folder for a file a thread.",
)
@click.option("--thread", "threads", multiple=True, metavar="N", help="A thread (tid).")
@click.option(
    "--board",
    "boards",
    multiple=True,
    type=click.IntRange(1),
    metavar="N",
    help="A board (fid), without those below it.",
)
@click.option(
    "--site", default="", help="A forum: its number, or a part of its name or address."
)
@click.option("--query", default="", help="Posts that `search` finds by this query.")
@click.option("--only-author", "author", default="", help="Posts under this name.")
@click.option(
    "--only-op", is_flag=True, help="Posts of whoever opened their thread (只看楼主)."
)
@click.option(
    "--no-personal-data",
    is_flag=True,
    help="Leave out mail addresses, phone, QQ and identity numbers.",
)
@click.option(
    "--dry-run", is_flag=True, help="Tell how much it would be, and write nothing."
)
def command(
    db: Path,
    form_name: str,
    target: Path,
    threads: tuple[str, ...],
    boards: tuple[int, ...],
    site: str,
    query: str,
    author: str,
    only_op: bool,
    no_personal_data: bool,
    dry_run: bool,
) -> int:
    """Write the archive DB, or a part of it, in another form.

    A file gets its name when all of it is there. Into a folder an export that was broken
    off goes on, and one that is made again writes what has changed.

    Exit code 0: written; 1: nothing is chosen; 3: no such thread, board or forum.
    """
    form = load_form(form_name)
    if no_personal_data and not form.can_remove_personal:
        raise click.UsageError(f"--no-personal-data: {form_name} cannot do that")
    if author and only_op:
        raise click.UsageError("give --only-author or --only-op, not both")
    order = _Order(
        form=form,
        form_name=form_name,
        target=target,
        is_one_file=is_one_file(form, form_name, target),
        removes_personal=no_personal_data,
        asked=Asked(
            threads=threads,
            boards=boards,
            site=site,
            query=query,
            author=author,
            only_opener=only_op,
        ),
    )
    archive = open_archive(db, create=False)
    _refuse_own_files(archive.conn, db, target)
    if form_name in _MADE_OF_CAPTURES:
        refuse_without_folder(archive.conn)
    elif form_name in _WITH_PICTURES:
        say_if_left_behind(archive.conn)
    if query:
        freshen(archive.conn)
    archive.conn.execute("BEGIN")  # all that is read is of one moment
    try:
        return _run(archive.conn, order, dry_run)
    finally:
        archive.conn.execute("ROLLBACK")
        archive.close()


def _run(conn: sqlite3.Connection, order: _Order, dry_run: bool) -> int:
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
    _tell(job.told, size, dry_run)
    return 0


def _job(
    conn: sqlite3.Connection,
    order: _Order,
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


def _tell(told: Mapping[str, int], size: Size, dry_run: bool) -> None:
    """What was written, and what should be known of it."""
    counted = [_number_of(told.get(name, 0), name) for name in _COUNTED]
    verb = "would write" if dry_run else "wrote"
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
