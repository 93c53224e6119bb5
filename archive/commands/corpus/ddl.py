"""`discuz-archive corpus ddl`: the statements that make an index in ClickHouse."""

from __future__ import annotations

import click

from archive.commands._saying import say


@click.command()
@click.option(
    "--cluster",
    default="",
    metavar="NAME",
    help="For all nodes of a cluster, as `remote_servers` calls it: replicated tables, and "
    "one over all nodes for each.",
)
def command(cluster: str) -> int:
    """Print the tables of an index as SQL; `corpus index` makes those of one machine itself.

    On a cluster, run them once on any node before `corpus index`.
    """
    from archive.clickhouse.ddl import statements

    for statement in statements(cluster):
        say(f"{statement};\n")
    return 0
