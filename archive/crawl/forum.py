"""One forum of a crawl: starts it, hands due pages to its fetching threads, takes their
responses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.crawl.backlog import Backlog
from archive.crawl.consent import note_consent
from archive.crawl.context import CrawlContext
from archive.crawl.dispatch import Dispatcher
from archive.crawl.fetching import FetchThreads, Inbox, Request, Response, Source
from archive.crawl.frontier import QueuedPage
from archive.crawl.media import QueuedFile
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
_NOTE_END: Final = """UPDATE crawls SET too_fast_s = :too_fast_s, stopped = :stopped
  WHERE site_id = :site_id"""


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
        self._inbox = inbox
        self._threads = FetchThreads(concurrency, self._deliver)
        self._dispatcher = Dispatcher(
            conn,
            source,
            self._threads,
            steps.media,
            now,
            settings.max_pages,
        )

        self._context: CrawlContext | None = None
        self._began = now()
        self._failing: set[Key] = set()
        self._is_stopping = False
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
        if self._context is None:
            return None
        return self._context.frontier.site_id

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
        context = None
        if not self._settings.login:
            context = self._crawl_start().resume()

        if context:
            self._seed(context)
            self._context = context
        else:
            self._threads.submit(None, self.name, self._source.start)

    def fill(self) -> None:
        """Hand due pages and files to the fetching threads."""
        context = self._context
        if context is None:
            return

        while not self._is_stopping and self._threads.has_room:
            request = self._dispatcher.next(context)
            if request is None:
                return
            self._dispatcher.submit(context, request)

    def take(self, result: FetchResult) -> CrawlResult | None:
        """Take a response into the archive; None where there is no result to report."""
        self._threads.finished(result.request)
        response = result.response
        if result.request is None:
            return self._start(response)

        context = self._context
        assert context
        if isinstance(response, Failure) and response.reason == "stopped":
            return None
        if isinstance(result.request, QueuedFile):
            return self._steps.file(
                context,
                result.request,
                response,
                self._now(),
            )
        return self._take_page(context, result.request, response)

    def wait_s(self) -> float | None:
        """How long until something is to be tried again; None where nothing is left to wait
        for."""
        context = self._context
        if context is None or self._is_stopping or self.busy:
            return None

        next_due = self._dispatcher.next_due(context)
        if next_due is None:
            return None

        wait = next_due - self._now()
        wait_s = wait.total_seconds()
        if wait_s > self._settings.patience_s:
            return None
        return max(0.0, wait_s)

    def left(self) -> int:
        """Pages left to visit."""
        context = self._context
        if context is None:
            return 0
        backlog = Backlog(self._conn, context.frontier.site_id)
        return backlog.count_due(self._now(), context.scope)

    def files_left(self) -> int:
        """Pictures and files left to fetch, where they are wanted."""
        context = self._context
        if context is None or not context.media:
            return 0
        return self._steps.media(context).left()

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
            values = {
                "too_fast_s": self.pace.too_fast_s,
                "stopped": self.stopped,
                "site_id": self.site_id,
            }
            self._conn.execute(_NOTE_END, values)

    def _deliver(self, request: Request, response: Response) -> None:
        """Called by the fetching threads."""
        result = FetchResult(self, request, response)
        self._inbox.put(result)

    def _crawl_start(self) -> CrawlStart:
        return CrawlStart(
            self._conn,
            self._steps.store.sites,
            self._source.base_url,
            self._settings,
            self._began,
            self._source.allowed,
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

        reads_index = context.scope.whole and self._settings.seeds
        if not reads_index:
            return None
        self._dispatcher.visits += 1
        index = QueuedPage(Key("index"))
        return self._steps.page(context, index, response)

    def _seed(self, context: CrawlContext) -> None:
        frontier = context.frontier
        scope = context.scope
        with transaction(self._conn):
            if self._settings.seeds:
                pages = seeds(scope, frontier.boards())
                frontier.add(pages, self._began)
            if scope.complete:
                frontier.sweep(self._began, scope)
            if self._settings.owner_consents:
                note_consent(self._conn, frontier, self.name, self._began)
            if context.media:
                self._steps.media(context).want_all(self._began)

    def _take_page(
        self, context: CrawlContext, queued: QueuedPage, response: Response
    ) -> CrawlResult | None:
        if isinstance(response, Failure) and response.reason in FORUM_WIDE:
            self.stop(_reason(response))
            return None
        if isinstance(response, Failure) and self._may_ask_otherwise(queued, response):
            self._steps.ask_in_own_form(context, queued.key.kind)
            self._dispatcher.look_again()
            return None

        self._dispatcher.visits += 1
        if isinstance(response, Failure):
            self._note_failure(queued, response)
            return self._steps.failure(
                context,
                queued,
                response,
                self._now(),
            )
        return self._take_answer(context, queued, response)

    def _take_answer(
        self, context: CrawlContext, queued: QueuedPage, answer: Answer
    ) -> CrawlResult:
        self._failing.clear()
        result = self._steps.page(context, queued, answer)
        if result.discovered:
            self._dispatcher.look_again()
        return result

    def _may_ask_otherwise(self, queued: QueuedPage, failure: Failure) -> bool:
        """Whether robots.txt refused Discuz!'s own address of a page that the forum's pages
        link in a form of the owner's: the page is still due, and was not asked for."""
        context = self._context
        assert context
        if failure.reason != "robots" or failure.redirects:
            return False
        own = context.own_address(queued.key)
        return own is not None and own != failure.url

    def _note_failure(self, queued: QueuedPage, failure: Failure) -> None:
        """Stop where different pages fail one after the other: then it is not the pages,
        and all would be given up. Stop, too, where the forum wants a rest for longer than
        anybody would look on."""
        if failure.reason not in _OF_THE_PAGE:
            self._failing.add(queued.key)
        if len(self._failing) >= _IN_A_ROW:
            self.stop(
                f"{failure.reason}: {_IN_A_ROW} pages in a row failed, "
                f"the last with: {failure.message}"
            )

        rest_s = failure.retry_after_s or 0.0
        if rest_s > self._settings.patience_s:
            self.stop(_reason(failure))


def _reason(failure: Failure) -> str:
    return f"{failure.reason}: {failure.message}"
