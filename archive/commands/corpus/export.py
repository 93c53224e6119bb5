"""`discuz-archive corpus export`: a merged corpus in the forms that others read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from archive.commands.corpus._options import output_of


@click.command()
@click.argument("out")
@click.option(
    "--format",
    "form",
    required=True,
    metavar="FORM",
    help="jsonl, csv or parquet (tables), or mnbvc (a thread a line).",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="A file whose name ends as the form's do, or a folder.",
)
@click.option(
    "--no-personal-data",
    is_flag=True,
    help="Leave out mail addresses, phone, QQ and identity numbers.",
)
def command(out: str, form: str, target: Path, no_personal_data: bool) -> int:
    """Write what `corpus merge` wrote to OUT in another form, as `export` does with an
    archive: the posts in one file, or all tables in a folder.

    Copies are marked (mnbvc) where `corpus copies` has found them.
    """
    # what it is made of comes with the extra `cluster`
    from rich.console import Console
    from rich.progress import Progress

    from archive.commands._exporting import tell_written
    from archive.commands._talk import is_quiet, tell
    from archive.corpus.export_merged import THREADS_FORM, written_as
    from archive.corpus.merged_tables import MergedTables
    from archive.export.forms import load_form
    from archive.export.run import is_one_file, write_many, write_one

    if no_personal_data and form != THREADS_FORM:
        raise click.UsageError(f"--no-personal-data: {form} cannot do that")
    corpus = output_of(out)
    with Progress(console=Console(stderr=True), disable=is_quiet()) as progress:
        task = progress.add_task(f"exporting {form}")
        tables = MergedTables(corpus, lambda done: progress.advance(task, done))
        progress.update(task, total=tables.posts)
        made = written_as(
            form,
            tables,
            corpus,
            personal=not no_personal_data,
        )
        now = datetime.now(UTC)
        if is_one_file(load_form(form), form, target):
            size = write_one(target, made.write, now)
        else:
            about = {"form": form, "corpus": corpus.address}
            size = write_many(target, made.parts, about, now)
    if made.threads is None:
        tell(
            f"wrote {tables.posts:,} posts: {size.files:,} files, {size.bytes:,} bytes"
        )
    else:
        tell_written(made.threads.told, size)
    return 0
