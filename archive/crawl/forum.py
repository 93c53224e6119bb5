"""One forum of a crawl: begins it, hands due pages to its fetching threads, takes back what
came."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Final, Protocol, TypeAlias

from archive.crawl.frontier import QueuedPage
from archive.crawl.media import MediaDue
from archive.crawl.start import Begun, CrawlStart
from archive.crawl.steps import CrawlContext, Steps, address
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


class Source(Protocol):
    """What a crawl needs of a `Fetcher`."""

    base_url: str

    def start(self) -> Answer | Failure:
        """Read robots.txt and the front page."""

    def get(self, url: str) -> Answer | Failure:
        """Ask for a page."""

    def get_media(self, url: str, *, referer: str = "") -> Answer | Failure:
        """Ask for a picture or file."""

    @property
    def pace(self) -> Pace:
        """The forum's pace now."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""

    def stop(self) -> None:
        """Let pauses end."""

    def close(self) -> None:
        """Close connections."""


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetching thread brought; `due` is None for the forum's front page."""

    forum: Forum
    due: QueuedPage | MediaDue | None
    outcome: Answer | Failure


Results: TypeAlias = "SimpleQueue[FetchResult]"


class Forum:
    """One forum being crawled. Everything but `_fetch` runs in the thread of the archive's
    connection."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        steps: Steps,
        source: Source,
        settings: CrawlSettings,
        results: Results,
        now: Callable[[], datetime],
        concurrency: int = 1,
    ) -> None:
        self._conn, self._steps, self._source, self._settings = (
            conn,
            steps,
            source,
            settings,
        )
        self._results, self._now, self._concurrency = results, now, concurrency
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="fetch")
        self._busy: set[Key] = set()
        self._busy_files: set[str] = set()
        self._ready: list[QueuedPage] = []
        self._failing: set[Key] = set()
        self._place: CrawlContext | None = None
        self._began = now()
        self._starting = False
        self._stopping = False
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
        return self._place.frontier.site_id if self._place else None

    @property
    def busy(self) -> bool:
        """Whether something of it is under way."""
        return self._starting or bool(self._busy or self._busy_files)

    def begin(self) -> None:
        """Ask for the front page, or go on at once where an earlier run was cut short."""
        if self._goes_on():
            return
        self._starting = True
        self._pool.submit(self._fetch, None)

    def _goes_on(self) -> bool:
        """Take up the round of a run that was cut short; False where none was, and with a login.

        With a login the front page is asked for all the same: it tells whether the cookies
        still log in.
        """
        found = (
            None
            if self._settings.login
            else self._beginning().resume(self._settings.scope)
        )
        if found is None:
            return False
        self._place = self._new_place(found)
        self._seed()
        return True

    def _beginning(self) -> CrawlStart:
        return CrawlStart(
            self._conn, self._steps.store.sites, self._source.base_url, self._began
        )

    def fill(self) -> None:
        """Hand due pages to the fetching threads: one more than there are, so that none
        waits for the parser."""
        while (
            self._place
            and not self._stopping
            and len(self._busy) + len(self._busy_files) <= self._concurrency
        ):
            due = (self._next() if self._may() else None) or self._next_file()
            if due is None:
                return
            if isinstance(due, QueuedPage):
                self._busy.add(due.key)
            else:
                self._busy_files.add(due.name)
            self._pool.submit(self._fetch, due)

    def take(self, came: FetchResult) -> CrawlResult | None:
        """What came, taken into the archive; None where there is no visit to tell of."""
        if came.due is None:
            self._starting = False
            return self._begun(came.outcome)
        if isinstance(came.due, MediaDue):
            self._busy_files.discard(came.due.name)
            return self._file_came(came.due, came.outcome)
        self._busy.discard(came.due.key)
        return self._visited(came.due, came.outcome)

    def wait_s(self) -> float | None:
        """How long until a page is to be tried again; None where nothing is left to wait for."""
        if self._place is None or self._stopping or self.busy:
            return None
        times = [
            self._place.frontier.next_due(self._place.scope) if self._may() else None,
            self._steps.media(self._place).next_due() if self._settings.media else None,
        ]
        at = min((time for time in times if time), default=None)
        wait_s = (at - self._now()).total_seconds() if at else None
        return (
            max(0.0, wait_s)
            if wait_s is not None and wait_s <= self._settings.patience_s
            else None
        )

    def left(self) -> int:
        """Pages left to visit."""
        return (
            self._place.frontier.count_due(self._now(), self._place.scope)
            if self._place
            else 0
        )

    def files_left(self) -> int:
        """Pictures and files left to fetch, where they are wanted."""
        return (
            self._steps.media(self._place).left()
            if self._place and self._settings.media
            else 0
        )

    def stop(self, why: str = "") -> None:
        """Ask for nothing more; what is under way comes in."""
        self._stopping = True
        self.stopped = self.stopped or why
        self._source.stop()

    def close(self) -> None:
        """End threads and connections, and remember the pace."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._source.close()
        if self._place:
            self._conn.execute(
                "UPDATE crawls SET too_fast_s = ?, stopped = ? WHERE site_id = ?",
                (self.pace.too_fast_s, self.stopped, self._place.frontier.site_id),
            )

    def _may(self) -> bool:
        return (
            self._settings.max_pages is None
            or self.visits + len(self._busy) < self._settings.max_pages
        )

    def _next(self) -> QueuedPage | None:
        assert self._place
        while self._ready and self._ready[-1].key in self._busy:
            self._ready.pop()
        if not self._ready:
            place = self._place
            self._ready = place.frontier.take(
                _AHEAD, self._now(), place.scope, self._busy
            )[::-1]
        return self._ready.pop() if self._ready else None

    def _next_file(self) -> MediaDue | None:
        """A picture or file, once no page is due."""
        if not self._settings.media or not self._place or self._busy:
            return None
        return next(
            iter(self._steps.media(self._place).take(1, self._now(), self._busy_files)),
            None,
        )

    def _fetch(self, due: QueuedPage | MediaDue | None) -> None:
        try:
            outcome = self._ask(due)
        except (
            Exception
        ) as error:  # a fault of ours in fetching: one page's failure, named
            outcome = Failure(
                url=self.name,
                reason="bad_address",
                message=f"{type(error).__name__}: {error}",
            )
        self._results.put(FetchResult(self, due, outcome))

    def _ask(self, due: QueuedPage | MediaDue | None) -> Answer | Failure:
        if due is None:
            return self._source.start()
        if isinstance(due, QueuedPage):
            return self._source.get(self._address(due.key))
        referer = (
            self._address(Key("thread", due.tid)) if due.tid else self._source.base_url
        )
        return self._source.get_media(due.url, referer=referer)

    def _file_came(
        self, due: MediaDue, outcome: Answer | Failure
    ) -> CrawlResult | None:
        assert self._place
        if isinstance(outcome, Failure) and outcome.reason == "stopped":
            return None
        return self._steps.file(self._place, due, outcome, self._now())

    def _address(self, key: Key) -> str:
        assert self._place
        return address(key, self._place.base, self._place.style)

    def _visited(
        self, due: QueuedPage, outcome: Answer | Failure
    ) -> CrawlResult | None:
        assert self._place
        if isinstance(outcome, Failure):
            if outcome.reason == "stopped":
                return None
            if outcome.reason in FORUM_WIDE:
                self.stop(f"{outcome.reason}: {outcome.message}")
                return None
        self.visits += 1
        if isinstance(outcome, Failure):
            self._count(due, outcome)
            if (
                outcome.retry_after_s or 0.0
            ) > self._settings.patience_s:  # longer than anybody would look on
                self.stop(f"{outcome.reason}: {outcome.message}")
            return self._steps.failure(self._place, due, outcome, self._now())
        self._failing.clear()
        visit = self._steps.page(self._place, due, outcome)
        if visit.due:
            self._ready.clear()  # something that goes first may have been found
        return visit

    def _count(self, due: QueuedPage, failure: Failure) -> None:
        """Stop where different pages fail one after the other: then it is not the pages,
        and all would be given up."""
        if failure.reason not in _OF_THE_PAGE:
            self._failing.add(due.key)
        if len(self._failing) >= _IN_A_ROW:
            self.stop(
                f"{failure.reason}: {_IN_A_ROW} pages in a row failed, the last with: {failure.message}"
            )

    def _begun(self, outcome: Answer | Failure) -> CrawlResult | None:
        if isinstance(outcome, Failure):
            self.stop(f"{outcome.reason}: {outcome.message}")
            return None
        with transaction(self._conn):
            self._place = self._new_place(
                self._beginning().anew(outcome.capture, self._settings.login)
            )
            self._seed()
        if not self._settings.scope.whole or not self._settings.seeds:
            return None
        self.visits += 1
        return self._steps.page(self._place, QueuedPage(Key("index")), outcome)

    def _seed(self) -> None:
        assert self._place
        frontier, scope = self._place.frontier, self._settings.scope
        with transaction(self._conn):
            frontier.add(
                seeds(scope, frontier.boards()) if self._settings.seeds else (),
                self._began,
            )
            if scope.complete:
                frontier.sweep(self._began, scope)
            if self._settings.media:
                self._steps.media(self._place).want_all(self._began)

    def _new_place(self, begun: Begun) -> CrawlContext:
        settings = self._settings
        return CrawlContext(
            self._source.base_url,
            begun.frontier,
            settings.scope,
            begun.style,
            settings.tries,
            settings.media,
        )
