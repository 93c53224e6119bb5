"""Proxies: which of the environment's is meant for an address, and real ones asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from raw_server import Raw, answer, serve_raw
from socks_server import serve_socks

from scraper.core.errors import InputError
from scraper.fetch.fetcher import Answer, Failure, Fetcher, FetchSettings
from scraper.fetch.proxies import proxy_of_environment, read_proxy

PAGE = b"<html><head><title>Powered by Discuz!</title></head><body>x</body></html>"
HTML = "Content-Type: text/html"
FORUM = "http://bbs.invalid/"
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One without proxies."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def raw() -> Iterator[Raw]:
    """A server that answers for the forum, as a proxy is asked and as a server is."""
    with serve_raw() as server:
        for path in ("/", FORUM, f"{FORUM}thread-1-1-1.html", "/thread-1-1-1.html"):
            server.answers[path] = answer(PAGE, HTML)
        yield server


def start(**settings: str) -> Answer | Failure:
    given = FetchSettings(delay_s=0, timeout_s=1, proxy=settings.get("proxy", ""))
    with Fetcher(FORUM, given) as fetcher:
        return fetcher.start()


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "form", ["http://127.0.0.1:{}", "127.0.0.1:{}/", " http://127.0.0.1:{} "]
)
def test_an_http_proxy_on_this_machine_is_asked_by_every_name(
    raw: Raw, environment: pytest.MonkeyPatch, name: str, form: str
) -> None:
    environment.setenv(name, form.format(raw.port))
    outcome = start()
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body == PAGE
    assert raw.paths() == [f"{FORUM}robots.txt", FORUM]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks", "SOCKS5"])
@pytest.mark.parametrize("name", ["ALL_PROXY", "http_proxy"])
def test_a_socks_proxy_finds_the_host(
    raw: Raw, environment: pytest.MonkeyPatch, scheme: str, name: str
) -> None:
    with serve_socks(raw.port) as socks:
        environment.setenv(name, f"{scheme}://127.0.0.1:{socks.port}")
        outcome = start()
        assert isinstance(outcome, Answer), outcome
        assert set(socks.asked) == {"bbs.invalid"}
    assert raw.paths() == ["/robots.txt", "/"]


def test_a_named_proxy_goes_before_the_environments(
    raw: Raw, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("http_proxy", "http://127.0.0.1:9")
    assert isinstance(start(), Failure)
    outcome = start(proxy=read_proxy(f"127.0.0.1:{raw.port}"))
    assert isinstance(outcome, Answer), outcome


def test_clash_writes_three_variables_in_one_line(
    raw: Raw, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("https_proxy", f"http://127.0.0.1:{raw.port}")
    environment.setenv("http_proxy", f"http://127.0.0.1:{raw.port}")
    environment.setenv("all_proxy", "socks5://127.0.0.1:9")
    assert isinstance(start(), Answer)


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("socks5://127.0.0.1:9", "through the proxy socks5h://127.0.0.1:9"),
        ("http://me:secret@127.0.0.1:9", "through the proxy http://127.0.0.1:9"),
        ("http://proxy.invalid:9", "through the proxy http://proxy.invalid:9"),
        ("gopher://127.0.0.1:9", "no proxy can be asked by gopher"),
        ("http://", "no address of a proxy"),
        ("http://[::1", "no address of a proxy"),
        ("http://a b:9", "no address of a proxy"),
        ("http://127.0.0.1:99999", "no address of a proxy"),
        ("http://me:secret@代理:9", "no address of a proxy"),
    ],
)
def test_a_proxy_that_does_not_work_is_named_without_its_password(
    environment: pytest.MonkeyPatch, proxy: str, words: str
) -> None:
    environment.setenv("all_proxy", proxy)
    outcome = start()
    assert isinstance(outcome, Failure)
    assert words in outcome.message
    assert "secret" not in outcome.message


@pytest.mark.parametrize(
    ("no_proxy", "url", "is_proxied"),
    [
        ("localhost,fe80::/10", "http://bbs.example/", True),
        ("[::1],::1", "http://bbs.example/", True),
        ("[::1]", "http://[::1]/", False),
        ("fe80::/10", "http://[fe80::5]/", False),
        ("fe80::/10", "http://[2001:db8::5]/", True),
        ("10.0.0.0/8,192.168.0.0/16", "http://10.1.2.3:8080/", False),
        ("10.0.0.0/8", "http://11.1.2.3/", True),
        ("inside.example", "http://bbs.inside.example/", False),
        (".inside.example", "http://bbs.inside.example/", False),
        ("*.inside.example", "http://bbs.inside.example/", False),
        ("*.inside.example", "http://outside.example/", True),
        ("bbs.example:8080", "http://bbs.example:8080/", False),
        ("*", "http://bbs.example/", False),
        ("a b  bbs.example", "http://bbs.example/", False),
        (",, ;,[,]:,/99,10.0.0.0/99,<local>,-,:80", "http://bbs.example/", True),
        ("\udcff,%%", "http://bbs.example/", True),
    ],
)
def test_entries_of_no_proxy_of_every_kind(
    environment: pytest.MonkeyPatch, no_proxy: str, url: str, is_proxied: bool
) -> None:
    environment.setenv("http_proxy", "http://127.0.0.1:9")
    environment.setenv("no_proxy", no_proxy)
    assert bool(proxy_of_environment(url)) is is_proxied


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({"http_proxy": "a:1"}, "http://bbs.example/", "http://a:1"),
        ({"http_proxy": "a:1"}, "https://bbs.example/", ""),
        ({"HTTPS_PROXY": "https://a:1/"}, "https://bbs.example/", "https://a:1"),
        ({"all_proxy": "socks5://a:1"}, "https://bbs.example/", "socks5h://a:1"),
        ({"all_proxy": "socks4://a:1"}, "http://bbs.example/", "socks4a://a:1"),
        (
            {"all_proxy": "b:2", "http_proxy": "a:1"},
            "http://bbs.example/",
            "http://a:1",
        ),
        ({"http_proxy": ""}, "http://bbs.example/", ""),
        ({"http_proxy": "  "}, "http://bbs.example/", ""),
        ({"http_proxy": "u:p@[::1]:1"}, "http://bbs.example/", "http://u:p@[::1]:1"),
    ],
)
def test_which_proxy_of_the_environment_is_meant(
    environment: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxy: str
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    assert proxy_of_environment(url) == proxy


@pytest.mark.parametrize("text", ["", "http://", "ftp://a:1", "a:x", "http://a:0"])
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="proxy"):
        read_proxy(text)
