"""`crawl --dry-run`: what would be fetched, and how long it would take, from one look at
the front page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import click

from archive.commands._crawl_options import (
    Options,
    cookie_notes,
    fetch_settings,
    scope_of,
    with_scheme,
)
from archive.commands._crawling import error_class, now
from archive.crawl.backlog import Backlog
from archive.crawl.report import duration
from archive.schema import open_archive
from archive.store.sites import Sites
from scraper.addresses.urls import base_of
from scraper.core.errors import FetchError, InputError, PageError
from scraper.core.records import BoardRow, IndexPage, Page
from scraper.fetch.fetcher import Answer, Fetcher
from scraper.parsing import parse_capture
from scraper.policy.plan import Scope

# Threads and posts a page, as Discuz! ships.
_ROWS: Final = 20
_POSTS: Final = 10

_MEAN_JITTER: Final = 1.125  # pauses are up to a quarter longer, by chance
_LEAST_S: Final = 0.01  # what reading and storing a page takes us


@dataclass(frozen=True, slots=True)
class _FrontPage:
    """A forum's front page, and how long a page of it would take."""

    page: Page
    page_s: float

    @property
    def boards(self) -> Sequence[BoardRow]:
        """The boards that it lists."""
        content = self.page.content
        return content.boards if isinstance(content, IndexPage) else ()


def dry_run(options: Options) -> int:
    """Print an estimate for each forum, from robots.txt and its front page; nothing is
    written. The exit code."""
    conn = None
    if options.db.exists():
        conn = open_archive(options.db).conn

    for note in cookie_notes(options):
        click.echo(note, err=True)
    code = 0
    for address in _addresses(options, conn):
        try:
            _estimate(options, conn, address)
        except (FetchError, PageError) as error:  # the others can still be estimated
            click.echo(f"error: {error}", err=True)
            code = max(code, error.exit_code)
    return code


def _addresses(options: Options, conn: sqlite3.Connection | None) -> list[str]:
    """The addresses of the forums that are named, or of those that are known."""
    if not options.urls and conn is None:
        raise InputError("give the forum's address")

    urls = options.urls
    if conn and not urls:
        rows = conn.execute("SELECT address FROM crawls")
        urls = tuple(address for (address,) in rows)

    addresses = [base_of(with_scheme(url)) for url in urls]
    return list(dict.fromkeys(addresses))


def _estimate(options: Options, conn: sqlite3.Connection | None, address: str) -> None:
    front = _look(options, address)
    name = front.page.site_name or "a forum"
    software = front.page.software or "software not stated"
    click.echo(f"{address}: {name} ({software})")

    scope = scope_of(options, options.urls)
    left = _left(conn, address, scope)
    if left is None:
        pages = _pages(front.boards, scope)
    else:
        click.echo(
            f"  known already; {left} pages are due, and the first page of each board"
        )
        pages = left + len(front.boards) + 1

    pages = min(pages, options.max_pages or pages)
    seconds = pages * front.page_s / options.concurrency
    most = "at most" if scope.since else "about"
    click.echo(f"  {most} {pages} pages; at this pace {duration(seconds)}")


def _look(options: Options, address: str) -> _FrontPage:
    settings = fetch_settings(options, address)
    with Fetcher(address, settings) as fetcher:
        response = fetcher.start()
        if not isinstance(response, Answer):
            error = error_class(response.reason)
            raise error(f"{address}: {response.reason}: {response.message}")

        pause_s = fetcher.pace.delay_s * _MEAN_JITTER
        page_s = pause_s + max(response.elapsed_s, _LEAST_S)
        return _FrontPage(parse_capture(response.capture), page_s)


def _left(conn: sqlite3.Connection | None, address: str, scope: Scope) -> int | None:
    """Pages that are due of a forum; None where it is not known."""
    if conn is None:
        return None
    site_id = Sites(conn).find(address)
    if site_id is None:
        return None
    backlog = Backlog(conn, site_id)
    return backlog.count_due(now(), scope)


def _pages(boards: Iterable[BoardRow], scope: Scope) -> int:
    """About how many pages the boards of a run have, which are printed."""
    threads = posts = 0
    board_pages = 0
    for row in boards:
        if not scope.whole and row.fid not in scope.boards:
            continue
        click.echo(
            f"  board {row.fid} {row.name}: "
            f"{row.threads or '?'} threads, {row.posts or '?'} posts"
        )
        threads += row.threads or 0
        posts += row.posts or 0
        board_pages += 1

    board_pages += threads // _ROWS
    thread_pages = max(threads, posts // _POSTS)
    thread_pages += len(scope.threads)
    return 1 + board_pages + thread_pages
