"""`discuz-archive export`: an archive, or a part of it, in the forms that others read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from archive.commands._archive_file import ArchiveFile
from archive.export.forms import form_names, load_form, nearest_names

_FORMS: Final = ", ".join(form_names())


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
    # imported when it runs: --help is quick
    from archive.commands._exporting import Order, export
    from archive.export.choosing import Asked
    from archive.export.run import is_one_file

    form = load_form(form_name)
    if no_personal_data and not form.can_remove_personal:
        raise click.UsageError(f"--no-personal-data: {form_name} cannot do that")
    if author and only_op:
        raise click.UsageError("give --only-author or --only-op, not both")
    order = Order(
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
    return export(
        db,
        order,
        dry_run=dry_run,
    )
