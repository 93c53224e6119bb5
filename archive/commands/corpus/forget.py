"""`discuz-archive corpus forget`: erases a post, a thread or a member from an index."""

from __future__ import annotations

import click

from archive.commands._saying import say


@click.command()
@click.argument("address")
@click.argument("kind", type=click.Choice(["post", "thread", "user"]))
@click.argument("site_id", type=int)
@click.argument("number", type=int)
def command(address: str, kind: str, site_id: int, number: int) -> int:
    """Erase a post, a thread or all posts of a user from the index at ADDRESS; they do not
    come back with the next `corpus index`.

    SITE_ID is the forum's number in the index, NUMBER what the forum itself calls it: pid,
    tid or uid. The Parquet files are not changed.
    """
    from archive.clickhouse.engine import connect
    from archive.clickhouse.forget import forget

    with connect(address) as engine:
        posts = forget(
            engine,
            kind,
            site_id,
            number,
        )
    say(f"{posts:,} posts erased")
    return 0
