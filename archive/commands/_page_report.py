"""Says of a page what it is, who reads it, and what is read of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Final

from rich.console import Console
from rich.table import Table

from archive.commands._saying import plain
from archive.intake.sources import read_captures
from archive.store.post_columns import COLUMN_OF, POST_COLUMNS
from scraper.addresses.target import Target
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

_EMPTY: Final = (None, "", (), False)
_NOT_PRINTED: Final = "not printed on this page"
_UNUSUAL_OF_ROWS: Final = frozenset(
    {
        "special",
        "moved_to",
        "digest",
        "sticky",
        "closed",
        "excerpt",
        "type",
    }
)
"""Fields of a thread's row that most rows lack because there is nothing to say."""
_WHY_OF_ROWS: Final = {"uid": COLUMN_OF["user_id"].why_absent}


def examine(sources: Sequence[str], url: str) -> int:
    """Print what each page of the sources is; the exit code. `url`: the address of a single
    file."""
    console = Console(
        highlight=False,
        soft_wrap=True,
    )
    exit_code = 0
    for source in sources:
        for capture in _captures(source, url):
            exit_code = max(exit_code, _examine(console, capture))
    return exit_code


def _captures(source: str, url: str) -> Iterator[Capture]:
    if not source.startswith(("http://", "https://")):
        yield from read_captures(
            [source],
            url=url,
        )
        return
    with Fetcher(base_of(source)) as fetcher:
        outcome = fetcher.start()
        is_forum = isinstance(outcome, Answer) or outcome.reason == "no_forum"
        if is_forum and source != fetcher.base_url:
            outcome = fetcher.get(source)
    if isinstance(outcome, Answer):
        yield from (*outcome.redirects, outcome.capture)
    elif outcome.capture is not None:
        yield outcome.capture
    else:
        raise FetchError(f"{source}: {outcome.message}")


def _examine(console: Console, capture: Capture) -> int:
    """Print what a capture is; the exit code that it deserves."""

    def say(words: str) -> None:
        console.print(f"  {plain(words)}", markup=False)

    snapshot = take_snapshot(capture)
    address = capture.url or "(no address)"
    console.print(
        plain(address),
        style="bold",
        markup=False,
    )
    for label, value in _facts(snapshot):
        say(f"{label:<12} {value}")
    try:
        page = parse_snapshot(snapshot)
    except PageError as error:
        say(f"cannot be read: {error}")
        return PageError.exit_code
    if not page.theme:
        reason = getattr(
            page.content,
            "message",
            "",
        )
        say(f"nothing reads it: {reason}")
        return 0 if page.content.kind == "redirect" else PageError.exit_code
    version = page.software or "version not printed"
    say(f"{'read as':<12} {page.content.kind}, theme {page.theme}, {version}")
    for warning in page.warnings:
        say(f"{'warning':<12} {warning}")
    for name, records in _records(page):
        console.print(_coverage(name, records))
    return 0


def _facts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    found = ", ".join(signal.name for signal in signals(snapshot))
    answer = "yes: " if is_discuz(snapshot) else "not surely: "
    yield "is it Discuz!", answer + (found or "no sign of it")
    yield "encoding", snapshot.encoding
    yield "address", _form(snapshot.target)
    claimed = ", ".join(theme.name for theme in claims(snapshot))
    yield "claimed by", claimed or "no theme"


def _form(target: Target | None) -> str:
    if target is None:
        return "no form that we know"
    return f"{target.view} {target.kind} {target.id or target.name}"


def _records(page: Page) -> Iterator[tuple[str, Sequence[Post | ThreadRow | BoardRow]]]:
    content = page.content
    if isinstance(content, ThreadPage) and content.posts:
        yield "posts", content.posts
    if isinstance(content, BoardPage) and content.threads:
        yield "threads", content.threads
    if isinstance(content, (BoardPage, IndexPage)) and content.boards:
        yield "boards", content.boards


def _coverage(name: str, records: Sequence[Post | ThreadRow | BoardRow]) -> Table:
    """How many of the records have each field, and why the others may lack it."""
    table = Table(f"{len(records)} {name}", "read", "where not")
    for field in fields(records[0]):
        filled = 0
        for record in records:
            if getattr(record, field.name) not in _EMPTY:
                filled += 1
        expected, why_absent = _expectation(records[0], field.name)
        if not filled and not expected:
            continue
        missing = "" if filled == len(records) else why_absent
        table.add_row(
            field.name,
            str(filled),
            missing,
        )
    return table


def _expectation(record: Post | ThreadRow | BoardRow, field: str) -> tuple[bool, str]:
    """Whether a field is named even where no record has it, and why it may be absent."""
    if not isinstance(record, Post):
        return field not in _UNUSUAL_OF_ROWS, _WHY_OF_ROWS.get(field, _NOT_PRINTED)
    for column in POST_COLUMNS:
        if column.field == field:
            return column.expected, column.why_absent or _NOT_PRINTED
    return False, _NOT_PRINTED
