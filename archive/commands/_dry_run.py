"""`crawl --dry-run`: what would be fetched, and how long it would take, from one look at
the front page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import click

from archive.commands._crawling import (
    Options,
    error_class,
    fetch_settings,
    now,
    scope_of,
    with_scheme,
)
from archive.crawl.frontier import Frontier
from archive.crawl.report import duration
from archive.schema import open_archive
from archive.store.sites import Sites
from scraper.addresses.urls import base_of
from scraper.core.errors import FetchError, InputError, PageError
from scraper.core.records import BoardRow, IndexPage
from scraper.fetch.fetcher import Answer, Fetcher
from scraper.parsing import parse_capture
from scraper.policy.plan import ANYTHING, Scope

_ROWS, _POSTS = 20, 10  # threads and posts a page, as Discuz! ships
_LEAST_S = 0.01  # what reading and storing a page takes us


def dry_run(options: Options) -> int:
    """Print an estimate for each forum, from robots.txt and its front page; nothing is
    written. The exit code."""
    conn = open_archive(options.db).conn if options.db.exists() else None
    if not options.urls and conn is None:
        raise InputError("give the forum's address")
    known = (
        (row[0] for row in conn.execute("SELECT address FROM crawls")) if conn else ()
    )
    code = 0
    for address in dict.fromkeys(
        base_of(with_scheme(url)) for url in options.urls or known
    ):
        try:
            _estimate(options, conn, address, scope_of(options, options.urls, ANYTHING))
        except (
            FetchError,
            PageError,
        ) as error:  # the other forums can still be estimated
            click.echo(f"error: {error}", err=True)
            code = max(code, error.exit_code)
    return code


def _estimate(
    options: Options, conn: sqlite3.Connection | None, address: str, scope: Scope
) -> None:
    with Fetcher(address, fetch_settings(options, address)) as fetcher:
        outcome = fetcher.start()
        if not isinstance(outcome, Answer):
            raise error_class(outcome.reason)(
                f"{address}: {outcome.reason}: {outcome.message}"
            )
        page = parse_capture(outcome.capture)
        boards = page.content.boards if isinstance(page.content, IndexPage) else ()
        pause_s = fetcher.pace.delay_s * 1.125 + max(outcome.elapsed_s, _LEAST_S)
    click.echo(
        f"{address}: {page.site_name or 'a forum'} ({page.software or 'software not stated'})"
    )
    site_id = Sites(conn).find(address) if conn else None
    if conn and site_id is not None:
        left = Frontier(conn, site_id, now()).count_due(now(), scope)
        click.echo(
            f"  known already; {left} pages are due, and the first page of each board"
        )
        pages = left + len(boards) + 1
    else:
        pages = _pages(boards, scope)
    pages = min(pages, options.max_pages or pages)
    most = "at most" if scope.since else "about"
    click.echo(
        f"  {most} {pages} pages; at this pace {duration(pages * pause_s / options.concurrency)}"
    )


def _pages(boards: Iterable[BoardRow], scope: Scope) -> int:
    chosen = [row for row in boards if scope.whole or row.fid in scope.boards]
    for row in chosen:
        click.echo(
            f"  board {row.fid} {row.name}: {row.threads or '?'} threads, {row.posts or '?'} posts"
        )
    threads, posts = (
        sum(row.threads or 0 for row in chosen),
        sum(row.posts or 0 for row in chosen),
    )
    return (
        1
        + len(chosen)
        + threads // _ROWS
        + max(threads, posts // _POSTS)
        + len(scope.threads)
    )
