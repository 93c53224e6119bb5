"""`discuz-archive doctor`: what a page is, who would read it, and what can be read of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

import click
from rich.console import Console
from rich.table import Table

from archive.intake.sources import read_captures
from scraper.addresses.urls import base_of
from scraper.core.errors import FetchError, PageError
from scraper.core.records import (
    BoardPage,
    BoardRow,
    Capture,
    IndexPage,
    Page,
    Post,
    ThreadPage,
    ThreadRow,
)
from scraper.fetch.fetcher import Answer, Fetcher
from scraper.markup.signals import is_discuz, signals
from scraper.markup.snapshot import Snapshot, take_snapshot
from scraper.parsing import parse_snapshot
from scraper.themes import claims

_WHY = {
    "pid": "print pages, archiver pages and plain text print no post numbers",
    "floor": "not printed here, or the forum's own word for a floor",
    "uid": "not printed: a guest, an anonymous or deleted member, or a layout that links no member",
    "posted_at": "no time that could be read",
    "text": "withheld, or only pictures and quotes",
}
_UNUSUAL = frozenset(
    {
        "anonymous",
        "withheld",
        "withheld_reason",
        "best_answer",
        "side",
        "poll",
        "edited_by",
        "edited_at",
        "ratings",
        "comments",
        "attachments",
        "quotes",
        "images",
        "links",
        "subject",
        "signature",
        "special",
        "moved_to",
        "digest",
        "sticky",
        "closed",
        "excerpt",
        "type",
    }
)  # absent from most pages because there is nothing to say


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
    console = Console(highlight=False, soft_wrap=True)
    return max(
        (
            _examine(console, capture)
            for source in sources
            for capture in _captures(source, url)
        ),
        default=0,
    )


def _captures(source: str, url: str) -> Iterator[Capture]:
    if not source.startswith(("http://", "https://")):
        yield from read_captures([source], url=url)
        return
    with Fetcher(base_of(source)) as fetcher:
        outcome = fetcher.start()
        if isinstance(outcome, Answer) and source != fetcher.base_url:
            outcome = fetcher.get(source)
    if isinstance(outcome, Answer):
        yield from (*outcome.redirects, outcome.capture)
    elif outcome.capture is not None:
        yield outcome.capture
    else:
        raise FetchError(f"{source}: {outcome.message}")


def _examine(console: Console, capture: Capture) -> int:
    snapshot = take_snapshot(capture)
    console.print(f"[bold]{capture.url or '(no address)'}[/bold]")
    for label, value in _facts(snapshot):
        console.print(f"  {label:<12} {value}", markup=False)
    try:
        page = parse_snapshot(snapshot)
    except PageError as error:
        console.print(f"  cannot be read: {error}", markup=False)
        return PageError.exit_code
    if not page.theme:
        console.print(
            f"  nothing reads it: {getattr(page.content, 'message', '')}", markup=False
        )
        return 0 if page.content.kind == "redirect" else PageError.exit_code
    version = page.software or "version not printed"
    console.print(
        f"  {'read as':<12} {page.content.kind}, theme {page.theme}, {version}",
        markup=False,
    )
    for name, records in _records(page):
        console.print(_coverage(name, records))
    return 0


def _facts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    found = signals(snapshot)
    yield (
        "is it Discuz!",
        ("yes: " if is_discuz(snapshot) else "not surely: ")
        + (", ".join(signal.name for signal in found) or "no sign of it"),
    )
    yield "encoding", snapshot.encoding
    target = snapshot.target
    yield (
        "address",
        f"{target.view} {target.kind} {target.id or target.name}"
        if target
        else "no form that we know",
    )
    yield (
        "claimed by",
        ", ".join(theme.name for theme in claims(snapshot)) or "no theme",
    )


def _records(page: Page) -> Iterator[tuple[str, Sequence[Post | ThreadRow | BoardRow]]]:
    content = page.content
    if isinstance(content, ThreadPage) and content.posts:
        yield "posts", content.posts
    if isinstance(content, BoardPage) and content.threads:
        yield "threads", content.threads
    if isinstance(content, (BoardPage, IndexPage)) and content.boards:
        yield "boards", content.boards


def _coverage(name: str, records: Sequence[Post | ThreadRow | BoardRow]) -> Table:
    table = Table(f"{len(records)} {name}", "read", "where not")
    for field in fields(records[0]):
        filled = sum(
            getattr(record, field.name) not in (None, "", (), False)
            for record in records
        )
        if filled or field.name not in _UNUSUAL:
            missing = (
                ""
                if filled == len(records)
                else _WHY.get(field.name, "not printed on this page")
            )
            table.add_row(field.name, f"{filled}", missing)
    return table
