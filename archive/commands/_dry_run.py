"""`crawl --dry-run`: what would be fetched, and how long it would take, from one look at
the front page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.commands._crawl_options import (
    Options,
    check_before_files,
    cookie_notes,
    fetch_settings,
    forums_of,
    in_usual_form,
)
from archive.commands._crawling import error_class, now
from archive.commands._estimates import Looks, pages_of_forum
from archive.commands._saying import say
from archive.commands._scopes import scope_of, scope_to_go_on
from archive.crawl.backlog import Backlog
from archive.crawl.remembered_scope import addresses_to_go_on
from archive.crawl.report import duration
from archive.schema import connect
from archive.store.sites import Sites
from scraper.core.errors import DiscuzArchiveError
from scraper.core.records import BoardRow, Capture, IndexPage, Page
from scraper.fetch.fetcher import Answer, Fetcher
from scraper.parsing import parse_capture
from scraper.policy.plan import Scope

_MEAN_JITTER: Final = 1.125  # pauses are up to a quarter longer, by chance
_LEAST_S: Final = 0.01  # what reading and storing a page takes us


@dataclass(frozen=True, slots=True)
class _FrontPage:
    """A forum's front page, and how long a page of it would take."""

    capture: Capture
    page: Page
    page_s: float

    @property
    def boards(self) -> Sequence[BoardRow]:
        """The boards that it lists."""
        content = self.page.content
        return content.boards if isinstance(content, IndexPage) else ()


def dry_run(options: Options) -> int:
    """Print an estimate for each forum, from robots.txt, its front page, and the first pages
    of what is named; nothing is written. The exit code."""
    check_before_files(options)
    conn = None
    if options.db.exists():
        conn = connect(options.db)

    for note in cookie_notes(options):
        say(note, err=True)
    code = 0
    known = list[str]()
    if conn is not None:
        known = addresses_to_go_on(conn)
        options = in_usual_form(options, Sites(conn))
    for address, urls in forums_of(options, known).items():
        try:
            _estimate(options, conn, address, urls)
        except DiscuzArchiveError as error:  # the others can still be estimated
            say(f"error: {error}", err=True)
            code = max(code, error.exit_code)
    return code


def _estimate(
    options: Options,
    conn: sqlite3.Connection | None,
    address: str,
    urls: Sequence[str],
) -> None:
    scope, words = scope_of(options, urls), ""
    if conn is not None:
        scope, words = scope_to_go_on(
            options,
            urls,
            conn,
            address,
        )

    settings = fetch_settings(options, address)
    with Fetcher(address, settings) as fetcher:
        front = _front_page(fetcher, address)
        say(f"{fetcher.base_url}: {_named(front.page)}")
        if words:
            say(f"  {words}")
        pages = _pages(
            conn,
            fetcher,
            front,
            scope,
        )

    pages = min(pages, options.max_pages or pages)
    seconds = pages * front.page_s / options.concurrency
    most = "at most" if scope.since else "about"
    say(f"  {most} {pages} pages; at this pace {duration(seconds)}")


def _front_page(fetcher: Fetcher, address: str) -> _FrontPage:
    response = fetcher.start()
    if not isinstance(response, Answer):
        error = error_class(response.reason)
        raise error(f"{address}: {response.reason}: {response.message}")

    pause_s = fetcher.pace.delay_s * _MEAN_JITTER
    page_s = pause_s + max(response.elapsed_s, _LEAST_S)
    return _FrontPage(
        response.capture,
        parse_capture(response.capture),
        page_s,
    )


def _named(page: Page) -> str:
    name = page.site_name or "a forum"
    return f"{name} ({page.software or 'software not stated'})"


def _pages(
    conn: sqlite3.Connection | None,
    fetcher: Fetcher,
    front: _FrontPage,
    scope: Scope,
) -> int:
    """About how many pages a run will ask for; what of is printed."""
    boards = {row.fid: row for row in front.boards}
    looks = Looks(
        fetcher.get,
        fetcher.base_url,
        front.capture,
        boards,
    )
    left = _left(
        conn,
        fetcher.base_url,
        scope,
    )
    if left is not None:
        say(f"  known already; {left} pages are due, and the first page of each board")
        return left + (len(front.boards) if scope.whole else 0) + 1
    if not scope.whole:
        return 1 + looks.pages_of(scope)
    if not front.boards:
        raise DiscuzArchiveError(
            f"{fetcher.base_url}: no board was found: the front page lists none"
        )
    return pages_of_forum(front.boards)


def _left(conn: sqlite3.Connection | None, address: str, scope: Scope) -> int | None:
    """Pages that are due of a forum; None where it is not known, or where a run is about
    what was never visited."""
    if conn is None:
        return None
    site_id = Sites(conn).find(address)
    if site_id is None:
        return None
    backlog = Backlog(conn, site_id)
    if not scope.whole and not backlog.knows(scope):
        return None
    return backlog.count_due(now(), scope)
