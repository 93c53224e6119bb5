"""`discuz-archive corpus merge`: all pages of each forum brought together into tables."""

from __future__ import annotations

import click

from archive.commands._saying import say
from archive.commands.corpus._options import (
    master_option,
    output_of,
    parts_option,
    zone_option,
)


@click.command()
@click.argument("out")
@parts_option(
    "How many parts the forums are divided into: one task and one file a table each."
)
@master_option
@zone_option
def command(out: str, parts: int, master: str, utc_offset_minutes: int | None) -> int:
    """Bring together what `corpus parse` has read into OUT: the tables of `export --format
    parquet`, for all forums.

    Posts are told apart, and their views and edits brought together, as in an archive that
    took in the same pages.
    """
    from archive.corpus import merge_job
    from archive.corpus.spark import session

    target = output_of(out)
    with session(master) as spark:
        summary = merge_job.run(
            spark,
            target,
            parts,
            utc_offset_minutes,
        )
    for table, count in summary.rows.most_common():
        say(f"{count:,} {table}")
    say(f"in {summary.files:,} files: {target.path(summary.folder)}/part=*/*.parquet")
    return 0
