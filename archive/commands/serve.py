"""`discuz-archive serve`: an archive in the browser, by Datasette, on this machine only
unless told otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._ports import try_port
from archive.schema import READING_CACHE_KB, check_unwritable, connect
from scraper.core.errors import InputError

SETTINGS = {
    "sql_time_limit_ms": "5000",
    "default_page_size": "50",
    "suggest_facets": "off",
    "facet_time_limit_ms": "1000",
    "allow_download": "off",
    "cache_size_kb": str(READING_CACHE_KB),
}
"""Datasette's settings. No suggested facets: at a million posts they take a second."""


@click.command()
@click.argument("database", type=ArchiveFile(), required=False)
@click.option(
    "--at",
    "address",
    metavar="ADDRESS",
    help="Show an index of `corpus index` (chdb:///FOLDER, clickhouse://HOST/DATABASE) "
    "instead of an archive; DATABASE is then left out.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; other than this, others can read.",
)
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another name that readers have for this server, such as a proxy's; repeatable.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open a browser on it.")
def command(
    database: Path | None,
    address: str | None,
    host: str,
    port: int,
    names: tuple[str, ...],
    open_browser: bool,
) -> None:
    """Read and query the archive DATABASE in a browser (Ctrl-C ends it)."""
    if (database is None) == (address is None):
        raise click.UsageError("name an archive, or an index by --at")
    if address is not None:
        from archive.commands._serve_at import serve_at

        serve_at(
            address,
            host,
            port,
            names,
            open_browser=open_browser,
        )
        return
    assert database is not None
    # imported when it runs: --help is quick
    from archive.commands._local_reader import noted

    arguments = _database_arguments(database)
    serve = _datasette()
    from archive.web import paths, visitors  # only where Datasette is

    try_port(host, port)
    for name in (host, *names):
        visitors.add_host(name)
    arguments += ["--host", host, "--port", str(port)]
    for name, value in SETTINGS.items():
        arguments += ["--setting", name, value]
    if open_browser:
        arguments.append("--open")

    here = f"http://{host}:{port}/"
    data = paths.data(database.stem)
    click.echo(f"{database} at {here} (data: {data})  Ctrl-C ends it")
    with noted(database, here):
        serve.main(arguments, standalone_mode=False)


def _database_arguments(database: Path) -> list[str]:
    """How Datasette is to open the archive, which is brought up to date before where it can
    be written."""
    is_unwritable = not os.access(database.parent, os.W_OK)
    if database.is_file() and is_unwritable:
        check_unwritable(database)
        return ["--immutable", str(database)]
    from archive.commands._moved_folder import say_if_left_behind

    conn = connect(database, create=False)
    say_if_left_behind(conn)
    conn.close()
    return [str(database)]


def _datasette() -> click.Command:
    """Datasette's own command, with our pages in it: from a source tree nothing but us
    tells it of them."""
    try:
        from datasette.cli import serve
        from datasette.plugins import pm

        import archive.web as web
    except ImportError as error:
        raise InputError(
            f"the browser pages cannot be loaded ({error}): install discuz-archive anew, "
            "with all that it needs"
        ) from error
    if not pm.is_registered(web):
        pm.register(web, name="discuz_archive")
    found: click.Command = serve
    return found
