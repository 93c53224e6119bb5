"""`discuz-archive corpus select`: what a web crawl's index knows of Discuz! forums."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._saying import say
from archive.commands.corpus._options import master_option
from archive.intake.opening import is_address


@click.command()
@click.argument("index", nargs=-1, required=True, metavar="INDEX...")
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Only this host and those below it; may be given several times.",
)
@master_option
def command(
    index: tuple[str, ...], list_: Path, hosts: tuple[str, ...], master: str
) -> int:
    """Write into the file LIST where possible pages of Discuz! lie, for `corpus parse`.

    INDEX are files or folders of a columnar index (Parquet; s3: or here), such as
    s3://commoncrawl/cc-index/table/cc-main/warc/crawl=CC-MAIN-2024-33/subset=warc/.
    """
    from archive.corpus import select_job
    from archive.corpus.outputs import Output
    from archive.corpus.spark import session

    places = [
        place if is_address(place) else str(Path(place).absolute()) for place in index
    ]
    files = select_job.index_files(places)
    folder = Output(str(list_.absolute().parent))
    with session(master) as spark, folder.file(list_.name) as out:
        count = select_job.run(
            spark,
            files,
            hosts,
            out,
        )
    say(f"{count:,} records in {list_}, of {len(files):,} index files")
    say(f"next: `discuz-archive corpus parse --base s3://commoncrawl/ {list_} OUT`")
    return 0
