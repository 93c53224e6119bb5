"""Answers that never end, in whatever part of them: one time limit holds for all of it, and a
run that is told to stop waits for none."""

from __future__ import annotations

import gzip
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_forum.drips import DRIPS
from fake_forum.faults import Fault
from fake_forum.generate import generated
from fake_forum.server import Running, serve
from raw_server import Raw, answer, serve_raw

from scraper.fetch.fetcher import Answer, Failure, Fetcher, FetchSettings, Tools

PAGE = b"<html><title>Powered by Discuz!</title>%b</html>" % (b"x" * 999)
HTML = "Content-Type: text/html"


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=1, threads=2)) as running:
        yield running


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as server:
        yield server


def reason(outcome: Answer | Failure) -> str:
    return outcome.reason if isinstance(outcome, Failure) else "answer"


@pytest.mark.parametrize("kind", DRIPS)
def test_one_time_limit_holds_for_heads_and_bodies(site: Running, kind: Fault) -> None:
    settings = FetchSettings(delay_s=0, timeout_s=30, total_timeout_s=0.6)
    with Fetcher(site.url, settings) as fetcher:
        fetcher.start()
        site.faults.always = kind
        assert reason(fetcher.get(site.url)) == "timeout"


@pytest.mark.parametrize("kind", DRIPS)
def test_a_run_that_is_told_to_stop_waits_for_no_answer(
    site: Running, kind: Fault
) -> None:
    """The limits are those of a real run: two minutes."""
    with (
        Fetcher(site.url, FetchSettings(delay_s=0)) as fetcher,
        ThreadPoolExecutor(1) as pool,
    ):
        fetcher.start()
        site.faults.always = kind
        asked = len(site.log)
        waiting = pool.submit(fetcher.get, site.url)
        while len(site.log) == asked:
            threading.Event().wait(0.005)
        fetcher.stop()
        assert reason(waiting.result(20)) == "stopped"
        assert reason(fetcher.get(site.url)) == "stopped"


def test_an_answer_that_comes_soon_is_still_taken(site: Running) -> None:
    with (
        Fetcher(site.url, FetchSettings(delay_s=0)) as fetcher,
        ThreadPoolExecutor(1) as pool,
    ):
        fetcher.start()
        site.hold_after = len(site.log)
        waiting = pool.submit(fetcher.get, site.url)
        threading.Event().wait(0.05)
        fetcher.stop()
        site.hold_after = None
        assert reason(waiting.result(20)) in ("answer", "stopped")


def test_a_server_that_takes_no_connection_is_not_waited_for(raw: Raw) -> None:
    raw.answers["/robots.txt"] = answer(b"", status=404)
    held = raw.held["/"] = threading.Event()
    with Fetcher(raw.url) as fetcher, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(fetcher.start)
        while "/" not in raw.paths():
            threading.Event().wait(0.005)
        fetcher.stop()
        assert reason(waiting.result(20)) == "stopped"
        held.set()


# robots.txt of any size.

FORBIDS = b"User-agent: *\nDisallow: /forbidden\n"
LONG = b"Disallow: /somewhere/else\n" * 300_000


def robots(body: bytes, *headers: str) -> list[bytes]:
    return answer(body, "Content-Type: text/plain", *headers)


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
def test_a_robots_txt_of_any_size_is_obeyed_as_far_as_it_is_read(
    raw: Raw, coding: str
) -> None:
    pack: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "gzip": gzip.compress,
        "deflate": zlib.compress,
    }
    headers = [f"Content-Encoding: {coding}"] if coding else []
    body = pack[coding](FORBIDS + LONG)
    raw.answers |= {
        "/robots.txt": robots(body, *headers),
        "/": answer(PAGE, HTML),
    }
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        assert reason(fetcher.get(raw.url)) == "answer"
        assert reason(fetcher.get(raw.url + "forbidden")) == "robots"
    assert raw.paths().count("/robots.txt") == 1


def test_half_a_rule_forbids_nothing(raw: Raw) -> None:
    """Cut within its last line, the file would say `Disallow: /`."""
    line = b"Disallow: /"
    before = b"User-agent: *\n" + b"#" * 99 + b"\n"
    filling = b"#" * (512_000 - len(before) - len(line) - 1) + b"\n"
    body = before + filling + line + b"only-this\n" + LONG
    assert body[:512_000].endswith(b"\n" + line)
    raw.answers |= {"/robots.txt": robots(body), "/": answer(PAGE, HTML)}
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        assert reason(fetcher.get(raw.url)) == "answer"


def test_a_robots_txt_without_an_end_is_read_as_far_as_it_matters(raw: Raw) -> None:
    chunks = [b"10000\r\n" + b"#" * 65_535 + b"\n\r\n"] * 100
    head = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"
    rules = b"%x\r\n%b\r\n" % (len(FORBIDS), FORBIDS)
    raw.answers |= {"/robots.txt": [head, rules, *chunks], "/": answer(PAGE, HTML)}
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        assert reason(fetcher.get(raw.url)) == "answer"
        assert reason(fetcher.get(raw.url + "forbidden")) == "robots"


# Waits that a server asks for.

DAY_S = 86_400


@pytest.mark.parametrize("delay", ["1e9", "99999999999999", "86401"])
def test_a_pause_that_robots_ask_for_is_capped_at_a_day_and_said(
    raw: Raw, delay: str, caplog: pytest.LogCaptureFixture
) -> None:
    slept = list[float]()
    raw.answers |= {
        "/robots.txt": robots(f"User-agent: *\nCrawl-delay: {delay}".encode()),
        "/": answer(PAGE, HTML),
    }
    tools = Tools(now_s=lambda: sum(slept), sleep=slept.append)
    with Fetcher(raw.url, FetchSettings(delay_s=0), tools) as fetcher:
        with caplog.at_level(logging.WARNING):
            fetcher.get(raw.url)
        fetcher.get(raw.url)
        assert fetcher.pace.base_s == DAY_S
    assert DAY_S <= sum(slept) <= 2 * DAY_S * 1.25
    assert sum("86400 s apart" in line for line in caplog.messages) == 1


@pytest.mark.parametrize("delay", ["nan", "-5", "x", "0"])
def test_a_pause_that_is_none_changes_nothing(raw: Raw, delay: str) -> None:
    raw.answers |= {
        "/robots.txt": robots(f"User-agent: *\nCrawl-delay: {delay}".encode()),
        "/": answer(PAGE, HTML),
    }
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        assert reason(fetcher.get(raw.url)) == "answer"
        assert fetcher.pace.base_s == 0


@pytest.mark.parametrize(
    "wait", ["9" * 18, "9" * 500, "Fri, 31 Dec 9999 23:59:59 GMT", "86401"]
)
def test_a_rest_that_an_answer_asks_for_is_capped_at_a_day_and_said(
    raw: Raw, wait: str
) -> None:
    raw.answers |= {
        "/robots.txt": answer(b"", status=404),
        "/": answer(b"", f"Retry-After: {wait}", status=503),
    }
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        failure = fetcher.get(raw.url)
    assert isinstance(failure, Failure)
    assert failure.retry_after_s == DAY_S
    assert "86400 s or longer" in failure.message
