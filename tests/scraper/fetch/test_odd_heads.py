"""Heads that libcurl refuses: asked for once more and read as browsers read them, or refused
by a sentence that names the header."""

from __future__ import annotations

import gzip
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from raw_server import Raw
from socks_server import serve_socks

from scraper.fetch.fetcher import Answer, Failure, Fetcher, FetchSettings

PAGE = b"<html><title>Powered by Discuz!</title>" + b"x" * 3_000 + b"</html>"
LENGTH = len(PAGE)


def served(*lines: str, body: bytes = PAGE, ends: bool = True) -> list[bytes]:
    """An answer with these lines for a head; one that does not end the connection leaves it
    open for longer than anybody waits."""
    text = "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""])
    return [text.encode("latin-1") + body, *([] if ends else [b""] * 6)]


KIND = "Content-Type: text/html"
SIZE = f"Content-Length: {LENGTH}"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (LENGTH, PAGE)
TAKEN = {
    "a line without a colon": served(KIND, "this is none", SIZE, ends=False),
    "such a line first": served("Notice", KIND, SIZE, ends=False),
    "such a line and no length": served(KIND, "none"),
    "such a line before chunks": served(
        KIND, "none", "Transfer-Encoding: chunked", body=CHUNKS, ends=False
    ),
    "a NUL in a value": served(KIND, "X-A: b\0c", SIZE, ends=False),
    "a NUL in a name": served(KIND, "X\0A: b", SIZE, ends=False),
    "a NUL in a cookie": served(KIND, "Set-Cookie: a_b=c\0d; path=/", SIZE, ends=False),
    "two lengths, the second too long": served(
        KIND, SIZE, f"Content-Length: {LENGTH + 5}"
    ),
    "two lengths, the first too long": served(
        KIND, f"Content-Length: {LENGTH + 5}", SIZE
    ),
    "two lengths, one too short": served(KIND, SIZE, "Content-Length: 10", ends=False),
    "a length below nothing": served(KIND, "Content-Length: -1"),
    "a word for a length": served(KIND, "Content-Length: unknown"),
    "a sign before a length": served(KIND, f"Content-Length: +{LENGTH}"),
    "an empty length": served(KIND, "Content-Length: "),
    "none for a transfer coding": served(
        KIND, "Transfer-Encoding: none", SIZE, ends=False
    ),
    "a charset for a transfer coding": served(KIND, "Transfer-Encoding: utf-8", SIZE),
    "8bit for a transfer coding": served(KIND, "Transfer-Encoding: 8bit"),
    "none, gzip and a length": served(
        KIND,
        "none",
        "Content-Encoding: gzip",
        f"Content-Length: {len(gzip.compress(PAGE))}",
        body=gzip.compress(PAGE),
        ends=False,
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_page_comes_whatever_libcurl_says_of_its_head(
    raw: Raw, fetcher: Fetcher, name: str
) -> None:
    raw.answers["/"] = TAKEN[name]
    for _ in range(2):
        outcome = fetcher.get(raw.url)
        assert isinstance(outcome, Answer), outcome
        assert outcome.capture.body == PAGE
        assert outcome.capture.header("content-type") == "text/html"
    # such a server is asked twice once, and not for each page
    assert raw.paths().count("/") == 3


REFUSED = {
    "Location": served("Location: /a", "Location: /b", "Content-Length: 0", body=b""),
    "Transfer-Encoding": served(KIND, "Transfer-Encoding: gzip", SIZE),
    "Content-Length": served(KIND, SIZE, "Content-Length: 9999", body=PAGE[:-50]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named(raw: Raw, fetcher: Fetcher, name: str) -> None:
    raw.answers["/"] = REFUSED[name]
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Failure)
    assert f"the header {name}" in outcome.message
    assert outcome.transient


def test_through_a_proxy_what_libcurl_refuses_is_named(raw: Raw) -> None:
    raw.answers["/"] = served(KIND, "this is none", SIZE)
    with serve_socks(raw.port) as proxy:
        settings = FetchSettings(
            delay_s=0, timeout_s=1, proxy=f"socks5h://127.0.0.1:{proxy.port}"
        )
        with Fetcher(raw.url, settings) as fetcher:
            outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Failure)
    assert "Header without colon" in outcome.message


@pytest.mark.parametrize("line", ["none", "X: a\0b"])
def test_a_long_body_is_refused_all_the_same(raw: Raw, line: str) -> None:
    raw.answers["/"] = served(KIND, line, body=b"x" * 300_000)
    settings = FetchSettings(delay_s=0, timeout_s=1, page_limit_bytes=100_000)
    with Fetcher(raw.url, settings) as fetcher:
        outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Failure)
    assert outcome.reason == "too_large"


def test_a_silent_server_of_that_kind_is_not_waited_for_at_the_end(raw: Raw) -> None:
    raw.answers["/"] = served(KIND, "none", SIZE)
    raw.answers["/forum.php"] = [*served(KIND, "none", body=b""), *[b""] * 60]
    with Fetcher(raw.url, FetchSettings(delay_s=0)) as fetcher:
        assert isinstance(fetcher.get(raw.url), Answer)
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(fetcher.get, raw.url + "forum.php")
            while "/forum.php" not in raw.paths():
                time.sleep(0.01)
            fetcher.stop()
            outcome = waiting.result(10)
    assert isinstance(outcome, Failure)
