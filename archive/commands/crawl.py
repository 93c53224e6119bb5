"""`discuz-archive crawl`: archive a whole forum, politely; the next run takes only what is new."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from archive.commands._network_options import NetworkOptions, network_options
from archive.commands._telling_people import on_trouble_option

_EPILOG = """\b
Ctrl-C gives the page under way a moment; the same command goes on where it was.
Exit code: 0, 1 where there is no forum, 5 where another crawl holds the archive, 7
where the forum refuses (challenge page, closed, all that was asked for), 8 where the
login was lost, 130 after Ctrl-C.
More than one request at a time, or a shorter pause than 2 s, is a burden on
small forums: ask their owners first."""


@click.command(epilog=_EPILOG)
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--board",
    "boards",
    multiple=True,
    type=int,
    metavar="FID",
    help="Only this board, with its sub-boards.",
)
@click.option(
    "--thread",
    "threads",
    multiple=True,
    type=int,
    metavar="TID",
    help="Only this thread.",
)
@click.option(
    "--user",
    "users",
    multiple=True,
    type=int,
    metavar="UID",
    help="Only the threads of this member.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only threads with a reply since that day.",
)
@click.option(
    "--complete",
    "--sweep",
    "complete",
    is_flag=True,
    help="Visit everything again, for edits, deletions and moves.",
)
@click.option(
    "--max-pages",
    type=click.IntRange(1),
    help="Stop after so many pages of each forum.",
)
@click.option(
    "--dry-run",
    "dry",
    is_flag=True,
    help="Say what would be fetched and how long it would take.",
)
@click.option(
    "--delay",
    "delay_s",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Pause between requests, in seconds.",
)
@click.option(
    "--concurrency",
    default=1,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Requests at a time to one forum.",
)
@click.option(
    "--contact",
    default="",
    help="An address that the forum's owner can write to, sent with requests.",
)
@click.option(
    "--cookies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Cookies of a browser that is logged in, for members' boards: cookies.txt, the "
    "JSON of a browser extension, or a copied Cookie: header.",
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
    "--json",
    "as_json",
    is_flag=True,
    help="One line of JSON at the end, for monitoring.",
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the run's figures there, in Prometheus' text format.",
)
@on_trouble_option
def command(
    db: Path,
    urls: tuple[str, ...],
    boards: tuple[int, ...],
    threads: tuple[int, ...],
    users: tuple[int, ...],
    since: datetime | None,
    complete: bool,
    max_pages: int | None,
    dry: bool,
    delay_s: float,
    concurrency: int,
    contact: str,
    cookies: Path | None,
    media: bool,
    requisites: bool | None,
    as_json: bool,
    metrics: Path | None,
    on_trouble: str,
    network: NetworkOptions,
) -> int:
    """Crawl forums into the archive DB.

    URL is a forum's address, or that of a board, a thread or a member of it; several forums
    are crawled side by side. Without one, the forums that DB knows are crawled again: all of
    each, or the boards, threads and members that runs named so far.
    """
    # imported when it runs: --help is quick
    from archive.commands._crawl_options import Options
    from archive.commands._crawling import now, run
    from archive.commands._dry_run import dry_run
    from archive.commands._telling_people import Teller

    options = Options(
        db=db,
        urls=urls,
        boards=boards,
        threads=threads,
        users=users,
        since=since.date() if since else None,
        complete=complete,
        max_pages=max_pages,
        delay_s=delay_s,
        concurrency=concurrency,
        contact=contact,
        cookies=cookies,
        media=media,
        requisites=requisites,
        json=as_json,
        metrics=metrics,
        network=network,
    )
    if dry:
        return dry_run(options)
    teller = Teller(db, on_trouble)
    return teller.watching(lambda: run(options, "crawl"), now)
