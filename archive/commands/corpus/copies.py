"""`discuz-archive corpus copies`: threads that repeat another, of all forums of a corpus."""

from __future__ import annotations

import click

from archive.commands._saying import say
from archive.commands.corpus._options import master_option, output_of, parts_option


@click.command()
@click.argument("out")
@parts_option("How many tasks compare.")
@master_option
def command(out: str, parts: int, master: str) -> int:
    """Find threads that say nearly what an earlier one says, in any forum of OUT, once
    `corpus merge` has written it.

    80 % of all runs of five characters are the same, estimated by MinHash. Into
    copies.parquet: each such thread, and the one that it repeats.
    """
    from archive.corpus import copies_job
    from archive.corpus.spark import session

    target = output_of(out)
    with session(master) as spark:
        count = copies_job.run(
            spark,
            target,
            parts,
        )
    say(f"{count:,} threads repeat another: {target.path(copies_job.COPIES)}")
    return 0
