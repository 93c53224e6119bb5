"""One forum of a crawl: begins it, hands due pages to its fetching threads, takes back what
came."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from archive.crawl.addresses import address
from archive.crawl.backlog import Backlog
from archive.crawl.context import CrawlContext
from archive.crawl.fetching import FetchThreads, Inbox, Request, Response, Source
from archive.crawl.frontier import QueuedPage
from archive.crawl.media import Media, QueuedFile
from archive.crawl.start import CrawlStart
from archive.crawl.steps import Steps
from archive.crawl.values import CrawlResult, CrawlSettings
from archive.schema import transaction
from scraper.fetch.values import FORUM_WIDE, Answer, Failure
from scraper.policy.plan import Key, seeds
from scraper.policy.politeness import Pace

_IN_A_ROW: Final = 10
_OF_THE_PAGE: Final = frozenset(
    {"robots", "foreign", "too_large", "bad_address", "redirect_loop"}
)
_AHEAD: Final = 32  # pages taken from the frontier at once


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetching thread brought, and for which forum."""

    forum: Forum
    request: Request
    response: Response


class Forum:
    """One forum being crawled. All of it runs in the thread of the archive's connection."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        steps: Steps,
        source: Source,
        settings: CrawlSettings,
        inbox: Inbox[FetchResult],
        now: Callable[[], datetime],
        concurrency: int = 1,
    ) -> None:
        self._conn = conn
        self._steps = steps
        self._source = source
        self._settings = settings
        self._now = now
        self._threads = FetchThreads(
            concurrency,
            lambda request, response: inbox.put(FetchResult(self, request, response)),
        )

        self._context: CrawlContext | None = None
        self._began = now()
        self._ready: list[QueuedPage] = []  # the next one is the last
        self._failing: set[Key] = set()
        self._is_stopping = False
        self.visits = 0
        self.stopped = ""

    @property
    def name(self) -> str:
        """The forum's address."""
        return self._source.base_url

    @property
    def pace(self) -> Pace:
        """Its pace now."""
        return self._source.pace

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._source.requests

    @property
    def site_id(self) -> int | None:
        """Its row, once that is known."""
        return self._context.frontier.site_id if self._context else None

    @property
    def busy(self) -> bool:
        """Whether something of it is under way."""
        return self._threads.under_way > 0

    @property
    def at_work(self) -> int:
        """How many of its threads have something to do."""
        return self._threads.at_work

    def begin(self) -> None:
        """Ask for the front page, or resume at once where an earlier run was cut short.

        With a login the front page is asked for all the same: it tells whether the cookies
        still log in.
        """
        if not self._settings.login:
            self._context = self._crawl_start().resume()
        if self._context:
            self._seed(self._context)
            return
        self._threads.submit(None, self.name, self._source.start)

    def fill(self) -> None:
        """Hand due pages and files to the fetching threads."""
        context = self._context
        if context is None:
            return

        while not self._is_stopping and self._threads.has_room:
            request = self._next_page(context) or self._next_file(context)
            if request is None:
                return
            self._submit(context, request)

    def take(self, result: FetchResult) -> CrawlResult | None:
        """What came, taken into the archive; None where there is no visit to tell of."""
        self._threads.finished(result.request)
        response = result.response
        if result.request is None:
            return self._start(response)

        assert self._context
        if isinstance(response, Failure) and response.reason == "stopped":
            return None
        if isinstance(result.request, QueuedFile):
            now = self._now()
            return self._steps.file(self._context, result.request, response, now)
        return self._take_page(self._context, result.request, response)

    def wait_s(self) -> float | None:
        """How long until something is to be tried again; None where nothing is left to wait
        for."""
        context = self._context
        if context is None or self._is_stopping or self.busy:
            return None

        times = list[datetime | None]()
        if self._may_visit():
            times.append(self._backlog(context).next_due(context.scope))
        if context.media:
            times.append(self._media(context).next_due())
        next_due = min((time for time in times if time), default=None)
        if next_due is None:
            return None

        wait_s = (next_due - self._now()).total_seconds()
        if wait_s > self._settings.patience_s:
            return None
        return max(0.0, wait_s)

    def left(self) -> int:
        """Pages left to visit."""
        if self._context is None:
            return 0
        scope = self._context.scope
        return self._backlog(self._context).count_due(self._now(), scope)

    def files_left(self) -> int:
        """Pictures and files left to fetch, where they are wanted."""
        if self._context is None or not self._context.media:
            return 0
        return self._media(self._context).left()

    def stop(self, why: str = "") -> None:
        """Ask for nothing more; what is under way comes in."""
        self._is_stopping = True
        self.stopped = self.stopped or why
        self._source.stop()

    def close(self) -> None:
        """End threads and connections, and remember the pace."""
        self._source.stop()  # where the run ended by an error, pauses are not waited out
        self._threads.close()
        self._source.close()
        if self._context:
            self._conn.execute(
                "UPDATE crawls SET too_fast_s = ?, stopped = ? WHERE site_id = ?",
                (self.pace.too_fast_s, self.stopped, self.site_id),
            )

    def _crawl_start(self) -> CrawlStart:
        return CrawlStart(
            self._conn,
            self._steps.store.sites,
            self._source.base_url,
            self._settings,
            self._began,
        )

    def _start(self, response: Response) -> CrawlResult | None:
        """Begin a new round, and read the front page where the whole forum is meant."""
        if isinstance(response, Failure):
            self.stop(_reason(response))
            return None

        with transaction(self._conn):
            context = self._crawl_start().start(response.capture)
            self._seed(context)
        self._context = context
        if not context.scope.whole or not self._settings.seeds:
            return None
        self.visits += 1
        return self._steps.page(context, QueuedPage(Key("index")), response)

    def _seed(self, context: CrawlContext) -> None:
        frontier, scope = context.frontier, context.scope
        with transaction(self._conn):
            if self._settings.seeds:
                frontier.add(seeds(scope, frontier.boards()), self._began)
            if scope.complete:
                frontier.sweep(self._began, scope)
            if context.media:
                self._media(context).want_all(self._began)

    def _submit(self, context: CrawlContext, request: QueuedPage | QueuedFile) -> None:
        if isinstance(request, QueuedPage):
            url = self._address(context, request.key)
            self._threads.submit(request, url, partial(self._source.get, url))
            return

        referer = context.base
        if request.tid:
            referer = self._address(context, Key("thread", request.tid))
        url = request.url
        get_media = partial(self._source.get_media, url, referer=referer)
        self._threads.submit(request, url, get_media)

    def _may_visit(self) -> bool:
        most = self._settings.max_pages
        return most is None or self.visits + len(self._threads.pages) < most

    def _next_page(self, context: CrawlContext) -> QueuedPage | None:
        if not self._may_visit():
            return None

        busy = self._threads.pages
        while self._ready and self._ready[-1].key in busy:
            self._ready.pop()
        if not self._ready:
            frontier, scope = context.frontier, context.scope
            self._ready = frontier.take(_AHEAD, self._now(), scope, busy)[::-1]
        return self._ready.pop() if self._ready else None

    def _next_file(self, context: CrawlContext) -> QueuedFile | None:
        """A picture or file, once no page is due."""
        if not context.media or self._threads.pages:
            return None
        found = self._media(context).take(1, self._now(), self._threads.files)
        return found[0] if found else None

    def _take_page(
        self, context: CrawlContext, queued: QueuedPage, response: Response
    ) -> CrawlResult | None:
        if isinstance(response, Failure) and response.reason in FORUM_WIDE:
            self.stop(_reason(response))
            return None

        self.visits += 1
        if isinstance(response, Failure):
            self._note_failure(queued, response)
            return self._steps.failure(context, queued, response, self._now())
        return self._take_answer(context, queued, response)

    def _take_answer(
        self, context: CrawlContext, queued: QueuedPage, answer: Answer
    ) -> CrawlResult:
        self._failing.clear()
        result = self._steps.page(context, queued, answer)
        if result.discovered:
            self._ready.clear()  # something that goes first may have been found
        return result

    def _note_failure(self, queued: QueuedPage, failure: Failure) -> None:
        """Stop where different pages fail one after the other: then it is not the pages,
        and all would be given up. Stop, too, where the forum wants a rest for longer than
        anybody would look on."""
        if failure.reason not in _OF_THE_PAGE:
            self._failing.add(queued.key)
        if len(self._failing) >= _IN_A_ROW:
            last = f"the last with: {failure.message}"
            self.stop(f"{failure.reason}: {_IN_A_ROW} pages in a row failed, {last}")

        rest_s = failure.retry_after_s or 0.0
        if rest_s > self._settings.patience_s:
            self.stop(_reason(failure))

    def _address(self, context: CrawlContext, key: Key) -> str:
        return address(key, context.base, context.style)

    def _backlog(self, context: CrawlContext) -> Backlog:
        return Backlog(self._conn, context.frontier.site_id)

    def _media(self, context: CrawlContext) -> Media:
        return self._steps.media(context)


def _reason(failure: Failure) -> str:
    return f"{failure.reason}: {failure.message}"
