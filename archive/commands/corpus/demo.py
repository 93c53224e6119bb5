"""`discuz-archive corpus demo`: all steps of a corpus, on two small invented forums."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._saying import say
from archive.commands.corpus._options import master_option
from archive.commands.demo import lay_out, run_as_typed
from scraper.core.errors import InputError

_WORDS = "外婆"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@master_option
def command(folder: Path, master: str) -> int:
    """Read, merge, index and search two small invented forums in FOLDER.

    Each step is the ordinary command, printed before it runs.
    """
    folder = folder.absolute()
    listed = folder / "list.txt"
    out = folder / "out"
    index = f"chdb://{folder / 'index'}"
    if out.exists():
        raise InputError(f"{out} is there already: give another folder, or remove it")
    pages = folder / "pages"
    lay_out(pages)
    listed.write_text(f"{pages}\n", encoding="utf-8")
    of_cluster = ("--master", master) if master else ()
    steps: tuple[tuple[object, ...], ...] = (
        ("parse", *of_cluster, listed, out),
        ("merge", *of_cluster, "--parts", 2, out),
        ("index", out, index),
    )
    for step in steps:
        failed = run_as_typed("corpus", *step)
        if failed:
            return failed
    run_as_typed("search", "--at", index, _WORDS)
    say(f"\nThe tables: {out}/merged/*/part=*/*.parquet")
    return 0
