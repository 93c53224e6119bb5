"""Certificates that cannot be trusted: refused with advice, taken for the hosts that the user
names, and for no other."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from raw_server import answer
from tls_server import serve_tls

from scraper.fetch.fetcher import Answer, Failure, Fetcher, FetchSettings
from scraper.fetch.transport import is_on

PAGE = b"<html><head><title>Powered by Discuz!</title></head><body>x</body></html>"
HTML = "Content-Type: text/html"
WHOLE = answer(PAGE, HTML)[0]


def settings(*hosts: str) -> FetchSettings:
    return FetchSettings(delay_s=0, timeout_s=5, unchecked_hosts=frozenset(hosts))


def ask(url: str, *hosts: str) -> Answer | Failure:
    with Fetcher(url, settings(*hosts)) as fetcher:
        return fetcher.start()


def test_an_expired_certificate_is_refused_and_the_option_named(tmp_path: Path) -> None:
    with serve_tls(tmp_path, WHOLE) as port:
        outcome = ask(f"https://localhost:{port}/")
    assert isinstance(outcome, Failure)
    assert (outcome.reason, outcome.transient) == ("tls", False)
    assert "`--insecure localhost`" in outcome.message


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("old", [False, True], ids=["TLS", "TLS 1.0"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_named_host_is_taken_as_it_is(tmp_path: Path, host: str, old: bool) -> None:
    with serve_tls(tmp_path, WHOLE, old=old) as port:
        outcome = ask(f"https://{host}:{port}/", host)
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body == PAGE


@pytest.mark.parametrize(
    ("url", "host", "is_among"),
    [
        ("https://xn--fiq228c.example/", "xn--fiq228c.example", True),
        ("https://xn--fiq228c.example/", "中文.example", True),
        ("https://中文.example/", "xn--fiq228c.example", True),
        ("https://bbs.example:8443/", "bbs.example", True),
        ("https://www.bbs.example/", "bbs.example", False),
    ],
)
def test_a_host_may_be_written_in_two_ways(url: str, host: str, is_among: bool) -> None:
    assert is_on(httpx.URL(url), frozenset({host})) is is_among


def test_other_hosts_are_looked_at_as_ever(tmp_path: Path) -> None:
    with serve_tls(tmp_path, WHOLE) as port:
        outcome = ask(f"https://127.0.0.1:{port}/", "localhost")
        assert isinstance(outcome, Failure)
        assert outcome.reason == "tls"
        url = f"https://127.0.0.1:{port}/a.gif"
        with Fetcher(f"https://localhost:{port}/", settings("localhost")) as fetcher:
            picture = fetcher.get_media(url)
    assert isinstance(picture, Failure)
    assert picture.reason == "tls"


@pytest.mark.parametrize(
    ("reply", "is_answer"),
    [
        (answer(PAGE, HTML, length=False)[0], True),
        (WHOLE[:-10], False),
        (answer(PAGE[:40], HTML, length=False)[0], False),
    ],
    ids=["no length", "shorter than its length", "no length, and cut"],
)
def test_an_answer_that_ends_without_an_end_of_tls(
    tmp_path: Path, reply: bytes, is_answer: bool
) -> None:
    with serve_tls(tmp_path, reply) as port:
        url = f"https://localhost:{port}/thread-1-1-1.html"
        with Fetcher(url, settings("localhost")) as fetcher:
            outcome = fetcher.get(url)
    assert isinstance(outcome, Answer) is is_answer, outcome
