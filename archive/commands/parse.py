"""`discuz-archive parse`: saved pages → one JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from archive.commands._saying import say_json
from scraper.core.errors import PageError

if TYPE_CHECKING:
    from scraper.core.records import Capture, Page
    from scraper.core.site import Site


class _Input(click.ParamType[str]):
    """A file or folder that is there, `-`, or an address."""

    name = "file"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        # imported when it runs: --help is quick
        from archive.intake.opening import is_address

        named = str(value)
        if not is_address(named):
            click.Path(exists=True, allow_dash=True).convert(
                named,
                param,
                ctx,
            )
        return named


@click.command()
@click.argument("files", nargs=-1, required=True, type=_Input(), metavar="FILE...")
@click.option(
    "--url", default="", help="The address that a single HTML file was saved from."
)
@click.option(
    "--zone",
    default=8.0,
    show_default=True,
    help="The forum's time zone, hours east of Greenwich.",
)
def command(files: tuple[str, ...], url: str, zone: float) -> int:
    """Print what saved pages say: one JSON object a line, for each page of FILES.

    They may be of any form that `ingest` takes; `-` for standard input, or addresses of
    files.
    """
    from archive.intake.sources import read_captures
    from scraper.core.records import as_json
    from scraper.core.site import Site

    site = Site(utc_offset_minutes=round(zone * 60))
    for capture in read_captures(files, url=url):
        record = as_json(_page(capture, site))
        say_json(json.dumps(record, ensure_ascii=False))
    return 0


def _page(capture: Capture, site: Site) -> Page:
    """The page; one that its parser could not read becomes `unknown`, with the reason."""
    from scraper.core.records import Page, Unknown
    from scraper.parsing import parse_capture

    try:
        return parse_capture(capture, site)
    except PageError as error:
        return Page(
            url=capture.url,
            captured_at=capture.fetched_at,
            content=Unknown(message=str(error)),
        )
