"""robots.txt of many hosts: each is read once, and none waits for another's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from raw_server import Raw, answer, serve_raw

from scraper.core.records import Capture
from scraper.fetch.fetcher import Answer, Fetcher, FetchSettings
from scraper.fetch.robots import Robots
from scraper.fetch.robots_cache import RobotsCache
from scraper.fetch.transport import Exchange
from scraper.fetch.values import Failure, FailureReason

PAGE = b"<html><head><title>x - Powered by Discuz!</title></head><body></body></html>"
SETTINGS = FetchSettings(delay_s=0, concurrency=4, timeout_s=20, total_timeout_s=20)
_AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def slow() -> Iterator[Raw]:
    """A forum whose robots.txt comes once somebody lets it."""
    with serve_raw() as server:
        server.answers["/"] = answer(PAGE, "Content-Type: text/html")
        server.held["/robots.txt"] = threading.Event()
        yield server
        server.held["/robots.txt"].set()


def test_a_slow_robots_txt_holds_up_no_other_host(slow: Raw) -> None:
    with (
        serve_raw() as pictures,
        Fetcher(slow.url, SETTINGS) as fetcher,
        ThreadPoolExecutor(1) as pool,
    ):
        pictures.answers["/a.gif"] = answer(b"GIF89a", "Content-Type: image/gif")
        page = pool.submit(fetcher.get, slow.url)
        while not slow.asked:  # until its robots.txt is being read
            assert not page.done()

        picture = fetcher.get_media(pictures.url + "a.gif")
        assert isinstance(picture, Answer), picture
        assert not page.done()
        assert pictures.paths() == ["/robots.txt", "/a.gif"]

        slow.held["/robots.txt"].set()
        assert isinstance(page.result(60), Answer)


def test_robots_txt_is_asked_for_once_however_many_wait_for_it(slow: Raw) -> None:
    with Fetcher(slow.url, SETTINGS) as fetcher, ThreadPoolExecutor(4) as pool:
        pages = [pool.submit(fetcher.get, slow.url) for _ in range(4)]
        while not slow.asked:
            pass
        slow.held["/robots.txt"].set()
        assert all(isinstance(page.result(60), Answer) for page in pages)
    assert slow.paths() == ["/robots.txt", "/", "/", "/", "/"]


# The cache by itself.


class Network:
    """Answers requests for robots.txt from a table of statuses and failures."""

    def __init__(self, answers: dict[str, int | FailureReason | str]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.now_s = 0.0

    def ask(self, url: str) -> Exchange | Failure:
        self.asked.append(url)
        found = self.answers[url]
        if isinstance(found, int):
            return Exchange(Capture(url, _AT, b"", found), 0.0)
        if "/" in found:
            headers = (("Location", found),)
            return Exchange(Capture(url, _AT, b"", 302, headers), 0.0)
        return Failure(url=url, reason=found, message="told")  # type: ignore[arg-type]

    @property
    def cache(self) -> RobotsCache:
        return RobotsCache(self.ask, lambda: self.now_s)


ROBOTS = "http://a.example/robots.txt"


def test_rules_are_read_once_for_all_addresses_of_an_origin() -> None:
    network = Network({ROBOTS: 404, "https://a.example/robots.txt": 404})
    cache = network.cache
    assert cache.known("http://a.example/") is None
    for path in ("", "forum.php", "A/B"):
        assert isinstance(cache.of("http://me@A.example/" + path), Robots)
    assert network.asked == [ROBOTS]
    assert cache.known("http://a.example/x") is not None
    assert isinstance(cache.of("https://a.example/"), Robots)
    assert len(network.asked) == 2


@pytest.mark.parametrize(
    "reason", ["dns", "tls", "refused_connection", "private_address", "stopped"]
)
def test_a_host_that_cannot_be_asked_is_named_so_and_asked_again(
    reason: FailureReason,
) -> None:
    network = Network({ROBOTS: reason})
    cache = network.cache
    for _ in range(2):
        found = cache.of("http://a.example/")
        assert isinstance(found, Failure)
        assert found.reason == reason
    assert network.asked == [ROBOTS] * 2


@pytest.mark.parametrize("trouble", [500, 503, 429, "timeout", "reset", "garbled"])
def test_a_host_that_cannot_tell_is_left_alone_for_five_minutes(
    trouble: int | str,
) -> None:
    network = Network({ROBOTS: trouble})
    cache = network.cache
    for at_s, tries in ((0.0, 4), (299.9, 4), (300.0, 8)):
        network.now_s = at_s
        found = cache.of("http://a.example/")
        assert isinstance(found, Failure)
        assert (found.reason, found.retry_after_s) == ("robots", 300.0)
        assert len(network.asked) == tries

    network.now_s = 600.0
    network.answers[ROBOTS] = 404
    assert isinstance(cache.of("http://a.example/"), Robots)


@pytest.mark.parametrize("reason", ["private_address", "dns", "bad_address"])
def test_a_redirect_to_nowhere_is_no_fault_of_the_address_asked_for(
    reason: FailureReason,
) -> None:
    elsewhere = "http://b.example/robots.txt"
    network = Network({ROBOTS: elsewhere, elsewhere: reason})
    found = network.cache.of("http://a.example/")
    assert isinstance(found, Failure)
    assert (found.reason, found.transient) == ("robots", True)
    assert reason in found.message


def test_five_redirects_are_followed() -> None:
    hops = [ROBOTS, *(f"http://a.example/{hop}" for hop in range(1, 7))]
    network = Network(dict(pairwise(hops)) | {hops[6]: 404})
    assert isinstance(network.cache.of("http://a.example/"), Robots)
    assert network.asked == hops[:6]
