"""What a forum's fetching threads are handed next: due pages in order, then pictures and
files."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from archive.crawl.backlog import Backlog
from archive.crawl.context import CrawlContext
from archive.crawl.fetching import FetchThreads, Response, Source
from archive.crawl.frontier import QueuedPage
from archive.crawl.media import Media, QueuedFile
from scraper.addresses.link_reader import own_forms_read
from scraper.addresses.own_forms import OwnForms
from scraper.policy.plan import Key

_AHEAD: Final = 32  # pages taken from the frontier at once


class Dispatcher:
    """Hands requests to the fetching threads of one forum. `max_pages`: visits at most;
    `visits` so far are counted by the forum."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        source: Source,
        threads: FetchThreads,
        media: Callable[[CrawlContext], Media],
        now: Callable[[], datetime],
        max_pages: int | None,
    ) -> None:
        self._conn = conn
        self._source = source
        self._threads = threads
        self._media = media
        self._now = now
        self._max_pages = max_pages
        self._ready: deque[QueuedPage] = deque()
        self.visits = 0

    def next(self, context: CrawlContext) -> QueuedPage | QueuedFile | None:
        """What is to be asked for next; a picture or file once no page is due."""
        page = self._next_page(context)
        if page:
            return page
        if context.takes_files and not self._threads.pages:
            return self._next_file(context)
        return None

    def submit(self, context: CrawlContext, request: QueuedPage | QueuedFile) -> None:
        """Have a thread ask for a page or file."""
        if isinstance(request, QueuedPage):
            url = context.address(request.key, request.tid)
            get = partial(self._get, context.own_forms, url)
            self._threads.submit(request, url, get)
            return

        referer = context.base
        if request.tid:
            thread = Key("thread", request.tid)
            referer = context.address(thread)
        get_media = partial(
            self._source.get_media,
            request.url,
            referer=referer,
            requisite=request.requisite or None,
        )
        self._threads.submit(request, request.url, get_media)

    def _get(self, forms: OwnForms, url: str) -> Response:
        """Ask for a page, in a thread that fetches; the forum may redirect to an address of
        its own form."""
        with own_forms_read(forms, url):
            return self._source.get(url)

    def next_due(self, context: CrawlContext) -> datetime | None:
        """When something is to be asked for that is new or to be tried again; None where
        nothing is."""
        times = list[datetime | None]()
        if self._may_visit():
            backlog = Backlog(self._conn, context.frontier.site_id)
            times.append(backlog.next_due(context.scope))
        if context.takes_files:
            media = self._media(context)
            times.append(media.next_due())
        return min((time for time in times if time), default=None)

    def look_again(self) -> None:
        """Something that goes first may have been found: look into the frontier again."""
        self._ready.clear()

    def _may_visit(self) -> bool:
        if self._max_pages is None:
            return True
        under_way = len(self._threads.pages)
        return self.visits + under_way < self._max_pages

    def _next_page(self, context: CrawlContext) -> QueuedPage | None:
        if not self._may_visit():
            return None

        busy = self._threads.pages
        while self._ready:
            queued = self._ready.popleft()
            if queued.key not in busy:
                return queued

        pages = context.frontier.take(
            _AHEAD,
            self._now(),
            context.scope,
            busy,
        )
        self._ready.extend(pages)
        return self._ready.popleft() if self._ready else None

    def _next_file(self, context: CrawlContext) -> QueuedFile | None:
        busy = self._threads.files
        media = self._media(context)
        found = media.take(1, self._now(), busy)
        return found[0] if found else None
