"""`discuz-archive watch`: stay, and visit each forum's pages when they are due."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands._network_options import NetworkOptions, network_options
from archive.commands._telling_people import on_trouble_option


@click.command()
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--delay",
    "delay_s",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Pause between requests, in seconds.",
)
@click.option(
    "--contact",
    default="",
    help="An address that the forum's owner can write to, sent with requests.",
)
@click.option(
    "--cookies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="As for crawl.",
)
@network_options
@click.option(
    "--media", is_flag=True, help="Fetch the pictures and files that posts show, too."
)
@click.option(
    "--requisites/--no-requisites",
    default=None,
    help="Fetch what pages need to look as they did (style sheets, scripts, smilies, "
    "pictures of the template), once; on with --media.",
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="As for crawl.",
)
@click.option("--rounds", type=click.IntRange(1), help="End after so many rounds.")
@on_trouble_option
@click.option(
    "--weekly",
    default="",
    metavar="CMD",
    help="Run CMD by the shell every seven days, with what they came to on its standard "
    "input.",
)
def command(
    db: Path,
    urls: tuple[str, ...],
    delay_s: float,
    contact: str,
    cookies: Path | None,
    media: bool,
    requisites: bool | None,
    metrics: Path | None,
    rounds: int | None,
    on_trouble: str,
    weekly: str,
    network: NetworkOptions,
) -> int:
    """Crawl into DB and stay: visit pages when they are due, until SIGTERM or Ctrl-C.

    A line after each round says how it went. The first round begins with every board, later
    ones with what is due.
    """
    # imported when it runs: --help is quick
    from archive.commands._crawl_options import Options
    from archive.commands._watching import watch

    options = Options(
        db=db,
        urls=urls,
        delay_s=delay_s,
        contact=contact,
        cookies=cookies,
        media=media,
        requisites=requisites,
        metrics=metrics,
        network=network,
    )
    return watch(
        options,
        rounds,
        on_trouble=on_trouble,
        weekly=weekly,
    )
