"""One forum of a crawl: starts it, hands due pages to its fetching threads, takes their
responses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.crawl.context import CrawlContext
from archive.crawl.discovery import forget_window
from archive.crawl.dispatch import Dispatcher
from archive.crawl.failing import FailingPages
from archive.crawl.fetching import FetchThreads, Inbox, Request, Response, Source
from archive.crawl.frontier import QueuedPage
from archive.crawl.media import QueuedFile
from archive.crawl.nothing_read import ReadOrRefused
from archive.crawl.same_notice import SameNotice
from archive.crawl.standing import is_set_up_anew, pages_left, threads_before_login
from archive.crawl.start import CrawlStart
from archive.crawl.steps import Steps
from archive.crawl.values import CrawlResult, CrawlSettings
from archive.schema import transaction
from scraper.fetch.values import FORUM_WIDE, Answer, Failure
from scraper.policy.plan import Key
from scraper.policy.politeness import Pace

_NO_INDEX: Final = ("again", "elsewhere", "gone", "given_up", "refused")
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
            steps.files.media,
            now,
            settings.max_pages,
        )

        self._context: CrawlContext | None = None
        self._began = now()
        self._failing = FailingPages(settings.patience_s)
        self._same_notice = SameNotice()
        self._read_or_refused = ReadOrRefused()
        self._is_stopping = False
        self.stopped = ""

    @property
    def name(self) -> str:
        """The forum's address."""
        return self._source.base_url

    @property
    def taken_back(self) -> list[CrawlResult]:
        """Results that said nothing of their pages, but that the forum is closed."""
        return self._same_notice.taken_back

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
        """Its row, where there is one."""
        if self._context is None:
            return self._steps.store.sites.find(self.name)
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
            self._crawl_start().seed(context, self._steps.files)
            self._context = context
        else:
            self._threads.submit(None, self.name, self._source.start)

    def fill(self) -> None:
        """Hand due pages and files to the fetching threads."""
        context = self._context
        if context is None:
            return

        if self._threads.asks_for_front_page:  # whether the forum is open shows first
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
        context = self._context
        if result.request is None:
            if context is None:
                return self._start(response)
            self._look_back(context, response)
            return None

        is_stopped = isinstance(response, Failure) and response.reason == "stopped"
        if context is None or is_stopped:  # None: another forum is at the address now
            return None
        if isinstance(result.request, QueuedFile):
            return self._steps.files.take(
                context,
                result.request,
                response,
                self._now(),
            )
        return self._take_page(context, result.request, response)

    def conclude(self) -> None:
        """The run is through: say so where nothing of it could be read."""
        context = self._context
        if context is None or self._is_stopping:
            return
        self.stopped = self._read_or_refused.why_nothing(self._conn, context)

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
        return pages_left(self._conn, self._context, self._now())

    def files_left(self) -> int:
        """Pictures and files left to fetch, where they are wanted."""
        context = self._context
        if context is None or not context.takes_files:
            return 0
        return self._steps.files.media(context).left()

    def threads_before_login(self) -> int:
        """How many threads were read as a guest, and not since as the member."""
        return threads_before_login(self._conn, self._context)

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
            self._crawl_start().seed(context, self._steps.files)
        self._context = context

        reads_index = context.scope.whole and self._settings.seeds
        if not reads_index:
            return None
        self._dispatcher.visits += 1
        index = QueuedPage(Key("index"))
        result = self._steps.page(context, index, response)
        self._read_or_refused.add(result)
        if result.outcome in _NO_INDEX and not context.frontier.boards():
            self.stop(self._read_or_refused.why_nothing(self._conn, context))
        return result

    def _look_back(self, context: CrawlContext, response: Response) -> None:
        """The front page was looked at again, since pages in a row showed one notice."""
        if not isinstance(response, Failure):
            self._same_notice.is_of_pages()
            return
        if response.reason == "stopped":
            return
        self._same_notice.take_back(self._conn, context.frontier, self._now())
        self.stop(_reason(response))

    def _take_page(
        self, context: CrawlContext, queued: QueuedPage, response: Response
    ) -> CrawlResult | None:
        if isinstance(response, Failure) and response.reason in FORUM_WIDE:
            self.stop(_reason(response))
            return None
        if self._steps.asks_otherwise(context, queued.key, response):
            self._dispatcher.look_again()
            return None
        if forget_window(context, queued.key, response):
            return None

        self._dispatcher.visits += 1
        if isinstance(response, Failure):
            why = self._failing.add(queued.key, response)
            if why:
                self.stop(why)
            result = self._steps.failure(
                context,
                queued,
                response,
                self._now(),
            )
            self._read_or_refused.add(result)
            return result
        return self._take_answer(context, queued, response)

    def _take_answer(
        self, context: CrawlContext, queued: QueuedPage, answer: Answer
    ) -> CrawlResult:
        self._failing.clear()
        result = self._steps.page(context, queued, answer)
        self._read_or_refused.add(result)
        if is_set_up_anew(self._steps.store.sites, context, result):
            self._begin_anew()
            return result
        if result.discovered or result.ends_walk:
            self._dispatcher.look_again()

        is_suspicious = self._same_notice.add(result, answer.capture)
        if self._same_notice.is_state:
            # was under way when the forum turned out to be closed
            self._same_notice.take_back(self._conn, context.frontier, self._now())
        elif is_suspicious and not self._threads.asks_for_front_page:
            self._threads.submit(None, self.name, self._source.start)
        return result

    def _begin_anew(self) -> None:
        # the forum that is there now is crawled from its front page
        self._context = None
        self._dispatcher.look_again()
        self._threads.submit(None, self.name, self._source.start)


def _reason(failure: Failure) -> str:
    return f"{failure.reason}: {failure.message}"
