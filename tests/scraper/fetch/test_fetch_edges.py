"""Fetching at the edges: broken bytes, robots.txt of every kind, private machines; each
answer byte by byte."""

from __future__ import annotations

import gzip
import re
import socket
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_server import Raw, answer, serve_raw

from scraper.core.records import Capture
from scraper.fetch.broken import broken_exchange
from scraper.fetch.cookies import read_cookies
from scraper.fetch.damage import breaks, damage
from scraper.fetch.fetcher import (
    Answer,
    Failure,
    Fetcher,
    FetchSettings,
    Tools,
    Validators,
)
from scraper.fetch.verdict import judge

PAGE = (
    b"<html><head><title>\xe8\xae\xba - Powered by Discuz!</title></head><body>%b</body></html>"
    % (b"x" * 999)
)
_AT = datetime(2026, 11, 24, tzinfo=UTC)
HTML = "Content-Type: text/html"
SETTINGS = FetchSettings(
    delay_s=0, timeout_s=0.4, total_timeout_s=0.8, page_limit_bytes=100_000
)


@dataclass
class Time:
    """A clock that only waiting moves."""

    slept: list[float] = field(default_factory=list)

    def now_s(self) -> float:
        return sum(self.slept)


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as server:
        yield server


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def fetcher(raw: Raw, clock: Time) -> Iterator[Fetcher]:
    with Fetcher(
        raw.url, SETTINGS, Tools(now_s=clock.now_s, sleep=clock.slept.append)
    ) as one:
        yield one


def reason(outcome: Answer | Failure) -> str:
    return outcome.reason if isinstance(outcome, Failure) else "answer"


CHUNKED = (
    b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
)
ANSWERS = {
    "whole": (answer(PAGE, HTML), "answer"),
    "without a length": (answer(PAGE, HTML, length=False), "answer"),
    "without a length, cut": (answer(PAGE[:500], HTML, length=False), "truncated"),
    "shorter than its length": ([answer(PAGE, HTML)[0][:-10]], "truncated"),
    "chunks cut": ([CHUNKED + b"400\r\n" + PAGE[:200]], "truncated"),
    "the last chunk missing": ([CHUNKED + b"5\r\n<html\r\n"], "truncated"),
    "gzip": (answer(gzip.compress(PAGE), HTML, "Content-Encoding: gzip"), "answer"),
    "gzip in two members": (
        answer(
            gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]),
            "Content-Encoding: gzip",
        ),
        "answer",
    ),
    "gzip cut": (
        answer(gzip.compress(PAGE)[:-12], HTML, "Content-Encoding: gzip"),
        "truncated",
    ),
    "gzip broken": (
        answer(b"\x1f\x8b" + b"?" * 50, HTML, "Content-Encoding: gzip"),
        "garbled",
    ),
    "gzip in name only": (answer(PAGE, HTML, "Content-Encoding: gzip"), "answer"),
    "deflate": (
        answer(zlib.compress(PAGE), HTML, "Content-Encoding: deflate"),
        "answer",
    ),
    "deflate without a head": (
        answer(zlib.compress(PAGE)[2:-4], HTML, "Content-Encoding: deflate"),
        "answer",
    ),
    "a coding nobody asked for": (
        answer(PAGE, HTML, "Content-Encoding: br"),
        "garbled",
    ),
    "a bomb": (
        answer(gzip.compress(b"0" * 9_000_000), HTML, "Content-Encoding: gzip"),
        "too_large",
    ),
    "too large": (answer(PAGE * 200, HTML), "too_large"),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n"], "garbled"),
    "nothing": ([], "reset"),
    "silence": ([b"", b"", b""], "timeout"),
    "a drip": ([answer(PAGE, HTML)[0][:99], *[PAGE[:9], b""] * 4], "timeout"),
    "status 999": (answer(PAGE, HTML, status=999), "server_error"),
    "gone": (answer(b"gone", status=410), "answer"),
    "forbidden": (answer(b"<html>403 Forbidden</html>", HTML, status=403), "forbidden"),
    "forbidden by the forum": (answer(PAGE, HTML, status=403), "answer"),
    "a notice with status 500": (
        answer(PAGE + b'<div id="messagetext">', HTML, status=500),
        "answer",
    ),
    "the database is away": (
        answer(b"<html><h1>Discuz! Database Error</h1></html>", HTML),
        "server_error",
    ),
    "a redirect nowhere": (
        answer(b"", "Location: http://elsewhere.example/", status=302),
        "foreign",
    ),
    "a redirect to no address": (
        answer(b"", "Location: http://[", status=302),
        "foreign",
    ),
    "a redirect to a file": (
        answer(b"", "Location: file:///etc/passwd", status=302),
        "foreign",
    ),
    "status 304": (answer(b"", status=304, length=False), "answer"),
    "a length that no body has": (
        answer(PAGE, HTML, f"Content-Length: {'9' * 5_000}", length=False),
        "answer",
    ),
    "a chunk that no body has": ([CHUNKED + b"f" * 5_000 + b"\r\n"], "truncated"),
    "a redirect to a port that there is not": (
        answer(b"", "Location: http://a:99999/", status=302),
        "foreign",
    ),
    "a redirect to a name that nobody can have": (
        answer(b"", "Location: http://xn--a/", status=302),
        "garbled",
    ),
    "rest until a year that no date has": (
        answer(PAGE, f"Retry-After: Tue, 24 Nov {'9' * 20} 05:10:00 GMT", status=429),
        "throttled",
    ),
    "rest for more seconds than a clock counts": (
        answer(PAGE, f"Retry-After: {'9' * 5_000}", status=503),
        "throttled",
    ),
    "a cookie until a year that no date has": (
        answer(PAGE, HTML, f"Set-Cookie: a=b; expires=Tue, 24 Nov {'9' * 20} 05:10:00"),
        "answer",
    ),
    "a cookie for more seconds than a clock counts": (
        answer(PAGE, HTML, f"Set-Cookie: a=b; max-age={'9' * 5_000}"),
        "answer",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_has_a_name(raw: Raw, fetcher: Fetcher, name: str) -> None:
    raw.answers["/thread-1-1-1.html"], expected = ANSWERS[name]
    outcome = fetcher.get(raw.url + "thread-1-1-1.html")
    assert reason(outcome) == expected, outcome
    if isinstance(outcome, Answer) and outcome.capture.status == 200:
        assert outcome.capture.body == PAGE


def test_headers_are_kept_as_served(raw: Raw, fetcher: Fetcher) -> None:
    lines = (
        HTML,
        "X-pOwErEd-By: PHP/5.2",
        "Set-Cookie: a=1",
        "Set-Cookie: b=2",
        "X-Name: \xc2\xcc",
    )
    raw.answers["/"] = answer(PAGE, *lines)
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer)
    assert tuple(": ".join(pair) for pair in outcome.capture.headers[:5]) == lines


def test_a_location_in_the_forums_own_bytes(raw: Raw, fetcher: Fetcher) -> None:
    raw.answers["/a.html"] = answer(
        b"", "Location: /space.php?username=\xc2\xcc\xbb\xa8", status=302
    )
    raw.answers["/space.php?username=%C2%CC%BB%A8"] = answer(PAGE, HTML)
    assert reason(fetcher.get(raw.url + "a.html")) == "answer"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with Fetcher(f"http://127.0.0.1:{port}/", SETTINGS) as fetcher:
        failure = fetcher.get(fetcher.base_url)
    assert reason(failure) == "refused_connection"


def test_no_such_host() -> None:
    with Fetcher("http://bbs.invalid/", SETTINGS) as fetcher:
        assert reason(fetcher.get("http://bbs.invalid/")) == "dns"


def test_another_address_for_the_front_page(raw: Raw, fetcher: Fetcher) -> None:
    raw.answers |= {"/": answer(b"Hello", HTML), "/forum.php": answer(PAGE, HTML)}
    outcome = fetcher.start()
    assert isinstance(outcome, Answer)
    assert outcome.capture.url == raw.url + "forum.php"


def test_no_forum_at_all(raw: Raw, fetcher: Fetcher) -> None:
    raw.answers["/"] = answer(b"<html>My cat</html>", HTML)
    assert reason(fetcher.start()) == "no_forum"


@pytest.mark.parametrize(
    ("robots", "asked", "expected"),
    [
        (answer(b"User-agent: *\nDisallow: /"), 1, "robots"),
        (answer(b"nope", status=403), 2, "answer"),
        (answer(b"", status=503), 4, "robots"),
        ([], 4, "robots"),
        (answer(b"", "Location: /rules.txt", status=301), 2, "robots"),
        (answer(b"", "Location: http://[", status=301), 2, "answer"),
        (answer(b"", "Location: file:///rules.txt", status=301), 2, "answer"),
        (answer(b"", "Location: /robots.txt", status=301), 7, "answer"),
    ],
    ids=[
        "all forbidden",
        "403",
        "503",
        "reset",
        "redirect",
        "redirect to no address",
        "redirect to a file",
        "redirects in circles",
    ],
)
def test_robots_decide_before_a_page_is_asked_for(
    raw: Raw, fetcher: Fetcher, robots: list[bytes], asked: int, expected: str
) -> None:
    raw.answers |= {
        "/": answer(PAGE, HTML),
        "/robots.txt": robots,
        "/rules.txt": answer(b"User-agent: *\nDisallow: /"),
    }
    assert reason(fetcher.get(raw.url)) == expected
    assert len(raw.asked) == asked
    assert ("/" in raw.paths()) == (expected == "answer")


def test_robots_that_could_not_be_read_are_asked_for_again_later(
    raw: Raw, fetcher: Fetcher, clock: Time
) -> None:
    raw.answers |= {"/": answer(PAGE, HTML), "/robots.txt": answer(b"", status=500)}
    failure = fetcher.get(raw.url)
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.transient, failure.retry_after_s) == (
        "robots",
        True,
        300,
    )
    raw.answers["/robots.txt"] = answer(b"", status=404)
    assert reason(fetcher.get(raw.url)) == "robots"
    clock.slept.append(300)
    assert reason(fetcher.get(raw.url)) == "answer"


def test_a_crawl_delay_is_kept(raw: Raw, fetcher: Fetcher, clock: Time) -> None:
    raw.answers |= {
        "/": answer(PAGE, HTML),
        "/robots.txt": answer(b"User-agent: *\nCrawl-delay: 7"),
    }
    fetcher.get(raw.url)
    clock.slept.clear()
    fetcher.get(raw.url)
    assert clock.slept[0] >= 7
    assert fetcher.allowed(raw.url)


def test_a_crawl_delay_longer_than_any_clock_counts_ends_with_the_run(raw: Raw) -> None:
    raw.answers |= {
        "/": answer(PAGE, HTML),
        "/robots.txt": answer(b"User-agent: *\nCrawl-delay: 99999999999999"),
    }
    with Fetcher(raw.url, SETTINGS) as fetcher, ThreadPoolExecutor(1) as pool:
        fetcher.get(raw.url)
        waiting = pool.submit(fetcher.get, raw.url)
        fetcher.stop()
        assert reason(waiting.result(60)) == "stopped"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "forum.php",
        "ftp://bbs.example/",
        "http://",
        "http:///x",
        "http://user@/",
        "http://:80/",
        "http://[",
        "http://[::1",
        "http://[zz]/",
        "http://a:x/",
        "http://a:0/",
        "http://a:99999/",
        f"http://a:{'9' * 5_000}/",
        "http://...",
        f"http://{'a' * 300}/",
        "http://xn--\xff/",
        "http://\x00/",
        "http://\ud800/",
        "http://\u2100/",
        "http://999.999.999.999/",
    ],
    ids=lambda url: ascii(url)[:30],
)
def test_what_is_no_address_is_named_so_and_nothing_raises(
    raw: Raw, fetcher: Fetcher, url: str
) -> None:
    for outcome in (fetcher.get(url), fetcher.get_media(url)):
        assert reason(outcome) == "bad_address"
    assert fetcher.allowed(url)
    assert raw.asked == []


@pytest.mark.parametrize("value", ["\xc2\xcc\xbb\xa8", "\x7f", "a\xe9"], ids=ascii)
def test_a_cookie_that_cannot_be_sent_back_spoils_no_address(
    raw: Raw, fetcher: Fetcher, value: str
) -> None:
    """Its name or value has other bytes than ASCII; the forum's other cookies are sent."""
    cookies = (f"Set-Cookie: a_name={value}", f"Set-Cookie: {value}=1")
    raw.answers["/"] = answer(PAGE, HTML, *cookies, "Set-Cookie: b_sid=2")
    assert reason(fetcher.get(raw.url)) == "answer"
    assert reason(fetcher.get(raw.url)) == "answer"
    (cookie,) = re.findall(r"(?i)^cookie: (.*?)\r?$", raw.asked[-1], re.M)
    assert cookie == "b_sid=2"


def test_cookies_of_the_user_that_cannot_be_sent_are_left_out(raw: Raw) -> None:
    lines = [
        f"127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}"
        for name, value in (("a_auth", "x"), ("a_name", "绿花"), ("a_odd", "\x01"))
    ]
    cookies = read_cookies("\n".join(lines), "127.0.0.1", 0)
    raw.answers["/"] = answer(PAGE, HTML)
    with Fetcher(raw.url, replace(SETTINGS, cookies=cookies)) as fetcher:
        assert reason(fetcher.get(raw.url)) == "answer"
    assert "a_auth=x" in raw.asked[-1]
    assert "a_name" not in raw.asked[-1]


def test_a_request_that_we_could_not_write_is_a_fault_of_ours() -> None:
    error = httpx.LocalProtocolError("Illegal header value")
    failure = broken_exchange("http://bbs.example/", error)
    assert (failure.reason, failure.transient) == ("internal", False)


def test_pages_of_a_public_forum_lead_to_no_private_machine(raw: Raw) -> None:
    with Fetcher("https://bbs.invalid/", SETTINGS) as fetcher:
        for link in (
            raw.url + "a.png",
            f"http://localhost:{raw.port}/a.png",
            f"http://[::ffff:127.0.0.1]:{raw.port}/a",
        ):
            assert reason(fetcher.get_media(link)) == "private_address"
    assert raw.asked == []


def test_a_name_that_leads_elsewhere_once_it_was_looked_at(
    raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scraper.fetch.hosts._addresses", lambda _host: ["8.8.8.8"]
    )  # the connection finds 127.0.0.1
    with Fetcher("https://bbs.invalid/", SETTINGS) as fetcher:
        assert (
            reason(fetcher.get_media(f"http://localhost:{raw.port}/a.png"))
            == "private_address"
        )
    assert raw.asked == []


def test_a_host_of_pictures_that_is_gone_is_not_asked_for_each_of_them(
    raw: Raw, fetcher: Fetcher
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        outcomes = [fetcher.get_media(f"{gone}{number}.png") for number in range(20)]
    assert all(
        isinstance(outcome, Failure) and outcome.transient for outcome in outcomes
    )
    assert fetcher.requests == 3
    assert all(
        isinstance(outcome, Failure) and outcome.reason != "robots"
        for outcome in outcomes
    )
    raw.answers["/a.gif"] = answer(b"GIF89a", "Content-Type: image/gif")
    assert reason(fetcher.get_media(raw.url + "a.gif")) == "answer"


def test_a_forum_on_loopback_may_show_its_neighbours(
    raw: Raw, fetcher: Fetcher
) -> None:
    with serve_raw() as other:
        other.answers["/a.gif"] = answer(
            b"GIF89a", "Content-Type: image/gif", "Set-Cookie: track=1; path=/"
        )
        raw.answers["/i.gif"] = answer(b"", f"Location: {other.url}a.gif", status=302)
        outcome = fetcher.get_media(raw.url + "i.gif")
        assert isinstance(outcome, Answer)
        assert (outcome.capture.url, len(outcome.redirects)) == (other.url + "a.gif", 1)
        fetcher.get_media(other.url + "a.gif")
        assert other.paths() == ["/robots.txt", "/a.gif", "/a.gif"]
        assert not any("track" in request for request in other.asked)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"\x89PNG\r\n", "image/png", "answer"),
        (b"\xff\xd8\xff", "text/html", "answer"),
        (b"PK", "application/zip", "answer"),
        (b"<html>no hotlinks</html>", "image/jpeg", "wrong_type"),
        (b"<html>", "text/html", "wrong_type"),
        (b"?", "", "wrong_type"),
        (b"", "image/png", "empty"),
    ],
)
def test_types_of_media(
    raw: Raw, fetcher: Fetcher, body: bytes, kind: str, expected: str
) -> None:
    raw.answers["/m"] = answer(body, f"Content-Type: {kind}")
    assert reason(fetcher.get_media(raw.url + "m")) == expected


def test_validators_are_sent_and_304_is_an_answer(raw: Raw, fetcher: Fetcher) -> None:
    raw.answers["/m.gif"] = answer(
        b"GIF89a", 'ETag: "1"', "Last-Modified: Tue, 24 Nov 2026 05:10:00 GMT"
    )
    first = fetcher.get_media(raw.url + "m.gif")
    assert isinstance(first, Answer)
    raw.answers["/m.gif"] = answer(b"", status=304, length=False)
    second = fetcher.get_media(
        raw.url + "m.gif", if_changed=Validators.of(first.capture)
    )
    assert isinstance(second, Answer)
    assert second.capture.status == 304
    assert 'If-None-Match: "1"' in raw.asked[-1]
    assert "If-Modified-Since: Tue" in raw.asked[-1]


@given(st.text(max_size=200), st.binary(max_size=400), st.integers(100, 999))
def test_any_answer_is_judged(text: str, body: bytes, status: int) -> None:
    for content in (text.encode("utf-8", "surrogatepass"), body):
        capture = Capture("http://bbs.example/thread-1-1-1.html", _AT, content, status)
        judge(capture, _AT, login=True, uid=3)
        assert damage(breaks(capture)) >= 0


def test_a_page_that_is_broken_itself_is_taken_after_two_looks(
    raw: Raw, fetcher: Fetcher
) -> None:
    broken = PAGE.replace(b"xxx", b"x\x01\xff", 9)
    raw.answers["/"] = answer(broken, HTML)
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer)
    assert outcome.capture.body == broken
    assert raw.paths() == ["/robots.txt", "/", "/"]
