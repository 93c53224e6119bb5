"""`discuz-archive corpus index`: tables of a corpus loaded into ClickHouse, to be searched."""

from __future__ import annotations

import click

from archive.commands._saying import say
from archive.commands.corpus._options import output_of
from scraper.core.errors import InputError


@click.command()
@click.argument("out")
@click.argument("address")
def command(out: str, address: str) -> int:
    """Load what `corpus merge`, or `export --format parquet`, wrote to OUT into the index at
    ADDRESS, which is made where it is not there.

    ADDRESS is chdb:///FOLDER for a folder of this machine, or
    clickhouse://USER:PASSWORD@HOST:8123/DATABASE for a server. What is there already and has
    not changed is not written again.
    """
    try:
        from archive.clickhouse.ddl import statements
        from archive.clickhouse.engine import connect
        from archive.clickhouse.load import load
    except ImportError as error:
        raise InputError(
            f"an index needs {error.name}: pip install 'discuz-archive[cluster]'"
        ) from error

    corpus = output_of(out)
    with connect(address, create=True) as engine:
        for statement in statements():
            engine.run(statement)
        loaded = load(engine, corpus)
    say(
        f"{loaded.new:,} new posts, {loaded.changed:,} changed, {loaded.same:,} as before"
    )
    if loaded.forgotten:
        say(f"{loaded.forgotten:,} left out: forgotten on request")
    return 0
