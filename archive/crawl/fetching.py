"""The fetching threads of a forum, and the inbox that takes their responses to the thread of
the archive."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from archive.crawl.frontier import QueuedPage
from archive.crawl.media import QueuedFile
from scraper.core.requisites import RequisiteKind
from scraper.fetch.values import Answer, Failure
from scraper.policy.plan import Key
from scraper.policy.politeness import Pace

Response: TypeAlias = Answer | Failure
"""The outcome of a request; a failure is a value."""

Request: TypeAlias = QueuedPage | QueuedFile | None
"""What a thread asks for; None for the forum's front page."""

Item = TypeVar("Item")

_TICK_S: Final = 0.2  # how soon a signal is noticed
_SOON_S: Final = 0.05


class Source(Protocol):
    """What a crawl needs of a `Fetcher`."""

    base_url: str

    def start(self) -> Response:
        """Read robots.txt and the front page."""

    def get(self, url: str) -> Response:
        """Ask for a page."""

    def get_media(
        self, url: str, *, referer: str = "", requisite: RequisiteKind | None = None
    ) -> Response:
        """Ask for a picture or file, or what pages need of that kind."""

    def allowed(self, url: str) -> bool:
        """Whether robots.txt lets us ask for an address."""

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


class Inbox(Generic[Item]):
    """Where fetching threads leave their responses. Tests have one of their own, whose
    clock moves while everybody waits."""

    def __init__(self) -> None:
        self._items: SimpleQueue[Item] = SimpleQueue()

    def put(self, item: Item) -> None:
        """Leave an item; may be called by any thread."""
        self._items.put(item)

    def get(self, timeout_s: float) -> Item | None:
        """Wait for an item, for `timeout_s` at most and never for longer than a tick; None
        where nothing arrived."""
        tick_s = min(timeout_s, _TICK_S)
        try:
            return self._items.get(timeout=tick_s)
        except Empty:
            return None

    def get_soon(self) -> Item | None:
        """What is there already, or comes within a moment."""
        return self.get(_SOON_S)


class FetchThreads:
    """The threads that fetch for one forum, and what they are at.

    Its methods are for the thread of the archive; `deliver` is called by the fetching ones.
    """

    def __init__(
        self, count: int, deliver: Callable[[Request, Response], object]
    ) -> None:
        self._count = count
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="fetch")
        self._is_starting = False
        self.pages: set[Key] = set()
        self.files: set[str] = set()

    @property
    def under_way(self) -> int:
        """How many requests were handed out and did not come back yet."""
        return len(self.pages) + len(self.files) + self._is_starting

    @property
    def asks_for_front_page(self) -> bool:
        """Whether the front page is under way."""
        return self._is_starting

    @property
    def at_work(self) -> int:
        """How many threads have something to do."""
        return min(self.under_way, self._count)

    @property
    def has_room(self) -> bool:
        """Whether to hand out one more: one more than there are threads, so that none waits
        for the parser."""
        return self.under_way <= self._count

    def submit(self, request: Request, url: str, ask: Callable[[], Response]) -> None:
        """Have a thread ask for something at an address."""
        match request:
            case QueuedPage():
                self.pages.add(request.key)
            case QueuedFile():
                self.files.add(request.name)
            case None:
                self._is_starting = True
        self._pool.submit(self._fetch, request, url, ask)

    def finished(self, request: Request) -> None:
        """A request is done, whatever its outcome."""
        match request:
            case QueuedPage():
                self.pages.discard(request.key)
            case QueuedFile():
                self.files.discard(request.name)
            case None:
                self._is_starting = False

    def close(self) -> None:
        """Wait for what is under way, and end the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _fetch(self, request: Request, url: str, ask: Callable[[], Response]) -> None:
        try:
            response = ask()
        except Exception as error:  # a fault of ours costs one page, and is named
            response = Failure(
                url=url,
                reason="internal",
                message=f"{type(error).__name__}: {error}",
            )
        self._deliver(request, response)
