"""Headers and a User-Agent that the user names: what is taken, and to whom they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from raw_server import Raw, answer, serve_raw

from scraper.core.errors import InputError
from scraper.fetch.cookies import read_cookies
from scraper.fetch.fetcher import Answer, Failure, Fetcher, FetchSettings
from scraper.fetch.headers import read_header

FIREFOX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36"
)
EXPLORER = (
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0; .NET CLR 2.0)"
)
HTML = "Content-Type: text/html"
PAGE = (
    "<html><title>Powered by Discuz!</title><script>discuz_uid = '{}'</script></html>"
)


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as server:
        server.answers["/"] = answer(PAGE.format(7).encode(), HTML)
        yield server


def sent(request: str, name: str) -> str | None:
    found = re.search(rf"(?im)^{name}: (.*?)\r?$", request)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("X-Key: abc", ("X-Key", "abc")),
        ("authorization:Basic YTpi", ("authorization", "Basic YTpi")),
        (" Accept-Language :  zh-TW ", ("Accept-Language", "zh-TW")),
        ("X-Url: http://a/?b=c:d", ("X-Url", "http://a/?b=c:d")),
    ],
)
def test_headers_are_taken(text: str, header: tuple[str, str]) -> None:
    assert read_header(text) == header


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X-Key", "is no header"),
        ("X-Key:", "is no header"),
        (": abc", "is no header"),
        ("X Key: abc", "is no header"),
        ("X-Key: a\r\nb: c", "is no header"),
        ("X-Key: 绿花", "is no header"),
        ("Cookie: a=b", "give it with --cookies"),
        ("user-agent: x", "give it with --user-agent"),
        ("Host: other.example", "belongs to the connection"),
        ("transfer-encoding: chunked", "belongs to the connection"),
    ],
)
def test_headers_are_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_header(text)


@pytest.mark.parametrize("agent", [FIREFOX, CHROME, EXPLORER])
def test_they_are_sent_to_the_forum_and_to_no_other_host(raw: Raw, agent: str) -> None:
    settings = FetchSettings(
        delay_s=0, user_agent=agent, headers=(("X-Key", "abc"), ("Accept", "text/html"))
    )
    with serve_raw() as other, Fetcher(raw.url, settings) as fetcher:
        other.answers["/a.gif"] = answer(b"GIF89a", "Content-Type: image/gif")
        outcome = fetcher.start()
        picture = fetcher.get_media(f"{other.url}a.gif")
        assert isinstance(outcome, Answer)
        assert isinstance(picture, Answer)

    assert {sent(request, "user-agent") for request in raw.asked} == {agent}
    assert {sent(request, "x-key") for request in raw.asked} == {"abc"}
    assert {sent(request, "accept") for request in raw.asked} == {"text/html"}
    asked = dict(outcome.capture.asked)
    assert asked["User-Agent"] == agent
    assert {"X-Key", "Accept"}.isdisjoint(asked)  # they may be secrets
    for request in other.asked:
        assert sent(request, "x-key") is None
        assert str(sent(request, "user-agent")).startswith("discuz-archive/")


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "iphone"),
        ("Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36", "android"),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "spider"),
        ("Firefox\r\nX-Key: abc", "plain ASCII"),
        ("火狐", "plain ASCII"),
    ],
)
def test_a_browser_that_gets_other_pages_is_refused(agent: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Fetcher("http://bbs.invalid/", FetchSettings(user_agent=agent))


def test_a_login_that_holds_for_one_browser_alone(raw: Raw) -> None:
    """As those of Discuz! 6, 7 and X1: enciphered with the browser's User-Agent."""
    cookies = read_cookies("a_auth=abc", "127.0.0.1", 0)
    raw.answers["/"] = answer(PAGE.format(0).encode(), HTML)
    with Fetcher(raw.url, FetchSettings(delay_s=0, cookies=cookies, login=True)) as one:
        failure = one.start()
    assert isinstance(failure, Failure)
    assert failure.reason == "login_lost"
    assert "--user-agent" in failure.message

    raw.answers["/"] = answer(PAGE.format(7).encode(), HTML)
    settings = FetchSettings(delay_s=0, cookies=cookies, login=True, user_agent=FIREFOX)
    with Fetcher(raw.url, settings) as one:
        assert isinstance(one.start(), Answer)
        assert one.uid == 7
    assert sent(raw.asked[-1], "user-agent") == FIREFOX
