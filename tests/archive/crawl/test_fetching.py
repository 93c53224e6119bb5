"""The fetching threads of a forum: how many have something to do, and faults of our own."""

from __future__ import annotations

import threading
from math import inf

from archive.crawl.fetching import FetchThreads, Inbox, Request, Response
from archive.crawl.frontier import QueuedPage
from archive.crawl.media import QueuedFile
from scraper.fetch.values import Failure
from scraper.policy.plan import Key

PAGES = [QueuedPage(Key("thread", tid)) for tid in (1, 2, 3)]
FILE = QueuedFile("a.jpg", "http://a/a.jpg")
SILENCE = Failure(url="http://a/", reason="timeout", message="nothing in 30 s")


class Waiting:
    """Threads whose requests are answered when the test says so."""

    def __init__(self, count: int) -> None:
        self.inbox = Inbox[tuple[Request, Response]]()
        self.threads = FetchThreads(count, self._deliver)
        self._answered = threading.Event()

    def submit(self, request: Request) -> None:
        self.threads.submit(request, "http://a/", self._ask)

    def answer(self) -> None:
        self._answered.set()

    def _ask(self) -> Response:
        self._answered.wait(60)
        return SILENCE

    def _deliver(self, request: Request, response: Response) -> None:
        self.inbox.put((request, response))


def test_one_more_is_handed_out_than_there_are_threads() -> None:
    waiting = Waiting(2)
    threads = waiting.threads
    seen = [(threads.under_way, threads.at_work, threads.has_room)]
    for request in (PAGES[0], FILE, PAGES[1]):
        waiting.submit(request)
        seen.append((threads.under_way, threads.at_work, threads.has_room))
    assert seen == [(0, 0, True), (1, 1, True), (2, 2, True), (3, 2, False)]
    assert threads.pages == {PAGES[0].key, PAGES[1].key}
    assert threads.files == {FILE.name}

    waiting.answer()
    for _ in range(3):
        item = None
        while item is None:
            item = waiting.inbox.get(inf)
        threads.finished(item[0])
    assert (threads.under_way, threads.pages, threads.files) == (0, set(), set())
    threads.close()


def test_the_front_page_is_under_way_until_it_is_there() -> None:
    waiting = Waiting(1)
    waiting.submit(None)
    assert waiting.threads.at_work == 1
    waiting.answer()
    waiting.threads.close()
    assert waiting.inbox.get(0.0) == (None, SILENCE)
    assert waiting.threads.at_work == 1
    waiting.threads.finished(None)
    assert waiting.threads.at_work == 0


def test_a_fault_of_ours_costs_one_page_and_is_named() -> None:
    inbox = Inbox[tuple[Request, Response]]()
    threads = FetchThreads(1, lambda *item: inbox.put(item))

    def broken() -> Response:
        raise KeyError("tid")

    threads.submit(PAGES[0], "http://a/thread-1-1-1.html", broken)
    threads.close()
    request, response = inbox.get(0.0) or (None, SILENCE)
    assert request == PAGES[0]
    assert isinstance(response, Failure)
    assert response.reason == "internal"
    assert response.message == "KeyError: 'tid'"
    assert response.url == "http://a/thread-1-1-1.html"
