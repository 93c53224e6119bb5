"""`discuz-archive doctor`: what a page is, who would read it, and what can be read of it."""

from __future__ import annotations

import click


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "--url", default="", help="The address that a single HTML file was saved from."
)
def command(sources: tuple[str, ...], url: str) -> int:
    """Say what each page of SOURCES (files or web addresses) is: software, theme, encoding,
    and what can be read.

    An address is asked for once, as `crawl` would ask. Exits with 0 when every page could
    be read, with 4 when one could not.
    """
    # imported when it runs: --help is quick
    from archive.commands._page_report import examine

    return examine(sources, url)
