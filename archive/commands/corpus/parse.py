"""`discuz-archive corpus parse`: read many WARC files on many machines."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._saying import say
from archive.commands.corpus._options import master_option, output_of, zone_option


@click.command()
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.argument("out")
@click.option(
    "--base",
    default="",
    metavar="PLACE",
    help="Folder or address that the paths of LIST lie below; LIST's own folder by default.",
)
@master_option
@zone_option
def command(
    list_: Path, out: str, base: str, master: str, utc_offset_minutes: int | None
) -> int:
    """Read the files that LIST names into pages (Parquet) below the folder OUT.

    LIST has a path or an address (https:, s3:) in each line; offset and length of a record
    behind it, with tabs between, for a part of a file; or rows of a Common Crawl index as
    JSON. What is done already is not read again. OUT is a folder, or an address (s3:).
    """
    from archive.corpus import parse_job
    from archive.corpus.shards import read_list
    from archive.corpus.spark import session

    target = output_of(out)
    shards = read_list(list_, base)
    with session(master) as spark:
        summary = parse_job.run(
            spark,
            shards,
            target,
            utc_offset_minutes,
        )
    say(f"{summary.read:,} files read, {summary.done_before:,} were done before")
    for kind, count in summary.counts.most_common():
        say(f"  {count:,} {kind}")
    for kind, count in summary.passed_over.most_common():
        say(f"  passed over: {count:,} {kind}")
    if summary.swept:
        say(f"  {summary.swept:,} files of tasks that were cut short deleted")
    if summary.counts["problems"]:
        say(f"  what could not be read: {target.path('problems')}/*.jsonl")
    say(f"next: `discuz-archive corpus merge {out}`")
    return 0
